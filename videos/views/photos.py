"""Pages for an owner's photos: upload, deletion, notes, the choices of how the pet dances, and the pet's head."""

import logging
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedRequest, client_ip
from accounts.throttling import too_many_requests
from videos import clock, limits, ordering, photos
from videos.forms import DanceForm, HeadForm, PhotoForm, StyleForm
from videos.models import Photo
from videos.storage.base import StorageUnavailable
from videos.uploads import AccountClosed, store_photo
from videos.views import heads
from videos.views.cards import StylePanel
from videos.views.decorators import owned_photo
from videos.views.loops import request_loops

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: AuthenticatedRequest) -> HttpResponse:
    """Upload a photo, or continue with an earlier one."""
    return upload(request) if request.method == "POST" else photo_page(request, PhotoForm())


def upload(request: AuthenticatedRequest) -> HttpResponse:
    try:
        limits.count_upload(request.user, client_ip(request))
    except limits.LimitExceeded as error:
        return too_many_requests(request, error.result, str(error))
    except limits.StorageQuotaExceeded as error:
        return photo_page(request, PhotoForm(), status=409, problem=str(error))
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return photo_page(request, form, status=503 if form.is_temporary_error else 400)
    try:
        picture = store_photo(request.user, form.normalised, clock.now())
    except AccountClosed:
        return redirect("account_closed")
    except StorageUnavailable as error:
        log.error("storage unavailable", extra={"reason": str(error)})
        message = "Your photo could not be saved just now. Please upload it again in a minute."
        return photo_page(request, PhotoForm(), status=503, problem=message)
    request_loops(prepared_context(request, picture)["style"])
    return redirect(picture)


def photo_page(request: AuthenticatedRequest, form: PhotoForm, *, status: int = 200, problem: str = "") -> HttpResponse:
    earlier = Photo.objects.of(request.user)[:24]
    context = {"form": form, "earlier": earlier, "limit": photos.MAX_BYTES, "problem": problem}
    return render(request, "videos/photo.html", context, status=status)


@require_POST
@owned_photo
def delete_photo(request: AuthenticatedRequest, picture: Photo) -> HttpResponse:
    if not picture.delete_by_owner(clock.now()):
        messages.warning(request, "A dance of this photo is still in progress. You can delete the photo after that.")
        return redirect(picture)
    messages.success(request, "Your photo is deleted. The dances that were made from it stay until you delete them.")
    return redirect("videos:photo")


@require_safe
@owned_photo
def photo_notes(request: AuthenticatedRequest, picture: Photo) -> HttpResponse:
    """Render what the worker finds out: the notes, the head, the style, and the cards that change.

    The page polls this view until the worker has prepared the photo.
    """
    context = prepared_context(request, picture)
    context |= {"head": heads.HeadPanel.of(picture, is_open=False)}
    return render(request, "videos/dance.html#prepared", context | context["style"].changed_cards(request.GET.dict()))


def prepared_context(request: AuthenticatedRequest, picture: Photo, *, problem: str = "") -> dict[str, Any]:
    notice = ordering.provider_notice(request.user, timezone.now())
    return {"photo": picture, "style": StylePanel(picture, notice.is_studio, problem), "notice": notice}


@require_POST
@owned_photo
def switch_cutout(request: AuthenticatedRequest, picture: Photo) -> HttpResponse:
    """Switch between cut-out and print, for all dances of this photo."""
    try:
        limits.count_preview(request.user, "switches")
    except limits.LimitExceeded as error:
        return too_many_requests(request, error.result, str(error))
    picture.switch_cutout(request.POST.get("cutout") == "on")
    return redirect(DanceForm.url_with_choice(picture, request.POST))


@require_POST
@owned_photo
def set_head(request: AuthenticatedRequest, picture: Photo) -> HttpResponse:
    """Store the owner's answer about the pet's head. Without an answer, nothing changes.

    With htmx, return the panel, the notes and the outdated cards. Otherwise redirect to the page, and keep the choice
    in its form.
    """
    try:
        limits.count_preview(request.user, "heads")
    except limits.LimitExceeded as error:
        return too_many_requests(request, error.result, str(error))
    form = HeadForm(request.POST, prefix="head", photo=picture)
    is_valid = form.is_valid()
    problem = "" if is_valid else next((str(text) for texts in form.errors.values() for text in texts if text), "")
    if is_valid:
        heads.answer(picture, form)
        picture.refresh_from_db()
        request_loops(prepared_context(request, picture)["style"])
    if not request.htmx:
        if problem:
            messages.warning(request, f"{problem} The head was not changed.")
        return redirect(f"{DanceForm.url_with_choice(picture, request.POST)}#head")
    panel = heads.HeadPanel.of(picture, is_open=request.POST.get("head-answer") not in ("yes", "none"), problem=problem)
    context = prepared_context(request, picture) | {"head": panel}
    context |= context["style"].changed_cards(request.POST.dict(), follow=True)
    return render(request, "videos/dance.html#head_answer", context, status=200 if is_valid else 400)


@require_POST
@owned_photo
def set_style(request: AuthenticatedRequest, picture: Photo) -> HttpResponse:
    """Store the choice of a style and a body, for all dances of this photo.

    With htmx, return the switch, the notes and the cards that change. Otherwise redirect to the page, and keep the
    choice in its form.
    """
    try:
        limits.count_preview(request.user, "styles")
    except limits.LimitExceeded as error:
        return too_many_requests(request, error.result, str(error))
    form = StyleForm(request.POST, photo=picture)
    is_valid = form.is_valid()
    problem = "" if is_valid else str(next(iter(form.errors.values()))[0])
    if is_valid:
        form.save()
        request_loops(prepared_context(request, picture)["style"])
    if not request.htmx:
        if problem:
            messages.warning(request, problem)
        return redirect(f"{DanceForm.url_with_choice(picture, request.POST)}#{'style' if is_valid else 'head'}")
    context = prepared_context(request, picture, problem=problem)
    context |= context["style"].changed_cards(request.POST.dict(), follow=True)
    return render(request, "videos/dance.html#style_choice", context, status=200 if is_valid else 400)
