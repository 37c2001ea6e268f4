"""The reply that staff paste when an owner asks about a video: its state, and whether its credit was refunded."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.languages import language_of
from videos.models import Status, Video
from videos.operations import actions
from videos.progress import percent_of


def reply_for(video: Video, now: datetime) -> str:
    """Return a paragraph for the owner, in the language of the account, on the state of ``video`` at ``now``."""
    with language_of(video.user):
        return paragraph(video, now)


def paragraph(video: Video, now: datetime) -> str:
    words = {"dance": video.catalogue_dance.noun, "time": day(video.created_at)}
    request_text = _("You requested a %(dance)s video on %(time)s.") % words
    text = " ".join(filter(None, [request_text, outcome_text(video, now), compensation_text(video)]))
    return _("Hi! %(text)s Let us know if you have questions.") % {"text": text}


def outcome_text(video: Video, now: datetime) -> str:
    credits = f"{settings.SITE_URL}{reverse('credits:history')}"
    words = {"count": video.price, "time": day(video.finished_at or now), "url": credits}
    if video.status == Status.FAILED:
        refunded = ngettext(
            "We refunded your credit on %(time)s: %(url)s",
            "We refunded your %(count)d credits on %(time)s: %(url)s",
            video.price,
        )
        failed = _("We couldn't make the video.")
        return f"{failed} {video.failure} {refunded % words}"
    if video.status == Status.SUCCEEDED and video.deleted_at:
        return _("It was ready on %(time)s and was later deleted from your account.") % words
    if video.status == Status.SUCCEEDED:
        page = f"{settings.SITE_URL}{video.get_absolute_url()}"
        return _("It's been ready since %(time)s: %(url)s") % (words | {"url": page})
    if video.status == Status.QUEUED:
        state = _("It's queued.")
    else:
        state = _("It's in progress (%(percent)d%%).") % {"percent": percent_of(video)}
    promise = ngettext(
        "If it isn't ready by %(time)s, we'll refund your credit automatically.",
        "If it isn't ready by %(time)s, we'll refund your %(count)d credits automatically.",
        video.price,
    )
    return f"{state} {promise % {'count': video.price, 'time': day(video.promised_by)}}"


def compensation_text(video: Video) -> str:
    """Return a sentence on how staff compensated the owner, or ""."""
    if video.status == Status.FAILED and (new_video := actions.retry_of(video)):
        url = f"{settings.SITE_URL}{new_video.get_absolute_url()}"
        return _("We've queued a free retry for you: %(url)s") % {"url": url}
    if actions.is_compensated(video):
        text = ngettext(
            "We've refunded your credit because the video wasn't right.",
            "We've refunded your %(count)d credits because the video wasn't right.",
            video.price,
        ) % {"count": video.price}
        kept = _("The video is still yours.")
        return text if video.deleted_at else f"{text} {kept}"
    return ""


def day(at: datetime) -> str:
    words = {"date": date_format(at, "DATE_FORMAT"), "time": date_format(at, "TIME_FORMAT")}
    return _("%(date)s at %(time)s UTC") % words
