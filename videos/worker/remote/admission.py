"""Admission of queued videos to a remote provider: in the order of the line, by availability and concurrency limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from videos.models import ProviderStatus, Step, Video

# The delay before a queued video tries again, per position behind the free slots.
RETRY_DELAY_PER_POSITION = timedelta(seconds=3)
MAX_RETRY_DELAY = timedelta(seconds=30)
# Positions further behind have the same delay, so that they need not be counted.
LAST_POSITION = MAX_RETRY_DELAY // RETRY_DELAY_PER_POSITION


def admit(video: Video, now: datetime, lease: timedelta, **order: Any) -> int:
    """Admit ``video`` for submission if it is its turn: counted and committed before anything is sent.

    ``order`` holds the arguments of ``Video.submit``. Return the video's position behind the free slots; a negative
    one means that it was admitted. Raises LeaseLost.
    """
    with transaction.atomic():
        # The row lock makes the count exclusive. SQLite has no row locks, but only one writer at a time.
        status = ProviderStatus.objects.select_for_update().get(pk=video.provider)
        # It may have moved up while the order was prepared.
        with video.line_lock():
            video.line_up()
        video.refresh_from_db(fields=["turn", "joined_at"])
        position = queue_position(video, status)
        if position < 0:
            video.submit(now, lease, **order)
        return position


def queue_position(video: Video, status: ProviderStatus) -> int:
    """Return the position of ``video`` behind the free slots. If it is negative, the video may be submitted now.

    It is 0 while the provider is unavailable. It is not exact beyond ``LAST_POSITION``.
    """
    if not status.is_available:
        return 0
    free = status.capacity - Video.objects.in_flight(status.provider).count()
    if status.connection_failures:
        # Only the first in line tries, one at a time. The others wait for the outcome, and keep their places.
        free = min(free, 1 - Video.objects.filter(step=Step.SUBMITTING, provider=status.provider).count())
    most = max(free, 0) + LAST_POSITION
    return Video.objects.ahead_of(video.place, video.provider)[:most].count() - free


def give_way(video: Video, status: ProviderStatus, now: datetime) -> datetime | None:
    """Let videos go first that are ahead of ``video`` and that no worker has, though a slot is free for both.

    Return when ``video`` is to try again, or None if it need not wait. While the provider rejects orders, each video
    tries for itself, since the provider may reject only the first. A video that has failed repeatedly is passed.
    """
    if status.consecutive_rejections:
        return None
    waiting = Video.objects.ahead_of(video.place, video.provider).filter(attempts=0, consecutive_errors__lte=1)
    earlier = list(waiting.in_line(video.provider).values_list("pk", "claim"))
    for number, (pk, claim) in enumerate(earlier):
        # A worker takes those that have been due longest first.
        due_at = now - timedelta(microseconds=len(earlier) - number)
        Video.objects.filter(pk=pk, claim=claim, attempts=0).update(due_at=due_at)
    return now if earlier else None


def retry_delay(position: int) -> timedelta:
    """Return the delay before a video at this position tries again."""
    return min(MAX_RETRY_DELAY, RETRY_DELAY_PER_POSITION * (position + 1))
