"""Store an uploaded photo: first its files, then its row."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from videos import photos
from videos.models import Photo, StoredFileDeletion
from videos.photos.head import Head
from videos.storage.base import StorageUnavailable, purge
from videos.styles import Body, Style

THUMBNAIL_SIDE = 480


class AccountClosed(Exception):
    """The owner closed the account during the upload. Nothing of the photo was kept."""


def store_photo(
    user: User,
    normalised: photos.Normalised,
    now: datetime,
    head: Head | None = None,
    style: Style | None = None,
    body: Body | None = None,
) -> Photo:
    """Store a checked photo and its row, due immediately. ``head`` is the owner's answer about the pet's head.

    ``style`` and ``body`` are the owner's choice of how the pet dances; None is automatic.

    The files are stored first, so that a storage outage leaves no row behind, at most an orphaned file. Raises
    StorageUnavailable, or AccountClosed if the owner closed the account during the upload; nothing is left then.
    """
    photo = Photo(
        user=user,
        width=normalised.width,
        height=normalised.height,
        size=len(normalised.jpeg),
        sha256=normalised.sha256,
        quality_notes=[note.sentence for note in photos.inspect(normalised.jpeg)],
        removed_metadata=list(normalised.removed),
        style=style or "",
        body=body or "",
        due_at=now,
        created_at=now,
    )
    if head:
        photo.answer_head(head)
    thumbnail = photos.thumbnail(normalised.jpeg, THUMBNAIL_SIDE)
    try:
        photo.image.name = default_storage.save(photo.storage_name("photo.jpg"), ContentFile(normalised.jpeg))
        photo.thumbnail.name = default_storage.save(photo.storage_name("thumbnail.webp"), ContentFile(thumbnail))
    except OSError as error:
        raise StorageUnavailable(f"photo could not be stored ({type(error).__name__})") from error
    with transaction.atomic():
        # Lock the user row. Either closing the account waits for us and then erases this photo, or it came first and
        # we find no open account.
        is_open = User.objects.select_for_update().filter(pk=user.pk, closed_at=None).first()
        if is_open:
            photo.save(force_insert=True)
        else:
            StoredFileDeletion.objects.enqueue(photo.storage_name(""), now)
    if not is_open:
        purge(photo.storage_name(""))
        raise AccountClosed
    return photo
