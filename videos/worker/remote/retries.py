"""How long everything waits, what is tried again, and what is left behind at the studio."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from videos.models import ProviderTaskDeletion, Video
from videos.providers.base import AccountUnavailable, InvalidOutput, RemoteProvider, RequestFailed, TemporarilyRejected

log = logging.getLogger(__name__)

POLL_SECONDS, POLL_JITTER = 6.0, 1.5
MAX_RETRY_AFTER = timedelta(minutes=1)
UNAVAILABLE_DELAY = timedelta(seconds=15)
# Before an order is sent a second time.
RESUBMIT_DELAY = timedelta(seconds=10)
# A clip that is on its way home at the promised time has so long to arrive.
DOWNLOAD_GRACE = timedelta(seconds=20)


def reschedule(video: Video, wait: timedelta, **fields: Any) -> None:
    """Due again after ``wait``, but not after the promised time. Raises LeaseLost.

    Somebody lived to say so: such a claim never sets a video aside, however often it comes to nothing.
    """
    video.update_claimed(due_at=capped_due_at(video, wait), **{"attempts": 0, "consecutive_errors": 0} | fields)


def retry_with_backoff(video: Video, wait: timedelta, **fields: Any) -> None:
    """Something went wrong: due again after ``wait``, which grows with ``consecutive_errors``. Raises LeaseLost."""
    reschedule(video, wait, consecutive_errors=video.consecutive_errors + 1, **fields)


def capped_due_at(video: Video, wait: timedelta) -> datetime:
    now = timezone.now()
    return min(now + wait, max(now, video.promised_by))


def poll_delay() -> timedelta:
    return timedelta(seconds=POLL_SECONDS + random.uniform(-POLL_JITTER, POLL_JITTER))


def delay_with_retry_after(error: TemporarilyRejected | RequestFailed | InvalidOutput, wait: timedelta) -> timedelta:
    """``wait``, or as long as the studio asks for; a minute at most, since others stand behind and time runs."""
    return max(wait, min(MAX_RETRY_AFTER, timedelta(seconds=error.retry_after or 0)))


def resubmit_or_fail(video: Video, code: str, wait: timedelta, **fields: Any) -> None:
    if video.submissions >= settings.MAX_SUBMISSIONS:
        video.fail(code, timezone.now(), **fields)
        return
    with transaction.atomic():
        if video.provider_task_id:
            video.schedule_task_deletion(timezone.now())
            fields |= {
                "provider_task_id": None,
                "previous_task_ids": [*video.previous_task_ids, video.provider_task_id],
            }
        video.requeue(timezone.now(), capped_due_at(video, wait), attempts=0, **fields)


def cancel_task(provider: RemoteProvider, video: Video, task_id: str) -> None:
    """Cancel a task, or delete what it made: now, or as soon as the studio can be reached."""
    try:
        provider.cancel(task_id)
    except (RequestFailed, AccountUnavailable) as error:
        log.warning("task not deleted yet", extra={"video": video.pk, "task": task_id, "reason": error.reason})
        ProviderTaskDeletion.objects.enqueue(video.provider, task_id, timezone.now())
