"""Share links: the page and files behind one, and the views that turn sharing and the pet's name on and off."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedRequest
from videos.forms import choice_query
from videos.models import Status, Video
from videos.responses import serve_poster, serve_video, unlisted
from videos.storage.serving import REVALIDATE


@require_POST
def switch_share(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    """Turn the share link of a finished video on or off. A script gets the part of the page about sharing."""
    video = get_object_or_404(Video.objects.of(request.user), pk=pk, status=Status.SUCCEEDED)
    if request.POST.get("share") == "on":
        video.enable_sharing()
    else:
        video.disable_sharing()
    if request.htmx:
        return render(request, "videos/share.html", {"video": video})
    return redirect(f"{video.get_absolute_url()}#share")


@require_POST
def switch_name(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    """Show the pet's name on the shared page, or hide it again."""
    video = get_object_or_404(Video.objects.of(request.user), pk=pk, status=Status.SUCCEEDED)
    video.show_name(request.POST.get("name") == "on")
    return redirect(f"{video.get_absolute_url()}#share")


@require_safe
@login_not_required
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show the video behind a share link, and nothing else about its owner. The pet's name needs their consent."""
    video = get_object_or_404(Video.objects.shared(token))
    choice = choice_query({"dance": video.dance, "format": video.format, "style": video.style})
    context = {"video": video, "token": token, "welcome": settings.WELCOME_CREDITS, "choice": choice}
    return unlisted(render(request, "videos/shared.html", context))


@require_safe
@login_not_required
def shared_file(request: HttpRequest, token: str) -> HttpResponseBase:
    video = get_object_or_404(Video.objects.shared(token))
    return unlisted(serve_video(request, video, cache=REVALIDATE))


@require_safe
@login_not_required
def shared_poster(request: HttpRequest, token: str) -> HttpResponseBase:
    video = get_object_or_404(Video.objects.shared(token))
    return unlisted(serve_poster(request, video, cache=REVALIDATE))
