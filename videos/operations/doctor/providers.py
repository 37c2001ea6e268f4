"""Checks of the embedded studio, Runway and OpenAI."""

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
    """Check that the embedded studio's libraries, codecs and model are installed."""
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
        return CheckResult("studio", ERROR, "the cut-out model has the wrong checksum", hint)
    return CheckResult("studio", OK, "can render videos on this machine")


def runway() -> CheckResult:
    """Check the key, the model and the account with a request that costs nothing."""
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
        hint = "The worker checks the account every few minutes and then marks it as available."
        return CheckResult("runway", WARNING, f"{message}; still marked unavailable: {outage.reason}", hint)
    if settings.VIDEO_PROVIDER != "runway":
        hint = "VIDEO_PROVIDER=studio is set. Unset it to use the key."
        return CheckResult("runway", WARNING, f"{message}, not used", hint)
    max_concurrent = max_concurrent_tasks(account) or settings.RUNWAY_CONCURRENCY
    suffix = " (the account reports no limit)" if account.unlimited else ""
    return CheckResult("runway", OK, f"{message}, {max_concurrent} concurrent tasks{suffix}")


def check_without_key() -> CheckResult:
    """Return OK without a key, or an error if Runway is still rendering videos that were submitted with one."""
    in_flight = Video.objects.unfinished().filter(provider="runway").exclude(step="").count() if has_tables() else 0
    if in_flight:
        message = f"no key, so videos in flight cannot be fetched: {in_flight}"
        hint = "Set RUNWAY_API_KEY until they are finished. Otherwise each is refunded at its promised time."
        return CheckResult("runway", ERROR, message, hint)
    message = "no key; the embedded studio renders all videos"
    return CheckResult("runway", OK, message, "Set RUNWAY_API_KEY to render with Runway.")


def account_error(error: AccountUnavailable | RequestFailed) -> CheckResult:
    """Return why the account could not be read: the network, the key, the account or the base URL."""
    message = f"cannot be reached: {error.reason}"
    hint = f"Check that this machine can reach {settings.RUNWAY_BASE_URL}."
    if isinstance(error, AccountUnavailable):
        message = f"rejects the key: {error.reason}"
        hint = "Create a key at https://dev.runwayml.com/ and set RUNWAY_API_KEY."
        if error.reason.startswith("403"):
            message = f"accepts the key but denies access: {error.reason}"
            hint = "Check at https://dev.runwayml.com/ whether the account is suspended, or contact Runway's support."
    elif error.reason.startswith(("2", "3", "404")):
        message = f"unexpected response from {settings.RUNWAY_BASE_URL}: {error.reason}"
        hint = f"Check RUNWAY_BASE_URL. Unless you use a proxy, set it to {BASE_URL}."
    return CheckResult("runway", ERROR, message, hint)


def has_tables() -> bool:
    try:
        return ProviderStatus._meta.db_table in connection.introspection.table_names()
    except DatabaseError:
        return False


def openai() -> CheckResult:
    """Check the key and the model with a request that costs nothing."""
    if not settings.OPENAI_API_KEY:
        message = "no key; our own prompts are used"
        return CheckResult("openai", OK, message, "Set OPENAI_API_KEY to generate a prompt for each photo.")
    import openai as library

    options: dict[str, Any] = {"api_key": settings.OPENAI_API_KEY, "base_url": settings.OPENAI_BASE_URL}
    try:
        with library.OpenAI(**options, timeout=10, max_retries=0) as client:
            client.models.retrieve(settings.OPENAI_MODEL)
    except (library.AuthenticationError, library.PermissionDeniedError):
        hint = "Create a key at https://platform.openai.com/ and set OPENAI_API_KEY."
        return CheckResult("openai", WARNING, "rejects the key; our own prompts are used", hint)
    except library.NotFoundError:
        message = f"does not offer the model {settings.OPENAI_MODEL}; our own prompts are used"
        return CheckResult("openai", WARNING, message, "Check OPENAI_MODEL.")
    except library.OpenAIError as error:
        message = f"cannot be reached ({type(error).__name__}); our own prompts are used"
        hint = f"Check that this machine can reach {settings.OPENAI_BASE_URL}."
        return CheckResult("openai", WARNING, message, hint)
    return CheckResult("openai", OK, settings.OPENAI_MODEL)
