"""What both storages share: the prefixes of our files, their errors, and deletion right after a transaction."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, NamedTuple

from django.core.files.storage import default_storage

log = logging.getLogger(__name__)

# All of our files start with one of these prefixes. Other files in the storage are not ours.
PREFIXES = ("photos/", "videos/")


class StorageUnavailable(OSError):
    """The storage cannot be reached or rejected the request. A later retry may succeed."""


class StoredFile(NamedTuple):
    """A file as listed by the storage. ``size`` is in bytes."""

    name: str
    modified: datetime
    size: int


storage: Any = default_storage  # one of our classes, which have list_files()


def delete_prefix(folder: str) -> None:
    """Delete all files under ``folder``, which ends with a slash."""
    for stored in storage.list_files(folder):
        storage.delete(stored.name)


def purge(*folders: str) -> None:
    """Delete everything in these folders now. If the storage is unavailable, the worker deletes them later.

    Queue the folders as ``StoredFileDeletion`` in the same transaction as the rows, and call this after it commits.
    """
    for folder in folders:
        try:
            delete_prefix(folder)
        except OSError as error:
            log.error("deletion of stored files postponed", extra={"folder": folder, "reason": str(error)})
