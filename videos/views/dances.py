"""The page where an owner picks a dance and a format for a photo, and the previews on it."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import client_ip
from accounts.middleware import redirect_to_entrance
from accounts.throttling import RateLimitResult
from credits.ledger import InsufficientCredits
from videos import clock, dances, formats, limits, ordering, photos
from videos.forms import DanceForm, NameForm, StyleForm
from videos.models import Guest, Photo, Preview, PreviewPending, ProviderUnavailable
from videos.providers.registry import offered_formats
from videos.views.cards import StylePanel
from videos.views.decorators import limit_exceeded, owned_photo
from videos.views.heads import HeadPanel
from videos.views.stage import Stage
from videos.visitors import VisitorRequest

# How long a preview takes, roughly.
PREVIEW_SECONDS = 10


@require_http_methods(["GET", "HEAD", "POST"])
@owned_photo
def dance(request: VisitorRequest, picture: Photo) -> HttpResponseBase:
    """Show the choice of dance and format for a photo; on POST, order the video and charge the credit.

    A guest signs up first, and then finds the photo and the choice here.
    """
    if request.method == "POST" and "get_credits" in request.POST:
        back = urlencode({"next": DanceForm.url_with_choice(picture, request.POST)})
        return redirect(f"{reverse('credits:history')}?{back}")
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
    """Render the page or, for a fragment, the large picture and the cards that change with the format and focus."""
    notice = ordering.provider_notice(request.visitor, timezone.now())
    panel = StylePanel(picture, notice.is_studio, requested=StyleForm.valid_choice(request.GET))
    context: dict[str, Any] = {"photo": picture, "form": form, "style": panel}
    if request.htmx:
        stage = Stage.of(panel, request.GET)
        context |= {"stage": stage} | panel.framed_cards(stage.shape, stage.focus)
        return render(request, "videos/dance.html#framed", context | extra, status=status)
    shape = formats.BY_SLUG.get(str(form["format"].value()), picture.proposed_format)
    focus = form_focus(form, picture)
    context |= {"shape": shape, "formats": offered_formats(), "kept_for": limits.kept_for()}
    context |= {"notice": notice, "head": HeadPanel.of(picture)} | panel.cards(shape, focus)
    chosen = dances.BY_SLUG.get(str(form["dance"].value()))
    shown = chosen or dances.DANCES[0]
    preview, loop = next((preview, loop) for card, preview, loop in context["cards"] if card is shown)
    context |= {"chosen": chosen, "stage": Stage(panel, shown, shape, focus, preview, loop)}
    return render(request, "videos/dance.html", context | extra, status=status)


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

    ``?again`` retries a preview, and ``?wait`` requests none. The page sends ``auto`` if it asks on its own, for the
    dance that is chosen. Without htmx, redirect to the page and keep the choice in the form.
    """
    if dance not in dances.BY_SLUG:
        raise Http404("Unknown dance.")
    page, notice = request.POST.dict(), ordering.provider_notice(request.visitor, timezone.now())
    url = DanceForm.url_with_choice(picture, page | {"dance": dance})
    stage = Stage.of(StylePanel(picture, notice.is_studio), page | {"dance": dance})
    again = "again" in request.GET
    is_up_to_date = stage.preview is not None and stage.preview.matches(stage.shape, stage.focus)
    may_ask = "wait" not in request.GET and ("auto" not in page or may_ask_on_its_own(stage))
    if may_ask and (again or not is_up_to_date):
        if isinstance(request.visitor, Guest):
            request.visitor.resume_at(url)
        try:
            limits.count_preview(request.visitor, client_ip(request), "previews")
            stage = replace(stage, preview=request_preview(stage, again=again))
        except limits.LimitExceeded as error:
            return limit_exceeded(request, error)
    if not request.htmx:
        return redirect(url)
    is_chosen = page.get("dance") == dance
    context = {"photo": picture, "preview": stage.preview, "dance": stage.dance, "stage": stage, "is_chosen": is_chosen}
    return render(request, "videos/dance.html#preview_answer", context)


def may_ask_on_its_own(stage: Stage) -> bool:
    """Whether the page may get the preview of the chosen dance: one at a time, and of a photo that is prepared.

    The previews that the visitor no longer waits for make way.
    """
    if not stage.panel.is_studio or stage.photo.due_at:
        return False
    return Preview.objects.make_way(stage.photo, dance=stage.dance.slug, **stage.panel.look)


def request_preview(stage: Stage, *, again: bool) -> Preview:
    """Request the preview of the chosen dance, or retry the one that failed. Raises LimitExceeded."""
    now = clock.now()
    try:
        preview = stage.photo.preview_of(stage.dance, now, stage.shape, stage.focus)
        if again:
            preview.retry(now)
    except PreviewPending as error:
        reason = _("One preview at a time: the last one is almost ready.")
        raise limits.LimitExceeded(reason, RateLimitResult(False, 1, 0, PREVIEW_SECONDS)) from error
    return preview
