"""The one way into the queue: who makes a video, what it costs, and what an owner should know before."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from credits import ledger
from videos import dances, formats, photos, points
from videos.line import Line, StudioClosed
from videos.makers import REMOTE, STOOD_IN_WORDS, STUDIO, StoodIn
from videos.models import Photo, PromptSource, Video

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

CLOSED = (
    "The studio is closed just now, so we could not promise you a video in time. Nothing was spent, and your photo and "
    "your choice are kept right here. Please try again in a while."
)
WAITING = (
    "The studio is closed for the moment. You can ask for a dance all the same: it waits in line, and if there is no "
    "video by the promised time, your credit comes back by itself."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """``notice`` is what the owner should know first; usually nothing. ``ours`` is whether the embedded studio dances:
    only there it matters whether the pet is cut out."""

    notice: str
    ours: bool


def offer_for(user: User, now: datetime) -> Offer:
    """Who would make a dance that this owner asks for now."""
    try:
        provider, stood_in = maker_for(user, now)
    except StudioClosed:
        return Offer(CLOSED, ours=False)
    if provider not in REMOTE:
        return Offer(STOOD_IN_WORDS.get(stood_in, ""), ours=True)
    return Offer(WAITING if Line.objects.closed(provider) else "", ours=False)


def price_of(seconds: int) -> int:
    """Credits for a video of 5 or 10 seconds."""
    return seconds // 5


def maker_for(user: User, now: datetime) -> tuple[str, StoodIn]:
    """Who makes a new video of this user, and why it is not the usual one. Raises StudioClosed."""
    usual = settings.VIDEO_PROVIDER
    if usual not in REMOTE:
        return usual, StoodIn.NO
    if Video.objects.struck_out(user, now):
        return STUDIO, StoodIn.STRIKES
    line = Line.objects.closed(usual)
    if line and settings.STUDIO_FALLBACK:
        return STUDIO, StoodIn.CLOSED
    if line and not line.can_promise(now):
        raise StudioClosed
    return usual, StoodIn.NO


def request_video(
    *,
    user: User,
    photo: Photo,
    dance: dances.Dance,
    shape: formats.Format,
    form_key: uuid.UUID,
    now: datetime,
    focus: photos.Focus | None = None,
    seconds: int = 5,
) -> Video:
    """Put a video in line and charge its owner, both or neither.

    The same ``form_key`` of the same user gives the same video, for ever, and no second charge. Raises
    InsufficientCredits, and StudioClosed when it could not be promised; there is no video and no charge then.
    """
    if video := Video.objects.filter(user=user, form_key=form_key).first():
        return video
    focus = focus or photo.focus
    provider, stood_in = maker_for(user, now)
    written = settings.OPENAI_API_KEY and provider in REMOTE
    video = Video(
        user=user,
        photo=photo,
        dance=dance.slug,
        format=shape.slug,
        focus_x=focus.x,
        focus_y=focus.y,
        cutout=photo.cutout,
        seconds=seconds,
        price=price_of(seconds),
        prompt=dance.prompt,
        prompt_source=PromptSource.WANTED if written else PromptSource.TEMPLATE,
        provider=provider,
        stood_in=stood_in,
        form_key=form_key,
        created_at=now,
        due_at=now,
        promised_by=now + promise(provider),
    )
    try:
        with transaction.atomic():
            # The row comes first: of two clicks at once the second one ends here, before it is charged.
            video.save(force_insert=True)
            ledger.charge(user, video.price, video.subject, reason=f"{video.title}")
            points.at("request: charged")
            told = {"video": video.pk, "dance": video.dance, "provider": provider}
            transaction.on_commit(lambda: log.info("requested", extra=told))
    except IntegrityError:
        if video := Video.objects.filter(user=user, form_key=form_key).first():
            return video
        raise
    points.at("request: committed")
    return video


def promise(provider: str) -> timedelta:
    """How soon a new video is promised: twice the estimate for its place in line, at least ``PROMISE``."""
    place = 1 + Video.objects.living().filter(provider=provider).count()
    return max(settings.PROMISE, 2 * place * Video.objects.typical_time(provider))
