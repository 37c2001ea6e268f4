"""Log lines and error messages never contain a key, a picture, a prompt or a signed URL."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.runway.fixtures import GOOD_KEY, FakeServer
from tests.runway.orders import a_client, an_order
from videos.providers.base import ProviderError, Task
from videos.providers.runway.client import Runway

PROMPT = "Slow push-in. The pet spins once and sits down in the evening light."


def run(action: Callable[[], Any], messages: list[str]) -> Any:
    """Run ``action`` and collect every text of an error and its causes."""
    try:
        return action()
    except ProviderError as error:
        messages += [str(error), repr(error), error.reason, repr(error.__cause__), str(error.__suppress_context__)]
        return None


def run_all_calls(fake_server: FakeServer, client: Runway, folder: Path) -> list[str]:
    """Run every call, with success and with faults. Return the error messages, and the clip's token last."""
    messages: list[str] = []
    order = an_order(prompt=PROMPT)
    for fault in (
        {"do": "reset"},
        {"do": "answer", "status": 502, "body": "html"},
        {"do": "answer", "status": 400, "error": f"Bad promptText: {PROMPT} {GOOD_KEY}"},
        {"do": "answer", "status": 401, "error": f"{GOOD_KEY} is disabled"},
    ):
        fake_server.fault("create", **fault)
        run(lambda: client.submit(order), messages)
        fake_server.fault("task", **fault)
        run(lambda: client.poll("17f20503-6c24-4c16-946b-35dbbce2af2f"), messages)
    made = client.submit(order)
    fake_server.advance(60)
    task: Task = client.poll(made.task_id)
    for fault_name in ("expired", "redirect", "short", "reset", "page", "not_mp4"):
        fake_server.fault("output", fault_name)
        run(lambda: client.fetch(task, folder / "clip.mp4", lambda progress: None), messages)
    client.fetch(task, folder / "clip.mp4", lambda progress: None)
    client.organization()
    client.cancel(made.task_id)
    messages += [repr(client), repr(task), task.output_url.partition("_jwt=")[2]]
    return messages


def test_no_secret_reaches_a_log_line_or_an_error(
    fake_server: FakeServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        *messages, token = run_all_calls(fake_server, a_client(fake_server.base), tmp_path)
    lines = "\n".join([caplog.text, *messages])
    secrets = [token, GOOD_KEY, "key_", "Bearer", "_jwt", "data:image", "/9j/", PROMPT, "spins once"]
    assert len(token) > 20
    assert [secret for secret in secrets if secret in lines] == []


def test_each_call_is_one_log_line(fake_server: FakeServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        made = a_client(fake_server.base).submit(an_order())
    first, second = [record.getMessage() for record in caplog.records if record.name.startswith("videos.")]
    call = first.split()[2].rstrip(":")
    assert first.startswith(f"runway call {call}: POST /v1/image_to_video: 200 (request id: fake-1) in ")
    assert second == f"runway accepted video {an_order().video_id} as task {made.task_id} (call {call})"


def test_failed_call_is_one_log_line(fake_server: FakeServer, caplog: pytest.LogCaptureFixture) -> None:
    fake_server.fault("create", "reset")
    with caplog.at_level(logging.INFO), pytest.raises(ProviderError) as lost:
        a_client(fake_server.base).submit(an_order())
    (line,) = [record.getMessage() for record in caplog.records if record.name.startswith("videos.")]
    assert f"POST /v1/image_to_video: {lost.value.reason} in " in line
    assert f"(call {line.split()[2].rstrip(':')})" in lost.value.reason
