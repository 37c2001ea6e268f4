"""Closing an account for good: what is personal goes, what the ledger needs stays without a name."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from accounts.models import User

log = logging.getLogger(__name__)


class MustStay(Exception):
    """The account cannot be closed this way; the message says what to do. Nothing was changed."""


@dataclass
class Goodbye:
    """What is told on the receipt, and what is done as soon as the account is closed."""

    lines: list[str] = field(default_factory=list)
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def tell(self, count: int, thing: str, what: str) -> None:
        """``3 photos: deleted``; nothing is told of what there was none of."""
        if count:
            self.lines.append(f"{count} {thing if count == 1 else plural(thing)}: {what}.")


def plural(thing: str) -> str:
    first, space, rest = thing.partition(" ")
    return f"{first}s{space}{rest}"


def close(user: User, now: datetime) -> list[str]:
    """Close the account at once and for good, and return the lines of the receipt, which is mailed as well.

    What the settings name in ON_CLOSING is called inside the transaction, in that order: photos and videos, then
    credits. Raises MustStay for members of staff, whose names stand behind entries of other owners.
    """
    if user.is_staff:
        raise MustStay("This is an account of staff. Ask another member of staff to make it an ordinary one first.")
    address, goodbye = user.email, Goodbye()
    with transaction.atomic():
        # Whoever asks for a dance at this very moment waits for this row, and finds no credits then.
        if not User.objects.select_for_update().filter(pk=user.pk, closed_at=None).first():
            raise MustStay("This account is closed already.")
        for path in settings.ON_CLOSING:
            import_string(path)(user, goodbye, now)
        forget(user, now)
    goodbye.lines.append("Your account is closed; your address, password, passkeys and devices are deleted.")
    goodbye.lines.append("The list of credits is kept without your name, as bookkeeping asks for it.")
    for act in goodbye.afterwards:
        act()
    send_receipt(address, goodbye.lines)
    return goodbye.lines


def forget(user: User, now: datetime) -> None:
    """End every session, delete what belongs to the account alone, and take the name out of its row."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    for link in User._meta.related_objects:
        # What the database would delete with the row. The row itself stays: the ledger points at it.
        if link.on_delete is models.CASCADE and link.related_model is not LogEntry:
            link.related_model._base_manager.filter(**{link.field.name: user}).delete()
    LogEntry.objects.filter(content_type__model="user", object_id=str(user.pk)).update(object_repr="closed account")
    user.email = f"closed-{user.pk}@petgroove.invalid"
    user.is_active = user.is_superuser = False
    user.closed_at, user.last_login = now, None
    user.set_unusable_password()
    user.save()


def send_receipt(address: str, lines: list[str]) -> None:
    """A mail that cannot be sent changes nothing: the page shows the same lines."""
    try:
        name, context = "account/email/account_closed", {"lines": lines}
        subject = render_to_string(f"{name}_subject.txt").strip()
        mail = EmailMultiAlternatives(subject, render_to_string(f"{name}_message.txt", context), to=[address])
        mail.attach_alternative(render_to_string(f"{name}_message.html", context), "text/html")
        mail.send()
    except OSError as error:
        log.error("the receipt could not be sent", extra={"reason": type(error).__name__})
