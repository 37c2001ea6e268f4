"""Statuses, steps and error codes of a video. The values are stored in rows and appear in the API."""

from __future__ import annotations

from django.db import models

from videos.photos.head import HeadSource


class Status(models.TextChoices):
    QUEUED = "queued", "In line"
    PROCESSING = "processing", "Dancing"
    SUCCEEDED = "succeeded", "Ready"
    FAILED = "failed", "Credit returned"


class Step(models.TextChoices):
    NONE = "", "-"
    SUBMITTING = "submitting", "Submitting"
    RENDERING = "rendering", "Rendering"
    STORING = "storing", "Storing"


class PromptSource(models.TextChoices):
    TEMPLATE = "template", "Template for the dance"
    WANTED = "wanted", "To be written by OpenAI"
    OPENAI = "openai", "Written by OpenAI"


HEAD_SOURCES = [(source.value, source.value) for source in HeadSource]
UNFINISHED_STATUSES = (Status.QUEUED, Status.PROCESSING)


class FallbackReason(models.TextChoices):
    """The reason why the embedded studio renders a video instead of the remote provider."""

    NONE = "", "-"
    UNAVAILABLE = "unavailable", "Provider unavailable"
    MODERATION = "moderation", "Too many rejected photos"
    BUSY = "busy", "Provider too slow"


FALLBACK_NOTICES: dict[str, str] = {
    FallbackReason.UNAVAILABLE: "This video uses our own studio, because the usual video service is unavailable.",
    FallbackReason.BUSY: "This video uses our own studio, because the usual video service is too busy.",
    FallbackReason.MODERATION: "This video uses our own studio, because the usual video service turned down several "
    "of your photos today. You can use it again tomorrow.",
}


class ErrorCode(models.TextChoices):
    """Why a video failed. Each label is the sentence that its owner reads.

    ``Video.error_code`` does not list these choices, so that a new code needs no migration.
    """

    STUDIO = (
        "studio",
        "Our studio could not finish this dance. Please try again; if it happens twice, try another photo.",
    )
    LATE = "late", "The dance was not ready by the time we promised. Please try again in a little while."
    LOST = "lost", "The studio's answer was lost on the way, twice. Please try again in a little while."
    MODERATED = (
        "moderated",
        "The studio's safety check turned this photo down. Please try another photo of your pet.",
    )
    BAD_PHOTO = "bad_photo", "The studio could not use this photo. Please try another one."
    BAD_OUTPUT = (
        "bad_output",
        "The studio could make no good dance of this photo; writing or logos in it are the usual cause. "
        "Please try another photo.",
    )
    CANCELLED_BY_PROVIDER = "cancelled", "The studio stopped this dance. Please try again in a little while."
    CANCELLED_BY_STAFF = (
        "stopped",
        "Our team stopped this dance. Please write to us if you wonder why, or try another one.",
    )
    NOT_OFFERED = (
        "not_offered",
        "The studio does not make this format at the moment. Please try again in another format.",
    )
    ACCOUNT_CLOSED = "closed", "Its owner closed the account, so this dance was stopped."


# Staff or the owner stopped these videos, so they are no failures. CANCELLED_BY_PROVIDER is one.
STOPPED_CODES = (ErrorCode.CANCELLED_BY_STAFF, ErrorCode.ACCOUNT_CLOSED)
# The same photo would only fail again.
PHOTO_ERRORS = (ErrorCode.MODERATED, ErrorCode.BAD_PHOTO, ErrorCode.BAD_OUTPUT)


def error_message_for(code: str) -> str:
    """Return the owner's sentence for an error code. Raises ValueError for an unknown code."""
    return ErrorCode(code).label
