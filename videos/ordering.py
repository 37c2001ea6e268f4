"""The single entry point for creating videos, with the choice of a provider, the price and the promised time."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from credits import ledger
from videos import dances, failpoints, formats, photos
from videos.models import DEFAULT_SECONDS, Guest, Photo, PromptSource, ProviderStatus, ProviderUnavailable, Video
from videos.models.capacity import capacity
from videos.models.choices import FALLBACK_NOTICES, FallbackReason
from videos.models.turns import next_place
from videos.photos.advice import PERSON_ONLY
from videos.photos.head import Head, HeadSource
from videos.providers.registry import REMOTE, STUDIO
from videos.styles import Body, Style

log = logging.getLogger(__name__)

UNAVAILABLE_TEXT = gettext_noop(
    "Our video service is down, so we can't promise a video in time. Nothing was charged, and your photo and dance "
    "are saved. Try again in a while."
)
DELAYED_TEXT = gettext_noop(
    "Our video service is down. You can still make a video: it'll wait in the queue, and if it isn't ready in time, "
    "we'll refund your credit automatically."
)


class OnlyPeople(Exception):
    """The photo shows people and no pet, so nothing of it may dance. The message says what to do."""

    def __init__(self) -> None:
        super().__init__(_("%(reason)s Nothing was charged.") % {"reason": _(PERSON_ONLY)})


@dataclass(frozen=True, slots=True)
class ProviderNotice:
    """A notice for the owner before ordering, and whether the embedded studio would render the video.

    ``text`` is usually empty. Only the embedded studio uses the cut-out, so the page offers the toggle then.
    """

    text: str
    is_studio: bool


def provider_notice(visitor: User | Guest, now: datetime) -> ProviderNotice:
    """Return the notice for a video that this owner, or a guest after signing up, would request now."""
    try:
        provider, fallback_reason = choose_provider(visitor, now)
    except ProviderUnavailable:
        return ProviderNotice(_(UNAVAILABLE_TEXT), is_studio=False)
    if provider not in REMOTE:
        notice = FALLBACK_NOTICES.get(fallback_reason)
        return ProviderNotice(_(notice) if notice else "", is_studio=True)
    return ProviderNotice(_(DELAYED_TEXT) if ProviderStatus.objects.unavailable(provider) else "", is_studio=False)


def price_of(seconds: int) -> int:
    """Return the price in credits of a video of 5 or 10 seconds."""
    return seconds // 5


def choose_provider(visitor: User | Guest, now: datetime) -> tuple[str, FallbackReason]:
    """Return the provider for a new video of this visitor, and why it is a fallback. Raises ProviderUnavailable."""
    usual = settings.VIDEO_PROVIDER
    if usual not in REMOTE:
        return usual, FallbackReason.NONE
    if isinstance(visitor, User) and Video.objects.is_moderation_limited(visitor, now):
        return STUDIO, FallbackReason.MODERATION
    status = ProviderStatus.objects.unavailable(usual)
    if status and settings.STUDIO_FALLBACK:
        return STUDIO, FallbackReason.UNAVAILABLE
    if status and not status.can_promise(now):
        raise ProviderUnavailable
    return usual, FallbackReason.NONE


def request_video(
    *,
    user: User,
    photo: Photo,
    dance: dances.Dance,
    shape: formats.Format,
    idempotency_key: uuid.UUID,
    now: datetime,
    focus: photos.Focus | None = None,
    seconds: int = DEFAULT_SECONDS,
    head: Head | None = None,
    style: Style | None = None,
    body: Body | None = None,
    pet_name: str | None = None,
) -> Video:
    """Enqueue a video and charge its owner, in one transaction.

    ``head`` is also stored with the photo, as the owner's answer. Without it, the video shows the head that is known.
    ``style``, ``body`` and ``pet_name`` default to those of the photo. Without a head, the whole pet dances in either
    style.
    The same ``idempotency_key`` of the same user always returns the same video, without another charge. Raises
    InsufficientCredits, ProviderUnavailable if the video cannot be promised, or OnlyPeople. None of them leaves a video
    or a charge.
    """
    if video := Video.objects.filter(user=user, idempotency_key=idempotency_key).first():
        return video
    if not head and photo.shows_only_people:
        raise OnlyPeople
    focus, known = focus or photo.focus, head or photo.known_head
    provider, fallback_reason = choose_provider(user, now)
    write_prompt = settings.OPENAI_API_KEY and provider in REMOTE
    video = Video(
        user=user,
        photo=photo,
        dance=dance.slug,
        format=shape.slug,
        focus_x=focus.x,
        focus_y=focus.y,
        cutout=photo.cutout,
        head=known and known.as_json,
        head_source=HeadSource.OWNER if head else photo.head_source,
        style=initial_style(photo, known, style),
        body=body or photo.body,
        pet_name=photo.pet_name if pet_name is None else pet_name,
        seconds=seconds,
        price=price_of(seconds),
        prompt=dance.prompt,
        prompt_source=PromptSource.WANTED if write_prompt else PromptSource.TEMPLATE,
        provider=provider,
        fallback_reason=fallback_reason,
        idempotency_key=idempotency_key,
        created_at=now,
        due_at=now,
    )
    try:
        with transaction.atomic():
            # Lock the owner before the credits, as ``close_account`` does. If the account is closed by then, it has
            # no credits. ``no_key`` lets other transactions check foreign keys to the owner.
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            video.turn, video.joined_at = next_place(video.line_mates, now)
            video.promised_by = now + promise(video, now)
            # Save the row first: of two concurrent requests, the second fails here, before it is charged.
            video.save(force_insert=True)
            if video.turn:
                # This request may have been made before others that were faster.
                video.line_up()
            if head:
                photo.set_head(head)
            # Entries are never erased, so they do not name the pet.
            ledger.charge(user, video.price, video.ledger_subject, reason=dance.english.name)
            failpoints.hit("request: charged")
            log_extra = {"video": video.pk, "dance": video.dance, "provider": provider}
            transaction.on_commit(lambda: log.info("requested", extra=log_extra))
    except IntegrityError:
        if video := Video.objects.filter(user=user, idempotency_key=idempotency_key).first():
            return video
        raise
    failpoints.hit("request: committed")
    return video


def initial_style(photo: Photo, head: Head | None, choice: Style | None) -> str:
    """Return the style of a new video with this head, or the choice if the head has not been looked for yet."""
    if head is None and photo.head_source:
        return Style.WHOLE_PET
    return choice or photo.style or (Style.DANCER if head else "")


def promise(video: Video, now: datetime) -> timedelta:
    """Return the promised duration: twice the estimate for the place in the line, at least ``PROMISE_WINDOW``."""
    ahead = video.count_ahead() + Video.objects.begun().filter(provider=video.provider).count()
    return max(settings.PROMISE_WINDOW, 2 * estimate(video.provider, ahead, now))


def estimate(provider: str, ahead: int, now: datetime) -> timedelta:
    """Return how long a video usually takes behind ``ahead`` others, of which several may be made at once."""
    return (1 + ahead // capacity(provider, now)) * Video.objects.typical_duration(provider)
