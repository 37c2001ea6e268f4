"""Looks at the remote studio's account: whether it is open, and how many tasks it runs at a time."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from accounts.models import User
from videos.models import ProviderStatus, Video

log = logging.getLogger(__name__)


def notify_staff(status: ProviderStatus) -> None:
    """One mail for each closing. A mail that cannot be sent is tried again at the next look. Raises LeaseLost."""
    staff = User.objects.filter(is_staff=True, is_active=True).values_list("email", flat=True)
    recipients = [settings.STAFF_EMAIL] if settings.STAFF_EMAIL else list(staff)
    waiting = Video.objects.unfinished().filter(provider=status.provider).count()
    try:
        if recipients:
            send_mail(f"PetGroove: {status.provider} is closed", email_body(status, waiting), None, recipients)
    except OSError:
        log.exception("staff could not be notified", extra={"provider": status.pk})
        return
    status.update_claimed(staff_notified_at=timezone.now())


def email_body(status: ProviderStatus, waiting: int) -> str:
    return (
        f"{status.provider} has taken no orders since {status.unavailable_since:%Y-%m-%d %H:%M} UTC:\n\n"
        f"    {status.reason}\n\n"
        f"{waiting} {'dance is' if waiting == 1 else 'dances are'} waiting; each gives its credit back if it is not "
        "ready by its promised time.\n"
        "Add credits, or mend the key or the account, at https://dev.runwayml.com/. Work goes on by itself as soon as "
        "the account is well: it is looked at every few minutes. `python manage.py doctor` tells more.\n"
    )
