"""Statuses, steps and error codes of a video. The values are stored in rows and appear in the API."""

from __future__ import annotations

from django.db import models

from videos.photos.head import HeadSource


class Status(models.TextChoices):
    QUEUED = "queued", "Queued"
    PROCESSING = "processing", "Dancing"
    SUCCEEDED = "succeeded", "Ready"
    FAILED = "failed", "Refunded"


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
    FallbackReason.UNAVAILABLE: "Our usual video service is down, so our own studio makes this one.",
    FallbackReason.BUSY: "Our usual video service is too busy, so our own studio makes this one.",
    FallbackReason.MODERATION: "Our usual video service rejected several of your photos today, so our own studio makes "
    "this one. Try the usual service again tomorrow.",
}


class ErrorCode(models.TextChoices):
    """Why a video failed. Each label is the sentence that its owner reads.

    ``Video.error_code`` does not list these choices, so that a new code needs no migration.
    """

    STUDIO = (
        "studio",
        "Something went wrong in our studio. Try again. If it happens twice, try a different photo.",
    )
    LATE = "late", "It wasn't ready in time. Try again in a few minutes."
    LOST = "lost", "We lost the connection to our studio twice. Try again in a few minutes."
    MODERATED = (
        "moderated",
        "This photo didn't pass our safety check. Try a different photo of your pet.",
    )
    BAD_PHOTO = "bad_photo", "Our studio couldn't use this photo. Try a different one."
    BAD_OUTPUT = (
        "bad_output",
        "This photo didn't give a good video. Text or logos are the usual cause. Try a different photo.",
    )
    CANCELLED_BY_PROVIDER = "cancelled", "Our studio canceled this video. Try again in a few minutes."
    CANCELLED_BY_STAFF = (
        "stopped",
        "Our team canceled this video. Questions? Contact us.",
    )
    NOT_OFFERED = (
        "not_offered",
        "This format isn't available right now. Try a different one.",
    )
    ACCOUNT_CLOSED = "closed", "Canceled because the account was closed."


# Staff or the owner stopped these videos, so they are no failures. CANCELLED_BY_PROVIDER is one.
STOPPED_CODES = (ErrorCode.CANCELLED_BY_STAFF, ErrorCode.ACCOUNT_CLOSED)
# The same photo would only fail again.
PHOTO_ERRORS = (ErrorCode.MODERATED, ErrorCode.BAD_PHOTO, ErrorCode.BAD_OUTPUT)


def error_message_for(code: str) -> str:
    """Return the owner's sentence for an error code. Raises ValueError for an unknown code."""
    return ErrorCode(code).label
