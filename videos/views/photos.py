"""Pages for an owner's photos: upload, deletion, notes, the pet's name, how it dances, and its head."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import client_ip
from videos import clock, limits, ordering, photos
from videos.forms import DanceForm, HeadForm, NameForm, PhotoForm, StyleForm
from videos.models import Guest, Photo
from videos.storage.base import StorageUnavailable
from videos.styles import Body, Style
from videos.uploads import AccountClosed, TooManyPhotos, store_photo
from videos.views import heads
from videos.views.cards import StylePanel
from videos.views.decorators import limit_exceeded, owned_photo
from videos.views.loops import request_loops
from videos.views.stage import Stage
from videos.visitors import VisitorRequest, new_guest, remember, visitor_of

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def photo(request: VisitorRequest) -> HttpResponse:
    """Upload a photo, or continue with an earlier one. A visitor without an account becomes a guest.

    ``?dance=`` and the other parts of a choice are kept, for example from the page of a shared video.
    """
    request.visitor = visitor_of(request) or new_guest(request)
    return upload(request) if request.method == "POST" else photo_page(request, PhotoForm())


def upload(request: VisitorRequest) -> HttpResponse:
    try:
        if isinstance(request.visitor, Guest):
            limits.count_guest_upload(request.visitor, client_ip(request))
        else:
            limits.count_upload(request.visitor, client_ip(request))
    except limits.LimitExceeded as error:
        return limit_exceeded(request, error)
    except limits.StorageQuotaExceeded as error:
        return photo_page(request, PhotoForm(), status=409, problem=str(error))
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return photo_page(request, form, status=503 if form.is_temporary_error else 400)
    try:
        picture = store_photo(request.visitor, form.normalised, clock.now(), **requested_style(request.POST))
    except AccountClosed:
        return redirect("account_closed")
    except TooManyPhotos:
        return photo_page(request, PhotoForm(), status=409, problem=limits.too_many_photos())
    except StorageUnavailable as error:
        log.error("storage unavailable", extra={"reason": str(error)})
        message = _("We couldn't save your photo. Upload it again in a minute.")
        return photo_page(request, PhotoForm(), status=503, problem=message)
    request_loops(prepared_context(request, picture)["style"])
    return show_dances(request, picture)


def show_dances(request: VisitorRequest, picture: Photo) -> HttpResponse:
    """Redirect to the page of a photo that was just uploaded, with the choice that came along."""
    url = DanceForm.url_with_choice(picture, request.POST)
    response = redirect(url)
    if isinstance(request.visitor, Guest):
        request.visitor.resume_at(url)
        remember(response, request.visitor)
    return response


def requested_style(submitted: Any) -> dict[str, Any]:
    choice = StyleForm.valid_choice(submitted)
    kinds = {"style": Style, "body": Body}
    return {name: kinds[name](value) for name, value in choice.items()}


def photo_page(request: VisitorRequest, form: PhotoForm, *, status: int = 200, problem: str = "") -> HttpResponse:
    earlier = Photo.objects.of(request.visitor)[:24]
    choice = request.POST if request.method == "POST" else request.GET
    context = {"form": form, "earlier": earlier, "limit": photos.MAX_BYTES, "problem": problem}
    context |= {
        "choice": DanceForm.valid_choice(choice) | StyleForm.valid_choice(choice),
        "kept_for": limits.kept_for(),
    }
    return render(request, "videos/photo.html", context, status=status)


@require_POST
@owned_photo
def delete_photo(request: VisitorRequest, picture: Photo) -> HttpResponse:
    if not picture.delete_by_owner(clock.now()):
        messages.warning(request, _("A video of this photo is in progress. You can delete the photo when it's done."))
        return redirect(picture)
    deleted = _("Photo deleted.") if picture.guest_id else _("Photo deleted. Videos you've made stay in My dances.")
    messages.success(request, deleted)
    return redirect("videos:photo")


@require_safe
@owned_photo
def photo_notes(request: VisitorRequest, picture: Photo) -> HttpResponse:
    """Render what the worker finds out: the notes, the head, the style, and the cards that change.

    The page polls this view until the worker has prepared the photo.
    """
    context = prepared_context(request, picture)
    context |= {"head": heads.HeadPanel.of(picture, is_open=False)}
    context |= changes(context["style"], request.GET.dict())
    return render(request, "videos/dance.html#prepared", context)


def changes(panel: StylePanel, page: dict[str, Any], *, follow: bool = False) -> dict[str, Any]:
    """Return the context for the cards and the large picture, which follow a change of the pet."""
    return panel.changed_cards(page, follow=follow) | {"stage": Stage.of(panel, page)}


def prepared_context(request: VisitorRequest, picture: Photo, *, problem: str = "") -> dict[str, Any]:
    notice = ordering.provider_notice(request.visitor, timezone.now())
    return {"photo": picture, "style": StylePanel(picture, notice.is_studio, problem), "notice": notice}


@require_POST
@owned_photo
def switch_cutout(request: VisitorRequest, picture: Photo) -> HttpResponse:
    """Switch between cut-out and print, for all dances of this photo."""
    try:
        limits.count_preview(request.visitor, client_ip(request), "switches")
    except limits.LimitExceeded as error:
        return limit_exceeded(request, error)
    picture.switch_cutout(request.POST.get("cutout") == "on")
    return redirect(DanceForm.url_with_choice(picture, request.POST))


@require_POST
@owned_photo
def set_head(request: VisitorRequest, picture: Photo) -> HttpResponse:
    """Store the owner's answer about the pet's head. Without an answer, nothing changes.

    With htmx, return the panel, the notes and the outdated cards. Otherwise redirect to the page, and keep the choice
    in its form.
    """
    try:
        limits.count_preview(request.visitor, client_ip(request), "heads")
    except limits.LimitExceeded as error:
        return limit_exceeded(request, error)
    form = HeadForm(request.POST, prefix="head", photo=picture)
    is_valid = form.is_valid()
    problem = "" if is_valid else next((str(text) for texts in form.errors.values() for text in texts if text), "")
    if is_valid:
        heads.answer(picture, form)
        picture.refresh_from_db()
        request_loops(prepared_context(request, picture)["style"])
    if not request.htmx:
        if problem:
            messages.warning(request, _("%(problem)s The head hasn't changed.") % {"problem": problem})
        return redirect(f"{DanceForm.url_with_choice(picture, request.POST)}#head")
    panel = heads.HeadPanel.of(picture, is_open=request.POST.get("head-answer") not in ("yes", "none"), problem=problem)
    context = prepared_context(request, picture) | {"head": panel}
    context |= changes(context["style"], request.POST.dict(), follow=True)
    return render(request, "videos/dance.html#head_answer", context, status=200 if is_valid else 400)


@require_POST
@owned_photo
def set_style(request: VisitorRequest, picture: Photo) -> HttpResponse:
    """Store the choice of a style and a body, for all dances of this photo.

    With htmx, return the switch, the notes and the cards that change. Otherwise redirect to the page, and keep the
    choice in its form.
    """
    try:
        limits.count_preview(request.visitor, client_ip(request), "styles")
    except limits.LimitExceeded as error:
        return limit_exceeded(request, error)
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
    context |= changes(context["style"], request.POST.dict(), follow=True)
    return render(request, "videos/dance.html#style_choice", context, status=200 if is_valid else 400)


@require_POST
@owned_photo
def set_name(request: VisitorRequest, picture: Photo) -> HttpResponse:
    """Store the pet's name, which may be empty.

    With htmx, return the panel. Otherwise redirect to the page, and keep the choice in its form.
    """
    try:
        limits.count_preview(request.visitor, client_ip(request), "names")
    except limits.LimitExceeded as error:
        return limit_exceeded(request, error)
    form = NameForm(request.POST, photo=picture)
    is_valid = form.is_valid()
    problem = "" if is_valid else str(next(iter(form.errors.values()))[0])
    if is_valid:
        form.save()
    if not request.htmx:
        if problem:
            messages.warning(request, problem)
        return redirect(f"{DanceForm.url_with_choice(picture, request.POST)}#name")
    context = {"photo": picture, "name_problem": problem, "name_saved": is_valid}
    return render(request, "videos/name.html", context, status=200 if is_valid else 400)
