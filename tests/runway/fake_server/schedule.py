"""When tasks start: in the order of their creation, so many at a time."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Span:
    """A task's wish: when it was created, how long it runs, and when it was deleted (``NEVER`` for most)."""

    created: float
    lasts: float
    deleted: float = NEVER


def starts(spans: Sequence[Span], slots: int | None) -> list[float]:
    """When each task gets its place, ``NEVER`` for one that was deleted first or that waits behind tasks without end.

    ``spans`` are in the order of creation; ``slots`` None means no limit.
    """
    busy: list[float] = []
    found = []
    for span in spans:
        while busy and busy[0] <= span.created:
            heapq.heappop(busy)
        waits = slots is not None and len(busy) >= slots
        start = busy[0] if waits else span.created
        if span.deleted <= start or start == NEVER:
            found.append(NEVER)
            continue
        if waits:
            heapq.heappop(busy)
        heapq.heappush(busy, min(start + span.lasts, span.deleted))
        found.append(start)
    return found
