"""Responses with the files of a video or a photo, for the pages, the admin, the API and share links.

The caller must have checked that the request may see the file. ``cache`` is IMMUTABLE, which lets the owner's
browser keep the file for a year, or REVALIDATE, which makes it ask each time, because access may be revoked. For files
in a bucket, it sets the lifetime of the signed URL (see ``send_file``).
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from videos.models import Photo, Video, VideoExport
from videos.storage.serving import IMMUTABLE, REVALIDATE, send_file


def serve_video(
    request: HttpRequest, video: Video, *, download_name: str = "", cache: str = IMMUTABLE
) -> HttpResponseBase:
    """Return the MP4 of a finished video."""
    return send_file(request, video.file, "video/mp4", etag=video.sha256, download_name=download_name, cache=cache)


def serve_poster(request: HttpRequest, video: Video, *, cache: str = IMMUTABLE) -> HttpResponseBase:
    """Return the poster of a finished video."""
    return send_file(request, video.poster, "image/jpeg", etag=f"{video.sha256}-poster", cache=cache)


def serve_export(request: HttpRequest, export: VideoExport, *, download_name: str = "") -> HttpResponseBase:
    """Return an export that has a file."""
    content_type = export.choice.file_type.content_type
    etag = f"export-{export.pk}-{export.claim}"
    return send_file(request, export.file, content_type, etag=etag, download_name=download_name, cache=REVALIDATE)


def serve_photo(request: HttpRequest, photo: Photo) -> HttpResponseBase:
    return send_file(request, photo.image, "image/jpeg", etag=photo.sha256)


def serve_thumbnail(request: HttpRequest, photo: Photo) -> HttpResponseBase:
    return send_file(request, photo.thumbnail, "image/webp", etag=f"{photo.sha256}-thumbnail")


def serve_head_sticker(request: HttpRequest, photo: Photo) -> HttpResponseBase:
    """Return the head alone. The same URL serves a new sticker when the owner moves the oval."""
    etag = f"{photo.sha256}-head-{photo.claim}"
    return send_file(request, photo.head_sticker, "image/webp", etag=etag, cache=REVALIDATE)


def unlisted[Response: HttpResponseBase](response: Response) -> Response:
    """Keep search engines from indexing the response."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
