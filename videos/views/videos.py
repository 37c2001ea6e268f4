"""The owner's way: a photo, a dance, the wait, the video."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedRequest, is_fragment
from videos.models import Video
from videos.progress import minutes_to, timeline_of
from videos.views.polling import poll_url, unchanged_response

log = logging.getLogger(__name__)


@require_safe
def detail(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    """One video: waiting, ready or failed. The fragment is the card that the waiting page asks for again."""
    video = get_object_or_404(
        Video.objects.of(request.user).with_queue_position().select_related("photo", "share_link"), pk=pk
    )
    template = "videos/detail.html#card" if is_fragment(request) else "videos/detail.html"
    now = timezone.now()
    context = {"video": video, "timeline": timeline_of(video, now), "minutes": minutes_to(video.promised_by, now)}
    if video.is_unfinished:
        context["poll_url"] = poll_url(request, video)
    return render(request, template, context)


@require_safe
@login_not_required
def poll(request: AuthenticatedRequest, pk: Any, token: str) -> HttpResponse:
    """The waiting page asks whether to show something new; ``videos.views.polling`` sees to it that only its owner is told."""
    if response := unchanged_response(request, pk, token):
        return response
    return detail(request, pk)


@require_POST
def delete(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    video = get_object_or_404(Video.objects.of(request.user), pk=pk)
    if not video.delete_by_owner(timezone.now()):
        messages.warning(request, "This dance is still in the making. You can delete it as soon as it has ended.")
        return redirect(video)
    messages.success(request, f"Your {video.title} video is deleted.")
    return redirect("videos:gallery")


@require_POST
def update_notifications(request: AuthenticatedRequest) -> HttpResponse:
    """Whether to write to the owner when a dance has ended."""
    request.user.email_when_finished = request.POST.get("mail") == "on"
    request.user.save(update_fields=["email_when_finished"])
    message = (
        "We write to you when a dance is ready." if request.user.email_when_finished else "No more mails about dances."
    )
    messages.success(request, message)
    return redirect("account_email")
