"""The reply that staff paste when an owner asks about a video: its state, and whether its credit was refunded."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from videos.models import Status, Video
from videos.operations import actions
from videos.progress import percent_of


def reply_for(video: Video, now: datetime) -> str:
    """Return a paragraph for the owner on the state of ``video`` at ``now``."""
    request_text = f"You requested a {video.catalogue_dance.noun} video on {day(video.created_at)}."
    text = " ".join(filter(None, [request_text, outcome_text(video, now), compensation_text(video)]))
    return f"Hi! {text} Let us know if you have questions."


def outcome_text(video: Video, now: datetime) -> str:
    credits = f"{settings.SITE_URL}{reverse('credits:history')}"
    paid = "your credit" if video.price == 1 else f"your {video.price} credits"
    if video.status == Status.FAILED:
        refunded = f"We refunded {paid} on {day(video.finished_at or now)}: {credits}"
        return f"We couldn't make it. {video.error_message} {refunded}"
    if video.status == Status.SUCCEEDED and video.deleted_at:
        return f"It was ready on {day(video.finished_at or now)}, and later deleted from your account."
    if video.status == Status.SUCCEEDED:
        page = f"{settings.SITE_URL}{video.get_absolute_url()}"
        return f"It's been ready since {day(video.finished_at or now)}: {page}"
    state = "It's queued" if video.status == Status.QUEUED else f"It's in progress ({percent_of(video)}%)"
    return f"{state}. If it isn't ready by {day(video.promised_by)}, we'll refund {paid} automatically."


def compensation_text(video: Video) -> str:
    """Return a sentence on how staff compensated the owner, or ""."""
    if new_video := actions.retry_of(video):
        return f"We've queued a free retry for you: {settings.SITE_URL}{new_video.get_absolute_url()}"
    if actions.is_compensated(video):
        credits = "your credit" if video.price == 1 else f"your {video.price} credits"
        kept = "" if video.deleted_at else " The video is still yours."
        return f"We've refunded {credits} because the video wasn't right.{kept}"
    return ""


def day(at: datetime) -> str:
    return f"{at:%-d %B %Y at %H:%M} UTC"
