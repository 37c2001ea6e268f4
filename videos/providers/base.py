"""The interface of video providers: orders, tasks and errors.

A remote provider takes an order, returns a task id and is polled until a file can be downloaded. A local provider
renders the order on this machine. The worker in ``videos/worker/runner.py`` drives both. Providers know nothing about
rows or credits.
"""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from videos.dances import Dance
from videos.formats import Format
from videos.subject import Subject


@dataclass(frozen=True, slots=True)
class Order:
    """One video to be made.

    ``key`` identifies this submission, ``"<video id>-<number>"``, and stays the same if it is sent again: a provider
    with idempotency keys charges it once. It is empty for a local provider.

    The ``frame`` of ``subject`` is a JPEG of exactly ``format.width`` by ``format.height`` pixels, and its ``mask``, if
    any, an 8-bit grey PNG. Remote providers take only the frame. ``seconds`` is 5 or 10. ``seed`` is 0 to 4294967295;
    the same order and seed give the same studio clip. ``motion`` is an MP4 whose movements guide those of the pet, for
    providers that take one.
    """

    video_id: str
    subject: Subject
    dance: Dance
    format: Format
    seconds: int
    seed: int
    prompt: str
    key: str = ""
    motion: bytes | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a remote provider would make of an order: its model, the length in seconds and the price.

    ``seconds`` is at least the ordered length. ``price`` is in the provider's credits.
    """

    model: str
    seconds: int
    price: int


@dataclass(frozen=True, slots=True)
class Account:
    """The operator's account at a remote provider.

    ``balance`` is in the provider's credits, or None if the provider has none. ``max_concurrent_tasks`` is None if the
    provider reports no limit; ``is_unlimited`` is whether it says that there is none, so that the number is ours.
    ``trouble`` is the reason for staff why the account accepts no orders now, or empty. ``daily_limit_reached`` is
    whether that lasts until the provider's day ends.
    """

    balance: int | None = None
    max_concurrent_tasks: int | None = None
    is_unlimited: bool = False
    trouble: str = ""
    daily_limit_reached: bool = False


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


class FailureKind(StrEnum):
    """Why a task failed, by what is done about it.

    ``MODERATED``: the provider's moderation rejected the result, or does not say what. Do not retry: it is billed and
    counts against the account, so it counts against the owner as well, unless the words may be to blame.
    ``MODERATED_PHOTO`` always counts against the owner, ``MODERATED_PROMPT`` never: the words are ours.
    ``BAD_PHOTO``: do not retry with the same photo. ``BAD_OUTPUT``: retry only with another photo or dance.
    ``INTERNAL``: the provider's own failure. Retry once, after a while.
    """

    MODERATED = "moderated"
    MODERATED_PHOTO = "moderated_photo"
    MODERATED_PROMPT = "moderated_prompt"
    BAD_PHOTO = "bad_photo"
    BAD_OUTPUT = "bad_output"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Task:
    """A remote task at the time of a poll.

    ``progress`` is 0 to 1. ``failure`` says what is done about a failed task, and ``failure_code`` is the provider's
    own code, for staff. ``cost`` is the provider's charge in
    its own credits. ``output_url`` is a bearer token: it is never logged, shown or stored.
    """

    task_id: str
    state: TaskState
    progress: float = 0.0
    failure: FailureKind = FailureKind.INTERNAL
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


class RejectionCode(StrEnum):
    """The reason why an order was rejected, as ``OrderRejected.code``. It selects the owner's message."""

    BAD_PHOTO = "bad_photo"
    BAD_PROMPT = "bad_prompt"
    MODERATED_PHOTO = "moderated_photo"
    NOT_OFFERED = "not_offered"
    BAD_REQUEST = "bad_request"


class OrderRejected(ProviderError):
    """The order itself is invalid and will never be accepted. ``code`` selects the owner's message."""

    def __init__(self, reason: str, *, code: RejectionCode) -> None:
        super().__init__(reason)
        self.code = code


class AccountUnavailable(ProviderError):
    """The account accepts no orders (invalid key, no credits, daily limit). Neither owner nor photo is at fault."""


class RequestFailed(ProviderError):
    """A poll, download, cancellation or health check got no usable response. The task's state is unchanged."""


