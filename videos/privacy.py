"""The photos and videos that an owner takes along."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.privacy import Part
from videos.models import Photo, Status, Video
from videos.storage.base import purge

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.privacy import Goodbye

OF_A_PHOTO = (
    "id",
    "created_at",
    "width",
    "height",
    "focus_x",
    "focus_y",
    "cutout",
    "quality_notes",
    "removed_metadata",
)
OF_A_VIDEO = (
    *("id", "photo_id", "dance", "format", "seconds", "price", "seed", "prompt", "status", "error_message"),
    *("provider", "created_at", "finished_at", "deleted_at", "size", "sha256", "share_link__token"),
)


def export(user: User) -> tuple[dict[str, Any], list[Part]]:
    photos = Photo.objects.of(user)
    videos = Video.objects.filter(user=user).order_by("-created_at")
    parts = [Part(f"photos/{photo.pk}.jpg", opener(photo.image)) for photo in photos]
    for video in videos.filter(status=Status.SUCCEEDED, deleted_at=None):
        parts.append(Part(f"videos/{video.created_at:%Y-%m-%d}-{video.dance}-{video.pk}.mp4", opener(video.file)))
    return {"photos": list(photos.values(*OF_A_PHOTO)), "videos": list(videos.values(*OF_A_VIDEO))}, parts


def opener(stored: Any) -> Any:
    return lambda: stored.storage.open(stored.name)


def erase(user: User, goodbye: Goodbye, now: datetime) -> None:
    """Stop the dances in the making, give their credits back, and delete every photo and video.

    Runs inside the transaction that closes the account; the files follow it. The rows stay without what was personal
    in them: the ledger's entries are for them.
    """
    videos = Video.objects.filter(user=user)
    stopped = sum(video.cancel("closed", now) for video in videos.unfinished())
    made = list(videos.filter(deleted_at=None))
    taken = list(Photo.objects.filter(user=user, deleted_at=None))
    for video in made:
        video.erase(now)
    for photo in taken:
        photo.erase(now)
    folders = [video.storage_name("") for video in made] + [photo.storage_name("") for photo in taken]
    goodbye.tell(len(taken), "photo", "deleted, with cut-outs and previews")
    goodbye.tell(len(made), "dance", "deleted, here and at the studio")
    goodbye.tell(stopped, "dance in the making", "stopped, and paid back first")
    goodbye.afterwards.append(lambda: purge(*folders))
