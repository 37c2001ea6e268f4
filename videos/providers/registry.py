"""The video providers, local and remote, and the formats that they offer.

A provider is one line here, one module or package of its own, and its settings. See docs/adding-a-provider.md.
"""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from videos import formats
from videos.providers.base import LocalProvider, RemoteProvider

STUDIO = "studio"
# Providers by their name in a row: the dotted path of the class, and its instance once it has been used. Local ones
# render on this machine; remote ones are called over HTTP.
LOCAL: dict[str, LocalProvider | str] = {STUDIO: "videos.providers.studio.Studio"}
REMOTE: dict[str, RemoteProvider | str] = {"runway": "videos.providers.runway.provider.RunwayProvider"}


def get_provider(name: str) -> LocalProvider | RemoteProvider:
    """Return the provider with this name. Raises KeyError if there is none."""
    return local_provider(name) if name in LOCAL else remote_provider(name)


def local_provider(name: str) -> LocalProvider:
    """Return a provider that renders on this machine. Raises KeyError if there is none with this name."""
    provider = LOCAL[name]
    if isinstance(provider, str):
        LOCAL[name] = provider = import_string(provider)()
    return cast(LocalProvider, provider)


def remote_provider(name: str) -> RemoteProvider:
    """Return a provider that is called over HTTP. Raises KeyError if there is none with this name."""
    provider = REMOTE[name]
    if isinstance(provider, str):
        REMOTE[name] = provider = import_string(provider)()
    return cast(RemoteProvider, provider)


def configured_remotes() -> list[RemoteProvider]:
    """Return the remote providers whose keys are set."""
    return [provider for provider in map(remote_provider, REMOTE) if provider.is_configured]


def offered_formats() -> tuple[formats.Format, ...]:
    """Return the formats that the configured provider makes."""
    name = settings.VIDEO_PROVIDER
    return remote_provider(name).formats if name in REMOTE else formats.FORMATS
