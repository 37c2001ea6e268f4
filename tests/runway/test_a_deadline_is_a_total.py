"""An answer that drips, byte by byte, is not waited for longer than one that does not come at all."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.runway.orders import a_client, an_order
from tests.runway.wires import Line, certificate, wire
from videos import prompts
from videos.providers.base import NotReached, Task, TaskState, Unknown, Unreachable
from videos.providers.deadline import Deadline
from videos.providers.runway import Limits, client

# How long the other end would go on, and what a loaded machine may need beside the deadline, in seconds.
DRIPS, TOLD = 100.0, 50.0
BRIEF = {"connect_timeout": 0.3, "read_timeout": 0.3}
ID = "17f20503-6c24-4c16-946b-35dbbce2af2f"


def soon(deed: Callable[[], Any]) -> Any:
    began = time.monotonic()
    try:
        return deed()
    finally:
        assert time.monotonic() - began < TOLD


def drips_its_head(line: Line) -> None:
    line.say(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nX-Slow: ")
    line.drip(b"a" * int(DRIPS * 10), 0.1)


def drips_its_body(line: Line) -> None:
    line.say(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 2000\r\n\r\n")
    line.drip(b"a" * int(DRIPS * 10), 0.1)


def drips_a_chunks_head(line: Line) -> None:
    line.say(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\n1;")
    line.drip(b"a" * int(DRIPS * 10), 0.1)


SLOW = [drips_its_head, drips_its_body, drips_a_chunks_head]


@pytest.mark.parametrize("deed", SLOW)
def test_of_a_call(deed: Callable[[Line], None]) -> None:
    with wire(deed) as server:
        client = a_client(f"http://127.0.0.1:{server.port}", **BRIEF)
        with pytest.raises(Unknown):
            soon(lambda: client.submit(an_order()))
        with pytest.raises(Unreachable):
            soon(lambda: client.poll(ID))


def test_a_refusal_that_was_cut_off_is_no_refusal() -> None:
    def deed(line: Line) -> None:
        line.say(b"HTTP/1.1 400 Bad Request\r\nX-Slow: ")
        line.drip(b"a" * int(DRIPS * 10), 0.1)

    with wire(deed) as server, pytest.raises(Unknown):
        soon(lambda: a_client(f"http://127.0.0.1:{server.port}", **BRIEF).submit(an_order()))


def test_of_a_handshake_after_which_nothing_was_sent() -> None:
    with wire(lambda line: line.drip(b"\x16\x03\x03\x40\x00" + b"a" * int(DRIPS * 10), 0.1), listens=False) as server:
        client = a_client(f"https://127.0.0.1:{server.port}", **BRIEF)
        with pytest.raises(NotReached):
            soon(lambda: client.submit(an_order()))


def test_of_a_call_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, authority = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(authority))
    with wire(drips_its_head, context=context) as server:
        client = a_client(f"https://127.0.0.1:{server.port}", connect_timeout=5.0, read_timeout=3.0)
        with pytest.raises(Unknown):
            soon(lambda: client.submit(an_order()))
        assert len(server.heard) == 1


@pytest.mark.parametrize("deed", SLOW)
def test_of_a_download(deed: Callable[[Line], None], tmp_path: Path) -> None:
    with wire(deed) as server:
        base = f"http://127.0.0.1:{server.port}"
        client = a_client(base, limits=Limits(seconds=0.5, grace=60.0))
        task = Task(ID, TaskState.SUCCEEDED, output_url=f"{base}/clip.mp4")
        with pytest.raises(Unreachable):
            soon(lambda: client.fetch(task, tmp_path / "clip.mp4", lambda progress: None))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("deed", [drips_its_head, drips_its_body])
def test_of_words_from_openai(deed: Callable[[Line], None], settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is loaded at the first call takes a loaded machine longer than the deadline.
    import openai.resources.chat  # noqa: F401

    monkeypatch.setattr(prompts, "TIMEOUT", 3.0)
    with wire(deed) as server:
        settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-test", f"http://127.0.0.1:{server.port}/v1"
        assert soon(lambda: prompts.written_for(an_order())) == ""
        assert len(server.heard) == 1


def test_what_is_in_time_is_left_alone() -> None:
    with Deadline(60) as deadline:
        deadline.extend(60)
    assert not deadline.passed


def test_a_question_is_waited_for_less_long_than_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LONGEST_ANSWER", 0.3)

    def deed(line: Line) -> None:
        line.say(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        line.drip(b"a" * 30, 0.1)
        line.say(b'\r\n\r\n{"id": "' + ID.encode() + b'"}')

    with wire(deed) as server:
        patient = a_client(f"http://127.0.0.1:{server.port}")
        assert patient.submit(an_order()).task_id == ID
        with pytest.raises(Unreachable):
            patient.poll(ID)
