"""The owner's way: a photo, a dance, the wait, the video."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import UserRequest
from accounts.slower import address_of, too_often
from credits.ledger import InsufficientCredits
from videos import allowance, dances, formats, offer, photos
from videos.forms import DanceForm, PhotoForm
from videos.frames import has_room
from videos.models import Photo, StudioClosed, Video
from videos.poll import address_of as poll_address
from videos.poll import unless_new
from videos.storage import StorageAway
from videos.timeline import minutes_to, timeline_of
from videos.uploads import AccountClosed, keep_photo

log = logging.getLogger(__name__)

GONE = (
    "That photo was deleted meanwhile, so it cannot dance. Nothing was spent: choose another one, or send it once more."
)


def is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


@require_safe
@login_not_required
@gzip_page
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"dances": dances.FLOOR, "welcome": settings.WELCOME_CREDITS})


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: UserRequest) -> HttpResponse:
    """Upload a photo, or go on with an earlier one."""
    return upload(request) if request.method == "POST" else photo_page(request, PhotoForm())


def upload(request: UserRequest) -> HttpResponse:
    try:
        allowance.take_upload(request.user, address_of(request))
    except allowance.Enough as error:
        return too_often(request, error.verdict, str(error))
    except allowance.Full as error:
        return photo_page(request, PhotoForm(), status=409, problem=str(error))
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return photo_page(request, form, status=503 if form.came_at_a_bad_time else 400)
    try:
        return redirect(keep_photo(request.user, form.normalised, timezone.now()))
    except AccountClosed:
        return redirect("account_closed")
    except StorageAway as error:
        log.error("the storage is away", extra={"reason": str(error)})
        words = "Your photo could not be kept just now. Please send it once more in a minute."
        return photo_page(request, PhotoForm(), status=503, problem=words)


def photo_page(request: UserRequest, form: PhotoForm, *, status: int = 200, problem: str = "") -> HttpResponse:
    earlier = Photo.objects.of(request.user)[:24]
    context = {"form": form, "earlier": earlier, "limit": photos.MAX_BYTES, "problem": problem}
    return render(request, "videos/photo.html", context, status=status)


def of_a_photo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view its owner's photo; one that was deleted meanwhile, in another tab, leads on to the next one."""

    @wraps(view)
    def found(request: UserRequest, pk: Any, **more: Any) -> HttpResponse:
        if picture := Photo.objects.of(request.user).filter(pk=pk).first():
            return view(request, picture, **more)
        if is_fragment(request):
            raise Http404("There is no such photo.")
        get_object_or_404(request.user.photos, pk=pk)
        messages.warning(request, GONE)
        return redirect("videos:photo")

    return found


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_photo
def dance(request: UserRequest, picture: Photo) -> HttpResponse:
    """Pick the dance and the format for a photo, and spend the credit."""
    if request.method == "POST":
        form = DanceForm(request.POST)
        if form.is_valid():
            return request_video(request, picture, form)
    else:
        form = DanceForm(initial=DanceForm.choice_for(picture, request.GET))
    return dance_page(request, picture, form, status=400 if form.errors else 200)


def request_video(request: UserRequest, picture: Photo, form: DanceForm) -> HttpResponse:
    choice = form.cleaned_data
    focus, now = photos.Focus(choice["x"], choice["y"]), timezone.now()
    picture.look_at(focus)
    try:
        allowance.take_dance(request.user, address_of(request), choice["form_key"])
        video = offer.request_video(
            user=request.user,
            photo=picture,
            dance=dances.BY_SLUG[choice["dance"]],
            shape=formats.BY_SLUG[choice["format"]],
            focus=focus,
            form_key=choice["form_key"],
            now=now,
        )
    except allowance.Enough as error:
        return too_often(request, error.verdict, str(error))
    except InsufficientCredits:
        return dance_page(request, picture, form, status=402, out_of_credits=True)
    except StudioClosed:
        return dance_page(request, picture, form, status=503)
    return redirect(video)


def dance_page(request: UserRequest, picture: Photo, form: DanceForm, status: int, **more: Any) -> HttpResponse:
    template = "videos/dance.html#preview" if is_fragment(request) else "videos/dance.html"
    shape = formats.BY_SLUG.get(str(form["format"].value()), picture.proposed_format)
    context = {"photo": picture, "form": form, "shape": shape}
    if not is_fragment(request):
        context |= cards_of(picture, shape, focus_of(form, picture))
        context["room_x"], context["room_y"] = has_room(picture.width, picture.height, shape)
        context["chosen"] = dances.BY_SLUG.get(str(form["dance"].value()))
        context["offer"] = offer.offer_for(request.user, timezone.now())
    return render(request, template, context | more, status=status)


