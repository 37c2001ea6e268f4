"""One HTTP call to Runway: sent once, on a connection of its own, with an answer that is never trusted to be JSON.

What matters to the caller is whether a failed call can have reached Runway. ``RequestNotSent`` says that no byte of the
request left; after that every failure is ``ResponseLost``.
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
MAX_RESPONSE_BYTES = 1024 * 1024
MAX_RETRY_AFTER = 24 * 3600.0

logger = logging.getLogger(__name__)
# Of the call that this thread makes.
_deadline: ContextVar[Deadline] = ContextVar("deadline")


class RequestNotSent(Exception):
    """No byte of the request left: refused connection, DNS, TLS, connect timeout."""


class ResponseLost(Exception):
    """The request left, whole or in part, and no whole answer came back."""


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """What came back. ``body`` is a JSON object or None; ``is_not_json`` is a body of another kind, as a proxy's page.

    ``call_id`` names the call in our log, ``request_id`` in Runway's.
    """

    status: int
    body: dict[str, Any] | None
    is_not_json: bool
    retry_after: float | None
    call_id: str
    request_id: str = ""


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

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> ApiResponse:
        """Send one request and read its answer, of whatever status. Raises RequestNotSent or Lost; logs one line."""
        call_id = uuid4().hex[:12]
        began = time.monotonic()
        outcome = "interrupted"
        try:
            response = self._send(method, path, body, call_id)
            outcome = f"{response.status} (theirs: {response.request_id or 'unnamed'})"
            return response
        except (RequestNotSent, ResponseLost) as error:
            outcome = str(error)
            raise
        finally:
            milliseconds = (time.monotonic() - began) * 1000
            logger.info("runway call %s: %s %s: %s in %d ms", call_id, method, path, outcome, milliseconds)

    def _send(self, method: str, path: str, body: dict[str, Any] | None, call_id: str) -> ApiResponse:
        # A session of its own for each call: a kept connection that the server has just closed would look like a
        # lost answer, and the next order would be billed twice for it.
        with requests.Session() as session, self._deadline(max(self._timeouts)) as deadline:
            _deadline.set(deadline)
            session.trust_env = False
            session.verify = self._verify
            session.mount("https://", _SendOnceAdapter())
            session.mount("http://", _SendOnceAdapter())
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
                    api_response = self._parse(response, call_id)
                if deadline.expired:
                    raise requests.ReadTimeout("the answer came too slowly")
                return api_response
            except requests.ConnectTimeout as error:
                raise RequestNotSent(f"no connection: {_cause_name(error)} (call {call_id})") from None
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                if _is_connect_error(error):
                    raise RequestNotSent(f"no connection: {_cause_name(error)} (call {call_id})") from None
                raise ResponseLost(f"answer lost: {type(error).__name__} (call {call_id})") from None

    def _parse(self, http_response: requests.Response, call_id: str) -> ApiResponse:
        content = self._read(http_response)
        parsed = _json_object(content)
        request_id = http_response.headers.get("apigw-requestid", "")
        return ApiResponse(
            status=http_response.status_code,
            body=parsed,
            is_not_json=parsed is None and content.strip() != b"",
            retry_after=parse_retry_after(http_response.headers.get("Retry-After", ""), datetime.now(UTC)),
            call_id=call_id,
            request_id=request_id if re.fullmatch(r"[A-Za-z0-9=_-]{1,64}", request_id) else "",
        )

    def _read(self, response: requests.Response) -> bytes:
        """The body, at most 1 MiB; what is longer is cut, so no JSON."""
        content = bytearray()
        while chunk := response.raw.read1(64 * 1024, decode_content=True):
            content += chunk
            if len(content) > MAX_RESPONSE_BYTES:
                break
        return bytes(content[:MAX_RESPONSE_BYTES])


@contextmanager
def _as_connect_errors(connection: HTTPConnection) -> Iterator[None]:
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


def _watch(channel: socket.socket) -> socket.socket:
    _deadline.get().watch(channel)
    return channel


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _watch(super()._new_conn())

    def connect(self) -> None:
        with _as_connect_errors(self):
            super().connect()


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _watch(super()._new_conn())

    def connect(self) -> None:
        with _as_connect_errors(self):
            super().connect()
            require_tls(self.sock)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _SendOnceAdapter(HTTPAdapter):
    """Sends once (requests' adapter resends nothing by default) and tells apart what failed before the sending."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


def _retry_reason(error: Exception) -> BaseException | None:
    inner = error.args[0] if error.args else None
    return inner.reason if isinstance(inner, MaxRetryError) else None


def _is_connect_error(error: Exception) -> bool:
    return isinstance(_retry_reason(error), NewConnectionError)


def _cause_name(error: Exception) -> str:
    """The name of what stopped a connection, as ``ConnectionRefusedError``; never its text, which may hold a URL."""
    reason = _retry_reason(error)
    return type((reason and reason.__cause__) or reason or error).__name__


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def parse_retry_after(header: str, now: datetime) -> float | None:
    """A ``Retry-After`` header, seconds or an HTTP date, as seconds from ``now``: 0 to a day; None when unusable."""
    header = header.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", header):
        return min(float(header), MAX_RETRY_AFTER)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max((date - now).total_seconds(), 0.0), MAX_RETRY_AFTER)
