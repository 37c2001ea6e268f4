"""The e-mail to staff about an outage of a provider."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail

from accounts.models import User
from videos import clock
from videos.models import ProviderStatus, Video

log = logging.getLogger(__name__)


def notify_staff(status: ProviderStatus) -> None:
    """Send one e-mail for each outage. If sending fails, the next check of the account retries. Raises LeaseLost."""
    staff = User.objects.filter(is_staff=True, is_active=True).values_list("email", flat=True)
    recipients = [settings.STAFF_EMAIL] if settings.STAFF_EMAIL else list(staff)
    waiting = Video.objects.unfinished().filter(provider=status.provider).count()
    try:
        if recipients:
            send_mail(f"PetGroove: {status.provider} is unavailable", email_body(status, waiting), None, recipients)
    except OSError:
        log.exception("staff could not be notified", extra={"provider": status.pk})
        return
    status.update_claimed(staff_notified_at=clock.now())


def email_body(status: ProviderStatus, waiting: int) -> str:
    return (
        f"{status.provider} has been unavailable since {status.unavailable_since:%Y-%m-%d %H:%M} UTC:\n\n"
        f"    {status.reason}\n\n"
        f"{waiting} {'video is' if waiting == 1 else 'videos are'} waiting. "
        "Each is refunded if it is not ready by its promised time.\n"
        "Add credits, or fix the API key or the account, at https://dev.runwayml.com/.\n"
        "The account is checked every few minutes, and work resumes automatically once it is healthy. "
        "Run `python manage.py doctor` for details.\n"
    )
