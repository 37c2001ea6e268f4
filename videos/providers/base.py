"""What a maker of videos is asked for and what it may answer.

There are two kinds. A remote provider takes an order, gives a task id and is polled until a file can be fetched. A
local provider renders the order on this machine. The state machine in ``videos/worker/runner.py`` drives both; providers know
no rows and no money.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from videos.dances import Dance
from videos.formats import Format


@dataclass(frozen=True, slots=True)
class Order:
    """One video to be made.

    ``frame`` is the photo as a JPEG of exactly ``format.width`` by ``format.height`` pixels. ``mask``, when the photo
    has one, is an 8-bit grey PNG that covers the same picture as ``frame`` (of any size; 255 is pet). ``whole`` is the
    photo that the frame was cut from and the mask of the pet that is to dance, for those who render here. ``cutout``
    says whether the pet is cut out; False asks for the photo print. ``seconds`` is 5 or 10; ``seed`` lies in
    0 to 4294967295: the same order and seed give the same studio clip.
    """

    video_id: str
    frame: bytes
    dance: Dance
    format: Format
    seconds: int
    seed: int
    prompt: str
    mask: bytes | None = None
    whole: tuple[bytes, bytes] | None = None
    cutout: bool = True


@dataclass(frozen=True, slots=True)
class Submission:
    """A remote provider has taken an order; ``cost`` is its own estimate in its own credits, when it gave one."""

    task_id: str
    cost: int | None = None


class TaskState(StrEnum):
    """What a remote task is doing. ``WAITING`` is the provider's own line, and no failure however long it lasts."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Task:
    """A remote task as last seen.

    ``progress`` lies in 0 to 1. ``failure_code`` is the provider's, for staff. ``cost`` is what the provider charged,
    in its own credits. ``output_url`` is a bearer token: it is never logged, shown or stored.
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
    """Something went wrong at or on the way to a provider. ``reason`` is for staff and logs: no key, body or URL."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class TemporarilyRejected(ProviderError):
    """Surely nothing was created: refused connection, DNS, TLS, 429, 503. Try again after ``retry_after`` seconds."""


class ConnectionFailed(TemporarilyRejected):
    """Not even an answer: no connection, so nothing left this machine."""


class OutcomeUnknown(ProviderError):
    """The answer was lost after the order was sent: a task may exist that nobody can find again."""


class OrderRejected(ProviderError):
    """The order itself is bad and will never be taken: ``code`` names why, for the owner's sentence."""

    def __init__(self, reason: str, *, code: str) -> None:
        super().__init__(reason)
        self.code = code


class AccountUnavailable(ProviderError):
    """The provider serves nobody now (bad key, no credits, daily cap): nothing is the owner's or the photo's fault."""


class RequestFailed(ProviderError):
    """A poll, cancellation or health check got no usable answer; the task's state is as it was."""


class InvalidOutput(ProviderError):
    """What was fetched is no usable video, or the address was not one we fetch from. A fresh poll may help."""


class Interrupted(ProviderError):
    """The worker was asked to stop; the work is due again at once and counts as no failure."""


class Report(Protocol):
    """Called by long work with its progress (0 to 1): keeps the lease, and raises ``Interrupted`` or ``LeaseLost``."""

    def __call__(self, progress: float, /) -> None: ...


class RemoteProvider(Protocol):
    """Makes videos elsewhere."""

    name: str

    def submit(self, order: Order) -> Submission:
        """Ask for the video. Sent once, never resent here.

        Raises TemporarilyRejected, OutcomeUnknown, OrderRejected or AccountUnavailable.
        """

    def poll(self, task_id: str) -> Task:
        """The task as it stands; a task the provider no longer knows is ``GONE``.

        Raises RequestFailed or AccountUnavailable.
        """

    def fetch(self, task: Task, into: Path, report: Report) -> None:
        """Download a succeeded task's video.

        Raises RequestFailed or InvalidOutput; nothing half-written is left behind.
        """

    def cancel(self, task_id: str) -> None:
        """Cancel what runs, delete what is done; a task that is gone is fine. Raises RequestFailed."""


class LocalProvider(Protocol):
    """Makes videos on this machine."""

    name: str

    def render(self, order: Order, into: Path, report: Report) -> None:
        """Render the order as an MP4 with sound. ``report`` is called at least once a second. Raises InvalidOutput."""