def focus_of(form: DanceForm, picture: Photo) -> photos.Focus:
    """Around which point the page shows the photo: the form's, or the photo's own where that is nonsense."""
    try:
        return photos.Focus(float(form["x"].value()), float(form["y"].value()))
    except (TypeError, ValueError):
        return picture.focus


def cards_of(picture: Photo, shape: formats.Format, focus: photos.Focus) -> dict[str, Any]:
    """The sixteen dances, each with its preview of this frame where there is one, and how the pet looks on all of them.

    What dances as a print is shown as the square that the frame keeps: whole, a very wide photo would be a thin strip.
    """
    made = picture.previews.filter(cutout=picture.cutout)
    previews = {preview.dance: preview for preview in made if not preview.file or preview.shows(shape, focus)}
    as_print = not picture.sticker or bool(picture.due_at) or picture.dances_as != "cutout"
    if as_print:
        around = {"x": str(picture.focus_x), "y": str(picture.focus_y)}
        pet = f"{reverse('videos:photo_frame', args=[picture.pk, 'square'])}?{urlencode(around)}"
    else:
        pet = reverse("videos:photo_sticker", args=[picture.pk])
    cards = [(dance, previews.get(dance.slug)) for dance in dances.FLOOR]
    return {"cards": cards, "as_print": as_print, "pet": pet}


@require_safe
def detail(request: UserRequest, pk: Any) -> HttpResponse:
    """One video: waiting, ready or failed. The fragment is the card that the waiting page asks for again."""
    video = get_object_or_404(Video.objects.of(request.user).with_place().select_related("photo", "share"), pk=pk)
    template = "videos/detail.html#card" if is_fragment(request) else "videos/detail.html"
    now = timezone.now()
    context = {"video": video, "timeline": timeline_of(video, now), "minutes": minutes_to(video.promised_by, now)}
    if video.is_living:
        context["poll"] = poll_address(request, video)
    return render(request, template, context)


@require_safe
@login_not_required
def poll(request: UserRequest, pk: Any, token: str) -> HttpResponse:
    """The waiting page asks whether to show something new; ``videos.poll`` sees to it that only its owner is told."""
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


@require_POST
@of_a_photo
def delete_photo(request: UserRequest, picture: Photo) -> HttpResponse:
    if not picture.delete_by_owner(timezone.now()):
        messages.warning(request, "A dance of this photo is still in the making. You can delete it after that.")
        return redirect(picture)
    messages.success(request, "Your photo is deleted. The dances that were made of it stay until you delete them.")
    return redirect("videos:photo")


@require_safe
@of_a_photo
def photo_notes(request: UserRequest, picture: Photo) -> HttpResponse:
    """What the owner should know of the photo: asked for until the worker has prepared it."""
    context = {"photo": picture, "offer": offer.offer_for(request.user, timezone.now())}
    return render(request, "videos/dance.html#notes", context)


@require_POST
@of_a_photo
def switch_cutout(request: UserRequest, picture: Photo) -> HttpResponse:
    """The pet cut out, or the photo as a print: the owner's choice for all dances of this photo."""
    try:
        allowance.take_look(request.user, "switches")
    except allowance.Enough as error:
        return too_often(request, error.verdict, str(error))
    picture.switch_cutout(request.POST.get("cutout") == "on")
    return redirect(DanceForm.address_for(picture, request.POST))


@require_POST
@of_a_photo
def ask_preview(request: UserRequest, picture: Photo, dance: str) -> HttpResponse:
    """Two seconds of this dance: asked for at the first call and with ``?again``, told by the others.

    Without htmx, back to the page with the choice that was made there.
    """
    if dance not in dances.BY_SLUG:
        raise Http404("There is no such dance.")
    now, again = timezone.now(), "again" in request.GET
    choice = DanceForm.choice_for(picture, request.POST.dict())
    shape, focus = formats.BY_SLUG[choice["format"]], photos.Focus(choice["x"], choice["y"])
    known = picture.previews.filter(dance=dance, cutout=picture.cutout).first()
    if again or not (known and known.shows(shape, focus)):
        try:
            allowance.take_look(request.user, "previews")
        except allowance.Enough as error:
            return too_often(request, error.verdict, str(error))
    preview = picture.preview_of(dances.BY_SLUG[dance], now, shape, focus)
    if again:
        preview.ask_again(now)
    if not is_fragment(request):
        return redirect(DanceForm.address_for(picture, request.POST.dict() | {"dance": dance}))
    context = {"photo": picture, "preview": preview, "dance": preview.style}
    return render(request, "videos/dance.html#moving", context)
