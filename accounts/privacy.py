"""The accounts part of a data export and of closing an account. ``videos.privacy`` puts the parts together."""

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
from django.contrib.admin.models import LogEntry
from django.core.mail import EmailMultiAlternatives
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.template.loader import render_to_string

from accounts import emails
from accounts.models import User

log = logging.getLogger(__name__)

CHUNK = 64 * 1024


class ArchiveFile(NamedTuple):
    """A file of the archive. ``open`` returns a readable object and may raise OSError."""

    name: str
    open: Callable[[], Any]


class ArchiveBuffer(io.RawIOBase):
    """The output buffer of the archive. Keeps only the bytes that have not been sent yet."""

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


def export_profile(user: User) -> dict[str, Any]:
    addresses = user.emailaddress_set.values("email", "verified", "primary")  # type: ignore[attr-defined]
    devices = user.usersession_set.values("ip", "user_agent", "created_at", "last_seen_at")  # type: ignore[attr-defined]
    profile = {"email": user.email, "joined": user.date_joined, "language": user.language}
    return {"account": profile | {"addresses": list(addresses), "devices": list(devices)}}


def zip_archive(data: dict[str, Any], files: list[ArchiveFile]) -> Iterator[bytes]:
    """Yield a zip file in chunks while it is generated: all files, then ``data.json`` with the data.

    A file that cannot be read is left out and listed under ``missing`` in the data.
    """
    buffer, missing = ArchiveBuffer(), []
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in files:
            try:
                source = file.open()
            except OSError as error:
                log.error("file missing from export", extra={"reason": type(error).__name__})
                missing.append(file.name)
                continue
            with source, archive.open(file.name, "w") as entry:
                for chunk in read_chunks(source):
                    entry.write(chunk)
                    yield buffer.take()
        document = json.dumps(data | {"missing": missing}, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)
        archive.writestr("data.json", document, zipfile.ZIP_DEFLATED)
    yield buffer.take()


def read_chunks(source: Any) -> Iterable[bytes]:
    return iter(lambda: source.read(CHUNK), b"")


@dataclass
class ClosureReceipt:
    """The lines of the receipt that tells a former owner what became of everything."""

    lines: list[str] = field(default_factory=list)

    def add_line(self, count: int, line: Any) -> None:
        """Add a line such as ``3 photos: deleted.``, from an ``ngettext_lazy``. Add nothing if ``count`` is zero."""
        if count:
            self.lines.append(str(line % {"count": count}))


def anonymise(user: User, now: datetime) -> None:
    """End every session, delete the rows that belong only to the account, and erase the address from its row."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    for link in User._meta.related_objects:
        # Delete the rows that a CASCADE would delete. The user row itself stays, because the ledger refers to it.
        if link.on_delete is models.CASCADE and link.related_model is not LogEntry:
            link.related_model._base_manager.filter(**{link.field.name: user}).delete()
    LogEntry.objects.filter(content_type__model="user", object_id=str(user.pk)).update(object_repr="closed account")
    user.email = f"closed-{user.pk}@petgroove.invalid"
    user.is_active = user.is_superuser = False
    user.language = ""
    user.closed_at, user.last_login = now, None
    user.set_unusable_password()
    user.save()


def send_receipt(address: str, lines: list[str]) -> bool:
    """Send the receipt by e-mail. Return whether it was sent; the page shows the same lines."""
    try:
        name, context = "account/email/account_closed", {"lines": lines}
        subject = render_to_string(f"{name}_subject.txt").strip()
        mail = EmailMultiAlternatives(subject, render_to_string(f"{name}_message.txt", context), to=[address])
        mail.attach_alternative(render_to_string(f"{name}_message.html", context), "text/html")
        emails.send(mail)
    except emails.EmailNotSent as error:
        log.error("receipt not sent", extra={"reason": str(error)})
        return False
    return True
