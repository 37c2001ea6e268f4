"""The video providers, local and remote, and the formats that they offer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from videos import formats
from videos.providers.base import AccountUnavailable, LocalProvider
from videos.providers.runway.catalogue import get_model, is_loopback

if TYPE_CHECKING:
    from videos.providers.runway.client import Runway

STUDIO = "studio"
# Providers that are called over HTTP; the others render on this machine. Warning: the worker would send the orders of a
# second name to Runway. See docs/adding-a-provider.md.
REMOTE = ("runway",)
# The assumed duration of a video until one has been made.
DEFAULT_DURATION = {"studio": timedelta(seconds=20), "runway": timedelta(seconds=60)}


def offered_formats() -> tuple[formats.Format, ...]:
    """Return the formats that the configured provider makes."""
    if settings.VIDEO_PROVIDER not in REMOTE:
        return formats.FORMATS
    ratios = get_model(settings.RUNWAY_MODEL_ID).ratios
    return tuple(shape for shape in formats.FORMATS if shape.slug in ratios)


def runway_client() -> Runway:
    """Return a Runway client built from the settings. It holds no connection.

    Raises AccountUnavailable if there is no key.
    """
    if not settings.RUNWAY_API_KEY:
        raise AccountUnavailable("RUNWAY_API_KEY is not set")
    # Imported here: the web process imports this module and makes no requests.
    from videos.providers.runway.client import Runway

    return Runway(
        settings.RUNWAY_API_KEY,
        settings.RUNWAY_MODEL_ID,
        settings.RUNWAY_BASE_URL,
        settings.RUNWAY_DOWNLOAD_HOSTS,
        allow_loopback=is_loopback(settings.RUNWAY_BASE_URL),
        read_timeout=settings.RUNWAY_TIMEOUT,
    )


# Local providers by their name in a row: an instance, or the dotted path of its class. The classes are heavy, so only
# the worker imports them, for the first video.
PROVIDERS: dict[str, LocalProvider | str] = {"studio": "videos.providers.studio.Studio"}


def provider_named(name: str) -> LocalProvider:
    provider = PROVIDERS[name]
    if isinstance(provider, str):
        PROVIDERS[name] = provider = import_string(provider)()
    return provider
