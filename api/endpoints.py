"""The JSON API: the same verbs and the same rules as the pages."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from ninja import File, Header, Query, Status
from ninja.files import UploadedFile
from pydantic import StringConstraints

from accounts.limits import Limit
from accounts.models import User
from accounts.slower import address_of
from api import problems, schemas
from api.auth import PerOwner, PersonalToken, Session
from api.document import Document, binary, with_problems
from videos import allowance, dances, formats
from videos.forms import PhotoForm
from videos.makers import offered_formats
from videos.media import send_file
from videos.models import Photo, Video
from videos.models import Status as State
from videos.offer import request_video
from videos.timeline import percent_of
from videos.uploads import keep_photo

MINUTE, HOUR = 60, 3600
PAGE = 24
READING = PerOwner(Limit("api-read", 300, MINUTE))
UPLOADS = PerOwner(Limit("api-upload", 60, HOUR))
ORDERS = PerOwner(Limit("api-generate", 120, HOUR))
# Keys of clients become form keys in a space of their own: they never meet the keys that pages make.
KEYS = uuid.UUID("6f7a1c52-5d0e-4f0b-9a52-2f1f3a1f6c11")

Key = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]
Limit100 = Annotated[int, Query(PAGE, ge=1, le=100)]

api = Document(
    title="PetGroove",
    version="1",
    description="A photo of a pet becomes a five-second dance video, for one credit.",
    auth=[PersonalToken(), Session()],
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
problems.install(api)


def owner_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@api.post("/upload", response={201: schemas.PhotoOut}, throttle=UPLOADS, **with_problems(409, 422))
def upload(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """Send a photo of a pet: JPEG, PNG, WebP or HEIC, up to 10 MB."""
    allowance.take_upload(owner_of(request), address_of(request))
    form = PhotoForm({}, MultiValueDict({"image": [file]}))
    if not form.is_valid():
        sentence = str(form.errors["image"][0])
        raise problems.BadTime(sentence) if form.came_at_a_bad_time else problems.Refusal("file", sentence)
    return Status(201, photo_out(request, keep_photo(owner_of(request), form.normalised, timezone.now())))


@api.post(
    "/videos/generate",
    response={202: schemas.GenerateOut},
    throttle=ORDERS,
    **with_problems(402, 422),
)
def generate(
    request: HttpRequest,
    wish: schemas.GenerateIn,
    key: Annotated[
        Key | None,
        Header(
            alias="Idempotency-Key",
            description="The same key gives the same video, for ever, and is charged once.",
        ),
    ] = None,
) -> Any:
    """Ask for a video. It costs one credit, which comes back by itself when there is no video in time."""
    user, now = owner_of(request), timezone.now()
    form_key = uuid.uuid5(KEYS, key) if key else uuid.uuid4()
    # First of all: what the wish names may be gone by now, and the answer is the same for ever.
    video = Video.objects.filter(user=user, form_key=form_key).first() if key else None
    if video is None:
        photo, shape = wished_photo(request, wish), wished_shape(wish)
        allowance.take_dance(user, address_of(request), form_key)
        dance, shape = dances.BY_SLUG[wish.danceStyle], shape or photo.proposed_format
        video = request_video(user=user, photo=photo, dance=dance, shape=shape, form_key=form_key, now=now)
    if not is_wished(request, wish, video):
        raise problems.Refusal("Idempotency-Key", "This key was used for another request. Nothing was charged.")
    return Status(202, {"videoId": video.pk, "status": video.status})


@api.get("/videos/status", response=schemas.VideoOut, throttle=READING, **with_problems(404, 422))
def status(request: HttpRequest, videoId: uuid.UUID) -> Any:
    """How one video stands. Asking every five seconds is often enough."""
    return video_out(request, get_object_or_404(Video.objects.of(owner_of(request)), pk=videoId))


@api.get("/videos", response=schemas.Videos, throttle=READING, **with_problems(404, 422))
def videos(request: HttpRequest, limit: Limit100 = PAGE, before: uuid.UUID | None = None) -> Any:
    """All videos, the newest first."""
    rows, following = paged(Video.objects.of(owner_of(request)), limit, before)
    return {"videos": [video_out(request, row) for row in rows], "next": following}


@api.get("/photos", response=schemas.Photos, throttle=READING, **with_problems(404, 422))
def photos(request: HttpRequest, limit: Limit100 = PAGE, before: uuid.UUID | None = None) -> Any:
    """All photos, the newest first."""
    rows, following = paged(Photo.objects.of(owner_of(request)), limit, before)
    return {"photos": [photo_out(request, row) for row in rows], "next": following}


@api.get("/dances", response=schemas.Dances, throttle=READING, **with_problems())
def all_dances(request: HttpRequest) -> Any:
    """What a pet can dance."""
    told = [
        {
            "danceStyle": dance.slug,
            "name": dance.name,
            "beatsPerMinute": dance.bpm,
            "line": dance.line,
            "bestPhoto": dance.best_photo,
        }
        for dance in dances.DANCES
    ]
    return {"dances": told}


@api.get("/videos/{uuid:videoId}/dance.mp4", throttle=READING, url_name="video_file", **binary("video/mp4"))
def video_file(request: HttpRequest, videoId: uuid.UUID) -> HttpResponseBase:
    """The video itself; byte ranges are served."""
    video = get_object_or_404(Video.objects.of(owner_of(request)), pk=videoId, status=State.SUCCEEDED)
    return send_file(request, video.file, "video/mp4", etag=video.sha256)


@api.get("/videos/{uuid:videoId}/poster.jpg", throttle=READING, url_name="video_poster", **binary("image/jpeg"))
def video_poster(request: HttpRequest, videoId: uuid.UUID) -> HttpResponseBase:
    """The first frame."""
    video = get_object_or_404(Video.objects.of(owner_of(request)), pk=videoId, status=State.SUCCEEDED)
    return send_file(request, video.poster, "image/jpeg", etag=f"{video.sha256}-poster")


@api.get("/photos/{uuid:photoId}/photo.jpg", throttle=READING, url_name="photo_image", **binary("image/jpeg"))
def photo_image(request: HttpRequest, photoId: uuid.UUID) -> HttpResponseBase:
    """The photo as we keep it."""
    photo = get_object_or_404(Photo.objects.of(owner_of(request)), pk=photoId)
    return send_file(request, photo.image, "image/jpeg", etag=photo.sha256)


def wished_photo(request: HttpRequest, wish: schemas.GenerateIn) -> Photo:
    """The owner's photo that is meant. An address is only ever compared with ours, never fetched."""
    if (wish.photoId is None) == (wish.imageUrl is None):
        raise problems.Refusal("photoId", "Send either photoId or imageUrl.")
    pk = wished_id(request, wish)
    photo = Photo.objects.of(owner_of(request)).filter(pk=pk).first() if pk else None
    if photo is None:
        field = "photoId" if wish.photoId else "imageUrl"
        raise problems.Refusal(field, "This is no photo of yours. Upload it first, and send what the upload returned.")
    return photo


