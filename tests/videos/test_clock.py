"""The database's clock rules: a wrong clock of a machine neither takes a lease, nor delays a row, nor ends a video."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.videos.test_dance_page import choice, page_of
from videos import clock
from videos.models import Photo, Video
from videos.worker.keepalive import ProgressReporter
from videos.worker.runner import work_once

# On SQLite, the machine's clock is the database's.
pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
HOUR = timedelta(hours=1)

SkewClock = Callable[[timedelta], None]
skewed = pytest.mark.parametrize("skew", [HOUR, -HOUR], ids=["ahead", "behind"])


def database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@pytest.fixture
def skew_clock(monkeypatch: pytest.MonkeyPatch) -> SkewClock:
    """Return a function that sets this machine's clock wrong, and leaves the database's as it is."""
    real = timezone.now

    def skew(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + by)

    return skew


@skewed
def test_offset_is_measured(skew_clock: SkewClock, skew: timedelta) -> None:
    assert abs(clock.offset()) < 5
    skew_clock(skew)
    assert abs(clock.offset() - skew.total_seconds()) < 5


@skewed
def test_worker_with_a_wrong_clock_takes_no_lease(
    skew_clock: SkewClock, skew: timedelta, request_video: Any, prepared: Photo, studio: Any
) -> None:
    request_video()
    mine = Video.objects.claim_next(database_time(), settings.LEASE_DURATION)
    skew_clock(skew)
    assert not work_once()
    ProgressReporter(mine, lambda: False)(0.5)


@skewed
def test_worker_with_a_wrong_clock_extends_its_lease_correctly(
    skew_clock: SkewClock, skew: timedelta, request_video: Any, prepared: Photo
) -> None:
    request_video()
    mine = Video.objects.claim_next(database_time(), settings.LEASE_DURATION)
    skew_clock(skew)
    ProgressReporter(mine, lambda: False)(0.5)
    lease = Video.objects.get().due_at - database_time()
    assert settings.LEASE_DURATION - timedelta(seconds=30) < lease <= settings.LEASE_DURATION


@skewed
def test_worker_with_a_wrong_clock_renders_in_time(
    skew_clock: SkewClock, skew: timedelta, request_video: Any, prepared: Photo, studio: Any
) -> None:
    video = request_video()
    skew_clock(skew)
    work_once()
    video.refresh_from_db()
    assert (video.status, video.error_code) == ("succeeded", "")
    assert video.created_at <= video.started_at <= video.finished_at <= database_time()


@skewed
def test_worker_with_a_wrong_clock_ends_a_late_video(
    skew_clock: SkewClock, skew: timedelta, request_video: Any, prepared: Photo, studio: Any
) -> None:
    video = request_video()
    Video.objects.update(promised_by=database_time())
    skew_clock(skew)
    work_once()
    video.refresh_from_db()
    assert (video.status, video.error_code) == ("failed", "late")


@skewed
def test_web_process_with_a_wrong_clock_promises_by_the_database_time(
    skew_clock: SkewClock, skew: timedelta, as_owner: Client, prepared: Photo
) -> None:
    skew_clock(skew)
    as_owner.post(page_of(prepared), choice())
    video = Video.objects.get()
    assert database_time() - timedelta(seconds=30) < video.due_at <= database_time()
    promised_in = video.promised_by - database_time()
    assert settings.PROMISE_WINDOW - timedelta(seconds=30) < promised_in <= settings.PROMISE_WINDOW


@skewed
def test_failed_step_is_retried_by_the_database_time(
    skew_clock: SkewClock, skew: timedelta, request_video: Any, prepared: Photo, studio: Any
) -> None:
    def fail(report: Any) -> None:
        raise RuntimeError("of a test")

    request_video()
    studio.before = fail
    skew_clock(skew)
    work_once()
    assert timedelta(0) < Video.objects.get().due_at - database_time() < timedelta(minutes=1)
