"""Mail to the owner when a dance has ended: written with the end itself, sent by the worker, once."""

from __future__ import annotations

import logging
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from videos import failpoints
from videos.emails.inline_image import PictureMail, postcard_of
from videos.models import Letter

log = logging.getLogger(__name__)

# News that is older is no news any more.
STALE = timedelta(days=3)
PARTS = {"succeeded": "ready", "failed": "returned"}


def build_message(letter: Letter) -> PictureMail:
    """The mail that a letter stands for, without sending it."""
    video = letter.video
    part = PARTS[video.status]
    picture = postcard_of(video) if part == "ready" else b""
    context = {
        "video": video,
        "picture": bool(picture),
        "url": settings.SITE_URL + video.get_absolute_url(),
        "support": parseaddr(settings.SUPPORT_EMAIL)[1],
    }
    subjects = {"ready": f"Your {video.title} is ready", "returned": "Your credit came back"}
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message = PictureMail(
        subjects[part],
        render_to_string(f"videos/email/{part}.txt", context),
        to=[video.user.email],
        headers={"Message-ID": f"<{video.pk}.{part}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    message.picture = picture
    message.attach_alternative(render_to_string(f"videos/email/{part}.html", context), "text/html")
    return message


def send(letter: Letter, stopping: Any) -> None:
    """Send a claimed letter, or try again later while there is no mail server. Raises LeaseLost."""
    video, now = letter.video, timezone.now()
    facts: dict[str, object] = {"video": video.pk, "attempt": letter.attempts}
    wanted = video.user.mail_when_done and video.user.is_active and video.deleted_at is None
    if not wanted or video.finished_at is None or now - video.finished_at > STALE:
        log.info("the letter is not sent any more", extra=facts)
        letter.record(due_at=None, attempts=0)
        return
    try:
        build_message(letter).send()
    except OSError:
        # SMTP's errors are OSErrors, too.
        log.exception("the letter could not be sent", extra=facts)
        letter.later(timezone.now())
        return
    failpoints.at("letter: sent")
    letter.record(due_at=None, attempts=0, sent_at=timezone.now())
    log.info("the letter is sent", extra=facts)
