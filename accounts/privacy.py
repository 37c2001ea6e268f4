"""Everything an account holds, as one zip that is made while it is sent."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.mail import EmailMultiAlternatives
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from accounts.models import User

log = logging.getLogger(__name__)

CHUNK = 64 * 1024


class ArchiveFile(NamedTuple):
    """A file of the archive; ``open`` gives something to read, and may raise OSError."""

    name: str
    open: Callable[[], Any]


class ArchiveBuffer(io.RawIOBase):
    """Where the archive is written to: keeps only what has not been sent yet."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.sent = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.sent

    def write(self, data: Any) -> int:
        self.waiting.append(bytes(data))
        self.sent += len(data)
        return len(data)

    def take(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), []
        return taken


def export_profile(user: User) -> tuple[dict[str, Any], list[ArchiveFile]]:
    addresses = user.emailaddress_set.values("email", "verified", "primary")  # type: ignore[attr-defined]
    devices = user.usersession_set.values("ip", "user_agent", "created_at", "last_seen_at")  # type: ignore[attr-defined]
    facts = {"email": user.email, "joined": user.date_joined, "addresses": list(addresses), "devices": list(devices)}
    return {"account": facts}, []


def export_archive(user: User) -> Iterator[bytes]:
    """The zip, piece by piece: all files, then ``data.json`` with everything else.

    What each app adds is named in the settings: a callable that takes the user and returns data and files. A file
    that cannot be read is left out, and named in the data.
    """
    data: dict[str, Any] = {}
    parts: list[ArchiveFile] = []
    for path in settings.DATA_EXPORTERS:
        facts, files = import_string(path)(user)
        data |= facts
        parts += files
    pipe, missing = ArchiveBuffer(), []
    with zipfile.ZipFile(pipe, "w") as archive:
        for part in parts:
            try:
                source = part.open()
            except OSError as error:
                log.error("missing in an export", extra={"reason": type(error).__name__})
                missing.append(part.name)
                continue
            with source, archive.open(part.name, "w") as entry:
                for chunk in read_chunks(source):
                    entry.write(chunk)
                    yield pipe.take()
        document = json.dumps(data | {"missing": missing}, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)
        archive.writestr("data.json", document, zipfile.ZIP_DEFLATED)
    yield pipe.take()


def read_chunks(source: Any) -> Iterable[bytes]:
    return iter(lambda: source.read(CHUNK), b"")


class CannotCloseAccount(Exception):
    """The account cannot be closed this way; the message says what to do. Nothing was changed."""


@dataclass
class ClosureReceipt:
    """What is told on the receipt, and what is done as soon as the account is closed."""

    lines: list[str] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def add_line(self, count: int, noun: str, outcome: str) -> None:
        """``3 photos: deleted``; nothing is told of what there was none of."""
        if count:
            self.lines.append(f"{count} {noun if count == 1 else plural(noun)}: {outcome}.")


def plural(noun: str) -> str:
    first, space, rest = noun.partition(" ")
    return f"{first}s{space}{rest}"


def close_account(user: User, now: datetime) -> list[str]:
    """Close the account at once and for good, and return the lines of the receipt, which is mailed as well.

    What the settings name in ACCOUNT_CLOSURE_HANDLERS is called inside the transaction, in that order: photos and videos, then
    credits. Raises CannotCloseAccount for members of staff, whose names stand behind entries of other owners.
    """
    if user.is_staff:
        raise CannotCloseAccount(
            "This is an account of staff. Ask another member of staff to make it an ordinary one first."
        )
    address, receipt = user.email, ClosureReceipt()
    with transaction.atomic():
        # Whoever asks for a dance at this very moment waits for this row, and finds no credits then.
        if not User.objects.select_for_update().filter(pk=user.pk, closed_at=None).first():
            raise CannotCloseAccount("This account is closed already.")
        for path in settings.ACCOUNT_CLOSURE_HANDLERS:
            import_string(path)(user, receipt, now)
        anonymise(user, now)
    receipt.lines.append("Your account is closed; your address, password, passkeys and devices are deleted.")
    receipt.lines.append("The list of credits is kept without your name, as bookkeeping asks for it.")
    for callback in receipt.after_commit:
        callback()
    send_receipt(address, receipt.lines)
    return receipt.lines


def anonymise(user: User, now: datetime) -> None:
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
