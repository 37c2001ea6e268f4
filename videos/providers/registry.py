"""Who makes a video: the embedded studio or a remote one, and in which formats."""

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
# Providers that are asked, polled and fetched from; the others render on this machine.
REMOTE = ("runway",)
# What a video is thought to take where none has been made yet.
DEFAULT_DURATION = {"studio": timedelta(seconds=20), "runway": timedelta(seconds=60)}


def offered_formats() -> tuple[formats.Format, ...]:
    """The formats that the usual maker of videos makes."""
    if settings.VIDEO_PROVIDER not in REMOTE:
        return formats.FORMATS
    made = get_model(settings.RUNWAY_MODEL_ID).ratios
    return tuple(shape for shape in formats.FORMATS if shape.slug in made)


def runway_client() -> Runway:
    """Runway as the settings have it; it holds no connection.

    Raises AccountUnavailable when there is no key any more.
    """
    if not settings.RUNWAY_API_KEY:
        raise AccountUnavailable("RUNWAY_API_KEY is not set")
    # Imported here: the web process reads this module and makes no requests.
    from videos.providers.runway.client import Runway

    return Runway(
        settings.RUNWAY_API_KEY,
        settings.RUNWAY_MODEL_ID,
        settings.RUNWAY_BASE_URL,
        settings.RUNWAY_DOWNLOAD_HOSTS,
        allow_loopback=is_loopback(settings.RUNWAY_BASE_URL),
        read_timeout=settings.RUNWAY_TIMEOUT,
    )


# Those that render on this machine, by their name in a row: a provider, or the path of its class. A class is imported
# when its first video is made, by the worker alone, as it is heavy.
PROVIDERS: dict[str, LocalProvider | str] = {"studio": "videos.providers.studio.Studio"}


def provider_named(name: str) -> LocalProvider:
    provider = PROVIDERS[name]
    if isinstance(provider, str):
        PROVIDERS[name] = provider = import_string(provider)()
    return provider
