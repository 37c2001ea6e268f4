"""The photos and videos that an owner takes along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.export import Part
from videos.models import Photo, Status, Video

if TYPE_CHECKING:
    from accounts.models import User

OF_A_PHOTO = ("id", "created_at", "width", "height", "focus_x", "focus_y", "cutout", "findings", "removed")
OF_A_VIDEO = (
    *("id", "photo_id", "dance", "format", "seconds", "price", "seed", "prompt", "status", "error_message"),
    *("provider", "created_at", "finished_at", "deleted_at", "size", "sha256", "share__token"),
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
