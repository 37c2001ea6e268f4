"""The fake server itself: faults, mixtures, the task queue, clips, the journal, and its process."""

import http.client
import json
import subprocess
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from tests.runway.fake_server.clips import make_clip, picture_digest, stamp_clip
from tests.runway.fake_server.schedule import NEVER, Span, starts
from tests.runway.fixtures import ROOT, FakeServer
from tests.runway.orders import a_client, an_order, frame
from videos.providers.base import (
    AccountUnavailable,
    OrderRejected,
    OutcomeUnknown,
    ProviderError,
    RequestFailed,
    Submission,
    TemporarilyRejected,
)

TASK = "17f20503-6c24-4c16-946b-35dbbce2af2f"


def outcome(fake_server: FakeServer, **order: Any) -> str:
    try:
        return type(a_client(fake_server.base).submit(an_order(**order))).__name__
    except ProviderError as error:
        return type(error).__name__


def test_fault_skips_and_repeats_as_requested(fake_server: FakeServer) -> None:
    fake_server.fault("create", "answer", status=503, skip=1, times=2)
    assert [outcome(fake_server) for _ in range(4)] == [
        "Submission",
        "TemporarilyRejected",
        "TemporarilyRejected",
        "Submission",
    ]


def test_faults_of_one_endpoint_apply_in_turn(fake_server: FakeServer) -> None:
    fake_server.fault("create", "answer", status=503)
    fake_server.fault("task", "answer", status=503)
    fake_server.fault("create", "answer", status=401)
    assert [outcome(fake_server) for _ in range(3)] == ["TemporarilyRejected", "AccountUnavailable", "Submission"]


def test_endless_fault_applies_until_reset(fake_server: FakeServer) -> None:
    fake_server.fault("organization", "answer", status=502, body="html", times=0)
    client = a_client(fake_server.base)
    for _ in range(3):
        with pytest.raises(RequestFailed):
            client.organization()
    fake_server.reset()
    assert client.organization().balance == 5000


@pytest.mark.parametrize(
    "fault",
    [
        {"on": "create", "do": "explode"},
        {"on": "nowhere", "do": "hang"},
        {"on": "fate", "do": "hang"},
        {"on": "create", "do": "hang", "color": "red"},
    ],
)
def test_unknown_fault_is_rejected(fake_server: FakeServer, fault: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="fault"):
        fake_server.fault(**fault)


def test_unknown_setting_is_rejected(fake_server: FakeServer) -> None:
    with pytest.raises(ValueError, match="unknown setting: speed"):
        fake_server.settings(speed=1)


def test_same_seed_gives_the_same_faults_up_to_the_limit(fake_server: FakeServer) -> None:
    def applied_faults() -> list[dict[str, Any]]:
        fake_server.reset()
        fake_server.settings(hang=0.0)
        fake_server.mixture(seed=7, rate=0.5, limit=9)
        for number in range(40):
            outcome(fake_server, seed=number)
        return [entry for entry in fake_server.journal() if entry["event"] == "fault" or entry.get("fate")]

    first, second = applied_faults(), applied_faults()
    assert [{**entry, "task": ""} for entry in first] == [{**entry, "task": ""} for entry in second]
    assert len(first) == 9


def test_mixed_faults_agree_with_accepted_tasks(fake_server: FakeServer) -> None:
    """Rejected orders are not in the journal, submissions are in it once, and unknown ones at most once."""
    fake_server.settings(hang=0.05, credits=10**6)
    fake_server.mixture(seed=4, rate=0.6, limit=10**6)
    outcomes = {number: outcome(fake_server, seed=number) for number in range(100)}
    accepted = Counter(entry["seed"] for entry in fake_server.journal("accepted"))
    pairs = {(outcomes[number], accepted[number]) for number in outcomes}
    names = [error.__name__ for error in (TemporarilyRejected, OrderRejected, AccountUnavailable)]
    assert pairs == {
        *((name, 0) for name in names),
        (Submission.__name__, 1),
        (OutcomeUnknown.__name__, 0),
        ("OutcomeUnknown", 1),
    }
    assert fake_server.calls("create") == len(outcomes)


