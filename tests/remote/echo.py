"""A second remote provider for tests: in memory, with an account, prices and task ids of its own."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.runway.fake_server.clips import make_clip
from videos.formats import FORMATS, Format
from videos.providers.base import (
    Account,
    FailureKind,
    Offer,
    Order,
    RemoteProvider,
    Report,
    Submission,
    Task,
    TaskState,
)


class Echo(RemoteProvider):
    """It makes tall and wide videos, at 7 of its credits a second. A credit costs half a cent.

    ``error`` is raised by the account and by orders, ``next_id`` is the next task's id, and ``failure`` fails tasks.
    ``clip`` replaces the clips that it makes.
    """

    name = "echo"
    label = "Echo"
    account_url = "https://echo.example/account"
    key_variable = "ECHO_API_KEY"
    default_duration = timedelta(seconds=5)
    cents_per_credit = 0.5
    formats = FORMATS[0], FORMATS[2]
    is_configured = True
    submit_timeout = timedelta(seconds=30)
    default_concurrency = 1

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.polls: Counter[str] = Counter()
        self.deleted: list[str] = []
        self.state = Account(balance=1000)
        self.error: Exception | None = None
        self.failure: FailureKind | None = None
        self.next_id = ""
        self.clip = b""
        self.is_running = False

    def offer(self, shape: Format, seconds: int) -> Offer | None:
        return Offer("echo/a-model-with-a-name-of-more-than-thirty-characters", seconds, 7 * seconds)

    def account(self) -> Account:
        if self.error:
            raise self.error
        return replace(self.state)

    def submit(self, order: Order) -> Submission:
        if self.error:
            raise self.error
        self.orders.append(order)
        return Submission(self.next_id or f"echo-{len(self.orders)}")

    def poll(self, task_id: str) -> Task:
        self.polls[task_id] += 1
        if self.failure:
            return Task(task_id, TaskState.FAILED, failure=self.failure, failure_code="echo-failure")
        state = TaskState.RUNNING if self.is_running else TaskState.SUCCEEDED
        return Task(task_id, state, progress=0.5, output_url="https://echo.example/clip")

    def fetch(self, task: Task, into: Path, report: Report) -> None:
        shape = self.orders[-1].format
        into.write_bytes(
            self.clip or make_clip(None, shape.width, shape.height, self.orders[-1].seconds, sound=True, rate=8)
        )

    def cancel(self, task_id: str) -> None:
        self.deleted.append(task_id)
