"""Faults on request, single or as a seeded mixture."""

import random
import threading
from collections import Counter
from dataclasses import dataclass, fields
from typing import Any

# The faults of each endpoint. "fate" is the outcome of a task, chosen when it is accepted; the others are HTTP calls.
ACTIONS: dict[str, frozenset[str]] = {
    "create": frozenset({"answer", "hang", "reset", "short"}),
    "task": frozenset({"answer", "hang", "reset", "short"}),
    "delete": frozenset({"answer", "hang", "reset", "short"}),
    "organization": frozenset({"answer", "hang", "reset", "short"}),
    "output": frozenset(
        {"answer", "hang", "reset", "short", "expired", "redirect", "endless", "huge", "slow", "page", "not_mp4"}
    ),
    "fate": frozenset(
        {"fail", "stuck", "throttled", "cancelled", "canceled", "unknown", "vanish", "no_output", "foreign"}
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and the endpoint it applies to.

    ``accepted``: the call is executed before its response fails. ``body`` is "json", "html", "empty", "list",
    "no_id", or "id" for the id ``code``. ``code`` and ``refunded`` also apply to the fate "fail". ``skip`` is the
    number of calls that pass first; ``times`` is how often the fault applies (0: always).
    """

    on: str
    do: str
    status: int = 502
    body: str = "json"
    error: str = "Something went wrong"
    accepted: bool = False
    retry_after: str = ""
    code: str = ""
    refunded: bool = False
    skip: int = 0
    times: int = 1

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "Fault":
        """Parse a fault from JSON. Raises ValueError with the reason."""
        known = {field.name for field in fields(cls)}
        if unknown := set(raw) - known:
            raise ValueError(f"unknown fault fields: {', '.join(sorted(unknown))}")
        if raw.get("do") not in ACTIONS.get(raw.get("on", ""), frozenset()):
            raise ValueError(f"unknown fault {raw.get('do')!r} on {raw.get('on')!r}. Choose one of: {ACTIONS}")
        return cls(**raw)


_LOST = [
    Fault("", "answer", status=500),
    Fault("", "answer", status=502, body="html"),
    Fault("", "answer", status=504, body="empty"),
    Fault("", "hang"),
    Fault("", "reset"),
]
_BUSY = [Fault("", "answer", status=429, retry_after="1"), Fault("", "answer", status=503, body="html")]
# Faults that never end by themselves ("slow", "stuck", "throttled", "foreign", "no_output") are left out.
MIXTURE: dict[str, list[Fault]] = {
    "create": [
        *_LOST,
        *[Fault("", fault.do, fault.status, fault.body, accepted=True) for fault in _LOST],
        *_BUSY,
        Fault("", "short", accepted=True),
        Fault("", "answer", status=200, body="no_id", accepted=True),
        Fault("", "answer", status=400, error="Invalid asset: promptImage"),
        Fault("", "answer", status=401, error="Invalid API key"),
        Fault("", "answer", status=400, error="You do not have enough credits to run this task."),
    ],
    "task": [*_LOST, *_BUSY, Fault("", "short")],
    "delete": [*_LOST, *[Fault("", fault.do, fault.status, fault.body, accepted=True) for fault in _LOST], *_BUSY],
    "organization": [*_LOST, *_BUSY],
    "output": [Fault("", do) for do in sorted(ACTIONS["output"] - {"slow"})],
    "fate": [
        Fault("", "fail", code="SAFETY.INPUT.IMAGE"),
        Fault("", "fail", code="ASSET.INVALID", refunded=True),
        Fault("", "fail", code="INTERNAL.BAD_OUTPUT.CODE01", refunded=True),
        Fault("", "fail", code="INTERNAL", refunded=True),
        Fault("", "fail", refunded=True),
        *[Fault("", do) for do in ("cancelled", "canceled", "unknown", "vanish")],
    ],
}


class Faults:
    """The pending faults, thread-safe. The n-th random draw at an endpoint depends only on seed, endpoint and n."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: list[list[Any]] = []
        self._seed, self._rate, self._remaining = 0, 0.0, 0
        self._draws: Counter[str] = Counter()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._pending.append([fault, fault.skip, fault.times])

    def mix(self, seed: int, rate: float, limit: int) -> None:
        """From now on, inject faults with probability ``rate``, at most ``limit`` in total."""
        with self._lock:
            self._seed, self._rate, self._remaining = seed, rate, limit
            self._draws.clear()

    def next_fault(self, on: str) -> Fault | None:
        """Return the fault for this call, if any."""
        with self._lock:
            for entry in self._pending:
                fault, skip, times = entry
                if fault.on != on:
                    continue
                if skip:
                    entry[1] -= 1
                    continue
                if times == 1:
                    self._pending.remove(entry)
                entry[2] = max(0, times - 1)
                return fault
            return self._draw(on)

    def _draw(self, on: str) -> Fault | None:
        if not self._remaining:
            return None
        self._draws[on] += 1
        chance = random.Random(f"{self._seed}:{on}:{self._draws[on]}")
        if chance.random() >= self._rate:
            return None
        self._remaining -= 1
        return chance.choice(MIXTURE[on])
