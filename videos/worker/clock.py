"""Clock jumps, and the offset of the machine's clock from the database's.

Leases and promises are measured by the machine's clock. The damage done by a wrong clock is limited, not undone.

A clock that jumps forward makes leases look expired and deadlines look missed. A worker that notices the jump pauses
for one lease, so that busy workers can extend theirs. A worker whose clock differs from the database's does nothing
until the two agree. If the clock stays changed, a promise that has passed counts as broken and its credit is refunded.

A clock that jumps back leaves rows due far in the future. They become due after one lease instead. A promise made by
the earlier clock ends later by the size of the jump, and the owner's page shows the later time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from videos.models import Photo, Preview, ProviderStatus, Video

log = logging.getLogger(__name__)

# NTP slewing stays below this many seconds.
MAX_OFFSET = 30.0
# Seconds between two readings of the database's clock.
OFFSET_CHECK_INTERVAL = 15.0
# No lease or delay makes a row due later than this, unless the clock was set back. Provider checks are less frequent.
MAX_DUE_AHEAD, MAX_CHECK_AHEAD = timedelta(minutes=5), timedelta(minutes=20)


def database_clock_offset() -> float:
    """Return the seconds by which this machine's clock is ahead of the database's; negative if it is behind.

    SQLite uses the machine's clock, so its offset is 0.
    """
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    return (timezone.now() - row[0]).total_seconds()


def boot_time() -> float:
    """Return seconds from a clock that cannot be set and that keeps running while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def reschedule_far_future(now: datetime) -> int:
    """Make rows that are due impossibly late due after one lease, and return their number.

    A worker that holds one of them keeps it by extending its lease.
    """
    far, soon = now + max(MAX_DUE_AHEAD, 4 * settings.LEASE_DURATION), now + settings.LEASE_DURATION
    rows = (Video.objects.unfinished(), Photo.objects.all(), Preview.objects.all())
    rescheduled = sum(queryset.filter(due_at__gt=far).update(due_at=soon) for queryset in rows)
    return rescheduled + ProviderStatus.objects.filter(due_at__gt=now + MAX_CHECK_AHEAD).update(due_at=soon)


class Clock:
    """A detector of clock jumps and of offsets from the database's clock.

    ``wall_clock`` reads this machine's clock and ``steady_clock`` one that cannot be set. ``offset`` returns how far
    the first is ahead of the database's. All are in seconds.
    """

    def __init__(
        self,
        wall_clock: Callable[[], float] = time.time,
        steady_clock: Callable[[], float] = boot_time,
        offset: Callable[[], float] = database_clock_offset,
    ) -> None:
        self.wall_clock, self.steady_clock, self.read_offset = wall_clock, steady_clock, offset
        self.wall, self.steady = wall_clock(), steady_clock()
        self.paused_until = self.checked_at = 0.0
        self.offset = 0.0
        self.is_new = True

    def is_trustworthy(self) -> bool:
        """Return whether the worker may trust the time. Called on every iteration of the worker loop.

        Raises DatabaseError.
        """
        jump = self.measure_jump()
        if jump or self.is_new:
            self.is_new = False
            self.checked_at = 0.0
            if rescheduled := reschedule_far_future(timezone.now()):
                log.warning("rows due in the far future rescheduled", extra={"rows": rescheduled})
        if jump:
            log.error("system clock jumped", extra={"seconds": round(jump)})
        if jump > 0:
            self.paused_until = self.steady + settings.LEASE_DURATION.total_seconds()
        if not self.checked_at or self.steady - self.checked_at >= OFFSET_CHECK_INTERVAL or self.is_off_limit:
            self.offset, self.checked_at = self.read_offset(), self.steady
            if self.is_off_limit:
                log.error("system clock differs from the database, waiting", extra={"seconds": round(self.offset)})
        return not self.is_off_limit and self.steady >= self.paused_until

    @property
    def is_off_limit(self) -> bool:
        return abs(self.offset) > MAX_OFFSET

    def measure_jump(self) -> float:
        """Return the seconds by which the clock was set since the last call; 0 up to ``MAX_OFFSET``."""
        wall, steady = self.wall_clock(), self.steady_clock()
        jump = (wall - self.wall) - (steady - self.steady)
        self.wall, self.steady = wall, steady
        return jump if abs(jump) > MAX_OFFSET else 0.0
