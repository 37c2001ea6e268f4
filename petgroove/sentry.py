"""Errors to Sentry, where SENTRY_DSN names one: without bodies, cookies, addresses or the values of variables."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured


def start(dsn: str, environment: str) -> None:
    """Raises ImproperlyConfigured for a DSN that is none."""
    # Large; loaded only where it is wanted.
    import sentry_sdk
    from sentry_sdk.integrations.django import DjangoIntegration
    from sentry_sdk.utils import BadDsn

    try:
        sentry_sdk.init(
            dsn=dsn,
            environment=environment,
            # Sentry's own choice imports every library that it could watch: openai and boto3, in each process.
            auto_enabling_integrations=False,
            integrations=[DjangoIntegration()],
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=20,
            before_breadcrumb=keep_log_breadcrumbs,
            before_send=scrub_request,
        )
    except BadDsn:
        raise ImproperlyConfigured(
            "SENTRY_DSN is not understood. Copy it anew from the project's settings at Sentry."
        ) from None


def scrub_request(event: Any, hint: Any) -> Any:
    """A path may be a private link; the event's ``transaction`` names the route."""
    for name in ("url", "query_string", "headers", "cookies", "data"):
        event.get("request", {}).pop(name, None)
    return event


def keep_log_breadcrumbs(crumb: Any, hint: Any) -> Any:
    """The lines of our log lead to an error. What was asked of a database, a cache or another host may be private."""
    return crumb if crumb.get("type") == "log" else None
