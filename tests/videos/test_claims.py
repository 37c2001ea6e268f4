"""Leases and fencing: of two workers on one row exactly one counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credits import ledger
from credits.models import Entry
from tests.threads import all_at_once
from videos.leases import LeaseLost
from videos.models import Photo, Video
from videos.steps import work_once

LEASE = timedelta(seconds=60)


@pytest.fixture
def video(request_video, prepared: Photo) -> Video:
    return request_video()


def test_a_claimed_row_is_nobody_elses_until_its_lease_runs_out(video: Video) -> None:
    now = timezone.now()
    mine = Video.objects.claim_next(now, LEASE)
    assert (mine.pk, mine.claim, mine.attempts, mine.due_at) == (video.pk, 1, 1, now + LEASE)
    assert Video.objects.claim_next(now + timedelta(seconds=59), LEASE) is None
    theirs = Video.objects.claim_next(now + timedelta(seconds=60), LEASE)
    assert (theirs.pk, theirs.claim) == (video.pk, 2)


def test_a_heartbeat_keeps_the_row(video: Video) -> None:
    now = timezone.now()
    mine = Video.objects.claim_next(now, LEASE)
    mine.keep(now + timedelta(seconds=50), LEASE)
    assert Video.objects.claim_next(now + timedelta(seconds=100), LEASE) is None


def test_whoever_lost_the_lease_writes_nothing(video: Video, owner) -> None:
    now = timezone.now()
    sleeper = Video.objects.claim_next(now, timedelta(0))
    winner = Video.objects.claim_next(now, LEASE)
    ended = {"file": "late.mp4", "poster": "late.jpg", "size": 1, "sha256": "0" * 64, "now": now}
    for write in (
        lambda: sleeper.keep(now, LEASE),
        lambda: sleeper.succeed(**ended),
        lambda: sleeper.fail("late", now),
    ):
        with pytest.raises(LeaseLost):
            write()
    video.refresh_from_db()
    assert (video.status, video.claim, video.file.name) == ("queued", winner.claim, "")
    assert (ledger.balance_of(owner), Entry.objects.filter(kind="refund").count()) == (4, 0)


@pytest.mark.parametrize("ending", ["success", "failure"])
def test_an_ended_video_stays_as_it_ended(video: Video, studio, ending: str, owner) -> None:
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


def test_a_slow_worker_whose_lease_ran_out_does_not_deliver_a_second_time(video: Video, studio) -> None:
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
    made = {request_video().pk for _ in range(5)}
    now = timezone.now()
    claimed = [row for row in all_at_once(lambda _: Video.objects.claim_next(now, LEASE)) if row]
    assert not [row for row in claimed if isinstance(row, Exception)]
    assert sorted(str(row.pk) for row in claimed) == sorted(map(str, made))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_failure_and_a_success_at_the_same_moment_leave_exactly_one(request_video, prepared: Photo, owner) -> None:
    for _ in range(5):
        request_video()
        mine = Video.objects.claim_next(timezone.now(), LEASE)

        def end(number: int, mine: Video = mine) -> str:
            row = Video.objects.get(pk=mine.pk)
            if number % 2:
                row.fail("late", timezone.now())
                return "failed"
            row.succeed(file="a.mp4", poster="a.jpg", size=1, sha256="0" * 64, now=timezone.now())
            return "succeeded"

        results = all_at_once(end)
        [won] = [result for result in results if not isinstance(result, LeaseLost)]
        assert Video.objects.get(pk=mine.pk).status == won
        assert Entry.objects.filter(reference=f"video:{mine.pk}:refund").count() == (won == "failed")
