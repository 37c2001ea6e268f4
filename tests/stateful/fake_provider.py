"""An in-memory provider that accepts tasks, loses responses, fails and serves clips as the state machine demands."""

from collections import Counter, deque
from itertools import count
from pathlib import Path

from videos.providers.base import (
    Account,
    AccountUnavailable,
    FailureKind,
    InvalidOutput,
    Order,
    OrderRejected,
    OutcomeUnknown,
    RejectionCode,
    Report,
    RequestFailed,
    Submission,
    Task,
    TaskState,
    TemporarilyRejected,
)
from videos.providers.runway.provider import RunwayProvider

LOST = ("lost before", "lost after")
REJECTED = ("busy", "rejected", "unavailable")
CREATE = LOST + REJECTED
FATES = ("succeeded", "succeeded", "moderated", "internal", "cancelled", "gone", "running")


class FakeProvider(RunwayProvider):
    """A stand-in for Runway. ``accepted`` counts the tasks of each seed, which Runway would bill."""

    def __init__(self, clip: bytes) -> None:
        self.clip = clip
        self.ids = count()
        self.tasks: dict[str, str] = {}
        self.accepted: Counter[int] = Counter()
        self.faults: deque[str] = deque()
        self.fates: deque[str] = deque()
        self.truncated_clips = 0
        self.lost_polls = 0

    def submit(self, order: Order) -> Submission:
        fault = self.faults.popleft() if self.faults else ""
        if fault == "lost before":
            raise OutcomeUnknown("the response is lost")
        if fault == "busy":
            raise TemporarilyRejected("busy")
        if fault == "rejected":
            raise OrderRejected("invalid photo", code=RejectionCode.BAD_PHOTO)
        if fault == "unavailable":
            raise AccountUnavailable("no credits")
        task = f"task-{next(self.ids)}-{order.seed}"
        self.tasks[task] = self.fates.popleft() if self.fates else "succeeded"
        self.accepted[order.seed] += 1
        if fault == "lost after":
            raise OutcomeUnknown("the response is lost")
        return Submission(task, 25)

    def poll(self, task_id: str) -> Task:
        if self.lost_polls:
            self.lost_polls -= 1
            raise RequestFailed("no response")
        fate = self.tasks.get(task_id, "gone")
        states = {"succeeded": TaskState.SUCCEEDED, "cancelled": TaskState.CANCELLED, "gone": TaskState.GONE}
        kinds = {"moderated": FailureKind.MODERATED_PHOTO, "internal": FailureKind.INTERNAL}
        if fate in kinds:
            return Task(task_id, TaskState.FAILED, failure=kinds[fate], failure_code=kinds[fate].upper(), cost=0)
        if fate == "running":
            self.tasks[task_id] = "succeeded"
            return Task(task_id, TaskState.RUNNING, 0.5)
        return Task(task_id, states[fate], 1.0, cost=25, output_url="https://x")

    def fetch(self, task: Task, into: Path, report: Report) -> None:
        if self.truncated_clips:
            self.truncated_clips -= 1
            into.write_bytes(self.clip[: len(self.clip) // 3])
            return
        if not task.output_url:
            raise InvalidOutput("no output URL")
        into.write_bytes(self.clip)

    def cancel(self, task_id: str) -> None:
        self.tasks.pop(task_id, None)

    def account(self) -> Account:
        return Account(5000, 3)
