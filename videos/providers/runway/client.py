"""Runway as a remote provider: the operations that the worker calls."""

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

# Runway answers everything but an order from a table. A response that takes longer than this many seconds is retried.
POLL_TIMEOUT = 15.0


class Runway:
    """The ``RemoteProvider`` of Runway. It holds no connection and no state, so threads may share one.

    ``download_hosts`` are host names, or ``*.`` and a domain for all its subdomains. ``allow_loopback`` also allows
    clips from this machine, over plain HTTP and from any port, for the fake server of development and tests.

    Timeouts are in seconds. The read timeout is long because a create fetches and checks the picture before it
    answers. Other requests wait at most ``POLL_TIMEOUT``, since one worker serves many videos.

    ``ca_bundle`` is a file of certificate authorities that replaces the default ones. ``deadline`` creates the object
    that ends a call that takes too long.

    Raises ValueError for an empty or malformed key, an unknown model and an unusable base URL.
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
            raise ValueError("The Runway key is empty or contains invalid characters. Copy it again.")
        self.model = get_model(model)
        shared: dict[str, Any] = {"ca_bundle": ca_bundle, "deadline": deadline}
        self._transport = Transport(key, clean_base_url(base_url), connect_timeout, **shared)
        self._read_timeout = read_timeout
        self._downloader = Downloader(download_hosts, allow_loopback, limits or DownloadLimits(), **shared)

    def __repr__(self) -> str:
        return f"Runway(model={self.model.id!r}, base_url={self._transport.base_url!r})"

    def submit(self, order: Order) -> Submission:
        """Create a task. The request is sent once.

        Raises TemporarilyRejected, OutcomeUnknown, OrderRejected (with a ``RejectionCode`` as its code) or
        AccountUnavailable.
        """
        body = create_body(order, self.model)
        try:
            response = self._transport.call("POST", "/v1/image_to_video", body, read_timeout=self._read_timeout)
        except RequestNotSent as error:
            raise ConnectionFailed(str(error)) from None
        except ResponseLost as error:
            raise OutcomeUnknown(str(error)) from None
        submission = answers.parse_submission(response, body["promptText"])
        logger.info(
            "runway accepted video %s as task %s (call %s)", order.video_id, submission.task_id, response.call_id
        )
        return submission

    def poll(self, task_id: str) -> Task:
        """Return the task's current state. Poll a task at most once in five seconds.

        Raises RequestFailed or AccountUnavailable.
        """
        return answers.parse_task(self._request("GET", _task_path(task_id)), task_id)

    def fetch(self, task: Task, into: Path, report: Report) -> None:
        """Download the clip of a succeeded task, whole or not at all.

        The source, type, length and MP4 signature are checked here. Whether the clip decodes is not.

        Raises RequestFailed or InvalidOutput.
        """
        self._downloader.fetch(task.output_url, into, report)

    def cancel(self, task_id: str) -> None:
        """Cancel an unfinished task (no refund), or delete a finished one with its output. Raises RequestFailed."""
        answers.check_deleted(self._request("DELETE", _task_path(task_id)))

    def organization(self) -> answers.Organization:
        """Return the account's credits and limits. The call is free, so it also tests the key.

        Raises RequestFailed or AccountUnavailable.
        """
        return answers.parse_organization(self._request("GET", "/v1/organization"), self.model.id)

    def _request(self, method: str, path: str) -> ApiResponse:
        try:
            return self._transport.call(method, path, read_timeout=min(self._read_timeout, POLL_TIMEOUT))
        except (RequestNotSent, ResponseLost) as error:
            raise RequestFailed(str(error)) from None


def _task_path(task_id: str) -> str:
    if not answers.is_task_id(task_id):
        raise ValueError("not a valid task id")
    return f"/v1/tasks/{task_id}"
