"""A head finder that finds two heads without a run of its network."""

from collections.abc import Callable
from typing import Any

import pytest

from videos.photos.head import FoundHead, Head, HeadSource
from videos.studio.segmentation import cutout

LEFT, RIGHT = Head(0.3, 0.4, 0.1, 0.12, -10), Head(0.7, 0.5, 0.09, 0.1)


class Finder:
    """A head finder that returns ``found``, after ``before`` has run. It counts its calls."""

    def __init__(self) -> None:
        self.found = (FoundHead(LEFT, 0.9, HeadSource.DETECTOR), FoundHead(RIGHT, 0.8, HeadSource.DETECTOR))
        self.before: Callable[[], object] = lambda: None
        self.calls = 0

    def __call__(self, *args: Any) -> tuple[FoundHead, ...]:
        self.calls += 1
        self.before()
        return self.found


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> Finder:
    """Replace the head finder, and find no pet to cut out, because a run of that model takes a second."""
    finder = Finder()
    monkeypatch.setattr(cutout, "propose", finder)
    monkeypatch.setattr(cutout, "segment", lambda *args: None)
    return finder
