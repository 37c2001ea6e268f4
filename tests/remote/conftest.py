"""Fixtures for the whole site against the fake server: real rows, real sockets, and a clock that tests advance."""

import datetime as real
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from credits import audit as credits_audit
from credits.models import Entry
from tests.remote.echo import Echo
from tests.runway.fixtures import GOOD_KEY, FakeServer, fake_server, runway_server
from tests.videos.conftest import clip, jpeg, prepared, request_video, studio
from videos import clock as database_clock
from videos import failpoints, photos
from videos.models import Photo, ProviderStatus, ProviderTaskDeletion, Status, Video
from videos.operations import audit
from videos.providers import registry
from videos.uploads import store_photo
from videos.worker.runner import work_once

__all__ = ["clip", "fake_server", "prepared", "request_video", "runway_server", "studio"]


class ProcessKilled(BaseException):
    """A simulated process kill: nothing catches it and nothing is cleaned up."""


def die() -> None:
    raise ProcessKilled


@contextmanager
def at_failpoint(point: str, action: Callable[[], object]) -> Iterator[None]:
    """Run ``action`` whenever a worker in this process reaches ``point``; see ``videos/failpoints.py``."""

    def hook(reached: str) -> None:
        if reached == point:
            action()

    failpoints.hook = hook
    try:
        yield
    finally:
        failpoints.hook = None


@contextmanager
def storage_outage() -> Iterator[None]:
    """Make all reads and writes of the storage fail, as with an unmounted disk."""
    media = Path(default_storage.path(""))
    aside = media.rename(media.with_name("media-aside"))
    media.touch()
    try:
        yield
    finally:
        media.unlink()
        aside.rename(media)


def refreshed(video: Video) -> Video:
    video.refresh_from_db()
    return video


class Site:
    """The site with a Runway key, and with time that tests control."""

    def __init__(self, fake_server: FakeServer, request_video: Callable[..., Video]) -> None:
        self.fake_server, self.request_video = fake_server, request_video

    def video(self, **changes: Any) -> Video:
        return self.request_video(**changes)

    def work(self) -> None:
        """Run the worker until nothing is due."""
        for _ in range(500):
            if not work_once():
                return
        raise AssertionError("the worker never rests")

    def pass_time(self, seconds: float = 6, rounds: int = 1) -> None:
        """Advance the time here and at the provider, make everything that waits due, and run the worker."""
        for _ in range(rounds):
            self.fake_server.advance(seconds)
            Video.objects.unfinished().update(due_at=timezone.now())
            for rows in (ProviderStatus, ProviderTaskDeletion):
                rows.objects.exclude(due_at=None).update(due_at=timezone.now())
            self.work()

    def settle(self, rounds: int = 100) -> None:
        """Advance time to the next due row and run the worker, until every video is finished."""
        for _ in range(rounds):
            self.advance_to_next()
            if not Video.objects.unfinished().exists():
                return
        raise AssertionError(
            f"still unfinished: {list(Video.objects.unfinished().values('status', 'step', 'attempts'))}"
        )

    def advance_to_next(self) -> None:
        """Advance time by six seconds, or to the next due row if that is later, and run the worker."""
        now = timezone.now()
        queues = [rows.objects.exclude(due_at=None) for rows in (Video, ProviderStatus, ProviderTaskDeletion)]
        due = [row.due_at for row in (queue.order_by("due_at").first() for queue in queues) if row]
        step = max([timedelta(seconds=6), min(due, default=now) - now])
        self.fake_server.advance(step.total_seconds())
        for queue in queues:
            queue.update(due_at=F("due_at") - step)
        self.work()

    def expire_promise(self, video: Video) -> None:
        Video.objects.filter(pk=video.pk).update(promised_by=timezone.now() - timedelta(seconds=1))

    def accepted(self, video: Video | None = None) -> list[str]:
        """Return the accepted tasks in order: all of them, or those of one video, identified by its seed."""
        entries = self.fake_server.journal("accepted")
        return [entry["task"] for entry in entries if video is None or entry["seed"] == video.seed]

    def verify(self) -> None:
        """Verify that no credit, video or task is lost or uncounted, by rows, files and the journal."""
        now = timezone.now()
        assert [*credits_audit.violations(), *audit.violations(now)] == []
        accepted = Counter(entry["seed"] for entry in self.fake_server.journal("accepted"))
        for video in Video.objects.all():
            assert accepted[video.seed] <= video.submissions <= 2, video
            refunded = Entry.objects.filter(reference=f"video:{video.pk}:refund").exists()
            assert video.status in (Status.SUCCEEDED, Status.FAILED)
            assert refunded == (video.status == Status.FAILED)
            if video.status == Status.SUCCEEDED and not video.deleted_at:
                assert default_storage.size(video.file.name) == video.size


@cache
def small_photo() -> photos.Normalised:
    return photos.normalise(jpeg(210, 280))


@pytest.fixture
def photo(owner: User) -> Photo:
    """The owner's photo. It is small, since many tests need it and none inspects it."""
    return store_photo(owner, small_photo(), timezone.now())


@pytest.fixture
def site(
    fake_server: FakeServer,
    settings: Any,
    prepared: Photo,
    request_video: Callable[..., Video],
) -> Site:
    settings.VIDEO_PROVIDER = "runway"
    settings.RUNWAY_API_KEY = GOOD_KEY
    settings.RUNWAY_BASE_URL = fake_server.base
    # The fake server ends hanging calls, so that no test depends on the speed of the machine.
    settings.RUNWAY_TIMEOUT = 20
    fake_server.settings(concurrency=3, hang=0.1, light=True)
    return Site(fake_server, request_video)


@pytest.fixture
def echo(site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Echo:
    """The second provider, by one line in the registry. New videos go to it; Runway's key is set as well."""
    provider = Echo()
    monkeypatch.setitem(registry.REMOTE, "echo", provider)
    settings.VIDEO_PROVIDER = "echo"
    return provider


def order_from(site: Site, settings: Any, provider: str) -> Video:
    settings.VIDEO_PROVIDER = provider
    return site.video()


class Clock:
    """Django's clock, advanced by tests, here, in the database and at the provider.

    References to ``timezone.now`` follow it.
    """

    def __init__(self, site: Site) -> None:
        self.site, self.ahead = site, timedelta(0)

    def advance(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)
        self.site.fake_server.advance(seconds)


@pytest.fixture
def clock(site: Site, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(site)

    class Shifted(real.datetime):
        @classmethod
        def now(cls, tz: real.tzinfo | None = None) -> real.datetime:
            return real.datetime.now(tz) + clock.ahead

    # Neither Python's clock nor the database's can be moved. Django reads Python's only here.
    monkeypatch.setattr(timezone, "datetime", Shifted)
    monkeypatch.setattr(database_clock, "now", timezone.now)
    return clock
