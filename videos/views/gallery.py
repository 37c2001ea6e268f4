"""My dances: a wall of tiles, of which those in the making move on by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from videos.models import Status, Video
from videos.progress import poll_interval, title_of
from videos.views.polling import address_of, unless_new

# Dances on one page of the wall.
WALL = 24
# Up to so many leave room on the wall for a tile that leads to another one.
FEW = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """One dance on the wall. While it lives: how it stands, where its tile asks again, and after how many seconds."""

    video: Video
    state: str = ""
    poll: str = ""
    every: int = 5


def tile_of(request: UserRequest, video: Video) -> Tile:
    if not video.is_unfinished:
        return Tile(video)
    every = poll_interval(video, queue_position=video.status == Status.QUEUED)
    return Tile(video, title_of(video), address_of(request, video, "videos:tile"), every)


@require_safe
@gzip_page
def wall(request: UserRequest) -> HttpResponse:
    """My dances, all or in one state."""
    videos = Video.objects.of(request.user)
    wanted = {"ready": [Status.SUCCEEDED], "dancing": [Status.QUEUED, Status.PROCESSING], "returned": [Status.FAILED]}
    show = request.GET.get("show", "")
    if show in wanted:
        videos = videos.filter(status__in=wanted[show])
    else:
        show = ""
    before = moment(request.GET.get("before", ""))
    if before:
        videos = videos.filter(created_at__lt=before)
    # One more than is shown tells whether there are older ones, without counting them.
    found = list(videos.select_related("photo", "share_link")[: WALL + 1])
    older = urlencode({"show": show, "before": found[WALL - 1].created_at.isoformat()}) if len(found) > WALL else ""
    tiles = [tile_of(request, video) for video in found[:WALL]]
    moving = any(tile.poll for tile in tiles)
    few = not show and not before and len(found) <= FEW
    context = {"videos": found[:WALL], "tiles": tiles, "moving": moving, "show": show, "older": older}
    return render(request, "videos/list.html", context | {"is_first": before is None, "few": few})


@require_safe
@login_not_required
def tile(request: UserRequest, pk: Any, token: str) -> HttpResponse:
    """A tile asks whether to show something new; ``videos.views.polling`` sees to it that only its owner is told."""
    if answer := unless_new(request, pk, token):
        return answer
    video = get_object_or_404(Video.objects.of(request.user).select_related("photo", "share_link"), pk=pk)
    return render(request, "videos/list.html#tile", {"tile": tile_of(request, video), "video": video})


def moment(words: str) -> datetime | None:
    """A time with its zone, as our own links write it; None for anything else."""
    try:
        found = parse_datetime(words)
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None
