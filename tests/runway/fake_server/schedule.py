"""The start times of tasks: in the order of creation, up to the concurrency limit."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Span:
    """A task's times: when it was created, how long it runs, and when it was deleted (``NEVER`` for most)."""

    created: float
    lasts: float
    deleted: float = NEVER


def starts(spans: Sequence[Span], slots: int | None) -> list[float]:
    """Return when each task gets a slot; ``NEVER`` if it was deleted first or waits behind tasks without end.

    ``spans`` are in the order of creation. ``slots`` None means no limit.
    """
    busy: list[float] = []
    times = []
    for span in spans:
        while busy and busy[0] <= span.created:
            heapq.heappop(busy)
        waits = slots is not None and len(busy) >= slots
        start = busy[0] if waits else span.created
        if span.deleted <= start or start == NEVER:
            times.append(NEVER)
            continue
        if waits:
            heapq.heappop(busy)
        heapq.heappush(busy, min(start + span.lasts, span.deleted))
        times.append(start)
    return times
