"""Admission of queued videos to a remote provider, by its availability and concurrency limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from videos.models import ProviderStatus, Video

# The delay before a queued video tries again, per position behind the free slots.
RETRY_DELAY_PER_POSITION = timedelta(seconds=3)
MAX_RETRY_DELAY = timedelta(seconds=30)


def admit(video: Video, now: datetime, lease: timedelta, **order: Any) -> int:
    """Admit ``video`` for submission if it is its turn: counted and committed before anything is sent.

    ``order`` holds the arguments of ``Video.submit``. Return the video's position behind the free slots; a negative
    one means that it was admitted. Raises LeaseLost.
    """
    with transaction.atomic():
        # The row lock makes the count exclusive. SQLite has no row locks, but only one writer at a time.
        status = ProviderStatus.objects.select_for_update().get(pk=video.provider)
        position = queue_position(video, status)
        if position < 0:
            video.submit(now, lease, **order)
        return position


def queue_position(video: Video, status: ProviderStatus) -> int:
    """Return the position of ``video`` behind the free slots. If it is negative, the video may be submitted now.

    It is 0 while the provider is unavailable.
    """
    if not status.is_available:
        return 0
    return video.count_ahead() - (status.capacity - Video.objects.in_flight(status.provider).count())


def retry_delay(position: int) -> timedelta:
    """Return the delay before a video at this position tries again."""
    return min(MAX_RETRY_DELAY, RETRY_DELAY_PER_POSITION * (position + 1))
