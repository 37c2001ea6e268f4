"""Statuses, steps and error codes of a video. The values are stored in rows and appear in the API."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from videos import formats, styles
from videos.mark import BUILD, VIDEO_FORMAT
from videos.photos.head import HeadSource


class Status(models.TextChoices):
    QUEUED = "queued", _("Queued")
    PROCESSING = "processing", _("Dancing")
    SUCCEEDED = "succeeded", _("Ready")
    FAILED = "failed", _("Refunded")


class Step(models.TextChoices):
    NONE = "", "-"
    SUBMITTING = "submitting", _("Submitting")
    RENDERING = "rendering", _("Rendering")
    STORING = "storing", _("Storing")


class PromptSource(models.TextChoices):
    TEMPLATE = "template", _("Template for the dance")
    WANTED = "wanted", _("To be written by OpenAI")
    OPENAI = "openai", _("Written by OpenAI")


HEAD_SOURCES = [
    (HeadSource.DETECTOR.value, _("detector")),
    (HeadSource.OUTLINE.value, _("outline")),
    (HeadSource.OWNER.value, _("owner")),
]
STYLES = [(value, _(name)) for value, name in styles.STYLES]
BODIES = [(value, pgettext_lazy(BUILD, name)) for value, name in styles.BODIES]
FORMATS = [(slug, pgettext_lazy(VIDEO_FORMAT, name)) for slug, name in formats.CHOICES]
UNFINISHED_STATUSES = (Status.QUEUED, Status.PROCESSING)


class FallbackReason(models.TextChoices):
    """The reason why the embedded studio renders a video instead of the remote provider."""

    NONE = "", "-"
    UNAVAILABLE = "unavailable", _("Provider unavailable")
    MODERATION = "moderation", _("Too many rejected photos")
    BUSY = "busy", _("Provider too slow")


FALLBACK_NOTICES: dict[str, str] = {
    FallbackReason.UNAVAILABLE: gettext_noop("Our usual video service is down, so our own studio makes this one."),
    FallbackReason.BUSY: gettext_noop("Our usual video service is too busy, so our own studio makes this one."),
    FallbackReason.MODERATION: gettext_noop(
        "Our usual video service rejected several of your photos today, so our own studio makes this one. "
        "Try the usual service again tomorrow."
    ),
}


class ErrorCode(models.TextChoices):
    """Why a video failed. Each label is the sentence that its owner reads, in English: rows keep it.

    ``Video.error_code`` does not list these choices, so that a new code needs no migration.
    """

    STUDIO = (
        "studio",
        gettext_noop("Something went wrong in our studio. Try again. If it happens twice, try a different photo."),
    )
    LATE = "late", gettext_noop("It wasn't ready in time. Try again in a few minutes.")
    LOST = "lost", gettext_noop("We lost the connection to our studio twice. Try again in a few minutes.")
    MODERATED = (
        "moderated",
        gettext_noop("This photo didn't pass our safety check. Try a different photo of your pet."),
    )
    BAD_PHOTO = "bad_photo", gettext_noop("Our studio couldn't use this photo. Try a different one.")
    BAD_OUTPUT = (
        "bad_output",
        gettext_noop("This photo didn't make a good video. Text or logos are the usual cause. Try a different photo."),
    )
    PROMPT_REJECTED = (
        "prompt",
        gettext_noop("Our video service rejected the text we wrote for this video. Your photo is fine. Try again."),
    )
    BAD_CLIP = (
        "bad_clip",
        gettext_noop("Our video service sent a damaged video, so we didn't use it. Try again in a few minutes."),
    )
    CANCELLED_BY_PROVIDER = "cancelled", gettext_noop("Our studio canceled this video. Try again in a few minutes.")
    CANCELLED_BY_STAFF = (
        "stopped",
        gettext_noop("Our team canceled this video. Questions? Contact us."),
    )
    NOT_OFFERED = (
        "not_offered",
        gettext_noop("This format isn't available right now. Try a different one."),
    )
    ACCOUNT_CLOSED = "closed", gettext_noop("Canceled because the account was closed.")


# Staff or the owner stopped these videos, so they are no failures. CANCELLED_BY_PROVIDER is one.
STOPPED_CODES = (ErrorCode.CANCELLED_BY_STAFF, ErrorCode.ACCOUNT_CLOSED)
# The same photo would only fail again.
PHOTO_ERRORS = (ErrorCode.MODERATED, ErrorCode.BAD_PHOTO, ErrorCode.BAD_OUTPUT)


def error_message_for(code: str) -> str:
    """Return the owner's sentence for an error code, in English. Raises ValueError for an unknown code."""
    return ErrorCode(code).label
