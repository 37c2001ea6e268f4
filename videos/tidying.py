"""The worker's step for a leftover: have its task deleted at the studio, sooner or later."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone

from videos import lookout
from videos.leftovers import Leftover
from videos.providers.base import Closed, Unreachable
from videos.watch import Stopping

log = logging.getLogger(__name__)

# Providers keep outputs for a day or two themselves; after that there is nothing left to delete.
GIVEN_UP_AFTER = timedelta(days=3)


def tidy(leftover: Leftover, stopping: Stopping) -> None:
    """Delete the task of a claimed leftover, or try again later. Raises LeaseLost."""
    try:
        lookout.runway().cancel(leftover.task_id)
    except (Unreachable, Closed) as error:
        now = timezone.now()
        log.warning("not deleted at the studio", extra={"task": leftover.task_id, "reason": error.reason})
        if now - leftover.created_at < GIVEN_UP_AFTER:
            leftover.later(now)
            return
    leftover.as_claimed.delete()
