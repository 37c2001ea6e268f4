"""Where to kill next: the points that were hit the least, until each was hit often enough."""

import random
from collections import Counter
from pathlib import Path

from videos.failpoints import POINTS

RENDER_POINTS = ("rendering", "photo: prepared")
WEB_POINTS = ("request: charged", "request: committed")
WORKER_POINTS = tuple(point for point in POINTS if point not in RENDER_POINTS + WEB_POINTS)
PASSES = (1, 2)


class Targets:
    """Counts the deaths that the dying wrote down in ``folder/deaths``.

    Each point is to be hit ``min_hits`` times; where that is more than once, when a process comes by it for the first
    time as well as for the second.
    """

    def __init__(self, folder: Path, min_hits: int, rng: random.Random) -> None:
        self.file, self.min_hits, self.rng = folder / "deaths", min_hits, rng
        self.passes = PASSES if min_hits > 1 else ()

    def deaths(self) -> list[tuple[str, int, str]]:
        """Role, pass and point of everyone who died at a point."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [(role, int(nth), point) for role, nth, point in (line.split(" ", 2) for line in lines)]

    def hits(self) -> Counter[str]:
        return Counter(point for _, _, point in self.deaths())

    def lacking(self) -> list[str]:
        """What was not hit often enough, in words."""
        hits, passed = self.hits(), {(nth, point) for _, nth, point in self.deaths()}
        every = (*WEB_POINTS, *WORKER_POINTS, *RENDER_POINTS)
        found = [
            f"{point}: hit {hits[point]} times of {self.min_hits}" for point in every if hits[point] < self.min_hits
        ]
        return found + [
            f"{point}: never hit at pass {nth}" for point in every for nth in self.passes if (nth, point) not in passed
        ]

    def next(self, points: tuple[str, ...], taken: set[str]) -> tuple[int, str]:
        """Pass and point for the next one to die: of the points that nobody is armed with, the least hit."""
        hits, deaths = self.hits(), self.deaths()
        free = [point for point in points if point not in taken] or list(points)
        point = min(free, key=lambda one: (hits[one], self.rng.random()))
        passed = Counter(nth for _, nth, at in deaths if at == point)
        nth = min(PASSES, key=lambda one: passed[one]) if self.passes else self.rng.choice((1, 1, 2))
        return nth, point
