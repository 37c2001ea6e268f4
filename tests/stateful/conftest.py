"""What the machine needs of the cast, and of the settings."""

from typing import Any

import pytest

from tests.stateful.state_machine import VideoMachine
from tests.videos.conftest import clip
from videos import failpoints
from videos.providers import registry

__all__ = ["clip"]


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch, settings: Any, clip: bytes) -> None:
    settings.VIDEO_PROVIDER, settings.RUNWAY_API_KEY = "runway", "key_1"
    settings.MODERATION_STRIKES = 1000
    # Restores what the machine replaces: over HTTP each of its thousands of calls would take a stand-in of its own.
    monkeypatch.setattr(registry, "runway_client", registry.runway_client)
    # Restores the seam that exists for tests which let a process die.
    monkeypatch.setattr(failpoints, "hook", None)
    VideoMachine.clip = clip
