"""The interface of video providers: orders, tasks and errors.

A remote provider takes an order, returns a task id and is polled until a file can be downloaded. A local provider
renders the order on this machine. The worker in ``videos/worker/runner.py`` drives both. Providers know nothing about
rows or credits.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from videos.dances import Dance
from videos.formats import Format
from videos.subject import Subject


@dataclass(frozen=True, slots=True)
class Order:
    """One video to be made.

    The ``frame`` of ``subject`` is a JPEG of exactly ``format.width`` by ``format.height`` pixels, and its ``mask``, if
    any, an 8-bit grey PNG. Remote providers take only the frame. ``seconds`` is 5 or 10. ``seed`` is 0 to 4294967295;
    the same order and seed give the same studio clip.
    """

    video_id: str
    subject: Subject
    dance: Dance
    format: Format
    seconds: int
    seed: int
    prompt: str


@dataclass(frozen=True, slots=True)
class Submission:
    """An order that a remote provider accepted. ``cost`` is its estimate in its own credits, if it gave one."""

    task_id: str
    cost: int | None = None


class TaskState(StrEnum):
    """The state of a remote task. ``WAITING`` (in the provider's own queue) is not an error, however long it lasts."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Task:
    """A remote task at the time of a poll.

    ``progress`` is 0 to 1. ``failure_code`` is the provider's own code, for staff. ``cost`` is the provider's charge in
    its own credits. ``output_url`` is a bearer token: it is never logged, shown or stored.
    """

    task_id: str
    state: TaskState
    progress: float = 0.0
    failure_code: str = ""
    cost: int | None = None
    output_url: str = ""

    def __repr__(self) -> str:
        return f"Task({self.task_id!r}, {self.state.value}, progress={self.progress:.2f}, code={self.failure_code!r})"


class ProviderError(Exception):
    """An error at a provider or on the way to it. ``reason`` is for staff and logs, without key, body or URL."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class TemporarilyRejected(ProviderError):
    """Certainly nothing was created: refused connection, DNS, TLS, 429, 503. Retry after ``retry_after`` seconds."""


class ConnectionFailed(TemporarilyRejected):
    """There was no connection, so nothing left this machine."""


class OutcomeUnknown(ProviderError):
    """The response was lost after the order was sent. A task may exist that nobody can find again."""


class OrderRejected(ProviderError):
    """The order itself is invalid and will never be accepted. ``code`` selects the owner's message."""

    def __init__(self, reason: str, *, code: str) -> None:
        super().__init__(reason)
        self.code = code


class AccountUnavailable(ProviderError):
    """The account accepts no orders (invalid key, no credits, daily limit). Neither owner nor photo is at fault."""


class RequestFailed(ProviderError):
    """A poll, download, cancellation or health check got no usable response. The task's state is unchanged."""


class InvalidOutput(ProviderError):
    """The output is not a usable video, or its URL is not allowed. A fresh poll may help."""


class Interrupted(ProviderError):
    """The worker was asked to stop. The work is due again immediately and does not count as a failure."""


class Report(Protocol):
    """A callback for long work, called with the progress (0 to 1).

    It extends the lease, and raises ``Interrupted``, or the worker's ``LeaseLost`` or ``DeadlineExceeded``. A provider
    lets these pass.
    """

    def __call__(self, progress: float, /) -> None: ...


class RemoteProvider(Protocol):
    """A provider that makes videos on its own servers."""

    name: str

    def submit(self, order: Order) -> Submission:
        """Submit the order. The request is sent once and never repeated here.

        Raises TemporarilyRejected, OutcomeUnknown, OrderRejected or AccountUnavailable.
        """

    def poll(self, task_id: str) -> Task:
        """Return the task's current state; ``GONE`` if the provider no longer knows it.

        Raises RequestFailed or AccountUnavailable.
        """

    def fetch(self, task: Task, into: Path, report: Report) -> None:
        """Download the video of a succeeded task to ``into``.

        Raises RequestFailed, InvalidOutput or any error of ``report``, and leaves no partial file.
        """

    def cancel(self, task_id: str) -> None:
        """Cancel an unfinished task or delete a finished one. A task that is already gone is not an error.

        Raises RequestFailed or AccountUnavailable.
        """


class LocalProvider(Protocol):
    """A provider that renders videos on this machine."""

    name: str

    def render(self, order: Order, into: Path, report: Report) -> None:
        """Render the order as an MP4 with sound. Call ``report`` at least once a second.

        Raises InvalidOutput, which the worker retries as any other error, or any error of ``report``.
        """
