"""The account and tasks of the fake server: accepted orders, their progress and their cost."""

import hashlib
import secrets
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.runway.fake_server.clips import ClipMaker, stamp_clip
from tests.runway.fake_server.contract import KEY, MODELS, TaskRequest
from tests.runway.fake_server.faults import Fault, Faults
from tests.runway.fake_server.journal import Journal
from tests.runway.fake_server.schedule import NEVER, Span, starts

DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The account and the timing. Times are in seconds. ``concurrency`` and ``daily`` None mean no limit.

    ``keys`` None accepts every well-formed key. ``url_life`` is how long an output URL is valid. ``hang`` is how long a
    hanging call stays open. ``light`` clips have few frames and have sound, so that the site stores them quickly.
    """

    pending: float = 2.0
    running: float = 15.0
    concurrency: int | None = 1
    daily: int | None = 50
    credits: int = 5000
    keys: list[str] | None = None
    suspended: bool = False
    url_life: float = DAY
    hang: float = 90.0
    light: bool = False

    def changed(self, raw: dict[str, Any]) -> "Settings":
        """Return a copy with some settings changed. Raises ValueError for unknown names."""
        if unknown := set(raw) - {field.name for field in fields(self)}:
            raise ValueError(f"unknown setting: {', '.join(sorted(unknown))}")
        return replace(self, **raw)


@dataclass(slots=True)
class AcceptedTask:
    """An accepted task."""

    id: str
    request: TaskRequest
    created: float
    pending: float
    running: float
    clip: Future[bytes]
    fate: Fault | None
    tokens: dict[str, float] = field(default_factory=dict)
    progress: float = 0.0
    deleted: float = NEVER
    refunded: bool = False
    status: str = "PENDING"

    @property
    def fate_kind(self) -> str:
        return self.fate.do if self.fate else ""


class State:
    """All state, behind one lock. Tests advance time instead of waiting; if ``still``, it passes in no other way."""

    def __init__(self, settings: Settings, clips: ClipMaker, journal: Journal, *, still: bool = False) -> None:
        # Whole seconds keep sums with whole seconds exact.
        self._still = float(int(time.time())) if still else None
        self._first = settings
        self._clips = clips
        self.journal = journal
        self._lock = threading.RLock()
        self.released = threading.Event()
        self._begin()

    def _begin(self) -> None:
        self.settings = self._first
        self.faults = Faults()
        self._tasks: dict[str, AcceptedTask] = {}
        self._offset = 0.0
        self._spent = 0
        self.calls: dict[str, int] = {}

    def reset(self) -> None:
        """Restore the initial tasks, faults, settings, time and journal, and drop hanging calls."""
        with self._lock:
            self.released.set()
            self.released = threading.Event()
            self._begin()
            self.journal.clear()

    def change(self, raw: dict[str, Any]) -> None:
        with self._lock:
            self.settings = self.settings.changed(raw)

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._offset += seconds

    def now(self) -> float:
        return (time.time() if self._still is None else self._still) + self._offset

    def count_call(self, place: str) -> None:
        with self._lock:
            self.calls[place] = self.calls.get(place, 0) + 1

    def accepts_key(self, key: str) -> bool:
        keys = self.settings.keys
        return KEY.fullmatch(key) is not None if keys is None else key in keys

    def used_today(self, model: str) -> int:
        with self._lock:
            since = self.now() - DAY
            return sum(1 for task in self._tasks.values() if task.request.model == model and task.created > since)

    def is_capped(self, model: str) -> bool:
        return self.settings.daily is not None and self.used_today(model) >= self.settings.daily

    def balance(self) -> int:
        with self._lock:
            self._settle()
            refunds = sum(task.request.credits for task in self._tasks.values() if task.refunded)
            return self.settings.credits - self._spent + refunds

    def accept(self, request: TaskRequest) -> AcceptedTask:
        """Accept a valid order that the account can pay for."""
        with self._lock:
            settings = self.settings
            clip = self._clips.order(request.picture, request.ratio, request.duration, light=settings.light)
            fate = self.faults.next_fault("fate")
            task = AcceptedTask(str(uuid4()), request, self.now(), settings.pending, settings.running, clip, fate)
            self._tasks[task.id] = task
            self._spent += request.credits
            self.journal.write(
                "accepted",
                task=task.id,
                model=request.model,
                ratio=request.ratio,
                duration=request.duration,
                seed=request.seed,
                prompt=request.prompt,
                picture=hashlib.sha256(request.picture).hexdigest(),
                credits=request.credits,
                fate=task.fate_kind,
            )
            return task

    def delete(self, task_id: str) -> bool:
        """Cancel or delete a task. Return whether it existed."""
        with self._lock:
            self._settle()
            task = self._tasks.get(task_id)
            if task is None or task.status == "GONE":
                return False
            if task.status in ("PENDING", "THROTTLED"):
                task.refunded = True
            self.journal.write("deleted", task=task_id, was=task.status)
            task.deleted, task.status = self.now(), "GONE"
            return True

    def organization(self) -> dict[str, Any]:
        with self._lock:
            limits = {
                "maxConcurrentGenerations": self.settings.concurrency,
                "maxDailyGenerations": self.settings.daily,
            }
            return {
                "creditBalance": self.balance(),
                "tier": {"maxMonthlyCreditSpend": 10000, "models": dict.fromkeys(MODELS, limits)},
                "usage": {"models": {model: {"dailyGenerations": self.used_today(model)} for model in MODELS}},
            }

    def view(self, task_id: str, base: str) -> dict[str, Any] | None:
        """Return the task in the form of ``GET /v1/tasks/{id}``; None if it no longer exists."""
        with self._lock:
            self._settle()
            task = self._tasks.get(task_id)
            if task is None or task.status == "GONE":
                return None
            view: dict[str, Any] = {"id": task.id, "status": task.status, "createdAt": _iso(task.created)}
            if task.status in ("PENDING", "THROTTLED", "RUNNING", "REVIEWING"):
                view["estimatedCost"] = {"credits": task.request.credits}
                if task.status == "RUNNING":
                    view["progress"] = task.progress
                return view
            view["cost"] = {"credits": 0 if task.refunded else task.request.credits}
            if task.status == "FAILED" and task.fate is not None:
                view["failure"] = task.fate.error
                view |= {"failureCode": task.fate.code} if task.fate.code else {}
            elif task.status == "SUCCEEDED":
                view["output"] = self._output(task, base)
        if task.status == "SUCCEEDED":
            task.clip.result()
        return view

    def tasks(self) -> list[dict[str, Any]]:
        """Return all accepted tasks, including deleted ones, for tests."""
        with self._lock:
            self._settle()
            return [
                {
                    "task": task.id,
                    "status": task.status,
                    "seed": task.request.seed,
                    "credits": 0 if task.refunded else task.request.credits,
                    "fate": task.fate_kind,
                    "tokens": list(task.tokens),
                }
                for task in self._tasks.values()
            ]

    def clip(self, task_id: str, token: str) -> bytes | None:
        """Return the bytes behind an output URL; None if it has expired or the task is gone."""
        with self._lock:
            self._settle()
            task = self._tasks.get(task_id)
            if task is None or task.status != "SUCCEEDED" or self.now() >= task.tokens.get(token, 0.0):
                return None
        return stamp_clip(task.clip.result(), task.id)

    def _output(self, task: AcceptedTask, base: str) -> list[str]:
        if task.fate_kind == "no_output":
            return []
        if task.fate_kind == "foreign":
            return ["https://clips.example.com/clip.mp4?_jwt=stolen"]
        token = secrets.token_urlsafe(24)
        task.tokens[token] = self.now() + self.settings.url_life
        return [f"{base}/outputs/{task.id}/clip.mp4?_jwt={token}"]

    def _settle(self) -> None:
        """Update every task's status to the current time."""
        for model in MODELS:
            tasks = [
                task for task in self._tasks.values() if task.request.model == model and task.fate_kind != "throttled"
            ]
            spans = [
                Span(task.created, NEVER if task.fate_kind == "stuck" else task.pending + task.running, task.deleted)
                for task in tasks
            ]
            for task, start in zip(tasks, starts(spans, self.settings.concurrency), strict=True):
                if task.status != "GONE":
                    self._update(task, self.now() - start)
        for task in self._tasks.values():
            if task.fate_kind == "throttled" and task.status != "GONE":
                task.status = "THROTTLED"

    def _update(self, task: AcceptedTask, elapsed: float) -> None:
        if elapsed < 0:
            task.status = "THROTTLED"
        elif elapsed < task.pending:
            task.status = "PENDING"
        elif task.fate_kind == "stuck" or elapsed < task.pending + task.running:
            task.status = "REVIEWING" if task.fate_kind == "unknown" else "RUNNING"
            task.progress = round(min((elapsed - task.pending) / (task.running or 1.0), 0.99), 2)
        else:
            ends = {"fail": "FAILED", "cancelled": "CANCELLED", "canceled": "CANCELED", "vanish": "GONE"}
            task.status = ends.get(task.fate_kind, "SUCCEEDED")
            task.refunded = task.fate is not None and task.fate.refunded


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
