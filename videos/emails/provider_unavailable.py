"""Looks at the remote studio's account: whether it is open, and how many tasks it runs at a time."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from accounts.models import User
from videos.models import Line, Video

log = logging.getLogger(__name__)


def tell_staff(line: Line) -> None:
    """One mail for each closing. A mail that cannot be sent is tried again at the next look. Raises LeaseLost."""
    staff = User.objects.filter(is_staff=True, is_active=True).values_list("email", flat=True)
    to = [settings.STAFF_EMAIL] if settings.STAFF_EMAIL else list(staff)
    waiting = Video.objects.living().filter(provider=line.provider).count()
    try:
        if to:
            send_mail(f"PetGroove: {line.provider} is closed", words_for(line, waiting), None, to)
    except OSError:
        log.exception("staff could not be told", extra={"line": line.pk})
        return
    line.record(told_at=timezone.now())


def words_for(line: Line, waiting: int) -> str:
    return (
        f"{line.provider} has taken no orders since {line.closed_since:%Y-%m-%d %H:%M} UTC:\n\n"
        f"    {line.reason}\n\n"
        f"{waiting} {'dance is' if waiting == 1 else 'dances are'} waiting; each gives its credit back if it is not "
        "ready by its promised time.\n"
        "Add credits, or mend the key or the account, at https://dev.runwayml.com/. Work goes on by itself as soon as "
        "the account is well: it is looked at every few minutes. `python manage.py doctor` tells more.\n"
    )
