"""The gallery: an owner's dances as tiles. Tiles of unfinished videos update themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from videos.models import Status, Video
from videos.progress import poll_interval, title_of
from videos.views.polling import poll_url, unchanged_response

# Dances on one page of the gallery.
PAGE_SIZE = 24
# With at most this many dances, a tile that leads to the next dance fills the row.
MORE_TILE_UP_TO = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """One dance in the gallery. ``state`` and ``poll_url`` are empty once the video is finished."""

    video: Video
    state: str = ""
    poll_url: str = ""
    poll_seconds: int = 5


def build_tile(request: AuthenticatedRequest, video: Video) -> Tile:
    if not video.is_unfinished:
        return Tile(video)
    poll_seconds = poll_interval(video, queue_position=video.status == Status.QUEUED)
    return Tile(video, title_of(video), poll_url(request, video, "videos:gallery_tile"), poll_seconds)


@require_safe
@gzip_page
def gallery(request: AuthenticatedRequest) -> HttpResponse:
    """List the owner's dances, all of them or those in one state."""
    videos = Video.objects.of(request.user)
    statuses = {"ready": [Status.SUCCEEDED], "dancing": [Status.QUEUED, Status.PROCESSING], "returned": [Status.FAILED]}
    show = request.GET.get("show", "")
    if show in statuses:
        videos = videos.filter(status__in=statuses[show])
    else:
        show = ""
    before = parse_moment(request.GET.get("before", ""))
    if before:
        videos = videos.filter(created_at__lt=before)
    # One extra row shows whether there are older dances, without counting them.
    rows = list(videos.select_related("photo", "share_link")[: PAGE_SIZE + 1])
    older = (
        urlencode({"show": show, "before": rows[PAGE_SIZE - 1].created_at.isoformat()}) if len(rows) > PAGE_SIZE else ""
    )
    tiles = [build_tile(request, video) for video in rows[:PAGE_SIZE]]
    has_unfinished = any(tile.poll_url for tile in tiles)
    show_more_tile = not show and not before and len(rows) <= MORE_TILE_UP_TO
    context = {
        "videos": rows[:PAGE_SIZE],
        "tiles": tiles,
        "has_unfinished": has_unfinished,
        "show": show,
        "older": older,
    }
    context |= {"is_first": before is None, "show_more_tile": show_more_tile, "undo": just_deleted(request)}
    return render(request, "videos/gallery.html", context)


def just_deleted(request: AuthenticatedRequest) -> Video | None:
    """Return the video whose deletion the owner has just asked for, if it can be undone."""
    try:
        pk = UUID(request.GET.get("deleted", ""))
    except ValueError:
        return None
    return request.user.videos.filter(pk=pk, deletion__claim=0).first()


@require_safe
@login_not_required
def gallery_tile(request: AuthenticatedRequest, pk: Any, token: str) -> HttpResponse:
    """Return an unfinished video's tile if it has changed, else 204. ``unchanged_response`` checks the owner."""
    if response := unchanged_response(request, pk, token):
        return response
    video = get_object_or_404(Video.objects.of(request.user).select_related("photo", "share_link"), pk=pk)
    return render(request, "videos/gallery.html#tile", {"tile": build_tile(request, video), "video": video})


def parse_moment(value: str) -> datetime | None:
    """Parse a time with a zone, as written in our own links; return None for anything else."""
    try:
        parsed = parse_datetime(value)
        return parsed.astimezone(UTC) if parsed and parsed.tzinfo else None
    except (ValueError, OverflowError):
        return None
