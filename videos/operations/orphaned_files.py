"""Files that no row names: what a process that died half-way left behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.core.files.storage import default_storage

from videos.models import Photo, Preview, Video
from videos.storage.base import StoredFile

# Younger ones may yet be named: a row follows its files.
MIN_AGE = timedelta(hours=24)
BATCH = 500
FILE_FIELDS = (
    *((Photo, field) for field in ("image", "thumbnail", "mask", "sticker")),
    *((Video, field) for field in ("file", "poster")),
    (Preview, "file"),
)


def orphaned_files(now: datetime, batch: int = BATCH) -> Iterator[StoredFile]:
    """Everything in the storage that is older than a day and that no row names. Raises OSError.

    ``batch`` files at a time are looked up in the database.
    """
    storage: Any = default_storage
    old = (stored for stored in storage.list_files() if stored.modified < now - MIN_AGE)
    for chunk in batched(old, batch, strict=False):
        referenced = referenced_among([stored.name for stored in chunk])
        yield from (stored for stored in chunk if stored.name not in referenced)


def referenced_among(names: Iterable[str]) -> set[str]:
    referenced: set[str] = set()
    for model, field in FILE_FIELDS:
        referenced |= set(model._default_manager.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return referenced


def referenced_names() -> set[str]:
    """Every name in the storage that a row has."""
    referenced: set[str] = set()
    for model, field in FILE_FIELDS:
        referenced.update(model._default_manager.exclude(**{field: ""}).values_list(field, flat=True).iterator())
    return referenced
