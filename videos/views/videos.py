"""The owner's way: a photo, a dance, the wait, the video."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest, is_fragment
from videos.models import Video
from videos.progress import minutes_to, timeline_of
from videos.views.polling import address_of as poll_address
from videos.views.polling import unless_new

log = logging.getLogger(__name__)


@require_safe
def detail(request: UserRequest, pk: Any) -> HttpResponse:
    """One video: waiting, ready or failed. The fragment is the card that the waiting page asks for again."""
    video = get_object_or_404(
        Video.objects.of(request.user).with_queue_position().select_related("photo", "share_link"), pk=pk
    )
    template = "videos/detail.html#card" if is_fragment(request) else "videos/detail.html"
    now = timezone.now()
    context = {"video": video, "timeline": timeline_of(video, now), "minutes": minutes_to(video.promised_by, now)}
    if video.is_unfinished:
        context["poll"] = poll_address(request, video)
    return render(request, template, context)


@require_safe
@login_not_required
def poll(request: UserRequest, pk: Any, token: str) -> HttpResponse:
    """The waiting page asks whether to show something new; ``videos.views.polling`` sees to it that only its owner is told."""
    if answer := unless_new(request, pk, token):
        return answer
    return detail(request, pk)


@require_POST
def delete(request: UserRequest, pk: Any) -> HttpResponse:
    video = get_object_or_404(Video.objects.of(request.user), pk=pk)
    if not video.delete_by_owner(timezone.now()):
        messages.warning(request, "This dance is still in the making. You can delete it as soon as it has ended.")
        return redirect(video)
    messages.success(request, f"Your {video.title} video is deleted.")
    return redirect("videos:list")


@require_POST
def choose_mail(request: UserRequest) -> HttpResponse:
    """Whether to write to the owner when a dance has ended."""
    request.user.mail_when_done = request.POST.get("mail") == "on"
    request.user.save(update_fields=["mail_when_done"])
    told = "We write to you when a dance is ready." if request.user.mail_when_done else "No more mails about dances."
    messages.success(request, told)
    return redirect("account_email")
