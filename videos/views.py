"""The owner's way: a photo, a dance, the wait, the video."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import UserRequest
from credits.ledger import InsufficientCredits
from videos import dances, formats, photos
from videos.forms import DanceForm, PhotoForm
from videos.media import ASK_AGAIN, send_file
from videos.models import Photo, Status, Video
from videos.timeline import timeline_of
from videos.uploads import keep_photo


def is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


@require_safe
@login_not_required
@gzip_page
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"dances": dances.DANCES, "welcome": settings.WELCOME_CREDITS})


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: UserRequest) -> HttpResponse:
    """Upload a photo, or go on with an earlier one."""
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if form.is_valid():
        return redirect(keep_photo(request.user, form.normalised, timezone.now()))
    context = {"form": form, "earlier": Photo.objects.of(request.user)[:24], "limit": photos.MAX_BYTES}
    return render(request, "videos/photo.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def dance(request: UserRequest, pk: Any) -> HttpResponse:
    """Pick the dance and the format for a photo, and spend the credit."""
    picture = get_object_or_404(Photo.objects.of(request.user), pk=pk)
    if request.method == "POST":
        form = DanceForm(request.POST)
        if form.is_valid():
            return request_video(request, picture, form)
    else:
        form = DanceForm(initial=DanceForm.choice_for(picture, request.GET))
    return dance_page(request, picture, form, status=400 if form.errors else 200)


def request_video(request: UserRequest, picture: Photo, form: DanceForm) -> HttpResponse:
    choice = form.cleaned_data
    focus = photos.Focus(choice["x"], choice["y"])
    Photo.objects.filter(pk=picture.pk).update(focus_x=focus.x, focus_y=focus.y)
    try:
        video = Video.objects.request(
            user=request.user,
            photo=picture,
            dance=dances.BY_SLUG[choice["dance"]],
            shape=formats.BY_SLUG[choice["format"]],
            focus=focus,
            form_key=choice["form_key"],
            now=timezone.now(),
        )
    except InsufficientCredits:
        return dance_page(request, picture, form, status=402, out_of_credits=True)
    return redirect(video)


def dance_page(request: UserRequest, picture: Photo, form: DanceForm, status: int, **more: Any) -> HttpResponse:
    template = "videos/dance.html#preview" if is_fragment(request) else "videos/dance.html"
    shape = formats.BY_SLUG.get(str(form["format"].value()), picture.proposed_format)
    context = {"photo": picture, "form": form, "shape": shape, "dances": dances.DANCES, "formats": formats.FORMATS}
    return render(request, template, context | more, status=status)


@require_safe
def detail(request: UserRequest, pk: Any) -> HttpResponse:
    """One video: waiting, ready or failed. The fragment is the card that the waiting page asks for again."""
    video = get_object_or_404(Video.objects.of(request.user).select_related("photo"), pk=pk)
    template = "videos/detail.html#card" if is_fragment(request) else "videos/detail.html"
    return render(request, template, {"video": video, "timeline": timeline_of(video, timezone.now())})


@require_safe
def wall(request: UserRequest) -> HttpResponse:
    """My dances, all or in one state."""
    videos = Video.objects.of(request.user)
    show = request.GET.get("show", "")
    wanted = {"ready": [Status.SUCCEEDED], "dancing": [Status.QUEUED, Status.PROCESSING], "returned": [Status.FAILED]}
    if show in wanted:
        videos = videos.filter(status__in=wanted[show])
    return render(request, "videos/list.html", {"videos": videos[:96], "show": show})


@require_POST
def delete(request: UserRequest, pk: Any) -> HttpResponse:
    video = get_object_or_404(Video.objects.of(request.user), pk=pk)
    if not video.delete_by_owner(timezone.now()):
        messages.warning(request, "This dance is still in the making. You can delete it as soon as it has ended.")
        return redirect(video)
    messages.success(request, f"Your {video.title} video is deleted.")
    return redirect("videos:list")


@require_safe
def video_file(request: UserRequest, pk: Any) -> HttpResponseBase:
    """The MP4, to play; ``?download`` saves it under a good name."""
    video = get_object_or_404(Video.objects.of(request.user), pk=pk, status=Status.SUCCEEDED)
    name = video.download_name if "download" in request.GET else ""
    return send_file(request, video.file, "video/mp4", etag=video.sha256, download_name=name)


@require_safe
def video_poster(request: UserRequest, pk: Any) -> HttpResponseBase:
    video = get_object_or_404(Video.objects.of(request.user), pk=pk, status=Status.SUCCEEDED)
    return send_file(request, video.poster, "image/jpeg", etag=f"{video.sha256}-poster")


@require_safe
def photo_image(request: UserRequest, pk: Any) -> HttpResponseBase:
    picture = get_object_or_404(Photo.objects.of(request.user), pk=pk)
    return send_file(request, picture.image, "image/jpeg", etag=picture.sha256)


@require_safe
def photo_thumbnail(request: UserRequest, pk: Any) -> HttpResponseBase:
    picture = get_object_or_404(Photo.objects.of(request.user), pk=pk)
    return send_file(request, picture.thumbnail, "image/webp", etag=f"{picture.sha256}-thumbnail")


@require_safe
def photo_sticker(request: UserRequest, pk: Any) -> HttpResponseBase:
    """The pet as it will dance, on a transparent ground; nothing (204) until the worker has prepared it."""
    picture = get_object_or_404(Photo.objects.of(request.user), pk=pk)
    if not picture.sticker or picture.due_at:
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    # Made anew, under the same address, when the owner switches between cut-out and print.
    etag = f"{picture.sha256}-sticker-{picture.claim}"
    return send_file(request, picture.sticker, "image/webp", etag=etag, cache=ASK_AGAIN)


@require_POST
def switch_cutout(request: UserRequest, pk: Any) -> HttpResponse:
    """The pet cut out, or the photo as a print: the owner's choice for all dances of this photo."""
    picture = get_object_or_404(Photo.objects.of(request.user), pk=pk)
    picture.switch_cutout(request.POST.get("cutout") == "on")
    return redirect(picture)


