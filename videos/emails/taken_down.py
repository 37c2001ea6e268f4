"""The e-mail to an owner about a video or a photo that staff took down, sent by the worker."""

from __future__ import annotations

import logging
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.languages import language_of
from accounts.models import User
from videos import clock
from videos.models import Takedown

log = logging.getLogger(__name__)


def owner_of(takedown: Takedown) -> User | None:
    """Return who is to be told: nobody about a guest's photo, or once the account is closed."""
    subject = takedown.video or takedown.photo
    owner: User | None = subject.user if subject else None
    return None if owner is None or owner.closed_at else owner


def build_message(takedown: Takedown, owner: User) -> EmailMultiAlternatives:
    """Return the e-mail, without sending it. Owners cannot turn it off: it tells them what is gone."""
    video = takedown.video
    path = video.get_absolute_url() if video else reverse("videos:photo")
    context = {
        "takedown": takedown,
        "video": video,
        "url": settings.SITE_URL + path,
        "terms": settings.SITE_URL + reverse("terms"),
        "support": parseaddr(settings.SUPPORT_EMAIL)[1],
    }
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message = EmailMultiAlternatives(
        _("We took down your video") if video else _("We deleted your photo"),
        render_to_string("videos/email/taken_down.txt", context),
        to=[owner.email],
        headers={"Message-ID": f"<takedown.{takedown.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("videos/email/taken_down.html", context), "text/html")
    return message


def deliver(takedown: Takedown) -> None:
    """Send the e-mail about a claimed takedown, or retry later if sending fails. Raises LeaseLost."""
    context: dict[str, object] = {"takedown": takedown.pk, "attempt": takedown.attempts}
    owner = owner_of(takedown)
    if owner is None:
        takedown.update_claimed(due_at=None, attempts=0)
        return
    try:
        with language_of(owner):
            build_message(takedown, owner).send()
    except OSError:
        # SMTPException is a subclass of OSError.
        log.exception("owner not told of a takedown", extra=context)
        takedown.retry_later(clock.now())
        return
    takedown.update_claimed(due_at=None, attempts=0, sent_at=clock.now())
    log.info("owner told of a takedown", extra=context)
