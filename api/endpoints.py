"""The operations of the JSON API. They follow the same rules as the pages."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from ninja import File, Form, Header, Query, Status
from ninja.files import UploadedFile
from pydantic import Json, StringConstraints

from accounts.http import client_ip
from accounts.models import User
from accounts.throttling import HOUR, MINUTE, RateLimit
from api import problems, schemas
from api.auth import PersonalToken, Session, UserRateThrottle
from api.openapi import PetGrooveAPI, binary, with_problems
from api.serializers import export_out, paged, photo_out, video_out
from videos import clock, dances, formats, limits, names
from videos.forms import PhotoForm
from videos.models import ExportKind, Photo, Video, VideoExport
from videos.models import Status as State
from videos.models.export import possible_kinds
from videos.ordering import OnlyPeople, request_video
from videos.photos.head import ON_FACE, Head, InvalidHead
from videos.providers.registry import offered_formats
from videos.responses import serve_export, serve_photo, serve_poster, serve_video
from videos.styles import NO_HEAD, Body, Style
from videos.uploads import store_photo

PAGE_SIZE = 24
READ = UserRateThrottle(RateLimit("api-read", 300, MINUTE))
UPLOAD = UserRateThrottle(RateLimit("api-upload", 60, HOUR))
GENERATE = UserRateThrottle(RateLimit("api-generate", 120, HOUR))
# Clients' keys are hashed into their own namespace, so they never collide with the keys of pages.
IDEMPOTENCY_NAMESPACE = uuid.UUID("6f7a1c52-5d0e-4f0b-9a52-2f1f3a1f6c11")

Key = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]
Limit100 = Annotated[int, Query(PAGE_SIZE, ge=1, le=100)]

api = PetGrooveAPI(
    title="PetGroove",
    version="1",
    description="Turn a photo of a pet into a five-second dance video, for one credit.",
    auth=[PersonalToken(), Session()],
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
problems.install(api)


def owner_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@api.post("/upload", response={201: schemas.PhotoOut}, throttle=UPLOAD, **with_problems(409, 422))
def upload(
    request: HttpRequest,
    file: File[UploadedFile],
    head: Annotated[
        Json[schemas.Oval] | None, Form(description="Where the pet's head is, as JSON. Default: we look for it.")
    ] = None,
    style: Annotated[
        Style | None,
        Form(
            description="dancer: the pet's head on a dancing body; whole_pet: the pet as it is in the photo. "
            "Default: dancer if the pet's head is found for sure."
        ),
    ] = None,
    body: Annotated[Body | None, Form(description="The dancer's body. Default: we choose.")] = None,
    petName: Annotated[str, Form(description=schemas.PET_NAME)] = "",
) -> Any:
    """Upload a photo of a pet: JPEG, PNG, WebP, HEIC or AVIF, up to 10 MB."""
    oval, pet_name = resolve_head(head), resolve_name(petName)
    limits.count_upload(owner_of(request), client_ip(request))
    form = PhotoForm({}, MultiValueDict({"image": [file]}))
    if not form.is_valid():
        sentence = str(form.errors["image"][0])
        raise (
            problems.TemporarilyUnavailable(sentence)
            if form.is_temporary_error
            else problems.InvalidField("file", sentence)
        )
    photo = store_photo(
        owner_of(request), form.normalised, clock.now(), head=oval, style=style, body=body, pet_name=pet_name
    )
    return Status(201, photo_out(request, photo))


@api.post(
    "/videos/generate",
    response={202: schemas.GenerateOut},
    throttle=GENERATE,
    **with_problems(402, 422),
)
def generate(
    request: HttpRequest,
    payload: schemas.GenerateIn,
    key: Annotated[
        Key | None,
        Header(
            alias="Idempotency-Key",
            description="Requests with the same key always return the same video and are charged once.",
        ),
    ] = None,
) -> Any:
    """Request a video for one credit, which is refunded automatically if the video is not finished in time."""
    user, now = owner_of(request), clock.now()
    idempotency_key = uuid.uuid5(IDEMPOTENCY_NAMESPACE, key) if key else uuid.uuid4()
    # Look up the key first: a known key returns its video even if the photo has been deleted since.
    video = Video.objects.filter(user=user, idempotency_key=idempotency_key).first() if key else None
    if video is None:
        photo, shape, head = resolve_photo(request, payload), resolve_format(payload), resolve_head(payload.head)
        if head and photo.is_person(head):
            raise problems.InvalidField("head", gettext(ON_FACE))
        if payload.style is Style.DANCER and not (head or photo.may_have_head):
            raise problems.InvalidField("style", gettext(NO_HEAD))
        limits.count_video(user, client_ip(request), idempotency_key)
        dance, shape = dances.BY_SLUG[payload.danceStyle], shape or photo.proposed_format
        try:
            video = request_video(
                user=user,
                photo=photo,
                dance=dance,
                shape=shape,
                head=head,
                style=payload.style,
                body=payload.body,
                pet_name=None if payload.petName is None else resolve_name(payload.petName),
                idempotency_key=idempotency_key,
                now=now,
            )
        except OnlyPeople as error:
            raise problems.InvalidField("photoId", str(error)) from error
    if not matches_payload(request, payload, video):
        raise problems.InvalidField(
            "Idempotency-Key", "This key was used for another request. Nothing was charged. Send a new key."
        )
    return Status(202, {"videoId": video.pk, "status": video.status})


@api.get("/videos/status", response=schemas.VideoOut, throttle=READ, **with_problems(404, 422))
def status(request: HttpRequest, videoId: uuid.UUID) -> Any:
    """Return the status of a video. Poll at most every five seconds."""
    return video_out(request, get_object_or_404(Video.objects.of(owner_of(request)), pk=videoId))


@api.get("/videos", response=schemas.Videos, throttle=READ, **with_problems(404, 422))
def videos(request: HttpRequest, limit: Limit100 = PAGE_SIZE, before: uuid.UUID | None = None) -> Any:
    """List all videos, newest first."""
    rows, next_before = paged(Video.objects.of(owner_of(request)), limit, before)
    return {"videos": [video_out(request, row) for row in rows], "next": next_before}


@api.get("/photos", response=schemas.Photos, throttle=READ, **with_problems(404, 422))
def photos(request: HttpRequest, limit: Limit100 = PAGE_SIZE, before: uuid.UUID | None = None) -> Any:
    """List all photos, newest first."""
    rows, next_before = paged(Photo.objects.of(owner_of(request)), limit, before)
    return {"photos": [photo_out(request, row) for row in rows], "next": next_before}


@api.get("/dances", response=schemas.Dances, throttle=READ, **with_problems())
def all_dances(request: HttpRequest) -> Any:
    """List all dance styles."""
    catalogue = [
        {
            "danceStyle": dance.slug,
            "name": dance.name,
            "beatsPerMinute": dance.bpm,
            "line": dance.line,
            "bestPhoto": dance.best_photo,
        }
        for dance in dances.DANCES
    ]
    return {"dances": catalogue}


@api.get("/videos/{uuid:videoId}/dance.mp4", throttle=READ, url_name="video_file", **binary("video/mp4"))
def video_file(request: HttpRequest, videoId: uuid.UUID) -> HttpResponseBase:
    """Download a video. Byte ranges are supported."""
    video = get_object_or_404(Video.objects.of(owner_of(request)), pk=videoId, status=State.SUCCEEDED)
    return serve_video(request, video)


@api.get("/videos/{uuid:videoId}/poster.jpg", throttle=READ, url_name="video_poster", **binary("image/jpeg"))
def video_poster(request: HttpRequest, videoId: uuid.UUID) -> HttpResponseBase:
    """Download the poster of a video: one of its frames."""
    video = get_object_or_404(Video.objects.of(owner_of(request)), pk=videoId, status=State.SUCCEEDED)
    return serve_poster(request, video)


@api.get("/videos/{uuid:videoId}/exports", response=schemas.Exports, throttle=READ, **with_problems(404, 422))
def exports(request: HttpRequest, videoId: uuid.UUID) -> Any:
    """List the other files of a video that you have requested."""
    video = get_object_or_404(Video.objects.of(owner_of(request)), pk=videoId)
    rows = video.exports.order_by("created_at", "pk")
    return {"exports": [export_out(request, row) for row in rows], "possible": possible_kinds(video)}


@api.post(
    "/videos/{uuid:videoId}/exports",
    response={202: schemas.ExportOut},
    throttle=GENERATE,
    **with_problems(404, 422),
)
def request_export(request: HttpRequest, videoId: uuid.UUID, payload: schemas.ExportRequest) -> Any:
    """Request another file of a succeeded video. It costs no credit, and a second request returns the same file."""
    video = get_object_or_404(Video.objects.of(owner_of(request)), pk=videoId, status=State.SUCCEEDED)
    kind = ExportKind(payload.kind)
    if kind not in possible_kinds(video):
        raise problems.InvalidField("kind", "This file cannot be made of this video. Choose another kind.")
    if not video.exports.filter(kind=kind).exclude(file="").exists():
        limits.count_preview(owner_of(request), client_ip(request), "exports")
    return Status(202, export_out(request, VideoExport.objects.request(video, kind, clock.now())))


@api.get(
    "/videos/{uuid:videoId}/exports/{kind}",
    throttle=READ,
    url_name="export_file",
    **binary("video/mp4", "image/webp", "image/gif", "image/png"),
)
def export_file(request: HttpRequest, videoId: uuid.UUID, kind: str) -> HttpResponseBase:
    """Download another file of a video."""
    owned = VideoExport.objects.filter(video__in=Video.objects.of(owner_of(request))).exclude(file="")
    return serve_export(request, get_object_or_404(owned, video=videoId, kind=kind))


@api.get("/photos/{uuid:photoId}/photo.jpg", throttle=READ, url_name="photo_image", **binary("image/jpeg"))
def photo_image(request: HttpRequest, photoId: uuid.UUID) -> HttpResponseBase:
    """Download a photo as stored."""
    photo = get_object_or_404(Photo.objects.of(owner_of(request)), pk=photoId)
    return serve_photo(request, photo)


def resolve_photo(request: HttpRequest, payload: schemas.GenerateIn) -> Photo:
    """Return the owner's photo that the payload identifies. A URL is compared with our own, never fetched."""
    if (payload.photoId is None) == (payload.imageUrl is None):
        raise problems.InvalidField("photoId", "Send either photoId or imageUrl.")
    pk = requested_photo_id(request, payload)
    photo = Photo.objects.of(owner_of(request)).filter(pk=pk).first() if pk else None
    if photo is None:
        field = "photoId" if payload.photoId else "imageUrl"
        raise problems.InvalidField(
            field, "You have no such photo. Upload it first, and send the value that the upload returned."
        )
    return photo


