"""The lifecycle of a task, over real sockets, with our own client."""

import hashlib
from io import BytesIO
from pathlib import Path

import av
import pytest

from tests.runway.fake_server.clips import picture_digest
from tests.runway.fixtures import FakeServer
from tests.runway.orders import a_client, an_order
from videos.providers.base import AccountUnavailable, Submission, Task, TaskState, TemporarilyRejected
from videos.providers.runway.answers import Organization


class Reports(list[float]):
    def __call__(self, progress: float, /) -> None:
        self.append(progress)


def test_order_becomes_a_clip_with_the_served_bytes(fake_server: FakeServer, tmp_path: Path) -> None:
    client = a_client(fake_server.base)
    made = client.submit(an_order())
    assert made == Submission(made.task_id, 25)
    assert client.poll(made.task_id) == Task(made.task_id, TaskState.WAITING)

    fake_server.advance(3)
    running = client.poll(made.task_id)
    assert running.state is TaskState.RUNNING
    assert 0.5 <= running.progress < 1

    fake_server.advance(2)
    done = client.poll(made.task_id)
    assert (done.state, done.progress, done.cost) == (TaskState.SUCCEEDED, 1.0, 25)

    into, reports = tmp_path / "clip.mp4", Reports()
    client.fetch(done, into, reports)
    clip = into.read_bytes()
    details = {"bytes": len(clip), "sha256": hashlib.sha256(clip).hexdigest(), "pictures": picture_digest(clip)}
    assert fake_server.journal("served") == [{"event": "served", "task": made.task_id} | details]
    assert (reports[0], reports[-1]) == (0.0, 1.0)
    assert list(tmp_path.iterdir()) == [into]


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ("tall", (720, 1280)),
        pytest.param("square", (960, 960), marks=pytest.mark.slow),
        pytest.param("wide", (1280, 720), marks=pytest.mark.slow),
    ],
)
def test_clip_has_the_format_of_runway(
    fake_server: FakeServer, tmp_path: Path, shape: str, size: tuple[int, int]
) -> None:
    client = a_client(fake_server.base)
    task_id = client.submit(an_order(shape)).task_id
    fake_server.advance(60)
    client.fetch(client.poll(task_id), tmp_path / "clip.mp4", Reports())
    with av.open(BytesIO((tmp_path / "clip.mp4").read_bytes())) as clip:
        video = clip.streams.video[0]
        assert (video.codec_context.name, video.width, video.height, video.average_rate) == ("h264", *size, 24)
        assert (video.frames, len(clip.streams.audio)) == (121, 0)


def test_order_keeps_seed_length_ratio_and_prompt(fake_server: FakeServer) -> None:
    order = an_order("wide", seed=7, seconds=10, prompt="The pet hops.")
    made = a_client(fake_server.base).submit(order)
    assert fake_server.journal("accepted") == [
        {
            "event": "accepted",
            "task": made.task_id,
            "model": "gen4_turbo",
            "ratio": "1280:720",
            "duration": 10,
            "seed": 7,
            "prompt": "The pet hops.",
            "picture": hashlib.sha256(order.subject.frame).hexdigest(),
            "credits": 50,
            "fate": "",
        }
    ]


def test_tasks_beyond_the_concurrency_limit_wait_in_order(fake_server: FakeServer) -> None:
    fake_server.settings(concurrency=1)
    client = a_client(fake_server.base)
    first, second = client.submit(an_order()).task_id, client.submit(an_order()).task_id
    fake_server.advance(3)
    assert [client.poll(task).state for task in (first, second)] == [TaskState.RUNNING, TaskState.WAITING]
    fake_server.advance(4)
    assert [client.poll(task).state for task in (first, second)] == [TaskState.SUCCEEDED, TaskState.RUNNING]


