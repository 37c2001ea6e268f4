"""Store an uploaded photo: first its files, then its row."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from videos import photos
from videos.models import Guest, Photo, StoredFileDeletion
from videos.models.turns import next_place
from videos.photos.head import Head
from videos.storage.base import StorageUnavailable, purge
from videos.styles import Body, Style

THUMBNAIL_SIDE = 480


class TooManyPhotos(Exception):
    """The guest has the maximum number of photos already. Nothing of this one was kept."""


class AccountClosed(Exception):
    """The owner closed the account during the upload. Nothing of the photo was kept."""


def store_photo(
    visitor: User | Guest,
    normalised: photos.Normalised,
    now: datetime,
    head: Head | None = None,
    style: Style | None = None,
    body: Body | None = None,
    pet_name: str = "",
) -> Photo:
    """Store a checked photo and its row, due immediately. ``head`` is the owner's answer about the pet's head.

    If an account has taken the guest over in the meantime, the photo belongs to the account.

    ``style`` and ``body`` are the owner's choice of how the pet dances; None is automatic. ``pet_name`` is clean.

    The files are stored first, so that a storage outage leaves no row behind, at most an orphaned file. Raises
    StorageUnavailable, AccountClosed if the owner closed the account during the upload, or TooManyPhotos of a guest;
    nothing is left then.
    """
    photo = Photo(
        width=normalised.width,
        height=normalised.height,
        size=len(normalised.jpeg),
        sha256=normalised.sha256,
        quality_notes=[note.as_json for note in photos.inspect(normalised.jpeg)],
        removed_metadata=list(normalised.removed),
        style=style or "",
        body=body or "",
        pet_name=pet_name,
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
    try:
        insert(photo, visitor)
    except (AccountClosed, TooManyPhotos):
        StoredFileDeletion.objects.enqueue(photo.storage_name(""), now)
        purge(photo.storage_name(""))
        raise
    return photo


def insert(photo: Photo, visitor: User | Guest) -> None:
    """Insert the row of a photo, for the owner or guest. Raises AccountClosed or TooManyPhotos."""
    if isinstance(visitor, Guest):
        with transaction.atomic():
            # Lock the guest row. Either an account takes the guest over after us, with this photo, or it came first.
            visitor.lock()
            if visitor.user_id is None:
                if visitor.photos.filter(deleted_at=None).count() >= settings.GUEST_PHOTOS:
                    raise TooManyPhotos
                photo.guest = visitor
                photo.turn, photo.joined_at = next_place(photo.line_mates, photo.created_at)
                photo.save(force_insert=True)
                return
            owner_id = visitor.user_id
    else:
        owner_id = visitor.pk
    with transaction.atomic():
        # Lock the user row. Either closing the account waits for us and then erases this photo, or it came first and
        # we find no open account.
        photo.user = User.objects.select_for_update().filter(pk=owner_id, closed_at=None).first()
        if photo.user is None:
            raise AccountClosed
        photo.turn, photo.joined_at = next_place(photo.line_mates, photo.created_at)
        photo.save(force_insert=True)
