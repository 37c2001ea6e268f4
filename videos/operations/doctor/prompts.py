"""The check of OpenAI, which writes prompts for remote providers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings

from videos import clock
from videos.models import StaffWarning
from videos.operations.doctor.providers import has_tables
from videos.operations.doctor.result import OK, WARNING, CheckResult

# A shutdown is a warning this many days ahead.
WARN_DAYS = 90
TIMEOUT = 10.0


def openai() -> CheckResult:
    """Check the key and the models with requests that cost nothing."""
    if not settings.OPENAI_API_KEY:
        message = "no key; our own prompts are used"
        return CheckResult("openai", OK, message, "Set OPENAI_API_KEY to generate a prompt for each photo.")
    import openai as library

    from videos.providers.openai import client

    try:
        with client(TIMEOUT) as api:
            model = find_model(api, settings.OPENAI_MODEL)
            fallback = settings.OPENAI_FALLBACK_MODEL
            has_fallback = bool(fallback) and fallback != settings.OPENAI_MODEL
            found_fallback = find_model(api, fallback) if has_fallback else None
    except (library.AuthenticationError, library.PermissionDeniedError):
        hint = "Create a key at https://platform.openai.com/ and set OPENAI_API_KEY."
        return CheckResult("openai", WARNING, "rejects the key; our own prompts are used", hint)
    except library.OpenAIError as error:
        message = f"cannot be reached ({type(error).__name__}); our own prompts are used"
        hint = f"Check that this machine can reach {settings.OPENAI_BASE_URL}."
        return CheckResult("openai", WARNING, message, hint)
    if model is None:
        return missing_model(found_fallback is not None)
    return existing_model(model, found_fallback is not None)


def find_model(api: Any, name: str) -> Any:
    """Return what the API says of a model; None if it does not offer it. Raises openai.OpenAIError."""
    import openai as library

    try:
        return api.models.retrieve(name)
    except library.NotFoundError:
        return None


def missing_model(has_fallback: bool) -> CheckResult:
    model, fallback = settings.OPENAI_MODEL, settings.OPENAI_FALLBACK_MODEL
    if has_fallback:
        return CheckResult("openai", WARNING, f"does not offer {model}; {fallback} is used", "Set OPENAI_MODEL.")
    message = f"does not offer the model {model}; our own prompts are used"
    return CheckResult("openai", WARNING, message, "Check OPENAI_MODEL and OPENAI_FALLBACK_MODEL.")


def existing_model(model: Any, has_fallback: bool) -> CheckResult:
    """Return whether the model stays, and what staff were warned of."""
    name, fallback = settings.OPENAI_MODEL, settings.OPENAI_FALLBACK_MODEL
    end = parse_date(getattr(model, "shutdown_date", None))
    if end and (end - clock.now().date()).days <= WARN_DAYS:
        then = f"then {fallback} is used" if has_fallback else "then our own prompts are used"
        hint = "Set OPENAI_MODEL to its successor before that day."
        return CheckResult("openai", WARNING, f"{name} is shut down on {end:%Y-%m-%d}; {then}", hint)
    warnings = StaffWarning.objects.current(clock.now()).filter(key__startswith="openai-") if has_tables() else []
    for warning in warnings:
        hint = f"Seen {warning.count} times, last on {warning.last_at:%Y-%m-%d %H:%M} UTC."
        return CheckResult("openai", WARNING, warning.sentence, hint)
    return CheckResult("openai", OK, f"{name}, shut down on {end:%Y-%m-%d}" if end else name)


def parse_date(text: object) -> date | None:
    """Return the day of an ISO date or time; None for anything else."""
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None
