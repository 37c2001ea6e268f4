"""The page of one video, its poll and its deletion."""

import logging
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedRequest
from videos import clock
from videos.models import Status, Takedown, Video
from videos.progress import timeline_of
from videos.views.exports import save_as
from videos.views.polling import poll_url, unchanged_response

log = logging.getLogger(__name__)


@require_safe
def detail(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    """Show one video: unfinished, ready or failed. The waiting page polls its card, which is the fragment."""
    videos = Video.objects.of(request.user).with_queue_position().select_related("photo", "share_link")
    video = videos.filter(pk=pk).first()
    if video is None:
        takedown = get_object_or_404(Takedown.objects.select_related("video"), video=pk, video__user=request.user)
        return render(request, "videos/taken_down.html", {"takedown": takedown, "video": takedown.video})
    template = "videos/detail.html#card" if request.htmx else "videos/detail.html"
    context = {"video": video, "timeline": timeline_of(video, timezone.now())}
    if video.status == Status.SUCCEEDED:
        context["again"] = video.choice | {"idempotency_key": uuid.uuid4()}
    if video.is_unfinished:
        context["poll_url"] = poll_url(request, video)
    elif video.is_shareable:
        context |= save_as(video)
    return render(request, template, context)


@require_safe
@login_not_required
def poll(request: AuthenticatedRequest, pk: Any, token: str) -> HttpResponse:
    """Return the card if it has changed, else 204. ``unchanged_response`` checks that the requester owns the video."""
    if response := unchanged_response(request, pk, token):
        return response
    return detail(request, pk)


@require_POST
def delete(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    video = get_object_or_404(Video.objects.of(request.user), pk=pk)
    if not video.delete_later(clock.now()):
        messages.warning(request, _("This video is still in progress. You can delete it when it's finished."))
        return redirect(video)
    return redirect(f"{reverse('videos:gallery')}?deleted={video.pk}")


@require_POST
def restore(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    """Undo the deletion of a video."""
    video = get_object_or_404(request.user.videos.all(), pk=pk)
    if video.restore():
        messages.success(request, _("Video restored."))
    elif video.deleted_at:
        messages.warning(request, _("It's too late to undo: the video has been deleted."))
    return redirect("videos:gallery")


@require_POST
def watched(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    """Record that the waiting page has shown the finished video, so that no e-mail is needed."""
    get_object_or_404(Video.objects.of(request.user), pk=pk).mark_watched(clock.now())
    return HttpResponse(status=204)
