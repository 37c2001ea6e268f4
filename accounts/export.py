"""Everything an account holds, as one zip that is made while it is sent."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.module_loading import import_string

from accounts.models import User

log = logging.getLogger(__name__)

CHUNK = 64 * 1024


class Part(NamedTuple):
    """A file of the archive; ``open`` gives something to read, and may raise OSError."""

    name: str
    open: Callable[[], Any]


class Pipe(io.RawIOBase):
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


def profile(user: User) -> tuple[dict[str, Any], list[Part]]:
    addresses = user.emailaddress_set.values("email", "verified", "primary")  # type: ignore[attr-defined]
    devices = user.usersession_set.values("ip", "user_agent", "created_at", "last_seen_at")  # type: ignore[attr-defined]
    facts = {"email": user.email, "joined": user.date_joined, "addresses": list(addresses), "devices": list(devices)}
    return {"account": facts}, []


def archive_of(user: User) -> Iterator[bytes]:
    """The zip, piece by piece: all files, then ``data.json`` with everything else.

    What each app adds is named in the settings: a callable that takes the user and returns data and files. A file
    that cannot be read is left out, and named in the data.
    """
    data: dict[str, Any] = {}
    parts: list[Part] = []
    for path in settings.EXPORTS:
        facts, files = import_string(path)(user)
        data |= facts
        parts += files
    pipe, missing = Pipe(), []
    with zipfile.ZipFile(pipe, "w") as archive:
        for part in parts:
            try:
                source = part.open()
            except OSError as error:
                log.error("missing in an export", extra={"reason": type(error).__name__})
                missing.append(part.name)
                continue
            with source, archive.open(part.name, "w") as entry:
                for chunk in chunks(source):
                    entry.write(chunk)
                    yield pipe.take()
        told = json.dumps(data | {"missing": missing}, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)
        archive.writestr("data.json", told, zipfile.ZIP_DEFLATED)
    yield pipe.take()


def chunks(source: Any) -> Iterable[bytes]:
    return iter(lambda: source.read(CHUNK), b"")
