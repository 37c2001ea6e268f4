"""The worker's state machine: claim one due row, advance it by one step, and record the outcome.

Slow work (rendering, HTTP, storage) runs outside any transaction, under a lease that ``ProgressReporter`` extends.
A worker that has lost its lease stops and writes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F

from videos import clock, failpoints
from videos.models import (
    CardLoop,
    Guest,
    LeaseLost,
    Photo,
    Preview,
    ProviderStatus,
    ProviderTaskDeletion,
    Status,
    StoredFileDeletion,
    Takedown,
    Video,
    VideoDeletion,
    VideoExport,
    VideoNotification,
)
from videos.models.turns import TurnFields, in_line
from videos.providers.base import Interrupted
from videos.providers.registry import LOCAL, REMOTE
from videos.storage.base import StorageUnavailable
from videos.worker import cleanup, remote
from videos.worker.card_loops import advance_loop
from videos.worker.cutouts import advance_photo
from videos.worker.exports import advance_export
from videos.worker.failing import Row, can_fail_permanently, fail_permanently, reschedule
from videos.worker.keepalive import MAX_ATTEMPTS, DeadlineExceeded, ShouldStop, backoff
from videos.worker.notifications import send_notification, send_takedown
from videos.worker.previews import advance_preview
from videos.worker.remote import account
from videos.worker.render import advance_video

log = logging.getLogger(__name__)

QUEUES = ("all", "api", "render")


def work_once(should_stop: ShouldStop = lambda: False, queue: str = "all", rotation: int = 0) -> bool:
    """Claim a due row and advance it by one step. Return False if nothing is due.

    ``rotation`` selects the kind of work that is tried first. A worker that increments it lets no kind starve. Videos
    and pictures that wait to be rendered are taken in the order of their line, in which owners take turns. Of other
    kinds, the row that has been due longest is claimed. The work of guests waits until nothing else is due, and the
    loops of the cards come last.
    """
    now = clock.now()
    jobs = job_types(queue)
    first = rotation % len(jobs)
    for rows, advance in jobs[first:] + jobs[:first] + guest_job_types(queue) + loop_job_types(queue):
        if row := rows.claim_next(now, settings.LEASE_DURATION):
            failpoints.hit("claimed")
            run_step(row, advance, should_stop)
            return True
    return False


def job_types(queue: str) -> tuple[tuple[Any, Callable[..., None]], ...]:
    """Return the rows and steps of a queue, most urgent first."""
    check, notify = (ProviderStatus.objects, account.check_account), (VideoNotification.objects, send_notification)
    deletions = (
        (Takedown.objects, send_takedown),
        (VideoDeletion.objects, cleanup.delete_video),
        (StoredFileDeletion.objects, cleanup.delete_stored_files),
        (ProviderTaskDeletion.objects, cleanup.delete_provider_task),
        (Guest.objects, cleanup.delete_guest_photos),
    )
    render_preview = (in_line(Preview.objects.filter(photo__guest=None)), advance_preview)
    cut_out = (in_line(Photo.objects.filter(guest=None)), advance_photo)
    export = (in_line(VideoExport.objects.all()), advance_export)
    # A provider's queued videos are due when they ask for their turn; those for this machine simply wait in line.
    remote_videos = (Video.objects.filter(provider__in=[*REMOTE]), advance_video)
    line, ours = Video.objects.in_line(*LOCAL), Video.objects.exclude(provider__in=[*REMOTE])
    queued_videos = (line, advance_video)
    # Those of a provider that is gone as well, so that they end.
    begun_videos = (ours.exclude(status=Status.QUEUED, provider__in=LOCAL), advance_video)
    if queue == "api":
        return check, remote_videos, notify, *deletions
    if queue == "render":
        return begun_videos, queued_videos, render_preview, cut_out, export
    videos = (remote_videos, begun_videos, queued_videos)
    return check, *videos, notify, *deletions, render_preview, cut_out, export


def guest_job_types(queue: str) -> tuple[tuple[Any, Callable[..., None]], ...]:
    """Return the rows and steps of guests: owners, who may have paid, come first."""
    if queue == "api":
        return ()
    photos, previews = Photo.objects.filter(guest__isnull=False), Preview.objects.filter(photo__guest__isnull=False)
    return (in_line(photos), advance_photo), (in_line(previews), advance_preview)


def loop_job_types(queue: str) -> tuple[tuple[Any, Callable[..., None]], ...]:
    """Return the loops of owners and of guests. Each takes a fraction of a second, so that other work hardly waits."""
    if queue == "api":
        return ()
    loops = in_line(CardLoop.objects.of_prepared_photos())
    return (loops.filter(photo__guest=None), advance_loop), (loops.filter(photo__guest__isnull=False), advance_loop)


def end_turn(row: Row) -> None:
    """Let other owners have their turns, now that a worker has begun ``row``. Videos do so when they leave the queue.

    A worker that dies before this costs its owner one turn.
    """
    if isinstance(row, TurnFields) and not isinstance(row, Video) and row.attempts == 1:
        with row.line_lock():
            row.line_up(clock.now())


def run_step(row: Row, advance: Callable, should_stop: ShouldStop) -> None:
    """Run one step of ``row``. Record every failure in the row, so that none reaches the loop."""
    context: dict[str, object] = {str(row._meta.model_name): row.pk, "claim": row.claim, "attempt": row.attempts}
    try:
        end_turn(row)
        advance(row, should_stop)
    except (LeaseLost, Photo.DoesNotExist):
        # The rows of a guest's photo are deleted with it, even during a step.
        log.warning("lease lost, result discarded", extra=context)
        if isinstance(row, Video):
            Video.objects.filter(pk=row.pk).update(stale_results=F("stale_results") + 1)
    except Interrupted:
        log.info("interrupted, requeued", extra=context)
        reschedule(row, timedelta(0), attempts=max(0, row.attempts - 1))
    except DeadlineExceeded:
        log.warning("promised time missed", extra=context)
        fail_permanently(row, "late")
    except (OperationalError, InterfaceError):
        log.exception("database unavailable during the step", extra=context)
        connection.close()
        reschedule(row, backoff(row.attempts), attempts=max(0, row.attempts - 1))
    except Exception as error:
        log.exception("step failed", extra=context)
        if isinstance(row, Video) and row.is_remote:
            remote.handle_unexpected_error(row)
        elif not can_fail_permanently(row) or isinstance(error, StorageUnavailable):
            reschedule(row, backoff(row.attempts), attempts=min(row.attempts, MAX_ATTEMPTS - 1))
        elif row.attempts >= MAX_ATTEMPTS:
            fail_permanently(row, "studio")
        else:
            reschedule(row, backoff(row.attempts), attempts=row.attempts)
