"""Leases and fencing: of two workers on one row, exactly one takes effect."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from credits import ledger
from credits.models import Entry
from tests.threads import CONTROL_ROUNDS, ROUNDS, all_at_once
from videos.models import LeaseLost, Photo, Video
from videos.models.leases import LeasedModel
from videos.operations import audit
from videos.worker.runner import work_once

pytestmark = pytest.mark.engine

LEASE_DURATION = timedelta(seconds=60)


@pytest.fixture
def video(request_video, prepared: Photo) -> Video:
    return request_video()


def test_claim_is_exclusive_until_the_lease_ends(video: Video) -> None:
    now = timezone.now()
    mine = Video.objects.claim_next(now, LEASE_DURATION)
    assert (mine.pk, mine.claim, mine.attempts, mine.due_at) == (video.pk, 1, 1, now + LEASE_DURATION)
    assert Video.objects.claim_next(now + timedelta(seconds=59), LEASE_DURATION) is None
    theirs = Video.objects.claim_next(now + timedelta(seconds=60), LEASE_DURATION)
    assert (theirs.pk, theirs.claim) == (video.pk, 2)


def test_heartbeat_extends_the_lease(video: Video) -> None:
    now = timezone.now()
    mine = Video.objects.claim_next(now, LEASE_DURATION)
    mine.heartbeat(now + timedelta(seconds=50), LEASE_DURATION)
    assert Video.objects.claim_next(now + timedelta(seconds=100), LEASE_DURATION) is None


def test_lost_lease_writes_nothing(video: Video, owner) -> None:
    now = timezone.now()
    sleeper = Video.objects.claim_next(now, timedelta(0))
    winner = Video.objects.claim_next(now, LEASE_DURATION)
    result = {"file": "late.mp4", "poster": "late.jpg", "size": 1, "sha256": "0" * 64, "now": now}
    for write in (
        lambda: sleeper.heartbeat(now, LEASE_DURATION),
        lambda: sleeper.succeed(**result),
        lambda: sleeper.fail("late", now),
    ):
        with pytest.raises(LeaseLost):
            write()
    video.refresh_from_db()
    assert (video.status, video.claim, video.file.name) == ("queued", winner.claim, "")
    assert (ledger.balance_of(owner), Entry.objects.filter(kind="refund").count()) == (4, 0)


@pytest.mark.parametrize("ending", ["success", "failure"])
def test_finished_video_does_not_change(video: Video, studio, ending: str, owner) -> None:
    if ending == "failure":
        Video.objects.update(promised_by=timezone.now())
    work_once()
    video.refresh_from_db()
    before = Video.objects.values().get()
    for change in (lambda: video.fail("late", timezone.now()), lambda: video.start("rendering", timezone.now())):
        with pytest.raises(LeaseLost):
            change()
    assert Video.objects.values().get() == before
    assert ledger.balance_of(owner) == (4 if ending == "success" else 5)


def test_worker_with_lost_lease_does_not_deliver_again(video: Video, studio) -> None:
    def another_worker_takes_over(report) -> None:
        studio.before = lambda report: None
        Video.objects.update(due_at=timezone.now())
        work_once()

    studio.before = another_worker_takes_over
    work_once()
    video.refresh_from_db()
    assert (video.status, video.claim, len(studio.orders)) == ("succeeded", 2, 2)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_workers_claim_five_rows_once_each(request_video, prepared: Photo) -> None:
    pks = {request_video().pk for _ in range(5)}
    for number in range(1, ROUNDS + 1):
        now = timezone.now()
        Video.objects.update(due_at=now)
        claimed = [row for row in all_at_once(lambda _, now=now: Video.objects.claim_next(now, LEASE_DURATION)) if row]
        assert not [row for row in claimed if isinstance(row, Exception)]
        assert sorted(str(row.pk) for row in claimed) == sorted(map(str, pks))
        assert {row.claim for row in claimed} == {number}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_conditional_update_two_workers_claim_one_row(request_video, prepared: Photo) -> None:
    """Negative control: select a due row first, then write the lease into it."""
    now = timezone.now()

    def claim_unguarded(_: int) -> Video | None:
        row = Video.objects.due(now).first()
        if row:
            row.due_at, row.claim = now + LEASE_DURATION, row.claim + 1
            row.save(update_fields=["due_at", "claim"])
        return row

    def race() -> int:
        Video.objects.update(due_at=now)
        holders = Counter((row.pk, row.claim) for row in all_at_once(claim_unguarded) if row)
        return max(holders.values())

    for _ in range(5):
        request_video()
    assert any(race() > 1 for _ in range(CONTROL_ROUNDS))


def race_to_the_end(video: Video) -> list[str]:
    """Let 20 workers under one claim end a video, half of them as failed. Return the results of the winners."""

    def end(number: int) -> str:
        row = Video.objects.get(pk=video.pk)
        if number % 2:
            row.fail("late", timezone.now())
            return "failed"
        row.succeed(file="a.mp4", poster="a.jpg", size=1, sha256="0" * 64, now=timezone.now())
        return "succeeded"

    results = all_at_once(end)
    assert not [result for result in results if isinstance(result, Exception) and not isinstance(result, LeaseLost)]
    return [result for result in results if isinstance(result, str)]


@pytest.fixture
def start_video(request_video, prepared: Photo, owner) -> Callable[[], Video]:
    """Return a function that requests a video, claims it and starts it."""
    ledger.grant(owner, max(ROUNDS, CONTROL_ROUNDS), reason="For the tests", by=None)

    def start() -> Video:
        request_video()
        video = Video.objects.claim_next(timezone.now(), LEASE_DURATION)
        video.start("rendering", timezone.now())
        return video

    return start


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_concurrent_failure_and_success_leave_one_result(start_video: Callable[[], Video]) -> None:
    for _ in range(ROUNDS):
        video = start_video()
        [result] = race_to_the_end(video)
        assert Video.objects.get(pk=video.pk).status == result
        assert Entry.objects.filter(reference=f"video:{video.pk}:refund").count() == (result == "failed")
    assert list(audit.row_violations(timezone.now())) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_compare_and_swap_a_ready_video_is_refunded(start_video: Callable[[], Video], monkeypatch) -> None:
    """Negative control: check the claim first and write the row afterwards."""

    def update_unguarded(self: LeasedModel, **fields: object) -> None:
        if not self.claimed.exists():
            raise LeaseLost
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=[*fields])

    def race() -> bool:
        """Return whether a video that failed and was refunded ends as succeeded."""
        video = start_video()
        with monkeypatch.context() as control:
            # The control has to remove the guard itself, which only a patch can do.
            control.setattr(LeasedModel, "update_claimed", update_unguarded)
            results = race_to_the_end(video)
        violations = [row.sentence for row in audit.row_violations(timezone.now()) if row.rule == "I7"]
        return len(results) > 1 and "succeeded, but refunded" in violations

    assert any(race() for _ in range(CONTROL_ROUNDS))
