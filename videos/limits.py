"""How much one owner, and one address, may ask of us: uploads, dances, previews; and room in the storage."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Sum

from accounts.throttling import Limit, Verdict, in_words
from videos.models import Photo, Video

if TYPE_CHECKING:
    from accounts.models import User

HOUR = 3600


class Enough(Exception):
    """Not now; nothing was spent. The message says why, ``verdict`` when to come back."""

    def __init__(self, why: str, verdict: Verdict) -> None:
        super().__init__(why)
        self.verdict = verdict

    @property
    def sentence(self) -> str:
        return f"{self} Please come back in {in_words(self.verdict.resets_in)}."


class Full(Exception):
    """There is no room for another photo; the message says what to do."""


def take_upload(user: User, address: str) -> None:
    """Count one more upload, before its bytes are looked at. Raises Enough, or Full."""
    for name, most, key in (
        ("uploads", settings.UPLOADS_AN_HOUR, user.pk),
        ("uploads-from", settings.UPLOADS_AN_HOUR_FROM_AN_ADDRESS, address),
    ):
        verdict = Limit(name, most, HOUR).take(key)
        if not verdict.allowed:
            raise Enough(f"That were {most} photos within an hour, which is all we take.", verdict)
    if stored_by(user) >= settings.STORAGE_MB * 1024**2:
        raise Full(
            f"Your photos and dances fill the {settings.STORAGE_MB:,} MB that an account has. "
            "Delete some that you do not need any more, then send this one again."
        )


def stored_by(user: User) -> int:
    """Bytes of an owner's photos and videos.

    Cut-outs, stickers and previews do not count: they are our doing, and bounded by the number of photos and dances.
    """
    kept = [model.objects.filter(user=user, deleted_at=None) for model in (Photo, Video)]
    return sum(rows.aggregate(all=Sum("size"))["all"] or 0 for rows in kept)


def take_dance(user: User, address: str, idempotency_key: uuid.UUID) -> None:
    """Count one more dance that is asked for; the same form again is no new one. Raises Enough."""
    if Video.objects.filter(user=user, idempotency_key=idempotency_key).exists():
        return
    check_unfinished(user)
    most = settings.DANCES_AN_HOUR_FROM_AN_ADDRESS
    verdict = Limit("dances-from", most, HOUR).take(address)
    if not verdict.allowed:
        raise Enough(f"That were {most} dances within an hour, which is all we take. Nothing was spent.", verdict)


def take_look(user: User, kind: str) -> None:
    """Count one more preview or switch between cut-out and print, each of which the worker renders. Raises Enough."""
    most = settings.LOOKS_AN_HOUR
    verdict = Limit(f"looks-{kind}", most, HOUR).take(user.pk)
    if not verdict.allowed:
        raise Enough(f"That were {most} tries within an hour, which is all we take.", verdict)


def check_unfinished(user: User) -> None:
    """Raises Enough while an owner has as many dances in the making as may be."""
    most = settings.DANCES_AT_A_TIME
    if Video.objects.unfinished().filter(user=user).count() < most:
        return
    seconds = max(1, round(Video.objects.typical_duration(settings.VIDEO_PROVIDER).total_seconds()))
    why = f"You have {most} dances in the making, which is all there can be at a time. Nothing was spent."
    raise Enough(why, Verdict(False, most, 0, seconds))
