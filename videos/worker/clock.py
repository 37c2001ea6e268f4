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

from videos.models import Line, Photo, Preview, Video

log = logging.getLogger(__name__)

# What NTP does by and by is less than this, in seconds.
MOST_OFF = 30.0
# How often the database is asked for its time.
ASK = 15.0
# Later than this no row is due, by a lease or a wait, unless the clock was set back; a line is looked at less often.
FAR, FAR_FOR_A_LINE = timedelta(minutes=5), timedelta(minutes=20)


def off_the_database() -> float:
    """Seconds by which this machine's clock is before (or, below nought, behind) the database's. SQLite shares it."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    return (timezone.now() - row[0]).total_seconds()


def elapsed() -> float:
    """Seconds by a clock that nobody can set and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def pull_in(now: datetime) -> int:
    """Let what is due in an impossible future be due after one lease: whoever works on it keeps it meanwhile."""
    far, soon = now + max(FAR, 4 * settings.LEASE), now + settings.LEASE
    rows = (Video.objects.living(), Photo.objects.all(), Preview.objects.all())
    pulled = sum(some.filter(due_at__gt=far).update(due_at=soon) for some in rows)
    return pulled + Line.objects.filter(due_at__gt=now + FAR_FOR_A_LINE).update(due_at=soon)


class Clock:
    """Whether a worker may trust the time. It looks at every turn of the loop.

    It compares the clocks that ``wall_clock``, ``steady_clock`` and ``offset`` read: this machine's, the one that
    nobody can set, and how far the first is off the database's, all in seconds.
    """

    def __init__(
        self,
        wall_clock: Callable[[], float] = time.time,
        steady_clock: Callable[[], float] = elapsed,
        offset: Callable[[], float] = off_the_database,
    ) -> None:
        self.wall_clock, self.steady_clock, self.offset = wall_clock, steady_clock, offset
        self.wall, self.steady = wall_clock(), steady_clock()
        self.held_until = self.asked = 0.0
        self.off = 0.0
        self.is_new = True

    def is_sound(self) -> bool:
        """Raises DatabaseError."""
        step = self.step()
        if step or self.is_new:
            self.is_new = False
            self.asked = 0.0
            if pulled := pull_in(timezone.now()):
                log.warning("due in a far future; pulled in", extra={"rows": pulled})
        if step:
            log.error("the clock of this machine was set", extra={"seconds": round(step)})
        if step > 0:
            self.held_until = self.steady + settings.LEASE.total_seconds()
        if not self.asked or self.steady - self.asked >= ASK or self.is_off:
            self.off, self.asked = self.offset(), self.steady
            if self.is_off:
                log.error("this machine's clock is not the database's; waiting", extra={"seconds": round(self.off)})
        return not self.is_off and self.steady >= self.held_until

    @property
    def is_off(self) -> bool:
        return abs(self.off) > MOST_OFF

    def step(self) -> float:
        """By how many seconds the clock was set since the last look; nought for what is no step."""
        wall, steady = self.wall_clock(), self.steady_clock()
        step = (wall - self.wall) - (steady - self.steady)
        self.wall, self.steady = wall, steady
        return step if abs(step) > MOST_OFF else 0.0
