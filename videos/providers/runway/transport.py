"""HTTP calls to Runway. Each is sent once, on its own connection, and its response is never assumed to be JSON.

The caller must know whether a failed call can have reached Runway. ``RequestNotSent`` means that no byte of the request
left this machine; every later failure is ``ResponseLost``.
"""

import json
import logging
import re
import select
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
# The deadline of the call that this thread makes.
_deadline: ContextVar[Deadline] = ContextVar("deadline")


class RequestNotSent(Exception):
    """No byte of the request left this machine: refused connection, DNS, TLS, connect timeout."""


class ResponseLost(Exception):
    """The request was sent, at least in part, and no complete response arrived."""


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """A response. ``body`` is a JSON object or None; ``is_not_json`` marks another body, such as a proxy's page.

    ``call_id`` identifies the call in our log, ``request_id`` in Runway's.
    """

    status: int
    body: dict[str, Any] | None
    is_not_json: bool
    retry_after: float | None
    call_id: str
    request_id: str = ""


class Transport:
    """A client for one base URL and one key. It holds no connection, so threads may share it.

    Timeouts are in seconds. The longer one also limits the whole call, however slowly the response arrives. See
    ``Runway`` for the other arguments.
    """

    def __init__(
        self,
        key: str,
        base_url: str,
        connect_timeout: float,
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
        self._connect_timeout = connect_timeout
        self._verify = str(ca_bundle) if ca_bundle else True
        self._deadline = deadline

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, *, read_timeout: float) -> ApiResponse:
        """Send one request, log one line, and return the response, whatever its status.

        Raises RequestNotSent or ResponseLost.
        """
        call_id = uuid4().hex[:12]
        began = time.monotonic()
        outcome = "interrupted"
        try:
            response = self._send(method, path, body, read_timeout, call_id)
            outcome = f"{response.status} (request id: {response.request_id or 'none'})"
            return response
        except (RequestNotSent, ResponseLost) as error:
            outcome = str(error)
            raise
        finally:
            milliseconds = (time.monotonic() - began) * 1000
            logger.info("runway call %s: %s %s: %s in %d ms", call_id, method, path, outcome, milliseconds)

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None, read_timeout: float, call_id: str
    ) -> ApiResponse:
        timeouts = (self._connect_timeout, read_timeout)
        # Each call has its own session. A kept connection that the server has just closed would look like a lost
        # response, and the resubmitted order would be billed twice.
        with requests.Session() as session, self._deadline(max(timeouts)) as deadline:
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
                    timeout=timeouts,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    api_response = self._parse(response, call_id)
                if deadline.expired:
                    raise requests.ReadTimeout("the response was too slow")
                return api_response
            except requests.ConnectTimeout as error:
                raise RequestNotSent(f"no connection: {_cause_name(error)} (call {call_id})") from None
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                if _is_connect_error(error):
                    raise RequestNotSent(f"no connection: {_cause_name(error)} (call {call_id})") from None
                raise ResponseLost(f"response lost: {type(error).__name__} (call {call_id})") from None

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
        """Return the body, cut at 1 MiB. A longer one is then no longer valid JSON."""
        content = bytearray()
        while chunk := response.raw.read1(64 * 1024, decode_content=True):
            content += chunk
            if len(content) > MAX_RESPONSE_BYTES:
                break
        return bytes(content[:MAX_RESPONSE_BYTES])


@contextmanager
def _as_connect_errors(connection: HTTPConnection) -> Iterator[None]:
    # urllib3 reports a reset or timeout of the TLS handshake like one of the response. Only here is it known that the
    # request has not started.
    try:
        yield
    except ConnectTimeoutError:
        raise
    except (OSError, urllib3.exceptions.HTTPError) as error:
        raise NewConnectionError(connection, type(error).__name__) from error


def require_tls(channel: Any) -> None:
    """Raise ConnectionError for a TLS socket that made no handshake, or whose peer has closed it since.

    ``ssl`` silently skips the handshake if the connection has already ended: the peer closed it and our deadline shut
    down this end. In TLS 1.3, our part of the handshake succeeds even if the peer gives up before it has read it. The
    first write would then fail as if the request had been lost in transit.
    """
    if channel.version() is None:
        raise ConnectionAbortedError("the connection ended before the TLS handshake")
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    # The peer may have sent session tickets. The plain method reads the socket below TLS.
    if poll.poll(0) and not socket.socket.recv(channel, 1, socket.MSG_PEEK):
        raise ConnectionAbortedError("the connection ended during the TLS handshake")


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
    """An adapter that sends once (the default of requests) and identifies failures before the request was sent."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


def _retry_reason(error: Exception) -> BaseException | None:
    inner = error.args[0] if error.args else None
    return inner.reason if isinstance(inner, MaxRetryError) else None


def _is_connect_error(error: Exception) -> bool:
    return isinstance(_retry_reason(error), NewConnectionError)


def _cause_name(error: Exception) -> str:
    """Return the name of the error that prevented a connection, such as ``ConnectionRefusedError``.

    Its text may contain a URL and is never used.
    """
    reason = _retry_reason(error)
    return type((reason and reason.__cause__) or reason or error).__name__


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def parse_retry_after(header: str, now: datetime) -> float | None:
    """Return a ``Retry-After`` header, seconds or an HTTP date, as seconds from ``now``.

    The result is 0 to a day; None if the header is unusable.
    """
    header = header.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", header):
        return min(float(header), MAX_RETRY_AFTER)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max((date - now).total_seconds(), 0.0), MAX_RETRY_AFTER)
