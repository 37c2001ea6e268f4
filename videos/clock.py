"""The time by which leases, due times and promises are measured: the database's."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """Return the database's time, which all workers and web processes share, whatever their own clocks say.

    Use it for leases, due times, promises and everything that is compared with them. ``timezone.now()`` is good enough
    to show a time, and for times of hours and days such as an expiry.
    SQLite uses this machine's clock. Raises DatabaseError.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def offset() -> float:
    """Return the seconds by which this machine's clock is ahead of the database's; negative if it is behind.

    Raises DatabaseError.
    """
    return (timezone.now() - now()).total_seconds()