def wished_id(request: HttpRequest, wish: schemas.GenerateIn) -> uuid.UUID | None:
    return wish.photoId or photo_in(request, wish.imageUrl or "")


def wished_shape(wish: schemas.GenerateIn) -> formats.Format | None:
    """The format that was asked for; None leaves it to the photo."""
    shape = formats.BY_SLUG[wish.format] if wish.format else None
    if shape and shape not in offered_formats():
        raise problems.Refusal("format", "The studio does not make this format at the moment.")
    return shape


def is_wished(request: HttpRequest, wish: schemas.GenerateIn, video: Video) -> bool:
    """Whether the video is the one that this wish describes, whatever became of its photo."""
    shape = wish.format or video.format
    wished = (wished_id(request, wish), wish.danceStyle, shape)
    return wished == (video.photo_id, video.dance, video.format) and not (wish.photoId and wish.imageUrl)


def photo_in(request: HttpRequest, address: str) -> uuid.UUID | None:
    """The id in an ``imageUrl`` that an upload returned."""
    path = address.removeprefix(request.build_absolute_uri("/")[:-1])
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return uuid.UUID(str(found.kwargs["photoId"])) if found.view_name == "api:photo_image" else None


def paged(rows: Any, limit: int, before: uuid.UUID | None) -> tuple[list[Any], uuid.UUID | None]:
    """One page of an owner's rows, and what to ask for the next one with."""
    if before:
        last = rows.filter(pk=before).first()
        if last is None:
            raise Http404
        # Of those of one moment, too, some come before and some after.
        same = Q(created_at=last.created_at, pk__lt=last.pk)
        rows = rows.filter(Q(created_at__lt=last.created_at) | same)
    found = list(rows.order_by("-created_at", "-pk")[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def absolute(request: HttpRequest, name: str, **arguments: uuid.UUID) -> str:
    return request.build_absolute_uri(reverse(f"api:{name}", kwargs=arguments))


def photo_out(request: HttpRequest, photo: Photo) -> dict[str, Any]:
    return {
        "photoId": photo.pk,
        "imageUrl": absolute(request, "photo_image", photoId=photo.pk),
        "width": photo.width,
        "height": photo.height,
        "notes": photo.notes,
        "removed": photo.removed,
        "createdAt": photo.created_at,
    }


def video_out(request: HttpRequest, video: Video) -> dict[str, Any]:
    ready = video.status == State.SUCCEEDED
    return {
        "videoId": video.pk,
        "status": video.status,
        "progress": percent_of(video) if video.is_living else 100 if ready else round(100 * video.progress),
        "error": video.error_message or None,
        "errorCode": video.error_code or None,
        "videoUrl": absolute(request, "video_file", videoId=video.pk) if ready else None,
        "posterUrl": absolute(request, "video_poster", videoId=video.pk) if ready else None,
        "photoId": video.photo_id,
        "danceStyle": video.dance,
        "format": video.format,
        "createdAt": video.created_at,
        "promisedBy": video.promised_by,
        "finishedAt": video.finished_at,
    }
