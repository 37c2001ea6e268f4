"""Views that the poll is compared with."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.http import AuthenticatedRequest
from videos.models import Video
from videos.progress import timeline_of


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    """Return an empty response: the full middleware stack, but no database."""
    return HttpResponse(status=204, headers={"Cache-Control": "private, no-store"})


def naive(request: AuthenticatedRequest, pk: Any) -> HttpResponse:
    """Render the fragment on every poll: session, user, video and template."""
    video = get_object_or_404(Video.objects.of(request.user).select_related("photo"), pk=pk)
    context = {"video": video, "timeline": timeline_of(video, timezone.now())}
    return render(request, "videos/detail.html#card", context)
