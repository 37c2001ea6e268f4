"""The state machine: claim one due row, do one step of it, record the outcome.

Everything slow (rendering, HTTP, storage) happens outside any transaction, under a lease that ``ProgressReporter``
keeps alive. Whoever lost the lease stops and writes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone

from videos import failpoints
from videos.emails import video_finished
from videos.models import (
    LeaseLost,
    Photo,
    Preview,
    ProviderStatus,
    ProviderTaskDeletion,
    StoredFileDeletion,
    Video,
    VideoNotification,
)
from videos.providers.base import Interrupted
from videos.providers.registry import REMOTE
from videos.storage.base import StorageUnavailable
from videos.worker import cleanup, remote
from videos.worker.cutouts import advance_photo
from videos.worker.failing import Row, can_fail_permanently, fail_permanently, reschedule
from videos.worker.keepalive import MAX_ATTEMPTS, DeadlineExceeded, ShouldStop, backoff
from videos.worker.previews import advance_preview
from videos.worker.remote import account
from videos.worker.render import advance_video

log = logging.getLogger(__name__)

QUEUES = ("all", "api", "render")


def work_once(should_stop: ShouldStop = lambda: False, queue: str = "all", rotation: int = 0) -> bool:
    """Claim whatever is due the longest in the queue and advance it by one step; False when nothing is due.

    ``rotation`` says which kind of work is asked first: a worker that counts it up lets none starve behind another.
    """
    now = timezone.now()
    jobs = job_types(queue)
    first = rotation % len(jobs)
    for rows, advance in jobs[first:] + jobs[:first]:
        if row := rows.claim_next(now, settings.LEASE_DURATION):
            failpoints.hit("claimed")
            run_step(row, advance, should_stop)
            return True
    return False


def job_types(queue: str) -> tuple[tuple[Any, Callable[..., None]], ...]:
    """What a worker of this queue looks after, the most urgent first."""
    remote_videos, local_videos = Video.objects.filter(provider__in=REMOTE), Video.objects.exclude(provider__in=REMOTE)
    notifications, files = (
        (VideoNotification.objects, video_finished.deliver),
        (StoredFileDeletion.objects, cleanup.delete_stored_files),
    )
    tasks = (ProviderTaskDeletion.objects, cleanup.delete_provider_task)
    by_queue: dict[str, tuple[tuple[Any, Callable[..., None]], ...]] = {
        "api": (
            (ProviderStatus.objects, account.check_account),
            (remote_videos, advance_video),
            notifications,
            files,
            tasks,
        ),
        "render": ((local_videos, advance_video), (Preview.objects, advance_preview), (Photo.objects, advance_photo)),
    }
    by_queue["all"] = (
        by_queue["api"][0],
        (Video.objects, advance_video),
        *by_queue["api"][2:],
        *by_queue["render"][1:],
    )
    return by_queue[queue]


def run_step(row: Row, advance: Callable, should_stop: ShouldStop) -> None:
    """One step of ``row``; whatever goes wrong ends in the row, never in the loop."""
    context: dict[str, object] = {str(row._meta.model_name): row.pk, "claim": row.claim, "attempt": row.attempts}
    try:
        advance(row, should_stop)
    except LeaseLost:
        log.warning("lease lost, result discarded", extra=context)
        if isinstance(row, Video):
            Video.objects.filter(pk=row.pk).update(stale_results=F("stale_results") + 1)
    except Interrupted:
        log.info("interrupted; due again at once", extra=context)
        reschedule(row, timedelta(0), attempts=max(0, row.attempts - 1))
    except DeadlineExceeded:
        log.warning("not ready by the promised time", extra=context)
        fail_permanently(row, "late")
    except (OperationalError, InterfaceError):
        log.exception("the database went away during the step", extra=context)
        connection.close()
        reschedule(row, backoff(row.attempts), attempts=max(0, row.attempts - 1))
    except Exception as error:
        log.exception("the step failed", extra=context)
        if isinstance(row, Video) and row.is_remote:
            remote.handle_unexpected_error(row)
        elif not can_fail_permanently(row) or isinstance(error, StorageUnavailable):
            reschedule(row, backoff(row.attempts), attempts=min(row.attempts, MAX_ATTEMPTS - 1))
        elif row.attempts >= MAX_ATTEMPTS:
            fail_permanently(row, "studio")
        else:
            reschedule(row, backoff(row.attempts), attempts=row.attempts)
