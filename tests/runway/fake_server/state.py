"""The stand-in's account and tasks: what is accepted, how far each task is, and what it costs."""

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
    """The account and the pace. Times are in seconds; ``concurrency`` and ``daily`` None mean no limit.

    ``keys`` None takes every key of the right form. ``url_life`` is how long an output's address works; ``hang`` is how
    long a hanging call is kept open. ``light`` clips are small and have sound, so that a site stores them quickly.
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
        """These settings with some changed. Raises ValueError for unknown names."""
        if unknown := set(raw) - {field.name for field in fields(self)}:
            raise ValueError(f"there is no setting {', '.join(sorted(unknown))}")
        return replace(self, **raw)


@dataclass(slots=True)
class AcceptedTask:
    """A task that was accepted."""

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
    """All state, behind one lock. Time can be moved on, so that a test need not wait; where ``still``, only so."""

    def __init__(self, settings: Settings, studio: ClipMaker, journal: Journal, *, still: bool = False) -> None:
        # A whole second, so that sums with whole seconds are exact.
        self._still = float(int(time.time())) if still else None
        self._first = settings
        self._studio = studio
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
        """Forget everything: tasks, faults, changed settings, moved time, journal; what hangs is dropped."""
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
            back = sum(task.request.credits for task in self._tasks.values() if task.refunded)
            return self.settings.credits - self._spent + back

    def accept(self, request: TaskRequest) -> AcceptedTask:
        """Take an order that was found good and can be paid."""
        with self._lock:
            pace = self.settings
            clip = self._studio.order(request.picture, request.ratio, request.duration, light=pace.light)
            fate = self.faults.next_fault("fate")
            task = AcceptedTask(str(uuid4()), request, self.now(), pace.pending, pace.running, clip, fate)
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
        """Cancel or delete; whether there was anything."""
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
        """The task as ``GET /v1/tasks/{id}`` tells of it; None when there is none any more."""
        with self._lock:
            self._settle()
            task = self._tasks.get(task_id)
            if task is None or task.status == "GONE":
                return None
            facts: dict[str, Any] = {"id": task.id, "status": task.status, "createdAt": _iso(task.created)}
            if task.status in ("PENDING", "THROTTLED", "RUNNING", "REVIEWING"):
                facts["estimatedCost"] = {"credits": task.request.credits}
                if task.status == "RUNNING":
                    facts["progress"] = task.progress
                return facts
            facts["cost"] = {"credits": 0 if task.refunded else task.request.credits}
            if task.status == "FAILED" and task.fate is not None:
                facts["failure"] = task.fate.error
                facts |= {"failureCode": task.fate.code} if task.fate.code else {}
            elif task.status == "SUCCEEDED":
                facts["output"] = self._output(task, base)
        if task.status == "SUCCEEDED":
            task.clip.result()
        return facts

    def tasks(self) -> list[dict[str, Any]]:
        """All tasks ever accepted, for tests: also the deleted ones."""
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
        """The bytes behind an output's address; None when it has expired or the task is gone."""
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
        """Work out every task's status at this moment."""
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
                    self._place(task, self.now() - start)
        for task in self._tasks.values():
            if task.fate_kind == "throttled" and task.status != "GONE":
                task.status = "THROTTLED"

    def _place(self, task: AcceptedTask, elapsed: float) -> None:
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
