"""Choose the next failpoint to kill a process at: the one with the fewest hits."""

import random
from collections import Counter
from pathlib import Path

from videos.failpoints import POINTS

RENDER_POINTS = ("rendering", "photo: prepared")
WEB_POINTS = ("request: charged", "request: committed")
WORKER_POINTS = tuple(point for point in POINTS if point not in RENDER_POINTS + WEB_POINTS)
PASSES = (1, 2)


class Targets:
    """Count the kills that dying processes recorded in ``folder/deaths``, and choose the next one.

    Each point needs ``min_hits`` kills. If that is more than one, a process must die on its first pass through the
    point at least once, and on its second pass at least once.
    """

    def __init__(self, folder: Path, min_hits: int, rng: random.Random) -> None:
        self.file, self.min_hits, self.rng = folder / "deaths", min_hits, rng
        self.passes = PASSES if min_hits > 1 else ()

    def deaths(self) -> list[tuple[str, int, str]]:
        """Return the role, pass and point of each process that died at a failpoint."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [(role, int(nth), point) for role, nth, point in (line.split(" ", 2) for line in lines)]

    def hits(self) -> Counter[str]:
        return Counter(point for _, _, point in self.deaths())

    def shortfalls(self) -> list[str]:
        """Describe each point that was not hit often enough."""
        hits, seen = self.hits(), {(nth, point) for _, nth, point in self.deaths()}
        points = (*WEB_POINTS, *WORKER_POINTS, *RENDER_POINTS)
        too_few = [f"{point}: {hits[point]} of {self.min_hits} hits" for point in points if hits[point] < self.min_hits]
        return too_few + [
            f"{point}: never hit on pass {nth}" for point in points for nth in self.passes if (nth, point) not in seen
        ]

    def next(self, points: tuple[str, ...], taken: set[str]) -> tuple[int, str]:
        """Return the pass and point for the next kill: the point with the fewest hits that is not in ``taken``."""
        hits, deaths = self.hits(), self.deaths()
        free = [point for point in points if point not in taken] or list(points)
        point = min(free, key=lambda candidate: (hits[candidate], self.rng.random()))
        kills = Counter(nth for _, nth, death_point in deaths if death_point == point)
        nth = min(PASSES, key=lambda number: kills[number]) if self.passes else self.rng.choice((1, 1, 2))
        return nth, point
