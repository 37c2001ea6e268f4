"""How far a video can be, in the words of the API and of the worker."""

from __future__ import annotations

from django.db import models


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
    TEMPLATE = "template", "Our own words for the dance"
    WANTED = "wanted", "To be written by OpenAI"
    OPENAI = "openai", "Written by OpenAI"


UNFINISHED_STATUSES = (Status.QUEUED, Status.PROCESSING)
# Codes of those that somebody ended, and no failure.
CANCELLED_CODES = ("stopped", "closed")


class FallbackReason(models.TextChoices):
    """Why the embedded studio makes a video that the remote one was to make."""

    NONE = "", "-"
    UNAVAILABLE = "unavailable", "Remote studio closed"
    MODERATION = "moderation", "Too many refused photos"
    BUSY = "busy", "Remote studio not in time"


FALLBACK_NOTICES: dict[str, str] = {
    FallbackReason.UNAVAILABLE: "Our own studio dances this one, since the usual one is closed: "
    "a sticker of your pet, with music.",
    FallbackReason.BUSY: "Our own studio dances this one, since the usual one could not be done in time: a sticker of "
    "your pet, with music.",
    FallbackReason.MODERATION: "Our own studio dances this one: the usual one's safety check turned "
    "several of your photos down "
    "today. It takes your photos again tomorrow.",
}

ERROR_MESSAGES: dict[str, str] = {
    "studio": "Our studio could not finish this dance. Please try again; if it happens twice, try another photo.",
    "late": "The dance was not ready by the time we promised. Please try again in a little while.",
    "lost": "The studio's answer was lost on the way, twice. Please try again in a little while.",
    "moderated": "The studio's safety check turned this photo down. Please try another photo of your pet.",
    "bad_photo": "The studio could not use this photo. Please try another one.",
    "bad_output": "The studio could make no good dance of this photo; writing or logos in it are the usual cause. "
    "Please try another photo.",
    "cancelled": "The studio stopped this dance. Please try again in a little while.",
    "stopped": "Our team stopped this dance. Please write to us if you wonder why, or try another one.",
    "not_offered": "The studio does not make this format at the moment. Please try again in another format.",
    "closed": "Its owner closed the account, so this dance was stopped.",
}

# The same photo would only fail again.
PHOTO_ERRORS = ("moderated", "bad_photo", "bad_output")


def error_message_for(code: str) -> str:
    """The owner's sentence for a code of ours; KeyError names a code that nobody has worded."""
    return ERROR_MESSAGES[code]
