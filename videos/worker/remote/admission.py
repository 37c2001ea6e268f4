"""The line before a remote studio: how many tasks run at a time, and whether the studio is open at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from videos.models import ProviderStatus, Video

# How soon a video in line asks again, for each place it stands behind the free ones.
RETRY_DELAY_PER_POSITION = timedelta(seconds=3)
MAX_RETRY_DELAY = timedelta(seconds=30)


def admit(video: Video, now: datetime, lease: timedelta, **order: Any) -> int:
    """Let ``video`` through to be submitted, if it is its turn: counted and committed before anything is sent.

    ``order`` is what is ordered, as ``Video.submit`` has it. Returns how many places it stands behind the free ones;
    below nought it is in. Raises LeaseLost.
    """
    with transaction.atomic():
        # Whoever holds this row counts alone. SQLite has no row locks, and one writer at a time.
        status = ProviderStatus.objects.select_for_update().get(pk=video.provider)
        position = places_behind(video, status)
        if position < 0:
            video.submit(now, lease, **order)
        return position


def places_behind(video: Video, status: ProviderStatus) -> int:
    """Return how many places ``video`` stands behind the free ones: below 0 it may be submitted now.

    It is 0 while the provider is unavailable.
    """
    if not status.is_available:
        return 0
    return video.count_ahead() - (status.capacity - Video.objects.in_flight(status.provider).count())


def retry_delay(position: int) -> timedelta:
    """When a video so many places behind the free ones asks again."""
    return min(MAX_RETRY_DELAY, RETRY_DELAY_PER_POSITION * (position + 1))
