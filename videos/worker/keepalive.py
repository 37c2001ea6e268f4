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
from videos.models.leases import Leased
from videos.providers.base import Interrupted

# A row that was claimed this often without moving on is set aside: it kills or fails whoever touches it.
MAX_ATTEMPTS = 5
LONGEST_WAIT = 60.0
HEARTBEAT = 0.5
# How soon a row that could not be ended is tried again.
UNENDABLE = timedelta(minutes=1)

Stopping = Callable[[], bool]


class Overdue(Exception):
    """The promised time passed while the work went on."""


def wait_after(attempts: int) -> timedelta:
    """2, 4, 8, ... seconds, capped, with a jitter of a quarter."""
    return timedelta(seconds=min(LONGEST_WAIT, 2.0 ** min(attempts, 10)) * random.uniform(0.75, 1.25))


class Watch:
    """The ``report`` of long work: keeps the lease, tells the progress, and stops what should not go on.

    ``tells`` is whether the reported share is the progress that the owner sees. Raises LeaseLost, Overdue, or
    Interrupted when the worker was asked to stop.
    """

    def __init__(self, row: Leased, stopping: Stopping, until: datetime | None = None, *, tells: bool = True) -> None:
        self.row, self.stopping, self.until = row, stopping, until
        self.tells = tells and isinstance(row, Video)
        self.last = 0.0

    def __call__(self, progress: float) -> None:
        if isinstance(self.row, Video):
            failpoints.at("rendering")
        if self.stopping():
            raise Interrupted("the worker was asked to stop")
        if time.monotonic() - self.last < HEARTBEAT:
            return
        self.last = time.monotonic()
        now = timezone.now()
        if self.until and now >= self.until:
            raise Overdue
        share = {"progress": max(0.0, min(1.0, progress))} if self.tells else {}
        self.row.keep(now, settings.LEASE, **share)
