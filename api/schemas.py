"""What goes in and what comes out, as the OpenAPI document tells it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from videos import dances, formats
from videos.models import Status

DanceStyle = StrEnum("DanceStyle", {slug: slug for slug in dances.BY_SLUG})  # type: ignore[misc]
Shape = StrEnum("Shape", {slug: slug for slug in formats.BY_SLUG})  # type: ignore[misc]
StatusValue = Literal[*Status.values]  # type: ignore[valid-type]


class FieldError(Schema):
    field: str
    message: str


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


class PhotoOut(Schema):
    photoId: UUID
    imageUrl: str = Field(description="Of use in a later request for a video; only its owner can open it.")
    width: int
    height: int
    notes: list[str] = Field(description="Friendly advice on the photo, in sentences.")
    removed: list[str] = Field(description="What was taken out of the file for privacy.")
    createdAt: datetime


def requires_only(field: str) -> dict[str, Any]:
    """Of a request that names its photo by this field."""
    return {"required": [field], "properties": {field: {"type": "string"}}}


class GenerateIn(
    Schema, extra="forbid", json_schema_extra={"oneOf": [requires_only("photoId"), requires_only("imageUrl")]}
):
    """Exactly one of ``photoId`` and ``imageUrl``."""

    danceStyle: DanceStyle
    photoId: UUID | None = None
    imageUrl: str | None = Field(
        None, max_length=500, description="The imageUrl of an upload, as it was returned. Other addresses are refused."
    )
    format: Shape | None = Field(None, description="Unless told, the one that keeps most of the photo.")


class GenerateOut(Schema):
    videoId: UUID
    status: StatusValue


class VideoOut(Schema):
    videoId: UUID
    status: StatusValue
    progress: int = Field(ge=0, le=100, description="Per cent of the whole way.")
    error: str | None = Field(description="Why there is no video, in a sentence. The credit is back then.")
    errorCode: str | None
    videoUrl: str | None = Field(description="Once succeeded; takes the same login as this request.")
    posterUrl: str | None
    photoId: UUID
    danceStyle: str
    format: str
    createdAt: datetime
    promisedBy: datetime = Field(description="If there is no video by then, the credit comes back by itself.")
    finishedAt: datetime | None


class DanceOut(Schema):
    danceStyle: str
    name: str
    beatsPerMinute: int
    line: str
    bestPhoto: str


class Photos(Schema):
    photos: list[PhotoOut]
    next: UUID | None = Field(description="Ask again with this as 'before' for older ones.")


class Videos(Schema):
    videos: list[VideoOut]
    next: UUID | None = Field(description="Ask again with this as 'before' for older ones.")


class Dances(Schema):
    dances: list[DanceOut]
