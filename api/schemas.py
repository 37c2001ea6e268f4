"""The request and response schemas of the API, as documented in OpenAPI."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from videos import dances, formats, names
from videos.models import ExportKind, Status
from videos.photos.head import MAX_RADIUS, MIN_RADIUS
from videos.styles import Body, Style

DanceStyle = StrEnum("DanceStyle", {slug: slug for slug in dances.BY_SLUG})  # type: ignore[misc]
Shape = StrEnum("Shape", {slug: slug for slug in formats.BY_SLUG})  # type: ignore[misc]
ExportName = StrEnum("ExportName", {kind: kind for kind in ExportKind.values})  # type: ignore[misc]
StatusValue = Literal[*Status.values]  # type: ignore[valid-type]


PET_NAME = f"The pet's name, up to {names.MAX_NAME} characters. Control and invisible characters are removed."


class FieldError(Schema):
    field: str
    message: str


class Problem(Schema):
    """An error as defined in RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


def number(minimum: float, maximum: float, description: str) -> Any:
    """Return a field whose bounds are documented here and checked by ``Head``, which answers in sentences."""
    return Field(description=description, json_schema_extra={"minimum": minimum, "maximum": maximum})


class Oval(Schema, extra="forbid", strict=True):
    """The oval around the whole head of a pet, with its ears. One radius is at most three times the other."""

    x: float = number(0, 1, "The centre, from the left edge (0) to the right (1).")
    y: float = number(0, 1, "The centre, from the top edge (0) to the bottom (1).")
    rx: float = number(MIN_RADIUS, MAX_RADIUS, "The radius across the face, as a share of the photo's longer side.")
    ry: float = number(MIN_RADIUS, MAX_RADIUS, "The radius along the face, as a share of the photo's longer side.")
    tilt: float = Field(
        0, description="Clockwise turn in degrees.", json_schema_extra={"minimum": -180, "maximum": 180}
    )


class HeadOut(Oval):
    """The head in a photo: its oval, and who said where it is."""

    source: str = Field(description="detector, outline or owner")
    confidence: float = Field(ge=0, le=1)


class PhotoOut(Schema):
    photoId: UUID
    imageUrl: str = Field(description="Pass this to `POST /api/videos/generate`. Accessible only to its owner.")
    width: int
    height: int
    notes: list[str] = Field(description="Advice on the quality of the photo, in sentences.")
    removed: list[str] = Field(description="Metadata that was removed from the file for privacy.")
    head: HeadOut | None = Field(description="The pet's head, if one was found or you sent one.")
    headStatus: Literal["pending", "sure", "unsure", "none"] = Field(
        description="pending: we have not looked yet; sure: videos use the head; "
        "unsure: videos use it once you have sent it yourself, unless it is on the face of a person; "
        "none: the photo shows no head"
    )
    style: Style | None = Field(
        description="The style that you chose. Null: dancer if videos use the head, otherwise whole_pet."
    )
    body: Body | None = Field(description="The dancer's body that you chose. Null: we choose.")
    petName: str | None = Field(description="The pet's name that you gave.")
    createdAt: datetime


def requires_only(field: str) -> dict[str, Any]:
    """Return the schema of a request that identifies its photo by ``field``."""
    return {"required": [field], "properties": {field: {"type": "string"}}}


class GenerateIn(
    Schema, extra="forbid", json_schema_extra={"oneOf": [requires_only("photoId"), requires_only("imageUrl")]}
):
    """A request for a video, with exactly one of ``photoId`` and ``imageUrl``."""

    danceStyle: DanceStyle
    photoId: UUID | None = None
    imageUrl: str | None = Field(
        None, max_length=500, description="The imageUrl that an upload returned. Other URLs are rejected."
    )
    format: Shape | None = Field(None, description="Default: the format that keeps most of the photo.")
    head: Oval | None = Field(
        None, description="Where the pet's head is, for this and later videos of the photo. Default: as stored."
    )
    style: Style | None = Field(
        None,
        description="dancer: the pet's head on a dancing body; whole_pet: the pet as it is in the photo. "
        "A dancer needs a head. If none is found while headStatus is still pending, the whole pet dances. "
        "For this video only. Default: as chosen for the photo.",
    )
    body: Body | None = Field(
        None, description="The dancer's body, for this video only. Default: as chosen for the photo."
    )
    petName: str | None = Field(None, description=f"{PET_NAME} For this video only. Default: as given for the photo.")


class GenerateOut(Schema):
    videoId: UUID
    status: StatusValue


class VideoOut(Schema):
    videoId: UUID
    status: StatusValue
    progress: int = Field(ge=0, le=100, description="Percentage of the work that is done.")
    error: str | None = Field(description="Why the video failed, in a sentence. The credit has been refunded.")
    errorCode: str | None
    videoUrl: str | None = Field(
        description="Present once the status is succeeded. Requires the same authentication as this request."
    )
    posterUrl: str | None
    photoId: UUID
    danceStyle: str
    format: str
    style: Style | None = Field(
        description="The style that the video shows. Null: not decided yet, or made by a provider that has no styles."
    )
    body: Body | None = Field(description="The dancer's body. Null: we choose.")
    petName: str | None = Field(description="The pet's name at the time of the request.")
    createdAt: datetime
    promisedBy: datetime = Field(
        description="If the video is not finished by then, the credit is refunded automatically."
    )
    finishedAt: datetime | None


class ExportRequest(Schema, extra="forbid"):
    kind: ExportName


class ExportOut(Schema):
    kind: ExportName
    status: Literal["pending", "ready", "failed"]
    fileUrl: str | None = Field(
        description="Present once the status is ready. Requires the same authentication as this request."
    )
    bytes: int | None


class Exports(Schema):
    exports: list[ExportOut]
    possible: list[ExportName] = Field(description="The kinds that can be requested for this video.")


class DanceOut(Schema):
    danceStyle: str
    name: str
    beatsPerMinute: int
    line: str
    bestPhoto: str


class Photos(Schema):
    photos: list[PhotoOut]
    next: UUID | None = Field(description="Pass this as 'before' to get older items. Null on the last page.")


class Videos(Schema):
    videos: list[VideoOut]
    next: UUID | None = Field(description="Pass this as 'before' to get older items. Null on the last page.")


class Dances(Schema):
    dances: list[DanceOut]
