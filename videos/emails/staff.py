"""E-mails to staff about services that need their attention."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from accounts.emails import FAILURES
from accounts.models import User
from videos import clock
from videos.models import StaffWarning

log = logging.getLogger(__name__)


def staff_recipients() -> list[str]:
    """Return the addresses that are notified: ``STAFF_EMAIL``, or those of all active staff."""
    if settings.STAFF_EMAIL:
        return [settings.STAFF_EMAIL]
    return list(User.objects.filter(is_staff=True, is_active=True).exclude(email="").values_list("email", flat=True))


def warn_staff(key: str, message: str, /, **details: str) -> None:
    """Record a warning for the admin dashboard and ``doctor``, and send one e-mail when it is new.

    ``message`` is an English sentence that is marked for translation. If sending fails, the next warning with this key
    retries.
    """
    log.warning("staff warning", extra={"key": key, "reason": message % details})
    now = clock.now()
    warning = StaffWarning.objects.record(key, message, details, now)
    recipients = staff_recipients()
    if warning.notified_at or not recipients:
        return
    advice = _("Run `python manage.py doctor` for details.")
    try:
        subject = _("PetGroove: a service needs your attention")
        send_mail(subject, f"{warning.sentence}\n\n{advice}\n", None, recipients)
    except FAILURES as error:
        log.error("staff could not be notified", extra={"key": key, "reason": type(error).__name__})
        return
    StaffWarning.objects.filter(key=key).update(notified_at=now)
