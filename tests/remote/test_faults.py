"""Every fault of the provider and the network, alone and mixed."""

from collections.abc import Iterator
from typing import Any

import pytest

from credits import ledger
from tests.remote.conftest import Site
from videos.models import ProviderStatus, Status, Video
from videos.models.choices import error_message_for
from videos.worker.keepalive import MAX_ATTEMPTS

pytestmark = pytest.mark.django_db

# One or two faults of each kind run by default. How the client classifies each is tested in tests/runway.
slow = pytest.mark.slow

LOST: list[dict[str, Any]] = [
    {"do": "answer", "status": 500},
    {"do": "answer", "status": 502, "body": "html"},
    {"do": "answer", "status": 504, "body": "empty"},
    {"do": "answer", "status": 200, "body": "no_id"},
    {"do": "hang"},
    {"do": "reset"},
    {"do": "short"},
]
QUICK = ("hang-True", "reset-False")


def name(fault: dict[str, Any]) -> str:
    return "-".join(str(value) for value in fault.values())


def lost_orders() -> Iterator[Any]:
    """Yield each lost response, with and without an accepted order. A truncated one implies an accepted order."""
    for fault in LOST:
        for accepted in (True, False) if fault["do"] != "short" else (True,):
            label = f"{name(fault)}-{accepted}"
            yield pytest.param(fault, accepted, id=label, marks=() if label in QUICK else slow)


@pytest.mark.parametrize(("fault", "accepted"), [*lost_orders()])
def test_lost_answer_is_submitted_once_more(site: Site, fault: dict[str, Any], accepted: bool) -> None:
    site.fake_server.fault("create", **fault, accepted=accepted)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions) == (Status.SUCCEEDED, 2)
    assert len(site.accepted(video)) == 1 + accepted
    site.verify()


@pytest.mark.engine
def test_two_lost_answers_refund(site: Site) -> None:
    site.fake_server.fault("create", "reset", accepted=True, times=0)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, video.submissions) == (Status.FAILED, "lost", 2)
    assert len(site.accepted(video)) == 2
    assert ledger.balance_of(video.user) == 5
    site.verify()


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": "2"},
        pytest.param({"status": 503, "body": "html"}, marks=slow),
        pytest.param({"status": 503, "retry_after": "nonsense"}, marks=slow),
    ],
    ids=name,
)
def test_temporarily_rejected_order_is_not_counted(site: Site, fault: dict[str, Any]) -> None:
    site.fake_server.fault("create", "answer", **fault, times=6)
    video = site.video()
    site.pass_time(rounds=3)
    video.refresh_from_db()
    assert (video.status, video.submissions) == (Status.QUEUED, 0)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions) == (Status.SUCCEEDED, 1)
    site.verify()


def test_video_waits_while_the_network_is_down(site: Site, settings: Any) -> None:
    base, settings.RUNWAY_BASE_URL = settings.RUNWAY_BASE_URL, "http://127.0.0.1:9"
    video = site.video()
    site.pass_time(rounds=5)
    video.refresh_from_db()
    assert (video.status, video.submissions) == (Status.QUEUED, 0)
    settings.RUNWAY_BASE_URL = base
    site.settle()
    site.verify()
    assert Video.objects.get().status == Status.SUCCEEDED


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (400, "Invalid asset: promptImage", "bad_photo"),
        pytest.param(413, "Too large", "bad_photo", marks=slow),
        (400, "promptText is too long", "prompt"),
        pytest.param(400, "Validation of body failed", "studio", marks=slow),
        pytest.param(422, "What?", "studio", marks=slow),
    ],
)
def test_rejected_order_is_refunded_immediately(site: Site, status: int, error: str, code: str) -> None:
    site.fake_server.fault("create", "answer", status=status, error=error)
    video = site.video()
    site.pass_time()
    video.refresh_from_db()
    assert (video.status, video.error_code, video.error_message) == (Status.FAILED, code, error_message_for(code))
    site.verify()


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        ("SAFETY.INPUT.IMAGE", "moderated"),
        pytest.param("SAFETY", "moderated", marks=slow),
        pytest.param("INPUT_PREPROCESSING.SAFETY.TEXT", "prompt", marks=slow),
        ("ASSET.INVALID", "bad_photo"),
        ("INTERNAL.BAD_OUTPUT.CODE01", "bad_output"),
    ],
)
def test_permanent_failure_is_not_retried(site: Site, failure: str, code: str) -> None:
    site.fake_server.fault("fate", "fail", code=failure)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, video.provider_failure) == (Status.FAILED, code, failure)
    assert video.submissions == 1
    site.verify()