def test_cancel_is_idempotent(fake_server: FakeServer) -> None:
    client = a_client(fake_server.base)
    task_id = client.submit(an_order()).task_id
    client.cancel(task_id)
    client.cancel(task_id)
    assert client.poll(task_id) == Task(task_id, TaskState.GONE)
    assert fake_server.journal("deleted") == [{"event": "deleted", "task": task_id, "was": "PENDING"}]


@pytest.mark.parametrize(("after", "left"), [(0, 5000), (3, 4975), (9, 4975)])
def test_only_pending_tasks_are_refunded_when_cancelled(fake_server: FakeServer, after: float, left: int) -> None:
    client = a_client(fake_server.base)
    task_id = client.submit(an_order()).task_id
    fake_server.advance(after)
    client.cancel(task_id)
    assert client.organization().balance == left


def test_account_shows_credits_limits_and_usage(fake_server: FakeServer) -> None:
    fake_server.settings(concurrency=3, daily=2)
    client = a_client(fake_server.base)
    client.submit(an_order())
    assert client.organization() == Organization(balance=4975, max_concurrent=3, max_daily=2, used_today=1)
    assert not client.organization().daily_limit_reached
    client.submit(an_order())
    assert client.organization().daily_limit_reached
    with pytest.raises(TemporarilyRejected):
        client.submit(an_order())
    fake_server.advance(24 * 3600)
    assert not client.organization().daily_limit_reached


def test_account_without_limits_is_unlimited(fake_server: FakeServer) -> None:
    assert a_client(fake_server.base).organization() == Organization(5000, None, None, 0, unlimited=True)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"credits": 24}, "400: You do not have enough credits to run this task."),
        ({"keys": ["key_other"]}, "401: Your API key is invalid or has been disabled."),
        ({"suspended": True}, "403: Your account has been suspended."),
    ],
)
def test_account_problems_make_it_unavailable(fake_server: FakeServer, changes: dict[str, object], reason: str) -> None:
    fake_server.settings(**changes)
    with pytest.raises(AccountUnavailable) as unavailable:
        a_client(fake_server.base).submit(an_order())
    assert unavailable.value.reason.startswith(reason)
    assert fake_server.journal("accepted") == []


def test_key_and_base_url_are_normalised(fake_server: FakeServer) -> None:
    client = a_client(f"  {fake_server.base}/v1/ \n", allow_loopback=True)
    assert client.organization().balance == 5000


@pytest.mark.parametrize(
    ("fate", "seen"),
    [
        ({"do": "fail", "code": "SAFETY.INPUT.IMAGE"}, (TaskState.FAILED, "SAFETY.INPUT.IMAGE", 25)),
        ({"do": "fail", "refunded": True}, (TaskState.FAILED, "", 0)),
        ({"do": "stuck"}, (TaskState.RUNNING, "", None)),
        ({"do": "throttled"}, (TaskState.WAITING, "", None)),
        ({"do": "cancelled"}, (TaskState.CANCELLED, "", 25)),
        ({"do": "canceled"}, (TaskState.CANCELLED, "", 25)),
        ({"do": "vanish"}, (TaskState.GONE, "", None)),
        ({"do": "no_output"}, (TaskState.SUCCEEDED, "", 25)),
    ],
)
def test_each_task_outcome(fake_server: FakeServer, fate: dict[str, str], seen: tuple[object, ...]) -> None:
    fake_server.fault("fate", **fate)
    client = a_client(fake_server.base)
    task_id = client.submit(an_order()).task_id
    fake_server.advance(3600)
    task = client.poll(task_id)
    assert (task.state, task.failure_code, task.cost) == seen


def test_unknown_status_counts_as_running(fake_server: FakeServer) -> None:
    fake_server.fault("fate", "unknown")
    client = a_client(fake_server.base)
    task_id = client.submit(an_order()).task_id
    fake_server.advance(3)
    assert client.poll(task_id).state is TaskState.RUNNING
    fake_server.advance(3)
    assert client.poll(task_id).state is TaskState.SUCCEEDED
