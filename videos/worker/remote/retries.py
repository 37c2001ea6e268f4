"""Delays and retries of remote tasks, and the cancellation of tasks that are no longer needed."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from videos import clock
from videos.models import ProviderTaskDeletion, Video
from videos.providers.base import AccountUnavailable, InvalidOutput, RemoteProvider, RequestFailed, TemporarilyRejected
from videos.worker.keepalive import backoff

log = logging.getLogger(__name__)

# A task is polled at most once in five seconds.
POLL_SECONDS, POLL_JITTER = 6.5, 1.5
MAX_RETRY_AFTER = timedelta(minutes=1)
UNAVAILABLE_DELAY = timedelta(seconds=15)
# The delay before an order is sent a second time.
RESUBMIT_DELAY = timedelta(seconds=10)
# A download that is running at the promised time may take this much longer.
DOWNLOAD_GRACE = timedelta(seconds=20)


def reschedule(video: Video, wait: timedelta, **fields: Any) -> None:
    """Make the video due again after ``wait``, but not after the promised time. Raises LeaseLost.

    The worker survived the step, so reset the attempt counter.
    """
    video.update_claimed(due_at=capped_due_at(video, wait), **{"attempts": 0, "consecutive_errors": 0} | fields)


def retry_with_backoff(video: Video, wait: timedelta, **fields: Any) -> None:
    """Count a consecutive error and make the video due again after ``wait``. Raises LeaseLost."""
    reschedule(video, wait, consecutive_errors=video.consecutive_errors + 1, **fields)


def capped_due_at(video: Video, wait: timedelta) -> datetime:
    now = clock.now()
    return min(now + wait, max(now, video.promised_by))


def poll_delay() -> timedelta:
    return timedelta(seconds=POLL_SECONDS + random.uniform(-POLL_JITTER, POLL_JITTER))


def delay_with_retry_after(error: TemporarilyRejected | RequestFailed | InvalidOutput, wait: timedelta) -> timedelta:
    """Return ``wait``, or the provider's longer ``Retry-After`` up to a minute.

    The limit protects the videos behind it in the queue and its own promised time.
    """
    return max(wait, min(MAX_RETRY_AFTER, timedelta(seconds=error.retry_after or 0)))


def download_delay(video: Video, error: RequestFailed | InvalidOutput) -> timedelta:
    """Return the delay before the task is polled for a fresh URL after a failed download."""
    return delay_with_retry_after(error, max(poll_delay(), backoff(video.consecutive_errors + 1)))


def resubmit_or_fail(video: Video, code: str, wait: timedelta, **fields: Any) -> None:
    if video.submissions >= settings.MAX_SUBMISSIONS:
        video.fail(code, clock.now(), **fields)
        return
    with transaction.atomic():
        if video.provider_task_id:
            video.schedule_task_deletion(clock.now())
            fields |= {
                "provider_task_id": None,
                "previous_task_ids": [*video.previous_task_ids, video.provider_task_id],
            }
        video.requeue(clock.now(), capped_due_at(video, wait), attempts=0, **fields)


def cancel_task(provider: RemoteProvider, video: Video, task_id: str) -> None:
    """Cancel a task or delete its output, now or as soon as the provider can be reached."""
    try:
        provider.cancel(task_id)
    except (RequestFailed, AccountUnavailable) as error:
        log.warning("task not deleted yet", extra={"video": video.pk, "task": task_id, "reason": error.reason})
        ProviderTaskDeletion.objects.enqueue(video.provider, task_id, clock.now())
