"""The moving dancers of the cards, which replace the drawn ones as the worker renders them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from videos import clock, ordering
from videos.models import CardLoop, Photo
from videos.views.cards import StylePanel
from videos.views.decorators import owned_photo
from videos.views.stage import Stage
from videos.visitors import VisitorRequest


@require_POST
@owned_photo
def card_loops(request: VisitorRequest, picture: Photo) -> HttpResponse:
    """Request the loops of a photo, and render those that the page does not show yet. The page polls this view."""
    panel = StylePanel(picture, ordering.provider_notice(request.visitor, timezone.now()).is_studio)
    request_loops(panel)
    if not request.htmx:
        return redirect(picture)
    loops, shown = panel.loops(), request.POST.get("loops", "").split()
    arrived = [loop for loop in loops.ready.values() if loop.version not in shown]
    context = {"photo": picture, "loops": loops, "arrived": arrived} | panel.pet()
    context["stage"] = Stage.of(panel, request.POST.dict())
    return render(request, "videos/dance.html#loops_arrived", context)


def request_loops(panel: StylePanel) -> None:
    """Have the loops of the photo's cards rendered. Only the studio makes what they show."""
    if panel.is_studio:
        CardLoop.objects.request(panel.photo, clock.now())
