"""The reply that staff paste when an owner asks about a dance: its state, and whether its credit came back."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from videos.models import Status, Video
from videos.operations import actions


def reply_for(video: Video, now: datetime) -> str:
    """Return a paragraph for the owner on the state of ``video`` at ``now``."""
    request_text = f"You asked for {video.title_in_sentence} on {day(video.created_at)}."
    text = " ".join(filter(None, [request_text, outcome_text(video, now), compensation_text(video)]))
    return f"Hello! {text} Please write again whenever something is not clear."


def outcome_text(video: Video, now: datetime) -> str:
    credits = f"{settings.SITE_URL}{reverse('credits:history')}"
    paid = "Your credit" if video.price == 1 else f"Your {video.price} credits"
    if video.status == Status.FAILED:
        back = f"{paid} came back by {'itself' if video.price == 1 else 'themselves'} at the same moment"
        return f"{video.error_message} {back}, on {day(video.finished_at or now)}; you can see it at {credits}."
    if video.status == Status.SUCCEEDED and video.deleted_at:
        return f"It was ready on {day(video.finished_at or now)}, and was deleted from your account later."
    if video.status == Status.SUCCEEDED:
        page = f"{settings.SITE_URL}{video.get_absolute_url()}"
        return f"It has been ready since {day(video.finished_at or now)}: {page}"
    state = "It is in line" if video.status == Status.QUEUED else f"It is being made, {video.progress:.0%} so far"
    return f"{state}. If it is not ready by {day(video.promised_by)}, {paid[0].lower()}{paid[1:]} will come back."


def compensation_text(video: Video) -> str:
    """Return a sentence on how staff compensated the owner, or ""."""
    if new_video := actions.retry_of(video):
        return f"We put another take in line for you, on the house: {settings.SITE_URL}{new_video.get_absolute_url()}"
    if actions.is_compensated(video):
        credits = "its credit" if video.price == 1 else f"its {video.price} credits"
        kept = "" if video.deleted_at else "; the video is yours all the same"
        return f"Since it was not as it should be, we gave you {credits} back{kept}."
    return ""


def day(at: datetime) -> str:
    return f"{at:%-d %B %Y at %H:%M} UTC"
