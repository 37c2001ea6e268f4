"""Who makes a video: the embedded studio or a remote one, and in which formats."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models

from videos import formats
from videos.providers.catalogue import model_named

STUDIO = "studio"
# Providers that are asked, polled and fetched from; the others render on this machine.
REMOTE = ("runway",)
# What a video is thought to take where none has been made yet.
FIRST_GUESS = {"studio": timedelta(seconds=20), "runway": timedelta(seconds=60)}


class StoodIn(models.TextChoices):
    """Why the embedded studio makes a video that the remote one was to make."""

    NO = "", "-"
    CLOSED = "closed", "Remote studio closed"
    STRIKES = "strikes", "Too many refused photos"
    BUSY = "busy", "Remote studio not in time"


STOOD_IN_WORDS: dict[str, str] = {
    StoodIn.CLOSED: "Our own studio dances this one, since the usual one is closed: a sticker of your pet, with music.",
    StoodIn.BUSY: "Our own studio dances this one, since the usual one could not be done in time: a sticker of "
    "your pet, with music.",
    StoodIn.STRIKES: "Our own studio dances this one: the usual one's safety check turned several of your photos down "
    "today. It takes your photos again tomorrow.",
}


def offered_formats() -> tuple[formats.Format, ...]:
    """The formats that the usual maker of videos makes."""
    if settings.VIDEO_PROVIDER not in REMOTE:
        return formats.FORMATS
    made = model_named(settings.RUNWAY_MODEL_ID).ratios
    return tuple(shape for shape in formats.FORMATS if shape.slug in made)
