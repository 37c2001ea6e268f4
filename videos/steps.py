"""The state machine: claim one due row, do one step of it, record the outcome.

Everything slow (rendering, HTTP, storage) happens outside any transaction, under a lease that ``Watch`` keeps alive.
Whoever lost the lease stops and writes nothing.
"""

from __future__ import annotations

import logging
import random
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from videos import making
from videos.leases import Leased, LeaseLost
from videos.models import Photo, Preview, Step, Video
from videos.providers.base import Interrupted, LocalProvider

log = logging.getLogger(__name__)

# Makers by their name in a row; imported by the worker alone, as they bring heavy libraries with them.
PROVIDERS = {"studio": "videos.providers.studio.Studio"}
# A row that was claimed this often without moving on is set aside: it kills or fails whoever touches it.
MAX_ATTEMPTS = 5
LONGEST_WAIT = 60.0
HEARTBEAT = 0.5

Stopping = Callable[[], bool]


class Overdue(Exception):
    """The promised time passed while the work went on."""


@cache
def provider_named(name: str) -> LocalProvider:
    return import_string(PROVIDERS[name])()


def wait_after(attempts: int) -> timedelta:
    """2, 4, 8, ... seconds, capped, with a jitter of a quarter."""
    return timedelta(seconds=min(LONGEST_WAIT, 2.0**attempts) * random.uniform(0.75, 1.25))


class Watch:
    """The ``report`` of long work: keeps the lease, tells the progress, and stops what should not go on.

    Raises LeaseLost, Overdue, or Interrupted when the worker was asked to stop.
    """

    def __init__(self, row: Leased, stopping: Stopping, until: datetime | None = None) -> None:
        self.row, self.stopping, self.until = row, stopping, until
        self.last = 0.0

    def __call__(self, progress: float) -> None:
        if self.stopping():
            raise Interrupted("the worker was asked to stop")
        if time.monotonic() - self.last < HEARTBEAT:
            return
        self.last = time.monotonic()
        now = timezone.now()
        if self.until and now >= self.until:
            raise Overdue
        share = {"progress": max(0.0, min(1.0, progress))} if isinstance(self.row, Video) else {}
        self.row.keep(now, settings.LEASE, **share)


def work_once(stopping: Stopping = lambda: False) -> bool:
    """Claim whatever is due the longest and advance it by one step; False when nothing is due."""
    now = timezone.now()
    queues = ((Video.objects, advance_video), (Preview.objects, advance_preview), (Photo.objects, advance_photo))
    for queue, advance in queues:
        if row := queue.claim_next(now, settings.LEASE):
            attempt(row, advance, stopping)
            return True
    return False


def attempt(row: Video | Photo | Preview, advance: Callable, stopping: Stopping) -> None:
    """One step of ``row``; whatever goes wrong ends in the row, never in the loop."""
    what: dict[str, object] = {str(row._meta.model_name): row.pk, "claim": row.claim, "attempt": row.attempts}
    try:
        advance(row, stopping)
    except LeaseLost:
        log.warning("the lease was lost; this answer is dropped", extra=what)
    except Interrupted:
        log.info("interrupted; due again at once", extra=what)
        postpone(row, timedelta(0), attempts=row.attempts - 1)
    except Overdue:
        log.warning("not ready by the promised time", extra=what)
        give_up(row, "late")
    except Exception:
        log.exception("the step failed", extra=what)
        if row.attempts >= MAX_ATTEMPTS:
            give_up(row, "studio")
        else:
            postpone(row, wait_after(row.attempts), attempts=row.attempts)


def postpone(row: Leased, wait: timedelta, *, attempts: int) -> None:
    """Give the claim back; the row is due again after ``wait``."""
    row.as_claimed.update(due_at=timezone.now() + wait, attempts=attempts)


def give_up(row: Video | Photo | Preview, code: str) -> None:
    """End a row that cannot go on: a video with its credit returned, a photo as a print, a preview without a file."""
    try:
        if isinstance(row, Video):
            row.fail(code, timezone.now())
            log.warning("failed; the credit is back", extra={"video": row.pk, "code": code})
        elif isinstance(row, Photo):
            row.record(due_at=None, attempts=0, cut={"mode": "print"})
        else:
            row.record(due_at=None, attempts=0)
    except LeaseLost:
        log.warning("the lease was lost before it could be ended", extra={str(row._meta.model_name): row.pk})


def advance_video(video: Video, stopping: Stopping) -> None:
    """Take a claimed video one step on. Raises what ``attempt`` knows how to record."""
    if timezone.now() >= video.promised_by:
        raise Overdue
    if video.attempts > MAX_ATTEMPTS:
        # Five workers claimed it and none came back to say why: it is set aside, and the rest go on.
        log.error("set aside after too many claims", extra={"video": video.pk, "attempt": video.attempts})
        give_up(video, "studio")
        return
    if not video.step:
        video.start(Step.RENDERING, timezone.now())
    with tempfile.TemporaryDirectory(prefix="petgroove-") as folder:
        file = Path(folder) / "dance.mp4"
        watch = Watch(video, stopping, until=video.promised_by)
        provider_named(video.provider).render(making.order_for(video), file, watch)
        store(video, file)


def store(video: Video, file: Path) -> None:
    """Check the finished file, put it and its poster under their names, and only then call the video ready."""
    facts = making.checked(video, file)
    now = timezone.now()
    video.enter(Step.STORING, now, due_at=now + settings.LEASE)
    names = making.stored(video, file)
    video.succeed(now=timezone.now(), **facts, **names)
    log.info("ready", extra={"video": video.pk, "bytes": video.size})


def advance_photo(photo: Photo, stopping: Stopping) -> None:
    if photo.attempts > MAX_ATTEMPTS:
        give_up(photo, "studio")
        return
    making.prepare(photo)
    photo.record(due_at=None, attempts=0)


def advance_preview(preview: Preview, stopping: Stopping) -> None:
    if preview.attempts > MAX_ATTEMPTS:
        give_up(preview, "studio")
        return
    preview.record(file=making.make_preview(preview), due_at=None, attempts=0)
