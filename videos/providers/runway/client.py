"""Runway as a remote provider: what the state machine may ask of it."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from videos.providers.base import ConnectionFailed, Order, OutcomeUnknown, Report, RequestFailed, Submission, Task
from videos.providers.deadline import Deadline
from videos.providers.runway import answers
from videos.providers.runway.catalogue import BASE_URL, DOWNLOAD_HOSTS, clean_base_url, get_model
from videos.providers.runway.download import Downloader, DownloadLimits
from videos.providers.runway.payload import create_body
from videos.providers.runway.transport import ApiResponse, RequestNotSent, ResponseLost, Transport

logger = logging.getLogger(__name__)

# Whatever is asked but not ordered is answered from a table: a studio that takes longer, in seconds, is asked again.
POLL_TIMEOUT = 15.0


class Runway:
    """A ``RemoteProvider``. Holds no connection and no state, so threads may share one.

    ``download_hosts`` are names, or ``*.`` and a domain for everything below it. ``allow_loopback`` also lets clips
    come from this very machine, over plain HTTP and from any port: for the stand-in server of development and tests.
    Timeouts are in seconds; the read timeout is long because a create fetches and checks the picture before it answers.
    Everything else waits for ``POLL_TIMEOUT`` at most, since one worker looks after many videos.
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
        limits: DownloadLimits | None = None,
        ca_bundle: Path | None = None,
        deadline: Callable[[float], Deadline] = Deadline,
    ) -> None:
        key = key.strip()
        if not re.fullmatch(r"[!-~]+", key):
            raise ValueError("Runway's key is empty or holds spaces or signs that no key has")
        self.model = get_model(model)
        base, poll_timeout = clean_base_url(base_url), min(read_timeout, POLL_TIMEOUT)
        shared: dict[str, Any] = {"ca_bundle": ca_bundle, "deadline": deadline}
        self._transport = Transport(key, base, connect_timeout, read_timeout, **shared)
        self._poll_transport = Transport(key, base, connect_timeout, poll_timeout, **shared)
        self._downloader = Downloader(download_hosts, allow_loopback, limits or DownloadLimits(), **shared)

    def __repr__(self) -> str:
        return f"Runway(model={self.model.id!r}, base_url={self._transport.base_url!r})"

    def submit(self, order: Order) -> Submission:
        """Create a task, sent once.

        Raises TemporarilyRejected, OutcomeUnknown, OrderRejected (its code is a ``RejectionCode``) or
        AccountUnavailable.
        """
        body = create_body(order, self.model)
        try:
            response = self._transport.call("POST", "/v1/image_to_video", body)
        except RequestNotSent as error:
            raise ConnectionFailed(str(error)) from None
        except ResponseLost as error:
            raise OutcomeUnknown(str(error)) from None
        submission = answers.parse_submission(response, body["promptText"])
        logger.info("runway took video %s as task %s (call %s)", order.video_id, submission.task_id, response.call_id)
        return submission

    def poll(self, task_id: str) -> Task:
        """The task as it stands. At most once in five seconds for a task.

        Raises RequestFailed or AccountUnavailable.
        """
        return answers.parse_task(self._request("GET", _task_path(task_id)), task_id)

    def fetch(self, task: Task, into: Path, report: Report) -> None:
        """Download a succeeded task's clip into a file, whole or not at all. Raises RequestFailed or InvalidOutput.

        Checked here: where it comes from, its type, its length and that it begins as an MP4; not that it decodes.
        """
        self._downloader.fetch(task.output_url, into, report)

    def cancel(self, task_id: str) -> None:
        """Cancel what runs (no refund) or delete what is done, with its output. Raises RequestFailed."""
        answers.check_deleted(self._request("DELETE", _task_path(task_id)))

    def organization(self) -> answers.Organization:
        """The account's credits and limits: free, so also the test of the key.

        Raises RequestFailed or AccountUnavailable.
        """
        return answers.parse_organization(self._request("GET", "/v1/organization"), self.model.id)

    def _request(self, method: str, path: str) -> ApiResponse:
        try:
            return self._poll_transport.call(method, path)
        except (RequestNotSent, ResponseLost) as error:
            raise RequestFailed(str(error)) from None


def _task_path(task_id: str) -> str:
    if not answers.is_task_id(task_id):
        raise ValueError("not the id of a task")
    return f"/v1/tasks/{task_id}"
