"""Export and erasure of an owner's photos and videos."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.privacy import ArchiveFile
from videos.models import Photo, Status, Video
from videos.models.choices import ErrorCode
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
    """Return the rows for the data export, and the files that go with them."""
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
    """Cancel and refund unfinished videos, then erase every photo and video.

    Runs inside the transaction that closes the account; the files are deleted after it commits. The rows stay without
    personal data, because ledger entries refer to them.
    """
    videos = Video.objects.filter(user=user)
    cancelled = sum(video.cancel(ErrorCode.ACCOUNT_CLOSED, now) for video in videos.unfinished())
    finished_videos = list(videos.filter(deleted_at=None))
    photos = list(Photo.objects.filter(user=user, deleted_at=None))
    for video in finished_videos:
        video.erase(now)
    for photo in photos:
        photo.erase(now)
    folders = [video.storage_name("") for video in finished_videos] + [photo.storage_name("") for photo in photos]
    receipt.add_line(len(photos), "photo", "deleted, with cut-outs and previews")
    receipt.add_line(len(finished_videos), "dance", "deleted, here and at the studio")
    receipt.add_line(cancelled, "unfinished dance", "stopped, and refunded first")
    receipt.after_commit.append(lambda: purge(*folders))