def requested_photo_id(request: HttpRequest, payload: schemas.GenerateIn) -> uuid.UUID | None:
    return payload.photoId or photo_id_from_url(request, payload.imageUrl or "")


def resolve_format(payload: schemas.GenerateIn) -> formats.Format | None:
    """Return the requested format, or None to use the photo's proposed format."""
    shape = formats.BY_SLUG[payload.format] if payload.format else None
    if shape and shape not in offered_formats():
        raise problems.InvalidField("format", "This format is not available at the moment. Choose another one.")
    return shape


def resolve_head(head: schemas.Oval | None) -> Head | None:
    """Return the oval that was sent, or None."""
    try:
        return Head(**head.dict()) if head else None
    except InvalidHead as error:
        raise problems.InvalidField(f"head.{error.field}", str(error)) from error


def resolve_name(name: str) -> str:
    try:
        return names.clean(name)
    except names.InvalidName as error:
        raise problems.InvalidField("petName", str(error)) from error


def matches_payload(request: HttpRequest, payload: schemas.GenerateIn, video: Video) -> bool:
    """Return whether the payload describes this video, even if its photo has been deleted."""
    shape = payload.format or video.format
    head = resolve_head(payload.head) or video.oval
    style = payload.style or video.style
    if (style, video.style) == (Style.DANCER, Style.WHOLE_PET) and video.dancing_head is None:
        # A dancer was requested before the head had been looked for, and there was none.
        style = Style.WHOLE_PET
    requested = (
        requested_photo_id(request, payload),
        payload.danceStyle,
        shape,
        head,
        style,
        payload.body or video.body,
    )
    described = (video.photo_id, video.dance, video.format, video.oval, video.style, video.body)
    # The name of a deleted video is erased.
    is_same_name = payload.petName is None or video.deleted_at or resolve_name(payload.petName) == video.pet_name
    return bool(requested == described and is_same_name) and not (payload.photoId and payload.imageUrl)


def photo_id_from_url(request: HttpRequest, url: str) -> uuid.UUID | None:
    """Return the id in an ``imageUrl`` that an upload returned, or None."""
    path = url.removeprefix(request.build_absolute_uri("/")[:-1])
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return uuid.UUID(str(match.kwargs["photoId"])) if match.view_name == "api:photo_image" else None
