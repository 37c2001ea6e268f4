"""Clock jumps: no worker trusts a changed clock too early, and no row becomes due far in the future."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from videos.management.commands.worker import run_once
from videos.models import Photo, ProviderStatus, Video
from videos.worker import clock
from videos.worker.clock import Clock
from videos.worker.keepalive import ProgressReporter

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
HOUR = 3600.0


class Clocks:
    """A wall clock and a monotonic clock for a test."""

    def __init__(self) -> None:
        self.wall, self.steady, self.offset = 1_000_000.0, 1_000.0, 0.0

    def move(self, wall: float, steady: float) -> None:
        self.wall += wall
        self.steady += steady

    def for_worker(self) -> Clock:
        return Clock(lambda: self.wall, lambda: self.steady, lambda: self.offset)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def test_passing_time_is_no_jump(clocks: Clocks) -> None:
    worker = clocks.for_worker()
    for wall, steady in ((1, 1), (HOUR, HOUR), (61, 60), (10, 11)):
        clocks.move(wall, steady)
        assert worker.is_trustworthy()


@pytest.mark.django_db(transaction=True)
def test_jump_forward_pauses_the_worker_for_one_lease(
    clocks: Clocks, request_video: Any, prepared: Photo, studio: Any
) -> None:
    video, worker, stop = request_video(), clocks.for_worker(), threading.Event()
    assert worker.is_trustworthy()
    clocks.move(HOUR, 1)
    assert not run_once(stop, "all", 0, worker)
    video.refresh_from_db()
    assert (video.status, video.claim) == ("queued", 0)
    lease = settings.LEASE_DURATION.total_seconds()
    clocks.move(lease - 1, lease - 1)
    assert not worker.is_trustworthy()
    clocks.move(1, 1)
    assert run_once(stop, "all", 0, worker)
    video.refresh_from_db()
    assert video.status == "succeeded"


def test_jump_backward_leaves_nothing_due_far_ahead(clocks: Clocks, request_video: Any, prepared: Photo) -> None:
    video, worker = request_video(), clocks.for_worker()
    ProviderStatus.objects.for_provider("runway", timezone.now())
    assert worker.is_trustworthy()
    far_future = timezone.now() + timedelta(hours=1)
    for model in (Video, Photo, ProviderStatus):
        model.objects.update(due_at=far_future)
    clocks.move(-HOUR, 1)
    assert worker.is_trustworthy()
    soon = timezone.now() + settings.LEASE_DURATION
    for model in (Video, Photo, ProviderStatus):
        assert model.objects.get().due_at <= soon
    assert Video.objects.get().due_at > timezone.now()
    assert Video.objects.get().claim == video.claim


def test_busy_worker_keeps_its_claim_after_a_jump_backward(request_video: Any, prepared: Photo) -> None:
    request_video()
    mine = Video.objects.claim_next(timezone.now() + timedelta(hours=1), settings.LEASE_DURATION)
    assert mine is not None
    assert clock.reschedule_far_future(timezone.now()) == 1
    assert Video.objects.claim_next(timezone.now(), settings.LEASE_DURATION) is None
    ProgressReporter(mine, lambda: False)(0.5)


def test_restarted_worker_reschedules_too(request_video: Any, prepared: Photo) -> None:
    request_video()
    Video.objects.update(due_at=timezone.now() + timedelta(hours=1))
    assert Clock().is_trustworthy()
    assert Video.objects.get().due_at < timezone.now() + 2 * settings.LEASE_DURATION


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("offset", [HOUR, -HOUR])
def test_worker_waits_until_its_clock_matches_the_database(
    clocks: Clocks, offset: float, request_video: Any, prepared: Photo, studio: Any
) -> None:
    video, worker, stop = request_video(), clocks.for_worker(), threading.Event()
    Video.objects.update(promised_by=timezone.now())
    clocks.offset = offset
    assert not run_once(stop, "all", 0, worker)
    video.refresh_from_db()
    assert (video.status, video.claim) == ("queued", 0)
    clocks.offset = 0
    assert run_once(stop, "all", 0, worker)


@pytest.mark.postgresql
def test_the_database_is_asked_for_its_time(pass_time: Callable[[timedelta], None]) -> None:
    assert abs(clock.database_clock_offset()) < clock.MAX_OFFSET
    pass_time(timedelta(hours=1))
    assert clock.database_clock_offset() > HOUR - clock.MAX_OFFSET


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_command_asks_the_database_for_its_time(
    signals: None, request_video: Any, prepared: Photo, studio: Any, pass_time: Callable[[timedelta], None]
) -> None:
    video = request_video()
    Video.objects.update(promised_by=timezone.now())
    for offset in (timedelta(hours=1), timedelta(hours=-1)):
        pass_time(offset)
        call_command("worker", once=True, pause=0)
        video.refresh_from_db()
        assert (video.status, video.claim) == ("queued", 0)
    pass_time(timedelta(0))
    call_command("worker", once=True, pause=0)
    video.refresh_from_db()
    assert (video.status, video.error_code) == ("failed", "late")
