"""Checks of the embedded studio and the remote providers."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection

from videos.models import ProviderStatus, Video
from videos.operations.doctor.result import ERROR, OK, WARNING, Check, CheckResult
from videos.providers import registry
from videos.providers.base import AccountUnavailable, RemoteProvider, RequestFailed
from videos.providers.registry import REMOTE


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


def remote_checks() -> list[Check]:
    """Return one check for each remote provider, named after it."""
    return [remote_check(name) for name in REMOTE]


def remote_check(name: str) -> Check:
    def check() -> CheckResult:
        return check_remote(registry.remote_provider(name))

    check.__name__ = name
    return check


def check_remote(provider: RemoteProvider) -> CheckResult:
    """Check the key and the account of a remote provider with a request that costs nothing."""
    name = provider.name
    if not provider.is_configured:
        return check_without_key(provider)
    from videos.worker.remote.account import account_problem

    try:
        account = provider.account()
    except (AccountUnavailable, RequestFailed) as error:
        return CheckResult(name, ERROR, *provider.explain(error))
    message = provider.describe()
    if account.balance is not None:
        message += f", {account.balance} credits"
    if problem := account_problem(provider, account):
        hint = f"Add credits or raise the limits at {provider.account_url}, or choose another model."
        return CheckResult(name, ERROR, f"{message}: {problem}", hint)
    if outage := ProviderStatus.objects.unavailable(name) if has_tables() else None:
        hint = "The worker checks the account every few minutes and then marks it as available."
        return CheckResult(name, WARNING, f"{message}; still marked unavailable: {outage.reason}", hint)
    if name != settings.VIDEO_PROVIDER:
        hint = f"VIDEO_PROVIDER is {settings.VIDEO_PROVIDER}. Set it to {name} to use the key."
        return CheckResult(name, WARNING, f"{message}, not used", hint)
    max_concurrent = account.max_concurrent_tasks or provider.default_concurrency
    suffix = " (the account reports no limit)" if account.is_unlimited else ""
    return CheckResult(name, OK, f"{message}, {max_concurrent} concurrent tasks{suffix}")


def check_without_key(provider: RemoteProvider) -> CheckResult:
    """Return OK without a key, or an error if the provider is still making videos that were submitted with one."""
    unfinished = Video.objects.unfinished().filter(provider=provider.name).exclude(step="")
    in_flight = unfinished.count() if has_tables() else 0
    if in_flight:
        message = f"no key, so videos in flight cannot be fetched: {in_flight}"
        hint = f"Set {provider.key_variable} until they are finished. Otherwise each is refunded at its promised time."
        return CheckResult(provider.name, ERROR, message, hint)
    if provider.name == settings.VIDEO_PROVIDER:
        message = f"no key, though VIDEO_PROVIDER is {provider.name}; the embedded studio renders all videos"
        return CheckResult(provider.name, ERROR, message, f"Set {provider.key_variable}, or unset VIDEO_PROVIDER.")
    message = "no key" if registry.configured_remotes() else "no key; the embedded studio renders all videos"
    return CheckResult(provider.name, OK, message, f"Set {provider.key_variable} to render with {provider.label}.")


def has_tables() -> bool:
    try:
        return ProviderStatus._meta.db_table in connection.introspection.table_names()
    except DatabaseError:
        return False
