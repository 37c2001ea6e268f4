"""Keep a lease alive during long work, report progress, and stop when the work should not continue."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from videos import clock, failpoints
from videos.models import Video
from videos.models.leases import LeasedModel
from videos.providers.base import Interrupted

# A row claimed this often without progress is failed: it crashes every worker that claims it.
MAX_ATTEMPTS = 5
MAX_BACKOFF = 60.0
LEASE_EXTENSION_INTERVAL = 0.5
# The delay before a row that could not be ended is retried.
UNRESOLVABLE_DELAY = timedelta(minutes=1)

ShouldStop = Callable[[], bool]


class DeadlineExceeded(Exception):
    """The promised time passed during the work."""


def backoff(attempts: int) -> timedelta:
    """Return 2, 4, 8, ... seconds, capped at ``MAX_BACKOFF``, with a jitter of 25 %."""
    return timedelta(seconds=min(MAX_BACKOFF, 2.0 ** min(attempts, 10)) * random.uniform(0.75, 1.25))


class ProgressReporter:
    """A ``Report`` that extends the lease, saves the progress, and stops work that should not continue.

    ``reports_progress`` is whether the reported fraction is the progress that the owner sees. That progress never
    falls: a worker that continues another one's work begins where the bar stands, and moves it on more slowly.
    Raises LeaseLost, DeadlineExceeded, or Interrupted when the worker was asked to stop.
    """

    def __init__(
        self,
        row: LeasedModel,
        should_stop: ShouldStop,
        deadline: datetime | None = None,
        *,
        reports_progress: bool = True,
    ) -> None:
        self.row, self.should_stop, self.deadline = row, should_stop, deadline
        self.reports_progress = reports_progress and isinstance(row, Video)
        self.shown = row.progress if isinstance(row, Video) else 0.0
        self.extended_at = 0.0

    def __call__(self, progress: float) -> None:
        if isinstance(self.row, Video):
            failpoints.hit("rendering")
        if self.should_stop():
            raise Interrupted("the worker was asked to stop")
        if time.monotonic() - self.extended_at < LEASE_EXTENSION_INTERVAL:
            return
        self.extended_at = time.monotonic()
        now = clock.now()
        if self.deadline and now >= self.deadline:
            raise DeadlineExceeded
        progress = self.shown + (1.0 - self.shown) * max(0.0, min(1.0, progress))
        fields = {"progress": progress} if self.reports_progress else {}
        self.row.heartbeat(now, settings.LEASE_DURATION, **fields)