def test_reset_releases_hanging_calls(fake_server: FakeServer) -> None:
    fake_server.fault("task", "hang")
    connection = http.client.HTTPConnection(fake_server.base.removeprefix("http://"), timeout=30)
    connection.request("GET", f"/v1/tasks/{TASK}", headers={"Connection": "close"})
    while not fake_server.journal("fault"):
        pass
    fake_server.reset()
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()


@pytest.mark.parametrize(
    ("spans", "slots", "expected"),
    [
        ([Span(0, 5), Span(1, 5)], None, [0, 1]),
        ([Span(0, 5), Span(1, 5), Span(2, 5)], 1, [0, 5, 10]),
        ([Span(0, 5), Span(1, 1), Span(2, 5), Span(2, 5)], 2, [0, 1, 2, 5]),
        ([Span(0, 5), Span(1, 5), Span(9, 5)], 1, [0, 5, 10]),
        ([Span(0, 5, deleted=2), Span(1, 5)], 1, [0, 2]),
        ([Span(0, 5), Span(1, 5, deleted=3), Span(2, 5)], 1, [0, NEVER, 5]),
        ([Span(0, NEVER), Span(1, 5), Span(2, 5)], 1, [0, NEVER, NEVER]),
        ([Span(0, NEVER, deleted=7), Span(1, 5)], 1, [0, 7]),
    ],
)
def test_queue_is_served_in_order(spans: list[Span], slots: int | None, expected: list[float]) -> None:
    assert starts(spans, slots) == expected


def test_clip_zooms_into_the_photo() -> None:
    picture = frame(180, 320)
    clip = make_clip(picture, 180, 320, 2)
    with av.open(BytesIO(stamp_clip(clip, TASK)), "r") as container:
        shown = [shot.to_ndarray(format="rgb24").astype(int) for shot in container.decode(video=0)]
    photo = np.asarray(Image.open(BytesIO(picture))).astype(int)
    assert len(shown) == 49
    assert np.abs(shown[0] - photo).mean() < 6
    assert np.abs(shown[-1] - shown[0]).mean() > 3


def test_light_clip_has_few_frames_sound_and_full_size(fake_server: FakeServer, tmp_path: Path) -> None:
    fake_server.settings(light=True)
    client = a_client(fake_server.base)
    task_id = client.submit(an_order("tall", seconds=5)).task_id
    fake_server.advance(60)
    client.fetch(client.poll(task_id), tmp_path / "clip.mp4", lambda progress: None)
    with av.open(tmp_path / "clip.mp4") as clip:
        video, audio = clip.streams.video[0], clip.streams.audio[0]
        assert (video.width, video.height, video.frames, audio.codec_context.name) == (720, 1280, 41, "aac")
        assert abs(audio.duration * audio.time_base - 5) < 0.2


def test_clips_of_two_tasks_differ_in_bytes() -> None:
    assert stamp_clip(b"clip", "one") == b"clip\0\0\0\x0bfreeone"


def test_clips_of_two_tasks_differ_in_coded_pictures() -> None:
    clip = make_clip(None, 96, 160, 1)
    one, two = stamp_clip(clip, TASK), stamp_clip(clip, TASK[::-1])
    assert len({picture_digest(clip), picture_digest(one), picture_digest(two)}) == 3
    assert len(one) == len(two) == len(clip) + 8 + len(TASK)


@pytest.mark.slow
def test_process_prints_url_keeps_journal_and_ends_with_parent(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    command = [sys.executable, "-m", "tests.runway.fake_server", "--port", "0", "--until-stdin-closes"]
    command += ["--journal", str(journal), "--mixture", "1", "--rate", "0", "--clips", "plain"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        base, hint = process.stdout.readline().strip(), process.stdout.readline()
        made = a_client(base).submit(an_order())
        written = [json.loads(line) for line in journal.read_text().splitlines()]
        _, stderr = process.communicate(timeout=30)
    assert [(entry["event"], entry["task"]) for entry in written] == [("accepted", made.task_id)]
    assert hint == f"RUNWAY_BASE_URL={base} RUNWAY_API_KEY=key_{'0' * 128}\n"
    assert (process.returncode, stderr) == (0, "")
