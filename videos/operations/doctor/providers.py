"""Those who make videos and the words for them: the embedded studio, Runway and OpenAI."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from videos.models import Line, Video
from videos.operations.doctor.result import FINE, LOOK, WRONG, Finding
from videos.providers.base import Closed, Unreachable
from videos.providers.registry import REMOTE
from videos.providers.runway.catalogue import BASE_URL


def studio() -> Finding:
    """The embedded studio's libraries, codecs and model are there."""
    again = "Run: pip install --require-hashes -r requirements.txt"
    try:
        from videos.studio import render
        from videos.studio.encoding import codecs, mp4
        from videos.studio.segmentation import cutout, segmenter, weights  # noqa: F401
    except ImportError as error:
        return Finding("studio", WRONG, f"{error.name} is missing", again)
    if missing := codecs.missing():
        return Finding("studio", WRONG, f"PyAV was built without {', '.join(missing)}", again)
    mend = "Deploy videos/studio/segmentation/model with the code."
    if not segmenter.MODEL.is_file():
        return Finding("studio", WRONG, "the cut-out model is missing", mend)
    if weights.known(segmenter.MODEL, segmenter.MODEL_SHA256) is None:
        return Finding("studio", WRONG, "the cut-out model is not the one that we know", mend)
    return Finding("studio", FINE, "ready to make videos on this machine")


def runway() -> Finding:
    """The key, the model and the account, asked for free."""
    if not settings.RUNWAY_API_KEY:
        return without_key()
    from videos.providers import registry
    from videos.worker.remote import account as remote_account

    try:
        account = registry.runway().organization()
    except (Closed, Unreachable) as error:
        return no_account(error)
    told = f"{settings.RUNWAY_MODEL_ID}, {account.balance} credits"
    if trouble := remote_account.trouble_with(account):
        mend = "Add credits or raise the tier at https://dev.runwayml.com/, or set RUNWAY_MODEL_ID."
        return Finding("runway", WRONG, f"{told}: {trouble}", mend)
    closed = Line.objects.filter(provider__in=REMOTE, closed_since__isnull=False).first() if has_tables() else None
    if closed:
        mend = "The worker looks again every few minutes and opens the line by itself."
        return Finding("runway", LOOK, f"{told}; our line is still closed: {closed.reason}", mend)
    if settings.VIDEO_PROVIDER != "runway":
        mend = "VIDEO_PROVIDER=studio is set; unset it to use the key."
        return Finding("runway", LOOK, f"{told}, not used", mend)
    at_a_time = remote_account.at_a_time(account) or settings.RUNWAY_CONCURRENCY
    return Finding(
        "runway", FINE, f"{told}, {at_a_time} at a time{', as the account knows no limit' * account.unlimited}"
    )


def without_key() -> Finding:
    """Fine, unless a key was taken away under videos that Runway is making."""
    flying = Video.objects.living().filter(provider="runway").exclude(step="").count() if has_tables() else 0
    if flying:
        told = f"no key, and {flying} of its videos are on the way: they cannot be fetched"
        mend = "Set RUNWAY_API_KEY again until they are done; each gives its credit back at its promised time."
        return Finding("runway", WRONG, told, mend)
    told = "no key: the embedded studio makes the videos"
    return Finding("runway", FINE, told, "For videos by Runway set RUNWAY_API_KEY.")


def no_account(error: Closed | Unreachable) -> Finding:
    """Runway did not tell of the account: the key, the account or the address is wrong, or the network."""
    told, mend = f"cannot be reached: {error.reason}", f"Check that this machine reaches {settings.RUNWAY_BASE_URL}."
    if isinstance(error, Closed):
        told = f"does not take the key: {error.reason}"
        mend = "Make a key at https://dev.runwayml.com/ and set RUNWAY_API_KEY."
        if error.reason.startswith("403"):
            told = f"knows the key, and refuses: {error.reason}"
            mend = "See at https://dev.runwayml.com/ whether the account is suspended, and write to Runway's support."
    elif error.reason.startswith(("2", "3", "404")):
        told = f"is not what answers at {settings.RUNWAY_BASE_URL}: {error.reason}"
        mend = f"Check RUNWAY_BASE_URL; it is {BASE_URL}, unless a proxy of yours stands before it."
    return Finding("runway", WRONG, told, mend)


def has_tables() -> bool:
    try:
        return Line._meta.db_table in connection.introspection.table_names()
    except DatabaseError:
        return False


def openai() -> Finding:
    """The key and the model, asked for free."""
    if not settings.OPENAI_API_KEY:
        told = "no key: our own words for each dance"
        return Finding("openai", FINE, told, "For prompts written for each photo set OPENAI_API_KEY.")
    import openai as library

    options: dict[str, Any] = {"api_key": settings.OPENAI_API_KEY, "base_url": settings.OPENAI_BASE_URL}
    try:
        with library.OpenAI(**options, timeout=10, max_retries=0) as client:
            client.models.retrieve(settings.OPENAI_MODEL)
    except (library.AuthenticationError, library.PermissionDeniedError):
        mend = "Make a key at https://platform.openai.com/ and set OPENAI_API_KEY."
        return Finding("openai", LOOK, "does not take the key; our own words are used", mend)
    except library.NotFoundError:
        return Finding("openai", LOOK, f"has no model {settings.OPENAI_MODEL} for us", "Check OPENAI_MODEL.")
    except library.OpenAIError as error:
        mend = f"Check that this machine reaches {settings.OPENAI_BASE_URL}."
        return Finding("openai", LOOK, f"cannot be reached ({type(error).__name__}); our own words are used", mend)
    return Finding("openai", FINE, settings.OPENAI_MODEL)
