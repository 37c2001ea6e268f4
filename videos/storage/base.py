"""Private files on this machine's disk, whole or not at all."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, NamedTuple

from django.core.files.storage import default_storage

log = logging.getLogger(__name__)

# Everything that we store lies in one of these; whatever else is in the storage is not ours.
PREFIXES = ("photos/", "videos/")


class StorageUnavailable(OSError):
    """The storage cannot be reached, or refused; trying again later may help."""


class StoredFile(NamedTuple):
    """A file as the storage knows it."""

    name: str
    modified: datetime
    size: int


storage: Any = default_storage  # one of ours, which know how to clear a folder


def purge(*folders: str) -> None:
    """Delete what is in them at once. A storage that is away is left to the worker, which has them on its list."""
    for folder in folders:
        try:
            storage.delete_prefix(folder)
        except OSError as error:
            log.error("deleted files are still there", extra={"folder": folder, "reason": str(error)})