class InvalidOutput(ProviderError):
    """The output is not a usable video, or its URL is not allowed. A fresh poll may help."""


class OutputNotAllowed(InvalidOutput):
    """The output's URL breaks our rules. Those of other tasks would, too, so no other order is sent."""


class Interrupted(ProviderError):
    """The worker was asked to stop. The work is due again immediately and does not count as a failure."""


class Report(Protocol):
    """A callback for long work, called with the progress (0 to 1).

    It extends the lease, and raises ``Interrupted``, or the worker's ``LeaseLost`` or ``DeadlineExceeded``. A provider
    lets these pass.
    """

    def __call__(self, progress: float, /) -> None: ...


class RemoteProvider(Protocol):
    """A provider that makes videos on its own servers, as the settings describe it. Subclasses take the defaults.

    The web process imports it: it reads the settings at each use, and loads what makes requests inside the methods.
    """

    # At most 20 characters: it is stored in rows.
    name: str
    # As owners and staff read it.
    label: str
    # Where staff add credits and manage keys, and the variable that holds the key.
    account_url: str
    key_variable: str
    # The assumed duration of a video until one has been made.
    default_duration: timedelta
    # The value of one of its credits in US cents, for margins.
    cents_per_credit: float = 1.0

    @property
    @abstractmethod
    def is_configured(self) -> bool:
        """Whether the settings contain its key."""

    @property
    @abstractmethod
    def formats(self) -> tuple[Format, ...]:
        """The formats that it makes."""

    @property
    @abstractmethod
    def submit_timeout(self) -> timedelta:
        """The longest time that ``submit`` takes."""

    @property
    @abstractmethod
    def default_concurrency(self) -> int:
        """How many tasks may be in flight until the account reports its own limit."""

    @abstractmethod
    def offer(self, shape: Format, seconds: int) -> Offer | None:
        """Return what it would make of an order; None if it does not make that format or length."""

    def lowest_price(self, seconds: int) -> int:
        """Return the lowest price of a video of this length, in its credits; 0 if it makes none."""
        offers = [self.offer(shape, seconds) for shape in self.formats]
        return min((offer.price for offer in offers if offer), default=0)

    @abstractmethod
    def account(self) -> Account:
        """Return the account's state. The request costs nothing, so it also tests the key.

        Raises RequestFailed or AccountUnavailable.
        """

    @abstractmethod
    def submit(self, order: Order) -> Submission:
        """Submit the order. The request is sent once and never repeated here.

        Raises TemporarilyRejected, OutcomeUnknown, OrderRejected or AccountUnavailable.
        """

    @abstractmethod
    def poll(self, task_id: str) -> Task:
        """Return the task's current state; ``GONE`` if the provider no longer knows it.

        Raises RequestFailed or AccountUnavailable.
        """

    @abstractmethod
    def fetch(self, task: Task, into: Path, report: Report) -> None:
        """Download the video of a succeeded task to ``into``.

        Raises RequestFailed, InvalidOutput, AccountUnavailable or any error of ``report``, and leaves no partial file.
        """

    @abstractmethod
    def cancel(self, task_id: str) -> None:
        """Cancel an unfinished task or delete a finished one. A task that is already gone is not an error.

        Raises RequestFailed or AccountUnavailable.
        """

    def describe(self) -> str:
        """Return what is configured, such as the model, for ``doctor``."""
        return self.label

    def explain(self, error: AccountUnavailable | RequestFailed) -> tuple[str, str]:
        """Return why ``account`` failed, and what staff can do about it, for ``doctor``."""
        if isinstance(error, AccountUnavailable):
            return f"rejects the key: {error.reason}", f"Check the key and the account at {self.account_url}."
        return f"cannot be reached: {error.reason}", "Check that this machine can reach the provider."


class LocalProvider(Protocol):
    """A provider that renders videos on this machine."""

    name: str
    default_duration: timedelta

    def render(self, order: Order, into: Path, report: Report) -> None:
        """Render the order as an MP4 with sound. Call ``report`` at least once a second.

        Raises InvalidOutput, which the worker retries as any other error, or any error of ``report``.
        """
