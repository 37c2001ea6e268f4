"""Folders of our storage whose owner deleted what was in them."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.utils import timezone

from videos.models import Leftover, Rubbish
from videos.providers import registry
from videos.providers.base import AccountUnavailable, RequestFailed
from videos.storage.base import storage
from videos.worker.keepalive import Stopping

log = logging.getLogger(__name__)


def empty(row: Rubbish, stopping: Any) -> None:
    """The worker's step. A storage that is away is asked again, less and less often. Raises LeaseLost."""
    try:
        storage.clear(row.folder)
    except OSError as error:
        log.warning("not deleted yet", extra={"folder": row.folder, "reason": str(error)})
        row.later(timezone.now())
        return
    row.as_claimed.delete()


# Providers keep outputs for a day or two themselves; after that there is nothing left to delete.
GIVEN_UP_AFTER = timedelta(days=3)


def tidy(leftover: Leftover, stopping: Stopping) -> None:
    """Delete the task of a claimed leftover, or try again later. Raises LeaseLost."""
    try:
        registry.runway_client().cancel(leftover.task_id)
    except (RequestFailed, AccountUnavailable) as error:
        now = timezone.now()
        log.warning("task not deleted at the provider", extra={"task": leftover.task_id, "reason": error.reason})
        if now - leftover.created_at < GIVEN_UP_AFTER:
            leftover.later(now)
            return
    leftover.as_claimed.delete()