@pytest.mark.parametrize("fate", ["cancelled", pytest.param("canceled", marks=slow)])
def test_task_cancelled_by_the_provider_is_refunded(site: Site, fate: str) -> None:
    site.fake_server.fault("fate", fate)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code) == (Status.FAILED, "cancelled")
    site.verify()


@pytest.mark.parametrize(
    "fate",
    [
        {"do": "fail", "code": "INTERNAL"},
        pytest.param({"do": "fail", "code": "INPUT_PREPROCESSING.INTERNAL"}, marks=slow),
        pytest.param({"do": "fail", "code": "THIRD_PARTY.UNAVAILABLE"}, marks=slow),
        pytest.param({"do": "fail", "code": "SOMETHING.NEW"}, marks=slow),
        pytest.param({"do": "fail"}, marks=slow),
        {"do": "vanish"},
    ],
    ids=name,
)
def test_provider_failure_is_retried_once(site: Site, fate: dict[str, Any]) -> None:
    site.fake_server.fault("fate", **fate)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions) == (Status.SUCCEEDED, 2)
    assert site.accepted(video) == [*video.previous_task_ids, video.provider_task_id]
    site.verify()


def test_two_provider_failures_refund(site: Site) -> None:
    site.fake_server.fault("fate", "fail", code="INTERNAL", times=0)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, video.submissions) == (Status.FAILED, "studio", 2)
    assert (video.provider_cost, video.provider_failure) == (50, "INTERNAL")
    site.verify()


def test_unknown_status_is_not_a_failure(site: Site) -> None:
    site.fake_server.fault("fate", "unknown")
    site.video()
    site.settle()
    site.verify()
    assert Video.objects.get().status == Status.SUCCEEDED


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "answer", "status": 429, "retry_after": "30"},
        *[pytest.param(fault, marks=() if fault["do"] == "reset" else slow) for fault in LOST],
    ],
    ids=name,
)
def test_failed_poll_is_always_retried(site: Site, fault: dict[str, Any]) -> None:
    site.fake_server.fault("task", **fault, times=2 * MAX_ATTEMPTS)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions) == (Status.SUCCEEDED, 1)
    site.verify()


OUTPUTS = ("answer", "hang", "reset", "short", "expired", "redirect", "endless", "huge", "page", "not_mp4")


@pytest.mark.parametrize("do", [pytest.param(do, marks=() if do in ("short", "expired") else slow) for do in OUTPUTS])
def test_incomplete_clip_is_fetched_again(site: Site, do: str) -> None:
    site.fake_server.fault("output", do, times=2)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions, len(site.accepted())) == (Status.SUCCEEDED, 1, 1)
    assert video.provider_cost == 25
    site.verify()


@pytest.mark.engine
@pytest.mark.parametrize(
    ("seed", "dances", "faults"),
    [(1, 5, 12), pytest.param(1, 25, 40, marks=slow), pytest.param(2, 25, 40, marks=slow)],
)
def test_mixed_faults(site: Site, seed: int, dances: int, faults: int, settings: Any) -> None:
    ledger.grant(site.video().user, 40, reason="For the tests", by=None)
    settings.MODERATION_STRIKES = 100
    # Long enough for many polls to fail.
    site.fake_server.settings(running=15)
    site.fake_server.mixture(seed=seed, rate=0.25, limit=3 * faults)
    for _ in range(dances - 1):
        site.video()
    site.settle(rounds=300)
    site.verify()
    ends = {status: Video.objects.filter(status=status).count() for status in (Status.SUCCEEDED, Status.FAILED)}
    assert sum(ends.values()) == dances
    assert ends[Status.SUCCEEDED] >= dances // 2
    assert len(site.fake_server.journal("fault")) >= faults
    assert ProviderStatus.objects.get().is_available
