"""The JSON representations of photos and videos, and pagination."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.urls import reverse

from videos.models import Photo, Video, VideoExport
from videos.models import Status as State
from videos.progress import percent_of


def paged(rows: Any, limit: int, before: uuid.UUID | None) -> tuple[list[Any], uuid.UUID | None]:
    """Return one page of an owner's rows, and the ``before`` value of the next page or None."""
    if before:
        last = rows.filter(pk=before).first()
        if last is None:
            raise Http404
        # Rows created at the same time are ordered by their primary key.
        same = Q(created_at=last.created_at, pk__lt=last.pk)
        rows = rows.filter(Q(created_at__lt=last.created_at) | same)
    page = list(rows.order_by("-created_at", "-pk")[: limit + 1])
    return page[:limit], page[limit - 1].pk if len(page) > limit else None


def absolute(request: HttpRequest, name: str, **arguments: uuid.UUID | str) -> str:
    return request.build_absolute_uri(reverse(f"api:{name}", kwargs=arguments))


def photo_out(request: HttpRequest, photo: Photo) -> dict[str, Any]:
    return {
        "photoId": photo.pk,
        "imageUrl": absolute(request, "photo_image", photoId=photo.pk),
        "width": photo.width,
        "height": photo.height,
        "notes": photo.notes,
        "removed": photo.removed,
        "head": head_out(photo),
        "headStatus": photo.head_status,
        "style": photo.style or None,
        "body": photo.body or None,
        "petName": photo.pet_name or None,
        "createdAt": photo.created_at,
    }


def head_out(photo: Photo) -> dict[str, Any] | None:
    if photo.oval is None:
        return None
    return photo.oval.as_json | {"source": photo.head_source, "confidence": photo.head_confidence or 0.0}


def video_out(request: HttpRequest, video: Video) -> dict[str, Any]:
    ready = video.status == State.SUCCEEDED
    return {
        "videoId": video.pk,
        "status": video.status,
        "progress": percent_of(video) if video.is_unfinished else 100 if ready else round(100 * video.progress),
        "error": video.failure or None,
        "errorCode": video.error_code or None,
        "videoUrl": absolute(request, "video_file", videoId=video.pk) if ready else None,
        "posterUrl": absolute(request, "video_poster", videoId=video.pk) if ready else None,
        "photoId": video.photo_id,
        "danceStyle": video.dance,
        "format": video.format,
        "style": None if video.is_remote else video.style or None,
        "body": None if video.is_remote else video.chosen_body,
        "petName": video.pet_name or None,
        "createdAt": video.created_at,
        "promisedBy": video.promised_by,
        "finishedAt": video.finished_at,
    }


def export_out(request: HttpRequest, export: VideoExport) -> dict[str, Any]:
    ready = export.state == "ready"
    arguments: dict[str, uuid.UUID | str] = {"videoId": export.video_id, "kind": export.kind}
    return {
        "kind": export.kind,
        "status": export.state,
        "fileUrl": absolute(request, "export_file", **arguments) if ready else None,
        "bytes": export.size if ready else None,
    }
