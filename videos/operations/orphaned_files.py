"""Orphaned files: stored files that no row references, left behind by processes that died."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.core.files.storage import default_storage

from videos.models import CardLoop, Photo, Preview, Video, VideoExport
from videos.storage.base import StoredFile

# Files are stored before their row is saved, so newer files may still get one.
MIN_AGE = timedelta(hours=24)
BATCH = 500
FILE_FIELDS = (
    *((Photo, field) for field in ("image", "thumbnail", "mask", "sticker", "head_sticker")),
    *((Video, field) for field in ("file", "poster")),
    (Preview, "file"),
    (VideoExport, "file"),
    (CardLoop, "file"),
)


def orphaned_files(now: datetime, batch: int = BATCH) -> Iterator[StoredFile]:
    """Yield stored files that are older than a day and referenced by no row. Raises OSError.

    The database is queried for ``batch`` files at a time.
    """
    storage: Any = default_storage
    old = (stored for stored in storage.list_files() if stored.modified < now - MIN_AGE)
    for chunk in batched(old, batch, strict=False):
        referenced = referenced_among([stored.name for stored in chunk])
        yield from (stored for stored in chunk if stored.name not in referenced)


def referenced_among(names: Iterable[str]) -> set[str]:
    """Return those of ``names`` that a row references."""
    referenced: set[str] = set()
    for model, field in FILE_FIELDS:
        referenced |= set(model._default_manager.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return referenced


def referenced_names() -> set[str]:
    """Return the names of all files that rows reference."""
    referenced: set[str] = set()
    for model, field in FILE_FIELDS:
        referenced.update(model._default_manager.exclude(**{field: ""}).values_list(field, flat=True).iterator())
    return referenced
