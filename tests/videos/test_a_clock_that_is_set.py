"""Somebody sets the machine's clock: no worker acts on it in haste, and nothing is due for ever."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from videos import clock
from videos.clock import Clock
from videos.line import Line
from videos.management.commands.work import turn
from videos.models import Photo, Video
from videos.watch import Watch

pytestmark = pytest.mark.django_db
HOUR = 3600.0


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Callable[[float, float], None]:
    """Moves on the wall's clock, and the one that nobody sets."""
    now = [1_000_000.0, 1_000.0]
    monkeypatch.setattr(clock.time, "time", lambda: now[0])
    monkeypatch.setattr(clock, "elapsed", lambda: now[1])

    def move(wall: float, steady: float) -> None:
        now[0] += wall
        now[1] += steady

    return move


def test_time_that_goes_by_is_no_step(clocks: Callable[[float, float], None]) -> None:
    worker = Clock()
    for wall, steady in ((1, 1), (HOUR, HOUR), (61, 60), (10, 11)):
        clocks(wall, steady)
        assert worker.is_sound()


@pytest.mark.django_db(transaction=True)
def test_set_forth_it_makes_a_worker_hold_still_for_one_lease(
    clocks: Callable[[float, float], None], request_video: Any, prepared: Photo, studio: Any
) -> None:
    video, worker, go_on = request_video(), Clock(), threading.Event()
    assert worker.is_sound()
    clocks(HOUR, 1)
    assert not turn(go_on, "all", 0, worker)
    video.refresh_from_db()
    assert (video.status, video.claim) == ("queued", 0)
    lease = settings.LEASE.total_seconds()
    clocks(lease - 1, lease - 1)
    assert not worker.is_sound()
    clocks(1, 1)
    assert turn(go_on, "all", 0, worker)
    video.refresh_from_db()
    assert video.status == "succeeded"


def test_set_back_it_leaves_nothing_due_in_a_far_future(
    clocks: Callable[[float, float], None], request_video: Any, prepared: Photo
) -> None:
    video, worker = request_video(), Clock()
    Line.objects.of("runway", timezone.now())
    assert worker.is_sound()
    far = timezone.now() + timedelta(hours=1)
    for rows in (Video, Photo, Line):
        rows.objects.update(due_at=far)
    clocks(-HOUR, 1)
    assert worker.is_sound()
    soon = timezone.now() + settings.LEASE
    for rows in (Video, Photo, Line):
        assert rows.objects.get().due_at <= soon
    assert Video.objects.get().due_at > timezone.now()
    assert Video.objects.get().claim == video.claim


def test_whoever_works_keeps_its_claim_when_the_clock_was_set_back(request_video: Any, prepared: Photo) -> None:
    request_video()
    mine = Video.objects.claim_next(timezone.now() + timedelta(hours=1), settings.LEASE)
    assert mine is not None
    assert clock.pull_in(timezone.now()) == 1
    assert Video.objects.claim_next(timezone.now(), settings.LEASE) is None
    Watch(mine, lambda: False)(0.5)


def test_a_restarted_worker_pulls_in_too(request_video: Any, prepared: Photo) -> None:
    request_video()
    Video.objects.update(due_at=timezone.now() + timedelta(hours=1))
    assert Clock().is_sound()
    assert Video.objects.get().due_at < timezone.now() + 2 * settings.LEASE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_a_worker_whose_clock_is_not_the_databases_waits_until_they_agree(
    off: float, request_video: Any, prepared: Photo, studio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    video, worker, go_on = request_video(), Clock(), threading.Event()
    Video.objects.update(promised_by=timezone.now())
    with monkeypatch.context() as patch:
        patch.setattr(clock, "off_the_database", lambda: off)
        call_command("work", once=True, pause=0)
        assert not turn(go_on, "all", 0, worker)
        video.refresh_from_db()
        assert (video.status, video.claim) == ("queued", 0)
    assert turn(go_on, "all", 0, worker)


@pytest.mark.postgresql
def test_the_database_is_asked_for_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert abs(clock.off_the_database()) < clock.MOST_OFF
    real = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: real() + timedelta(hours=1))
    assert clock.off_the_database() > HOUR - clock.MOST_OFF
