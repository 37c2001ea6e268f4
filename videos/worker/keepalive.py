"""Long work under a lease: kept alive, told of, and stopped when it should not go on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from videos import failpoints
from videos.models import Video
from videos.models.leases import LeasedModel
from videos.providers.base import Interrupted

# A row that was claimed this often without moving on is set aside: it kills or fails whoever touches it.
MAX_ATTEMPTS = 5
MAX_BACKOFF = 60.0
LEASE_EXTENSION_INTERVAL = 0.5
# How soon a row that could not be ended is tried again.
UNRESOLVABLE_DELAY = timedelta(minutes=1)

ShouldStop = Callable[[], bool]


class DeadlineExceeded(Exception):
    """The promised time passed while the work went on."""


def backoff(attempts: int) -> timedelta:
    """2, 4, 8, ... seconds, capped, with a jitter of a quarter."""
    return timedelta(seconds=min(MAX_BACKOFF, 2.0 ** min(attempts, 10)) * random.uniform(0.75, 1.25))


class ProgressReporter:
    """The ``report`` of long work: keeps the lease, tells the progress, and stops what should not go on.

    ``reports_progress`` is whether the reported share is the progress that the owner sees.
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
        self.extended_at = 0.0

    def __call__(self, progress: float) -> None:
        if isinstance(self.row, Video):
            failpoints.hit("rendering")
        if self.should_stop():
            raise Interrupted("the worker was asked to stop")
        if time.monotonic() - self.extended_at < LEASE_EXTENSION_INTERVAL:
            return
        self.extended_at = time.monotonic()
        now = timezone.now()
        if self.deadline and now >= self.deadline:
            raise DeadlineExceeded
        fields = {"progress": max(0.0, min(1.0, progress))} if self.reports_progress else {}
        self.row.heartbeat(now, settings.LEASE_DURATION, **fields)
