"""Mail to the owner when a dance has ended: written with the end itself, sent by the worker, once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone

from videos import points
from videos.leases import Leased, LeasedQuerySet
from videos.postcards import PictureMail, postcard_of

if TYPE_CHECKING:
    from videos.models import Video

log = logging.getLogger(__name__)

# News that is older is no news any more.
STALE = timedelta(days=3)
PARTS = {"succeeded": "ready", "failed": "returned"}


class LetterQuerySet(LeasedQuerySet["Letter"]):
    def write(self, video: Video, now: datetime) -> None:
        """To be called in the transaction that ends ``video``: no end without its letter, no letter without its end."""
        if video.user.mail_when_done and video.user.is_active:
            self.get_or_create(video=video, defaults={"due_at": now})


class Letter(Leased):
    """One mail about one ended video. Being due means that it is not sent yet.

    A worker that dies between the sending and the record sends it again, under the same Message-ID, which mail
    programs show once.
    """

    video = models.OneToOneField("videos.Video", on_delete=models.CASCADE, primary_key=True, related_name="letter")
    sent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = LetterQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Letter on {self.video_id} ({'sent' if self.sent_at else 'to be sent'})"


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
    points.at("letter: sent")
    letter.record(due_at=None, attempts=0, sent_at=timezone.now())
    log.info("the letter is sent", extra=facts)
