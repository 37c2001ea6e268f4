"""Runway as a remote provider: what the state machine may ask of it."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from videos.providers.base import NotReached, Order, Report, Submission, Task, Unknown, Unreachable
from videos.providers.deadline import Deadline
from videos.providers.runway import answers
from videos.providers.runway.catalogue import BASE_URL, DOWNLOAD_HOSTS, base_address, model_named
from videos.providers.runway.download import Downloader, Limits
from videos.providers.runway.payload import create_body
from videos.providers.runway.transport import Answer, Lost, NotSent, Transport

logger = logging.getLogger(__name__)

# Whatever is asked but not ordered is answered from a table: a studio that takes longer, in seconds, is asked again.
LONGEST_ANSWER = 15.0


class Runway:
    """A ``RemoteProvider``. Holds no connection and no state, so threads may share one.

    ``download_hosts`` are names, or ``*.`` and a domain for everything below it. ``allow_loopback`` also lets clips
    come from this very machine, over plain HTTP and from any port: for the stand-in server of development and tests.
    Timeouts are in seconds; the read timeout is long because a create fetches and checks the picture before it answers.
    Everything else waits for ``LONGEST_ANSWER`` at most, since one worker looks after many videos.
    ``ca_bundle`` is a file of certificate authorities to trust instead of the usual ones. ``deadline`` makes what ends
    a call that takes too long.
    Raises ValueError for an empty key or one with spaces inside, an unknown model and an unusable base address.
    """

    name = "runway"

    def __init__(
        self,
        key: str,
        model: str = "gen4_turbo",
        base_url: str = BASE_URL,
        download_hosts: tuple[str, ...] = DOWNLOAD_HOSTS,
        *,
        allow_loopback: bool = False,
        connect_timeout: float = 5.0,
        read_timeout: float = 60.0,
        limits: Limits | None = None,
        ca_bundle: Path | None = None,
        deadline: Callable[[float], Deadline] = Deadline,
    ) -> None:
        key = key.strip()
        if not re.fullmatch(r"[!-~]+", key):
            raise ValueError("Runway's key is empty or holds spaces or signs that no key has")
        self.model = model_named(model)
        base, shortest = base_address(base_url), min(read_timeout, LONGEST_ANSWER)
        shared: dict[str, Any] = {"ca_bundle": ca_bundle, "deadline": deadline}
        self._transport = Transport(key, base, connect_timeout, read_timeout, **shared)
        self._questions = Transport(key, base, connect_timeout, shortest, **shared)
        self._downloader = Downloader(download_hosts, allow_loopback, limits or Limits(), **shared)

    def __repr__(self) -> str:
        return f"Runway(model={self.model.id!r}, base_url={self._transport.base_url!r})"

    def submit(self, order: Order) -> Submission:
        """Create a task, sent once. Raises NotAccepted, Unknown, Refused (its code is a ``Refusal``) or Closed."""
        body = create_body(order, self.model)
        try:
            answer = self._transport.call("POST", "/v1/image_to_video", body)
        except NotSent as error:
            raise NotReached(str(error)) from None
        except Lost as error:
            raise Unknown(str(error)) from None
        made = answers.submission(answer, body["promptText"])
        logger.info("runway took video %s as task %s (call %s)", order.video_id, made.task_id, answer.call)
        return made

    def poll(self, task_id: str) -> Task:
        """The task as it stands. At most once in five seconds for a task. Raises Unreachable or Closed."""
        return answers.task(self._ask("GET", _path(task_id)), task_id)

    def fetch(self, task: Task, into: Path, report: Report) -> None:
        """Download a succeeded task's clip into a file, whole or not at all. Raises Unreachable or BadOutput.

        Checked here: where it comes from, its type, its length and that it begins as an MP4; not that it decodes.
        """
        self._downloader.fetch(task.output_url, into, report)

    def cancel(self, task_id: str) -> None:
        """Cancel what runs (no refund) or delete what is done, with its output. Raises Unreachable."""
        answers.gone(self._ask("DELETE", _path(task_id)))

    def organization(self) -> answers.Organization:
        """The account's credits and limits: free, so also the test of the key. Raises Unreachable or Closed."""
        return answers.organization(self._ask("GET", "/v1/organization"), self.model.id)

    def _ask(self, method: str, path: str) -> Answer:
        try:
            return self._questions.call(method, path)
        except (NotSent, Lost) as error:
            raise Unreachable(str(error)) from None


def _path(task_id: str) -> str:
    if not answers.is_task_id(task_id):
        raise ValueError("not the id of a task")
    return f"/v1/tasks/{task_id}"
