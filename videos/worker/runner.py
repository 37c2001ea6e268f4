"""The state machine: claim one due row, do one step of it, record the outcome.

Everything slow (rendering, HTTP, storage) happens outside any transaction, under a lease that ``Watch`` keeps alive.
Whoever lost the lease stops and writes nothing.
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
from videos.models import LeaseLost, Leftover, Letter, Photo, Preview, ProviderStatus, Rubbish, Video
from videos.providers.base import Interrupted
from videos.providers.registry import REMOTE
from videos.storage.base import StorageAway
from videos.worker import cleanup, remote
from videos.worker.cutouts import advance_photo
from videos.worker.failing import Row, can_be_given_up, give_up, postpone
from videos.worker.keepalive import MAX_ATTEMPTS, Overdue, Stopping, wait_after
from videos.worker.previews import advance_preview
from videos.worker.remote import account
from videos.worker.render import advance_video

log = logging.getLogger(__name__)

LANES = ("all", "api", "render")


def work_once(stopping: Stopping = lambda: False, lane: str = "all", turn: int = 0) -> bool:
    """Claim whatever is due the longest in the lane and advance it by one step; False when nothing is due.

    ``turn`` says which kind of work is asked first: a worker that counts it up lets none starve behind another.
    """
    now = timezone.now()
    kinds = queues(lane)
    first = turn % len(kinds)
    for queue, advance in kinds[first:] + kinds[:first]:
        if row := queue.claim_next(now, settings.LEASE):
            failpoints.at("claimed")
            attempt(row, advance, stopping)
            return True
    return False


def queues(lane: str) -> tuple[tuple[Any, Callable[..., None]], ...]:
    """What a worker of this lane looks after, the most urgent first."""
    remotely, here = Video.objects.filter(provider__in=REMOTE), Video.objects.exclude(provider__in=REMOTE)
    mail, tidy = (Letter.objects, video_finished.send), (Rubbish.objects, cleanup.empty)
    tasks = (Leftover.objects, cleanup.tidy)
    everything: dict[str, tuple[tuple[Any, Callable[..., None]], ...]] = {
        "api": ((ProviderStatus.objects, account.check_account), (remotely, advance_video), mail, tidy, tasks),
        "render": ((here, advance_video), (Preview.objects, advance_preview), (Photo.objects, advance_photo)),
    }
    everything["all"] = (
        everything["api"][0],
        (Video.objects, advance_video),
        *everything["api"][2:],
        *everything["render"][1:],
    )
    return everything[lane]


def attempt(row: Row, advance: Callable, stopping: Stopping) -> None:
    """One step of ``row``; whatever goes wrong ends in the row, never in the loop."""
    what: dict[str, object] = {str(row._meta.model_name): row.pk, "claim": row.claim, "attempt": row.attempts}
    try:
        advance(row, stopping)
    except LeaseLost:
        log.warning("the lease was lost; this answer is dropped", extra=what)
        if isinstance(row, Video):
            Video.objects.filter(pk=row.pk).update(dropped=F("dropped") + 1)
    except Interrupted:
        log.info("interrupted; due again at once", extra=what)
        postpone(row, timedelta(0), attempts=max(0, row.attempts - 1))
    except Overdue:
        log.warning("not ready by the promised time", extra=what)
        give_up(row, "late")
    except (OperationalError, InterfaceError):
        log.exception("the database went away during the step", extra=what)
        connection.close()
        postpone(row, wait_after(row.attempts), attempts=max(0, row.attempts - 1))
    except Exception as error:
        log.exception("the step failed", extra=what)
        if isinstance(row, Video) and row.is_remote:
            remote.handle_unexpected_error(row)
        elif not can_be_given_up(row) or isinstance(error, StorageAway):
            postpone(row, wait_after(row.attempts), attempts=min(row.attempts, MAX_ATTEMPTS - 1))
        elif row.attempts >= MAX_ATTEMPTS:
            give_up(row, "studio")
        else:
            postpone(row, wait_after(row.attempts), attempts=row.attempts)
