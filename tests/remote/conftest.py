"""The whole site against the stand-in: real rows, real sockets, and a clock that the tests move on."""

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
from tests.runway.fixtures import GOOD_KEY, FakeServer, fake_server, runway_server
from tests.videos.conftest import clip, jpeg, prepared, request_video, studio
from videos import failpoints, photos
from videos.models import Photo, ProviderStatus, ProviderTaskDeletion, Status, Video
from videos.operations import audit
from videos.uploads import store_photo
from videos.worker.runner import work_once

__all__ = ["clip", "fake_server", "prepared", "request_video", "runway_server", "studio"]


class ProcessKilled(BaseException):
    """The process ends here: nothing catches it, nothing is tidied up."""


def die() -> None:
    raise ProcessKilled


@contextmanager
def at_failpoint(point: str, deed: Callable[[], object]) -> Iterator[None]:
    """Do the deed whenever a worker of this process reaches the point; see ``videos/failpoints.py``."""

    def hook(reached: str) -> None:
        if reached == point:
            deed()

    failpoints.hook = hook
    try:
        yield
    finally:
        failpoints.hook = None


@contextmanager
def storage_outage() -> Iterator[None]:
    """Nothing can be read from the storage or written to it, as while a disk is not mounted."""
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
    """The site with Runway's key set, and time in the tests' hands."""

    def __init__(self, fake_server: FakeServer, request_video: Callable[..., Video]) -> None:
        self.fake_server, self.request_video = fake_server, request_video

    def video(self, **changes: Any) -> Video:
        return self.request_video(**changes)

    def work(self) -> None:
        """Let the worker do what is due, until nothing is."""
        for _ in range(500):
            if not work_once():
                return
        raise AssertionError("the worker never rests")

    def pass_time(self, seconds: float = 6, rounds: int = 1) -> None:
        """Seconds go by, here and at the studio: whatever waited for them is due."""
        for _ in range(rounds):
            self.fake_server.advance(seconds)
            Video.objects.unfinished().update(due_at=timezone.now())
            for rows in (ProviderStatus, ProviderTaskDeletion):
                rows.objects.exclude(due_at=None).update(due_at=timezone.now())
            self.work()

    def settle(self, rounds: int = 100) -> None:
        """Move time to whatever falls due next, and work, until every video has ended."""
        for _ in range(rounds):
            self.advance_to_next()
            if not Video.objects.unfinished().exists():
                return
        raise AssertionError(f"still living: {list(Video.objects.unfinished().values('status', 'step', 'attempts'))}")

    def advance_to_next(self) -> None:
        """Move time by six seconds, or to the next row that falls due if that is later, and work."""
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
        """The tasks the studio took, in order: all of them, or those of one video, told by its seed."""
        taken = self.fake_server.journal("accepted")
        return [entry["task"] for entry in taken if video is None or entry["seed"] == video.seed]

    def verify(self) -> None:
        """No credit lost, no video lost, and no task that was not counted: asked of rows, files and the journal."""
        now = timezone.now()
        assert [*credits_audit.violations(), *audit.violations(now)] == []
        taken = Counter(entry["seed"] for entry in self.fake_server.journal("accepted"))
        for video in Video.objects.all():
            assert taken[video.seed] <= video.submissions <= 2, video
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
    """The owner's photo: a small one, since many tests ask for it and none looks at it."""
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
    # What hangs is let go by the stand-in, so that no test depends on how fast the machine is.
    settings.RUNWAY_TIMEOUT = 20
    fake_server.settings(concurrency=3, hang=0.1, light=True)
    return Site(fake_server, request_video)


class Clock:
    """Django's clock, moved on by hand, here and at the studio. Whatever holds ``timezone.now`` follows."""

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

    # Python has no clock that can be moved, and Django reads it here alone.
    monkeypatch.setattr(timezone, "datetime", Shifted)
    return clock
