"""Fixtures that prepare the state machine's settings, and restore what it replaces."""

from typing import Any

import pytest

from tests.runway.fake_server.clips import make_clip
from tests.stateful.state_machine import VideoMachine
from tests.videos.conftest import marked
from videos import failpoints
from videos.provenance import SourceType
from videos.providers import registry


@pytest.fixture(scope="session")
def clip() -> bytes:
    """A clip of the ordered size, with sound and few frames, since every finished video decodes it."""
    return make_clip(None, 720, 1280, 5, sound=True, rate=2)


@pytest.fixture(autouse=True)
def _prepared_machine(monkeypatch: pytest.MonkeyPatch, settings: Any, clip: bytes) -> None:
    settings.VIDEO_PROVIDER, settings.RUNWAY_API_KEY = "runway", "key_1"
    settings.MODERATION_STRIKES = 1000
    # The machine replaces this client, because thousands of HTTP calls to a fake server would be too slow. Restore it.
    monkeypatch.setattr(registry, "remote_provider", registry.remote_provider)
    # Restore the failpoint hook, which the machine replaces.
    monkeypatch.setattr(failpoints, "hook", None)
    VideoMachine.clip = marked(clip, SourceType.TRAINED)
