"""The e-mail to an owner about a finished video, sent by the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.emails import FAILURES
from accounts.languages import language_of
from videos import clock, failpoints
from videos.emails.inline_image import InlineImageEmail, email_thumbnail
from videos.emails.unsubscribing import unsubscribe_url
from videos.models import Status, Video, VideoNotification

log = logging.getLogger(__name__)

# Do not send notifications about videos that finished longer ago than this.
MAX_AGE = timedelta(days=3)
TEMPLATES = {"succeeded": "video_ready", "failed": "credit_refunded"}
# Returns a moving picture of a video, or nothing.
Animate = Callable[[Video], bytes]


def build_message(notification: VideoNotification, animate: Animate) -> InlineImageEmail:
    """Return the e-mail for a notification in its owner's language, without sending it."""
    with language_of(notification.video.user):
        message = compose(notification, animate)
        message.subject = str(message.subject)
    return message


def compose(notification: VideoNotification, animate: Animate) -> InlineImageEmail:
    """Return the e-mail in the active language."""
    video = notification.video
    template = TEMPLATES[video.status]
    is_failed = video.status == Status.FAILED
    image = b"" if is_failed else animate(video) or email_thumbnail(video)
    unsubscribe = unsubscribe_url(video.user)
    context = {
        "video": video,
        "has_image": bool(image),
        "url": settings.SITE_URL + (video.again_url if video.may_try_again and is_failed else video.get_absolute_url()),
        "watch": _("Watch %(name)s dance") % {"name": video.pet_name} if video.pet_name else _("Watch video"),
        "support": parseaddr(settings.SUPPORT_EMAIL)[1],
        "dance": video.catalogue_dance.noun,
        "settings_url": f"{settings.SITE_URL}{reverse('account_email')}#mails",
        "unsubscribe_url": unsubscribe,
    }
    subjects = {
        "video_ready": video.ready_line,
        "credit_refunded": ngettext("We refunded your credit", "We refunded your credits", video.price),
    }
    headers = {
        "Auto-Submitted": "auto-generated",
        # RFC 8058: mail programs offer a button that sends a POST request to this URL.
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message = InlineImageEmail(
        subjects[template],
        render_to_string(f"videos/email/{template}.txt", context),
        to=[video.user.email],
        headers={"Message-ID": f"<{video.pk}.{template}@{domain}>"} | headers,
    )
    message.image = image
    message.attach_alternative(render_to_string(f"videos/email/{template}.html", context), "text/html")
    return message


def deliver(notification: VideoNotification, animate: Animate) -> None:
    """Send a claimed notification, or retry later if sending fails. Raises LeaseLost."""
    video, now = notification.video, clock.now()
    context: dict[str, object] = {"video": video.pk, "attempt": notification.attempts}
    wanted = video.user.email_when_finished and video.user.is_active and video.deleted_at is None
    wanted = wanted and notification.watched_at is None
    if not wanted or video.finished_at is None or now - video.finished_at > MAX_AGE:
        log.info("notification no longer needed", extra=context)
        notification.update_claimed(due_at=None, attempts=0)
        return
    try:
        build_message(notification, animate).send()
    except FAILURES as error:
        # A traceback would contain the address that the server refused.
        log.error("notification could not be sent", extra=context | {"reason": type(error).__name__})
        notification.retry_later(clock.now())
        return
    failpoints.hit("notification: sent")
    notification.update_claimed(due_at=None, attempts=0, sent_at=clock.now())
    log.info("notification sent", extra=context)
