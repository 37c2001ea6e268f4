"""Those who make videos and the words for them: the embedded studio, Runway and OpenAI."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from videos.models import ProviderStatus, Video
from videos.operations.doctor.result import ERROR, OK, WARNING, CheckResult
from videos.providers.base import AccountUnavailable, RequestFailed
from videos.providers.registry import REMOTE
from videos.providers.runway.catalogue import BASE_URL


def studio() -> CheckResult:
    """The embedded studio's libraries, codecs and model are there."""
    install_hint = "Run: pip install --require-hashes -r requirements.txt"
    try:
        from videos.studio import render  # noqa: F401
        from videos.studio.encoding import codecs, mp4  # noqa: F401
        from videos.studio.segmentation import cutout, segmenter, weights  # noqa: F401
    except ImportError as error:
        return CheckResult("studio", ERROR, f"{error.name} is missing", install_hint)
    if missing := codecs.missing_codecs():
        return CheckResult("studio", ERROR, f"PyAV was built without {', '.join(missing)}", install_hint)
    hint = "Deploy videos/studio/segmentation/model with the code."
    if not segmenter.MODEL.is_file():
        return CheckResult("studio", ERROR, "the cut-out model is missing", hint)
    if weights.verified_weights(segmenter.MODEL, segmenter.MODEL_SHA256) is None:
        return CheckResult("studio", ERROR, "the cut-out model is not the one that we know", hint)
    return CheckResult("studio", OK, "ready to make videos on this machine")


def runway() -> CheckResult:
    """The key, the model and the account, asked for free."""
    if not settings.RUNWAY_API_KEY:
        return check_without_key()
    from videos.providers import registry
    from videos.worker.remote.account import account_problem, max_concurrent_tasks

    try:
        account = registry.runway_client().organization()
    except (AccountUnavailable, RequestFailed) as error:
        return account_error(error)
    message = f"{settings.RUNWAY_MODEL_ID}, {account.balance} credits"
    if problem := account_problem(account):
        hint = "Add credits or raise the tier at https://dev.runwayml.com/, or set RUNWAY_MODEL_ID."
        return CheckResult("runway", ERROR, f"{message}: {problem}", hint)
    outage = (
        ProviderStatus.objects.filter(provider__in=REMOTE, unavailable_since__isnull=False).first()
        if has_tables()
        else None
    )
    if outage:
        hint = "The worker looks again every few minutes and makes it available by itself."
        return CheckResult("runway", WARNING, f"{message}; still marked unavailable: {outage.reason}", hint)
    if settings.VIDEO_PROVIDER != "runway":
        hint = "VIDEO_PROVIDER=studio is set; unset it to use the key."
        return CheckResult("runway", WARNING, f"{message}, not used", hint)
    max_concurrent = max_concurrent_tasks(account) or settings.RUNWAY_CONCURRENCY
    return CheckResult(
        "runway", OK, f"{message}, {max_concurrent} at a time{', as the account knows no limit' * account.unlimited}"
    )


def check_without_key() -> CheckResult:
    """Fine, unless a key was taken away under videos that Runway is making."""
    in_flight = Video.objects.unfinished().filter(provider="runway").exclude(step="").count() if has_tables() else 0
    if in_flight:
        message = f"no key, and {in_flight} of its videos are on the way: they cannot be fetched"
        hint = "Set RUNWAY_API_KEY again until they are done; each gives its credit back at its promised time."
        return CheckResult("runway", ERROR, message, hint)
    message = "no key: the embedded studio makes the videos"
    return CheckResult("runway", OK, message, "For videos by Runway set RUNWAY_API_KEY.")


def account_error(error: AccountUnavailable | RequestFailed) -> CheckResult:
    """Runway did not tell of the account: the key, the account or the address is wrong, or the network."""
    message, hint = f"cannot be reached: {error.reason}", f"Check that this machine reaches {settings.RUNWAY_BASE_URL}."
    if isinstance(error, AccountUnavailable):
        message = f"does not take the key: {error.reason}"
        hint = "Make a key at https://dev.runwayml.com/ and set RUNWAY_API_KEY."
        if error.reason.startswith("403"):
            message = f"knows the key, and refuses: {error.reason}"
            hint = "See at https://dev.runwayml.com/ whether the account is suspended, and write to Runway's support."
    elif error.reason.startswith(("2", "3", "404")):
        message = f"is not what answers at {settings.RUNWAY_BASE_URL}: {error.reason}"
        hint = f"Check RUNWAY_BASE_URL; it is {BASE_URL}, unless a proxy of yours stands before it."
    return CheckResult("runway", ERROR, message, hint)


def has_tables() -> bool:
    try:
        return ProviderStatus._meta.db_table in connection.introspection.table_names()
    except DatabaseError:
        return False


def openai() -> CheckResult:
    """The key and the model, asked for free."""
    if not settings.OPENAI_API_KEY:
        message = "no key: our own words for each dance"
        return CheckResult("openai", OK, message, "For prompts written for each photo set OPENAI_API_KEY.")
    import openai as library

    options: dict[str, Any] = {"api_key": settings.OPENAI_API_KEY, "base_url": settings.OPENAI_BASE_URL}
    try:
        with library.OpenAI(**options, timeout=10, max_retries=0) as client:
            client.models.retrieve(settings.OPENAI_MODEL)
    except (library.AuthenticationError, library.PermissionDeniedError):
        hint = "Make a key at https://platform.openai.com/ and set OPENAI_API_KEY."
        return CheckResult("openai", WARNING, "does not take the key; our own words are used", hint)
    except library.NotFoundError:
        return CheckResult("openai", WARNING, f"has no model {settings.OPENAI_MODEL} for us", "Check OPENAI_MODEL.")
    except library.OpenAIError as error:
        hint = f"Check that this machine reaches {settings.OPENAI_BASE_URL}."
        return CheckResult(
            "openai", WARNING, f"cannot be reached ({type(error).__name__}); our own words are used", hint
        )
    return CheckResult("openai", OK, settings.OPENAI_MODEL)
