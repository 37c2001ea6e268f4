"""How much one owner, and one address, may ask of us: uploads, dances, previews; and room in the storage."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Sum

from accounts.throttling import RateLimit, RateLimitResult, humanize_seconds
from videos.models import Photo, Video

if TYPE_CHECKING:
    from accounts.models import User

HOUR = 3600


class LimitExceeded(Exception):
    """Not now; nothing was spent. The message says why, ``result`` when to come back."""

    def __init__(self, reason: str, result: RateLimitResult) -> None:
        super().__init__(reason)
        self.result = result

    @property
    def sentence(self) -> str:
        return f"{self} Please come back in {humanize_seconds(self.result.reset_after)}."


class StorageQuotaExceeded(Exception):
    """There is no room for another photo; the message says what to do."""


def count_upload(user: User, address: str) -> None:
    """Count one more upload, before its bytes are looked at. Raises LimitExceeded, or StorageQuotaExceeded."""
    for name, limit, key in (
        ("uploads", settings.UPLOADS_PER_HOUR, user.pk),
        ("uploads-from", settings.UPLOADS_PER_HOUR_PER_IP, address),
    ):
        result = RateLimit(name, limit, HOUR).hit(key)
        if not result.allowed:
            raise LimitExceeded(f"That were {limit} photos within an hour, which is all we take.", result)
    if stored_bytes(user) >= settings.STORAGE_MB * 1024**2:
        raise StorageQuotaExceeded(
            f"Your photos and dances fill the {settings.STORAGE_MB:,} MB that an account has. "
            "Delete some that you do not need any more, then send this one again."
        )


def stored_bytes(user: User) -> int:
    """Bytes of an owner's photos and videos.

    Cut-outs, stickers and previews do not count: they are our doing, and bounded by the number of photos and dances.
    """
    querysets = [model.objects.filter(user=user, deleted_at=None) for model in (Photo, Video)]
    return sum(rows.aggregate(all=Sum("size"))["all"] or 0 for rows in querysets)


def count_video(user: User, address: str, idempotency_key: uuid.UUID) -> None:
    """Count one more dance that is asked for; the same form again is no new one. Raises LimitExceeded."""
    if Video.objects.filter(user=user, idempotency_key=idempotency_key).exists():
        return
    check_unfinished(user)
    limit = settings.VIDEOS_PER_HOUR_PER_IP
    result = RateLimit("dances-from", limit, HOUR).hit(address)
    if not result.allowed:
        raise LimitExceeded(
            f"That were {limit} dances within an hour, which is all we take. Nothing was spent.", result
        )


def count_preview(user: User, kind: str) -> None:
    """Count one more preview or switch between cut-out and print, each of which the worker renders. Raises LimitExceeded."""
    limit = settings.PREVIEWS_PER_HOUR
    result = RateLimit(f"looks-{kind}", limit, HOUR).hit(user.pk)
    if not result.allowed:
        raise LimitExceeded(f"That were {limit} tries within an hour, which is all we take.", result)


def check_unfinished(user: User) -> None:
    """Raises LimitExceeded while an owner has as many dances in the making as may be."""
    limit = settings.MAX_UNFINISHED_VIDEOS
    if Video.objects.unfinished().filter(user=user).count() < limit:
        return
    seconds = max(1, round(Video.objects.typical_duration(settings.VIDEO_PROVIDER).total_seconds()))
    reason = f"You have {limit} dances in the making, which is all there can be at a time. Nothing was spent."
    raise LimitExceeded(reason, RateLimitResult(False, limit, 0, seconds))