@require_POST
def ask_preview(request: UserRequest, pk: Any, dance: str) -> HttpResponse:
    """Two seconds of this dance: asked for at the first call, told by later ones. Without htmx, back to the page."""
    picture = get_object_or_404(Photo.objects.of(request.user), pk=pk)
    if dance not in dances.BY_SLUG:
        raise Http404("There is no such dance.")
    preview = picture.preview_of(dances.BY_SLUG[dance], timezone.now())
    if not is_fragment(request):
        return redirect(f"{picture.get_absolute_url()}?dance={dance}")
    context = {"photo": picture, "preview": preview, "dance": preview.style}
    return render(request, "videos/dance.html#moving", context)


@require_safe
def preview_file(request: UserRequest, pk: Any, dance: str) -> HttpResponseBase:
    picture = get_object_or_404(Photo.objects.of(request.user), pk=pk)
    ready = picture.previews.filter(cutout=picture.cutout).exclude(file="")
    preview = get_object_or_404(ready, dance=dance)
    return send_file(request, preview.file, "video/mp4", etag=f"{preview.pk}-{preview.claim}", cache=ASK_AGAIN)


@require_safe
def photo_frame(request: UserRequest, pk: Any, shape: str) -> HttpResponse:
    """The exact frame of a format around ``?x=&y=``, as the studio will get it, at half its size."""
    picture = get_object_or_404(Photo.objects.of(request.user), pk=pk)
    choice = DanceForm.choice_for(picture, request.GET.dict() | {"format": shape})
    wanted = formats.BY_SLUG[choice["format"]]
    with picture.image.open() as file:
        frame = photos.exact_frame(file.read(), wanted, photos.Focus(choice["x"], choice["y"]))
    small = photos.thumbnail(frame, max(wanted.width, wanted.height) // 2)
    return HttpResponse(small, content_type="image/webp", headers={"Cache-Control": "private, max-age=3600"})
