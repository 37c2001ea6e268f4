"""Files that no row names: what a process that died half-way left behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.core.files.storage import default_storage

from videos.models import Photo, Preview, Video
from videos.storage.base import Stored

# Younger ones may yet be named: a row follows its files.
AGE = timedelta(hours=24)
BATCH = 500
NAMED_BY = (
    *((Photo, field) for field in ("image", "thumbnail", "mask", "sticker")),
    *((Video, field) for field in ("file", "poster")),
    (Preview, "file"),
)


def unnamed(now: datetime, batch: int = BATCH) -> Iterator[Stored]:
    """Everything in the storage that is older than a day and that no row names. Raises OSError.

    ``batch`` files at a time are looked up in the database.
    """
    storage: Any = default_storage
    old = (stored for stored in storage.everything() if stored.modified < now - AGE)
    for some in batched(old, batch, strict=False):
        named = named_among([stored.name for stored in some])
        yield from (stored for stored in some if stored.name not in named)


def named_among(names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for model, field in NAMED_BY:
        found |= set(model._default_manager.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return found


def named() -> set[str]:
    """Every name in the storage that a row has."""
    found: set[str] = set()
    for model, field in NAMED_BY:
        found.update(model._default_manager.exclude(**{field: ""}).values_list(field, flat=True).iterator())
    return found
