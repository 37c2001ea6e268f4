"""Limits for each owner and IP address: uploads, videos, previews and storage."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db.models import OuterRef, Subquery, Sum

from accounts.models import User
from accounts.throttling import HOUR, RateLimit, RateLimitResult, humanize_seconds
from videos.models import Photo, Video


class LimitExceeded(Exception):
    """A limit was exceeded; nothing was spent. The message says which one, ``result`` when to try again."""

    def __init__(self, reason: str, result: RateLimitResult) -> None:
        super().__init__(reason)
        self.result = result

    @property
    def sentence(self) -> str:
        return f"{self} Try again in {humanize_seconds(self.result.reset_after)}."


class StorageQuotaExceeded(Exception):
    """The account has no room for another photo. The message says what to do."""


def count_upload(user: User, address: str) -> None:
    """Count an upload before reading its content. Raises LimitExceeded or StorageQuotaExceeded."""
    limit = settings.UPLOADS_PER_HOUR
    result = RateLimit("uploads", limit, HOUR).hit(user.pk)
    if not result.allowed:
        raise LimitExceeded(f"You've reached the limit of {limit} photos an hour.", result)
    result = RateLimit("uploads-per-ip", settings.UPLOADS_PER_HOUR_PER_IP, HOUR).hit(address)
    if not result.allowed:
        raise LimitExceeded("Too many photos were uploaded from your network.", result)
    if stored_bytes(user) >= settings.STORAGE_MB * 1024**2:
        raise StorageQuotaExceeded(
            f"Your photos and videos fill your {settings.STORAGE_MB:,} MB of storage. "
            "Delete some, then upload this photo again."
        )


def stored_bytes(user: User) -> int:
    """Return the size of an owner's photos and videos in bytes.

    Cut-outs, stickers and previews do not count: we create them, and the number of photos and dances bounds them.
    Deleted videos make room at once, though they can be restored for a while.
    """
    sums = [
        Subquery(kept.filter(user=OuterRef("pk")).values("user").values(total=Sum("size")))
        for kept in (Photo.objects.filter(deleted_at=None), Video.objects.kept())
    ]
    photos, videos = User.objects.values_list(*sums).get(pk=user.pk)
    return (photos or 0) + (videos or 0)


def count_video(user: User, address: str, idempotency_key: uuid.UUID) -> None:
    """Count a request for a video, unless its idempotency key is known. Raises LimitExceeded."""
    if Video.objects.filter(user=user, idempotency_key=idempotency_key).exists():
        return
    check_unfinished(user)
    result = RateLimit("videos-per-ip", settings.VIDEOS_PER_HOUR_PER_IP, HOUR).hit(address)
    if not result.allowed:
        raise LimitExceeded("Too many videos were requested from your network. Nothing was charged.", result)


def count_preview(user: User, kind: str) -> None:
    """Count a preview or a cut-out toggle, each of which costs the worker a rendering. Raises LimitExceeded."""
    limit = settings.PREVIEWS_PER_HOUR
    result = RateLimit(kind, limit, HOUR).hit(user.pk)
    if not result.allowed:
        raise LimitExceeded(f"You've reached the limit of {limit} tries an hour.", result)


def check_unfinished(user: User) -> None:
    """Raise LimitExceeded if the owner has the maximum number of unfinished videos."""
    limit = settings.MAX_UNFINISHED_VIDEOS
    if Video.objects.unfinished().filter(user=user).count() < limit:
        return
    seconds = max(1, round(Video.objects.typical_duration(settings.VIDEO_PROVIDER).total_seconds()))
    reason = f"You've reached the limit of {limit} videos in progress. Nothing was charged."
    raise LimitExceeded(reason, RateLimitResult(False, limit, 0, seconds))
