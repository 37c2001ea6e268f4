"""Error reports to Sentry if SENTRY_DSN is set, without request bodies, cookies, URLs or local variables."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured


def start(dsn: str, environment: str) -> None:
    """Initialise Sentry. Raise ImproperlyConfigured for an invalid DSN."""
    # Imported here because the SDK is large and most processes run without it.
    import sentry_sdk
    from sentry_sdk.integrations.django import DjangoIntegration
    from sentry_sdk.utils import BadDsn

    try:
        sentry_sdk.init(
            dsn=dsn,
            environment=environment,
            # Auto-enabling would import every library it can instrument, including openai and boto3, in each process.
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
            "SENTRY_DSN is invalid. Copy it again from the project settings in Sentry."
        ) from None


def scrub_request(event: Any, hint: Any) -> Any:
    """Remove request data from an event. A path may be a private link; ``transaction`` still names the route."""
    for name in ("url", "query_string", "headers", "cookies", "data"):
        event.get("request", {}).pop(name, None)
    return event


def keep_log_breadcrumbs(crumb: Any, hint: Any) -> Any:
    """Keep log lines as breadcrumbs. Drop database, cache and HTTP calls, whose arguments may be private."""
    return crumb if crumb.get("type") == "log" else None
