"""Keeping an uploaded photo: its bytes in the storage, then its row."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from videos import photos
from videos.models import Photo

if TYPE_CHECKING:
    from accounts.models import User

THUMBNAIL_SIDE = 480


def keep_photo(user: User, normalised: photos.Normalised, now: datetime) -> Photo:
    """Store a checked photo and its row; the worker prepares it at once.

    The files come first: a storage that is down leaves no row behind, only an object that no row names.
    """
    photo = Photo(
        user=user,
        width=normalised.width,
        height=normalised.height,
        sha256=normalised.sha256,
        findings=[finding.sentence for finding in photos.inspect(normalised.jpeg)],
        removed=list(normalised.removed),
        due_at=now,
        created_at=now,
    )
    thumbnail = photos.thumbnail(normalised.jpeg, THUMBNAIL_SIDE)
    photo.image.name = default_storage.save(photo.name_of("photo.jpg"), ContentFile(normalised.jpeg))
    photo.thumbnail.name = default_storage.save(photo.name_of("thumbnail.webp"), ContentFile(thumbnail))
    photo.save(force_insert=True)
    return photo
