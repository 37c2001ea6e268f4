"""The stand-in's own promises: faults, mixtures, the line, clips, the journal, and its life as a process."""

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

from tests.runway.fixtures import ROOT, StandIn
from tests.runway.orders import a_client, an_order, frame
from tests.runway.stand_in.clips import make_clip, pictures, stamped
from tests.runway.stand_in.schedule import NEVER, Span, starts
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


def outcome(stand_in: StandIn, **order: Any) -> str:
    try:
        return type(a_client(stand_in.base).submit(an_order(**order))).__name__
    except ProviderError as error:
        return type(error).__name__


def test_a_fault_lets_calls_pass_and_strikes_as_often_as_asked(stand_in: StandIn) -> None:
    stand_in.fault("create", "answer", status=503, skip=1, times=2)
    assert [outcome(stand_in) for _ in range(4)] == [
        "Submission",
        "TemporarilyRejected",
        "TemporarilyRejected",
        "Submission",
    ]


def test_faults_of_the_same_place_strike_in_turn(stand_in: StandIn) -> None:
    stand_in.fault("create", "answer", status=503)
    stand_in.fault("task", "answer", status=503)
    stand_in.fault("create", "answer", status=401)
    assert [outcome(stand_in) for _ in range(3)] == ["TemporarilyRejected", "AccountUnavailable", "Submission"]


def test_a_fault_without_end_strikes_until_the_reset(stand_in: StandIn) -> None:
    stand_in.fault("organization", "answer", status=502, body="html", times=0)
    client = a_client(stand_in.base)
    for _ in range(3):
        with pytest.raises(RequestFailed):
            client.organization()
    stand_in.reset()
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
def test_a_fault_that_does_not_exist_is_refused(stand_in: StandIn, fault: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="fault"):
        stand_in.fault(**fault)


def test_a_setting_that_does_not_exist_is_refused(stand_in: StandIn) -> None:
    with pytest.raises(ValueError, match="there is no setting speed"):
        stand_in.settings(speed=1)


def test_the_same_seed_brings_the_same_faults_and_no_more_than_the_limit(stand_in: StandIn) -> None:
    def struck() -> list[dict[str, Any]]:
        stand_in.reset()
        stand_in.settings(hang=0.0)
        stand_in.mixture(seed=7, rate=0.5, limit=9)
        for number in range(40):
            outcome(stand_in, seed=number)
        return [entry for entry in stand_in.journal() if entry["event"] == "fault" or entry.get("fate")]

    first, second = struck(), struck()
    assert [{**entry, "task": ""} for entry in first] == [{**entry, "task": ""} for entry in second]
    assert len(first) == 9


def test_in_a_mixture_every_outcome_agrees_with_what_was_accepted(stand_in: StandIn) -> None:
    """Surely not accepted means not in the journal; a submission means once; unknown may be either, but never twice."""
    stand_in.settings(hang=0.05, credits=10**6)
    stand_in.mixture(seed=4, rate=0.6, limit=10**6)
    outcomes = {number: outcome(stand_in, seed=number) for number in range(100)}
    accepted = Counter(entry["seed"] for entry in stand_in.journal("accepted"))
    found = {(outcomes[number], accepted[number]) for number in outcomes}
    names = [error.__name__ for error in (TemporarilyRejected, OrderRejected, AccountUnavailable)]
    assert found == {
        *((name, 0) for name in names),
        (Submission.__name__, 1),
        (OutcomeUnknown.__name__, 0),
        ("OutcomeUnknown", 1),
    }
    assert stand_in.calls("create") == len(outcomes)


def test_what_hangs_is_let_go_by_a_reset(stand_in: StandIn) -> None:
    stand_in.fault("task", "hang")
    connection = http.client.HTTPConnection(stand_in.base.removeprefix("http://"), timeout=30)
    connection.request("GET", f"/v1/tasks/{TASK}", headers={"Connection": "close"})
    while not stand_in.journal("fault"):
        pass
    stand_in.reset()
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()


@pytest.mark.parametrize(
    ("spans", "slots", "begun"),
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
def test_the_line_is_served_in_order_as_places_become_free(
    spans: list[Span], slots: int | None, begun: list[float]
) -> None:
    assert starts(spans, slots) == begun


def test_a_clip_of_a_photo_shows_it_and_moves_into_it() -> None:
    picture = frame(180, 320)
    clip = make_clip(picture, 180, 320, 2)
    with av.open(BytesIO(stamped(clip, TASK)), "r") as container:
        shown = [shot.to_ndarray(format="rgb24").astype(int) for shot in container.decode(video=0)]
    photo = np.asarray(Image.open(BytesIO(picture))).astype(int)
    assert len(shown) == 49
    assert np.abs(shown[0] - photo).mean() < 6
    assert np.abs(shown[-1] - shown[0]).mean() > 3


def test_a_light_clip_is_small_has_sound_and_lasts_as_long(stand_in: StandIn, tmp_path: Path) -> None:
    stand_in.settings(light=True)
    client = a_client(stand_in.base)
    task_id = client.submit(an_order("tall", seconds=5)).task_id
    stand_in.advance(60)
    client.fetch(client.poll(task_id), tmp_path / "clip.mp4", lambda progress: None)
    with av.open(tmp_path / "clip.mp4") as clip:
        video, audio = clip.streams.video[0], clip.streams.audio[0]
        assert (video.width, video.height, video.frames, audio.codec_context.name) == (90, 160, 121, "aac")
        assert abs(audio.duration * audio.time_base - 5) < 0.1


def test_no_two_tasks_have_the_same_bytes() -> None:
    assert stamped(b"clip", "one") == b"clip\0\0\0\x0bfreeone"


def test_no_two_tasks_have_the_same_coded_pictures() -> None:
    clip = make_clip(None, 96, 160, 1)
    one, two = stamped(clip, TASK), stamped(clip, TASK[::-1])
    assert len({pictures(clip), pictures(one), pictures(two)}) == 3
    assert len(one) == len(two) == len(clip) + 8 + len(TASK)


@pytest.mark.slow
def test_the_process_prints_its_address_first_keeps_a_journal_and_ends_with_its_parent(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    command = [sys.executable, "-m", "tests.runway.stand_in", "--port", "0", "--until-stdin-closes"]
    command += ["--journal", str(journal), "--mixture", "1", "--rate", "0", "--clips", "plain"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        base, hint = process.stdout.readline().strip(), process.stdout.readline()
        made = a_client(base).submit(an_order())
        written = [json.loads(line) for line in journal.read_text().splitlines()]
        _, complaints = process.communicate(timeout=30)
    assert [(entry["event"], entry["task"]) for entry in written] == [("accepted", made.task_id)]
    assert hint == f"RUNWAY_BASE_URL={base} RUNWAY_API_KEY=key_{'0' * 128}\n"
    assert (process.returncode, complaints) == (0, "")
