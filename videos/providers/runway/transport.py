"""One HTTP call to Runway: sent once, on a connection of its own, with an answer that is never trusted to be JSON.

What matters to the caller is whether a failed call can have reached Runway. ``NotSent`` says that no byte of the
request left; after that every failure is ``Lost``.
"""

import json
import logging
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from videos.providers.deadline import Deadline

API_VERSION = "2024-11-06"
ANSWER_LIMIT = 1024 * 1024
LONGEST_WAIT = 24 * 3600.0

logger = logging.getLogger(__name__)
# Of the call that this thread makes.
_deadline: ContextVar[Deadline] = ContextVar("deadline")


class NotSent(Exception):
    """No byte of the request left: refused connection, DNS, TLS, connect timeout."""


class Lost(Exception):
    """The request left, whole or in part, and no whole answer came back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``body`` is a JSON object or None; ``foreign`` is a body of another kind, as a proxy's page.

    ``call`` names the call in our log, ``their_call`` in Runway's.
    """

    status: int
    body: dict[str, Any] | None
    foreign: bool
    retry_after: float | None
    call: str
    their_call: str = ""


class Transport:
    """Speaks to one base address with one key. Holds no connection, so threads may share it.

    The timeouts are in seconds; the longer one is also the most that a call may take in all, however its answer drips.
    See ``Runway`` for the other arguments.
    """

    def __init__(
        self,
        key: str,
        base_url: str,
        connect_timeout: float,
        read_timeout: float,
        *,
        ca_bundle: Path | None = None,
        deadline: Callable[[float], Deadline] = Deadline,
    ) -> None:
        self._headers = {
            "Authorization": f"Bearer {key}",
            "X-Runway-Version": API_VERSION,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": "PetGroove",
        }
        self.base_url = base_url
        self._timeouts = (connect_timeout, read_timeout)
        self._verify = str(ca_bundle) if ca_bundle else True
        self._deadline = deadline

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """Send one request and read its answer, of whatever status. Raises NotSent or Lost; logs one line."""
        call = uuid4().hex[:12]
        began = time.monotonic()
        outcome = "interrupted"
        try:
            answer = self._send(method, path, body, call)
            outcome = f"{answer.status} (theirs: {answer.their_call or 'unnamed'})"
            return answer
        except (NotSent, Lost) as error:
            outcome = str(error)
            raise
        finally:
            took = (time.monotonic() - began) * 1000
            logger.info("runway call %s: %s %s: %s in %d ms", call, method, path, outcome, took)

    def _send(self, method: str, path: str, body: dict[str, Any] | None, call: str) -> Answer:
        # A session of its own for each call: a kept connection that the server has just closed would look like a
        # lost answer, and the next order would be billed twice for it.
        with requests.Session() as session, self._deadline(max(self._timeouts)) as deadline:
            _deadline.set(deadline)
            session.trust_env = False
            session.verify = self._verify
            session.mount("https://", _Once())
            session.mount("http://", _Once())
            try:
                with session.request(
                    method,
                    self.base_url + path,
                    json=body,
                    headers=self._headers,
                    timeout=self._timeouts,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    answer = self._answer(response, call)
                if deadline.passed:
                    raise requests.ReadTimeout("the answer came too slowly")
                return answer
            except requests.ConnectTimeout as error:
                raise NotSent(f"no connection: {_cause(error)} (call {call})") from None
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                if _is_before_sending(error):
                    raise NotSent(f"no connection: {_cause(error)} (call {call})") from None
                raise Lost(f"answer lost: {type(error).__name__} (call {call})") from None

    def _answer(self, response: requests.Response, call: str) -> Answer:
        content = self._read(response)
        parsed = _json_object(content)
        theirs = response.headers.get("apigw-requestid", "")
        return Answer(
            status=response.status_code,
            body=parsed,
            foreign=parsed is None and content.strip() != b"",
            retry_after=seconds_to_wait(response.headers.get("Retry-After", ""), datetime.now(UTC)),
            call=call,
            their_call=theirs if re.fullmatch(r"[A-Za-z0-9=_-]{1,64}", theirs) else "",
        )

    def _read(self, response: requests.Response) -> bytes:
        """The body, at most 1 MiB; what is longer is cut, so no JSON."""
        content = bytearray()
        while chunk := response.raw.read1(64 * 1024, decode_content=True):
            content += chunk
            if len(content) > ANSWER_LIMIT:
                break
        return bytes(content[:ANSWER_LIMIT])


@contextmanager
def _nothing_sent_yet(connection: HTTPConnection) -> Iterator[None]:
    # urllib3 reports a reset or a timeout of the TLS handshake as it reports one of the answer. Here is the only place
    # that still knows that the request has not begun.
    try:
        yield
    except ConnectTimeoutError:
        raise
    except (OSError, urllib3.exceptions.HTTPError) as error:
        raise NewConnectionError(connection, type(error).__name__) from error


def require_tls(channel: Any) -> None:
    """Raise ConnectionAbortedError for a TLS socket that made no handshake.

    ``ssl`` skips the handshake without an error where the connection has already ended: the other end hung up, and our
    deadline shut down this one. The first write would fail then, as if the request had been lost on its way.
    """
    if channel.version() is None:
        raise ConnectionAbortedError("the connection ended before the TLS handshake")


def _watched(channel: socket.socket) -> socket.socket:
    _deadline.get().watch(channel)
    return channel


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())

    def connect(self) -> None:
        with _nothing_sent_yet(self):
            super().connect()


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _watched(super()._new_conn())

    def connect(self) -> None:
        with _nothing_sent_yet(self):
            super().connect()
            require_tls(self.sock)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Once(HTTPAdapter):
    """Sends once (requests' adapter resends nothing by default) and tells apart what failed before the sending."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


def _reason(error: Exception) -> BaseException | None:
    inner = error.args[0] if error.args else None
    return inner.reason if isinstance(inner, MaxRetryError) else None


def _is_before_sending(error: Exception) -> bool:
    return isinstance(_reason(error), NewConnectionError)


def _cause(error: Exception) -> str:
    """The name of what stopped a connection, as ``ConnectionRefusedError``; never its text, which may hold a URL."""
    reason = _reason(error)
    return type((reason and reason.__cause__) or reason or error).__name__


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def seconds_to_wait(header: str, now: datetime) -> float | None:
    """A ``Retry-After`` header, seconds or an HTTP date, as seconds from ``now``: 0 to a day; None when unusable."""
    header = header.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", header):
        return min(float(header), LONGEST_WAIT)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max((date - now).total_seconds(), 0.0), LONGEST_WAIT)
