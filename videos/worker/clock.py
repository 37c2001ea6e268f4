"""The machine's clock, which leases and promises are told by: noticed when it is set, and compared with the database's.

What a wrong clock can do is bounded, not undone. Set forth, it makes leases look run out and promises broken: a worker
that notices holds still for one lease, in which whoever works keeps its own, and one whose clock differs from the
database's does nothing at all until they agree. A promise that has passed by a clock that stays as it is was broken:
its credit comes back. Set back, it leaves rows that are due in a far future: they are due after one lease instead. A
promise that was made by the earlier clock then ends later by that much; the owner's page shows it.
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

# What NTP does by and by is less than this, in seconds.
MAX_OFFSET = 30.0
# How often the database is asked for its time.
OFFSET_CHECK_INTERVAL = 15.0
# Later than this no row is due, by a lease or a wait, unless the clock was set back; a line is looked at less often.
MAX_DUE_AHEAD, MAX_CHECK_AHEAD = timedelta(minutes=5), timedelta(minutes=20)


def database_clock_offset() -> float:
    """Seconds by which this machine's clock is before (or, below nought, behind) the database's. SQLite shares it."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    return (timezone.now() - row[0]).total_seconds()


def boot_time() -> float:
    """Seconds by a clock that nobody can set and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def reschedule_far_future(now: datetime) -> int:
    """Let what is due in an impossible future be due after one lease: whoever works on it keeps it meanwhile."""
    far, soon = now + max(MAX_DUE_AHEAD, 4 * settings.LEASE_DURATION), now + settings.LEASE_DURATION
    rows = (Video.objects.unfinished(), Photo.objects.all(), Preview.objects.all())
    rescheduled = sum(queryset.filter(due_at__gt=far).update(due_at=soon) for queryset in rows)
    return rescheduled + ProviderStatus.objects.filter(due_at__gt=now + MAX_CHECK_AHEAD).update(due_at=soon)


class Clock:
    """Whether a worker may trust the time. It looks at every turn of the loop.

    It compares the clocks that ``wall_clock``, ``steady_clock`` and ``offset`` read: this machine's, the one that
    nobody can set, and how far the first is off the database's, all in seconds.
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
        """Raises DatabaseError."""
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
        """By how many seconds the clock was set since the last look; nought for what is no step."""
        wall, steady = self.wall_clock(), self.steady_clock()
        jump = (wall - self.wall) - (steady - self.steady)
        self.wall, self.steady = wall, steady
        return jump if abs(jump) > MAX_OFFSET else 0.0
