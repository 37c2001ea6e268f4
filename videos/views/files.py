"""Files of photos, served to their owner or guest, and of videos, served to their owner only."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from videos import formats, photos
from videos.forms import DanceForm
from videos.models import Photo, Status, Video
from videos.responses import serve_head_sticker, serve_photo, serve_poster, serve_thumbnail, serve_video
from videos.storage.serving import REVALIDATE, read_file, send_file
from videos.views.decorators import open_to_guests
from videos.visitors import VisitorRequest


@require_safe
def video_file(request: AuthenticatedRequest, pk: Any) -> HttpResponseBase:
    """Serve the MP4 for playback; ``?download`` saves it under a readable file name."""
    video = get_object_or_404(Video.objects.of(request.user), pk=pk, status=Status.SUCCEEDED)
    name = video.download_name if "download" in request.GET else ""
    return serve_video(request, video, download_name=name)


@require_safe
def video_poster(request: AuthenticatedRequest, pk: Any) -> HttpResponseBase:
    video = get_object_or_404(Video.objects.of(request.user), pk=pk, status=Status.SUCCEEDED)
    return serve_poster(request, video)


@require_safe
@open_to_guests
def photo_image(request: VisitorRequest, pk: Any) -> HttpResponseBase:
    picture = get_object_or_404(Photo.objects.of(request.visitor), pk=pk)
    return serve_photo(request, picture)


@require_safe
@open_to_guests
def photo_thumbnail(request: VisitorRequest, pk: Any) -> HttpResponseBase:
    picture = get_object_or_404(Photo.objects.of(request.visitor), pk=pk)
    return serve_thumbnail(request, picture)


@require_safe
@open_to_guests
def photo_sticker(request: VisitorRequest, pk: Any) -> HttpResponseBase:
    """Serve the pet as it will dance, on a transparent background. Return 204 until the worker has prepared it."""
    picture = get_object_or_404(Photo.objects.of(request.visitor), pk=pk)
    if not picture.sticker or picture.due_at:
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    # The same URL serves a new sticker when the owner switches between cut-out and print.
    etag = f"{picture.sha256}-sticker-{picture.claim}"
    return send_file(request, picture.sticker, "image/webp", etag=etag, cache=REVALIDATE)


@require_safe
@open_to_guests
def photo_head_sticker(request: VisitorRequest, pk: Any) -> HttpResponseBase:
    """Serve the pet's head alone, on a transparent background. Return 204 while there is none."""
    picture = get_object_or_404(Photo.objects.of(request.visitor), pk=pk)
    if not picture.head_sticker or picture.due_at:
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    return serve_head_sticker(request, picture)


@require_safe
@open_to_guests
def preview_file(request: VisitorRequest, pk: Any, dance: str) -> HttpResponseBase:
    picture = get_object_or_404(Photo.objects.of(request.visitor), pk=pk)
    ready = picture.previews.filter(**picture.look).exclude(file="")
    preview = get_object_or_404(ready, dance=dance)
    return send_file(request, preview.file, "video/mp4", etag=f"{preview.pk}-{preview.claim}", cache=REVALIDATE)


@require_safe
@open_to_guests
def card_loop(request: VisitorRequest, pk: Any, dance: str) -> HttpResponseBase:
    """Serve the dancer of a card. The page adds the loop's version to the URL."""
    picture = get_object_or_404(Photo.objects.of(request.visitor), pk=pk)
    loop = get_object_or_404(picture.loops.exclude(file=""), dance=dance)
    return send_file(request, loop.file, "image/webp", etag=f"{loop.pk}-{loop.claim}")


@require_safe
@open_to_guests
def photo_frame(request: VisitorRequest, pk: Any, shape: str) -> HttpResponse:
    """Serve the exact frame of a format around ``?x=&y=``, as the provider will get it, at half its size."""
    picture = get_object_or_404(Photo.objects.of(request.visitor), pk=pk)
    choice = DanceForm.initial_choice(picture, request.GET.dict() | {"format": shape})
    requested = formats.BY_SLUG[choice["format"]]
    frame = photos.exact_frame(read_file(picture.image), requested, photos.Focus(choice["x"], choice["y"]))
    scaled = photos.thumbnail(frame, max(requested.width, requested.height) // 2)
    return HttpResponse(scaled, content_type="image/webp", headers={"Cache-Control": "private, max-age=3600"})
