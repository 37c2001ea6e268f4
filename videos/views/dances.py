"""The page where an owner picks a dance and a format for a photo, and the previews on it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import client_ip
from accounts.middleware import redirect_to_entrance
from accounts.throttling import RateLimitResult
from credits.ledger import InsufficientCredits
from videos import clock, dances, formats, limits, ordering, photos
from videos.forms import DanceForm, NameForm, StyleForm
from videos.models import Guest, Photo, PreviewPending, ProviderUnavailable
from videos.photos.framing import can_move_focus
from videos.views.cards import StylePanel
from videos.views.decorators import limit_exceeded, owned_photo
from videos.views.heads import HeadPanel
from videos.visitors import VisitorRequest

# How long a preview takes, roughly.
PREVIEW_SECONDS = 10


@require_http_methods(["GET", "HEAD", "POST"])
@owned_photo
def dance(request: VisitorRequest, picture: Photo) -> HttpResponseBase:
    """Show the choice of dance and format for a photo; on POST, order the video and charge the credit.

    A guest signs up first, and then finds the photo and the choice here.
    """
    if request.method == "POST":
        form = DanceForm(request.POST)
        if form.is_valid():
            return order_video(request, picture, form)
    else:
        form = DanceForm(initial=DanceForm.initial_choice(picture, request.GET))
    return dance_page(request, picture, form, status=400 if form.errors else 200)


def order_video(request: VisitorRequest, picture: Photo, form: DanceForm) -> HttpResponseBase:
    choice = form.cleaned_data
    focus, now = photos.Focus(choice["x"], choice["y"]), clock.now()
    picture.set_focus(focus)
    style = StyleForm(request.POST, photo=picture)
    if style.is_changed and style.is_valid():
        style.save()
    name = NameForm(request.POST, photo=picture)
    # The name is optional, so that one that is too long does not stand in the way of a video.
    if name.is_valid():
        name.save()
    if isinstance(request.visitor, Guest):
        return sign_up(request, request.visitor, picture)
    try:
        limits.count_video(request.visitor, client_ip(request), choice["idempotency_key"])
        video = ordering.request_video(
            user=request.visitor,
            photo=picture,
            dance=dances.BY_SLUG[choice["dance"]],
            shape=formats.BY_SLUG[choice["format"]],
            focus=focus,
            idempotency_key=choice["idempotency_key"],
            now=now,
        )
    except limits.LimitExceeded as error:
        return limit_exceeded(request, error)
    except InsufficientCredits:
        return dance_page(request, picture, form, status=402, out_of_credits=True)
    except ordering.OnlyPeople as error:
        return dance_page(request, picture, form, status=409, problem=str(error))
    except ProviderUnavailable:
        return dance_page(request, picture, form, status=503)
    return redirect(video)


def sign_up(request: VisitorRequest, guest: Guest, picture: Photo) -> HttpResponseBase:
    """Have the guest sign up, and remember the choice for whichever way they come back."""
    url = DanceForm.url_with_choice(picture, request.POST)
    guest.resume_at(url)
    return redirect_to_entrance(request, url)


def dance_page(request: VisitorRequest, picture: Photo, form: DanceForm, status: int, **extra: Any) -> HttpResponse:
    template = "videos/dance.html#preview" if request.htmx else "videos/dance.html"
    shape = formats.BY_SLUG.get(str(form["format"].value()), picture.proposed_format)
    context = {"photo": picture, "form": form, "shape": shape, "kept_for": limits.kept_for()}
    if not request.htmx:
        notice = ordering.provider_notice(request.visitor, timezone.now())
        panel = StylePanel(picture, notice.is_studio, requested=StyleForm.valid_choice(request.GET))
        context |= {"notice": notice, "head": HeadPanel.of(picture), "style": panel}
        context |= panel.cards(shape, form_focus(form, picture))
        context["room_x"], context["room_y"] = can_move_focus(picture.width, picture.height, shape)
        context["chosen"] = dances.BY_SLUG.get(str(form["dance"].value()))
    return render(request, template, context | extra, status=status)


def form_focus(form: DanceForm, picture: Photo) -> photos.Focus:
    """Return the focus that the form holds, or the photo's own focus if the form's is invalid."""
    try:
        return photos.Focus(float(form["x"].value()), float(form["y"].value()))
    except (TypeError, ValueError):
        return picture.focus


@require_POST
@owned_photo
def ask_preview(request: VisitorRequest, picture: Photo, dance: str) -> HttpResponse:
    """Request a two-second preview of this dance, or return the state of the one that exists.

    ``?again`` retries a preview. Without htmx, redirect to the page and keep the choice in the form.
    """
    if dance not in dances.BY_SLUG:
        raise Http404("Unknown dance.")
    now, again = clock.now(), "again" in request.GET
    choice = DanceForm.initial_choice(picture, request.POST.dict())
    shape, focus = formats.BY_SLUG[choice["format"]], photos.Focus(choice["x"], choice["y"])
    existing = picture.previews.filter(dance=dance, **picture.look).first()
    url = DanceForm.url_with_choice(picture, request.POST.dict() | {"dance": dance})
    if again or not (existing and existing.matches(shape, focus)):
        if isinstance(request.visitor, Guest):
            request.visitor.resume_at(url)
        try:
            limits.count_preview(request.visitor, client_ip(request), "previews")
        except limits.LimitExceeded as error:
            return limit_exceeded(request, error)
    try:
        preview = picture.preview_of(dances.BY_SLUG[dance], now, shape, focus)
        if again:
            preview.retry(now)
    except PreviewPending:
        reason = "One preview at a time: the last one is almost ready."
        return limit_exceeded(request, limits.LimitExceeded(reason, RateLimitResult(False, 1, 0, PREVIEW_SECONDS)))
    if not request.htmx:
        return redirect(url)
    context = {"photo": picture, "preview": preview, "dance": preview.catalogue_dance}
    return render(request, "videos/dance.html#moving", context)
