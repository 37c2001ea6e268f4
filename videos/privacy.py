"""The photos and videos that an owner takes along."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.privacy import ArchiveFile
from videos.models import Photo, Status, Video
from videos.storage.base import purge

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.privacy import ClosureReceipt

PHOTO_FIELDS = (
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
VIDEO_FIELDS = (
    *("id", "photo_id", "dance", "format", "seconds", "price", "seed", "prompt", "status", "error_message"),
    *("provider", "created_at", "finished_at", "deleted_at", "size", "sha256", "share_link__token"),
)


def export_videos(user: User) -> tuple[dict[str, Any], list[ArchiveFile]]:
    photos = Photo.objects.of(user)
    videos = Video.objects.filter(user=user).order_by("-created_at")
    parts = [ArchiveFile(f"photos/{photo.pk}.jpg", file_opener(photo.image)) for photo in photos]
    for video in videos.filter(status=Status.SUCCEEDED, deleted_at=None):
        parts.append(
            ArchiveFile(f"videos/{video.created_at:%Y-%m-%d}-{video.dance}-{video.pk}.mp4", file_opener(video.file))
        )
    return {"photos": list(photos.values(*PHOTO_FIELDS)), "videos": list(videos.values(*VIDEO_FIELDS))}, parts


def file_opener(stored: Any) -> Any:
    return lambda: stored.storage.open(stored.name)


def erase_user_data(user: User, receipt: ClosureReceipt, now: datetime) -> None:
    """Stop the dances in the making, give their credits back, and delete every photo and video.

    Runs inside the transaction that closes the account; the files follow it. The rows stay without what was personal
    in them: the ledger's entries are for them.
    """
    videos = Video.objects.filter(user=user)
    stopped = sum(video.cancel("closed", now) for video in videos.unfinished())
    kept_videos = list(videos.filter(deleted_at=None))
    kept_photos = list(Photo.objects.filter(user=user, deleted_at=None))
    for video in kept_videos:
        video.erase(now)
    for photo in kept_photos:
        photo.erase(now)
    folders = [video.storage_name("") for video in kept_videos] + [photo.storage_name("") for photo in kept_photos]
    receipt.add_line(len(kept_photos), "photo", "deleted, with cut-outs and previews")
    receipt.add_line(len(kept_videos), "dance", "deleted, here and at the studio")
    receipt.add_line(stopped, "dance in the making", "stopped, and paid back first")
    receipt.after_commit.append(lambda: purge(*folders))
