"""Downloads of clips: from a checked address only, without redirects, within limits, whole or not at all.

They use ``http.client`` rather than ``requests``. The connection must go to the checked address with the host's own
name in TLS, and urllib3 logs URLs with their query.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import requests.utils

from videos.providers.base import InvalidOutput, Report, RequestFailed
from videos.providers.deadline import Deadline
from videos.providers.runway.addresses import Origin, SocketAddress, checked_origin, resolve
from videos.providers.runway.transport import parse_retry_after, require_tls

CONNECT_TIMEOUT = 5.0
# For connecting and the response headers together, since no progress is reported until then.
HEAD_TIMEOUT = 20.0
_CHUNK = 64 * 1024
_MAX_ADDRESSES = 4
# The storage that serves a clip may not know its type; the first bytes are checked in any case.
_CONTENT_TYPES = frozenset({"video/mp4", "application/mp4", "application/octet-stream", "binary/octet-stream"})
_EXPIRED_STATUSES = frozenset({401, 403, 404, 410})


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """The limits of one download.

    ``max_bytes`` and ``max_seconds`` are totals. ``min_speed`` is in bytes a second and applies after the first
    ``grace_period`` seconds. A real clip of ten seconds is about 4 MB. ``idle_timeout`` is the longest wait for the
    next byte, and ``report_interval`` the shortest time between two reports, in seconds.
    """

    max_bytes: int = 200 * 1024 * 1024
    max_seconds: float = 120.0
    min_speed: int = 16 * 1024
    grace_period: float = 10.0
    idle_timeout: float = 10.0
    report_interval: float = 0.5


class Downloader:
    """A downloader of clips from allowed hosts. See ``Runway`` for the arguments."""

    def __init__(
        self,
        hosts: tuple[str, ...],
        allow_loopback: bool,
        limits: DownloadLimits,
        *,
        ca_bundle: Path | None = None,
        deadline: Callable[[float], Deadline] = Deadline,
    ) -> None:
        self._hosts = hosts
        self._allow_loopback = allow_loopback
        self._limits = limits
        self._ca_bundle = str(ca_bundle or requests.utils.DEFAULT_CA_BUNDLE_PATH)
        self._deadline = deadline

    def fetch(self, url: str, into: Path, report: Report) -> None:
        """Download ``url`` to a file next to ``into`` and rename it when complete.

        ``report`` is called before the first byte, at intervals (see ``DownloadLimits``), and before the rename. Its
        exceptions propagate. Raises RequestFailed for an incomplete response, and InvalidOutput for a response that is
        not an acceptable clip.
        """
        origin = checked_origin(url, self._hosts, allow_loopback=self._allow_loopback)
        report(0.0)
        deadline = self._deadline(min(HEAD_TIMEOUT, self._limits.max_seconds))
        with (
            _network_errors(deadline),
            deadline,
            closing(self._connect(origin, resolve(origin), deadline)) as connection,
        ):
            connection.request("GET", origin.target, headers=_headers(origin))
            with closing(connection.getresponse()) as response:
                _check_deadline(deadline)
                length = self._check_headers(response)
                with _atomic_file(into) as file:
                    self._copy(response, length, file, report, deadline)
                    report(1.0)

    def _connect(
        self, origin: Origin, addresses: list[SocketAddress], deadline: Deadline
    ) -> http.client.HTTPConnection:
        """Return a connection to the first address that answers, out of a few. Raises OSError."""
        failure: OSError = OSError("no address")
        for family, address in addresses[:_MAX_ADDRESSES]:
            try:
                channel = self._dial(origin, family, address, deadline)
            except OSError as error:
                failure = error
                continue
            connection = http.client.HTTPConnection(origin.host, origin.port)
            connection.sock = channel
            return connection
        raise failure

    def _dial(
        self, origin: Origin, family: socket.AddressFamily, address: tuple[str | int, ...], deadline: Deadline
    ) -> socket.socket:
        channel = socket.socket(family, socket.SOCK_STREAM)
        try:
            channel.settimeout(CONNECT_TIMEOUT)
            channel.connect(address)
            deadline.watch(channel)
            if origin.secure:
                context = ssl.create_default_context(cafile=self._ca_bundle)
                channel = context.wrap_socket(channel, server_hostname=origin.host)
                require_tls(channel)
            channel.settimeout(self._limits.idle_timeout)
        except BaseException:
            channel.close()
            raise
        return channel

    def _check_headers(self, response: http.client.HTTPResponse) -> int | None:
        """Return the announced length in bytes; None for a chunked response.

        Raises RequestFailed or InvalidOutput for any response that is not a clip.
        """
        if response.status != 200:
            raise _http_error(response)
        kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        if kind not in _CONTENT_TYPES or (response.getheader("Content-Encoding") or "identity").lower() != "identity":
            raise InvalidOutput("the output is not served as a video")
        if response.length is None and not response.chunked:
            raise InvalidOutput("the output's length is unknown")
        if response.length is not None and response.length > self._limits.max_bytes:
            raise InvalidOutput("the output is too large")
        return response.length

    def _copy(
        self,
        response: http.client.HTTPResponse,
        length: int | None,
        file: IO[bytes],
        report: Report,
        deadline: Deadline,
    ) -> None:
        began = reported = time.monotonic()
        head, size = b"", 0
        while chunk := response.read1(_CHUNK):
            size += len(chunk)
            if len(head) < 12:
                head += chunk[:12]
                _check_head(head)
            file.write(chunk)
            now = time.monotonic()
            deadline.extend(min(self._limits.idle_timeout, began + self._limits.max_seconds - now))
            self._check_caps(size, now - began, is_endless=length is None)
            if now - reported >= self._limits.report_interval:
                reported = now
                report(size / length if length else 0.0)
        if length is not None and size != length:
            _check_deadline(deadline)
            raise RequestFailed(f"the output was cut short at {size} of {length} bytes")
        if len(head) < 12:
            raise InvalidOutput("the output is not an MP4")

    def _check_caps(self, size: int, seconds: float, *, is_endless: bool) -> None:
        if size > self._limits.max_bytes:
            raise InvalidOutput("the output is too large")
        if seconds > self._limits.max_seconds:
            if is_endless:
                raise InvalidOutput("the output does not end")
            raise RequestFailed("the download took too long")
        if seconds > self._limits.grace_period and size < self._limits.min_speed * seconds:
            raise RequestFailed("the download is too slow")


def _check_head(head: bytes) -> None:
    if len(head) >= 12 and head[4:8] != b"ftyp":
        raise InvalidOutput("the output is not an MP4")


def _http_error(response: http.client.HTTPResponse) -> InvalidOutput | RequestFailed:
    status = response.status
    if status in _EXPIRED_STATUSES:
        return InvalidOutput(f"the output URL has expired ({status})")
    if status == 429 or status >= 500:
        wait = parse_retry_after(response.getheader("Retry-After") or "", datetime.now(UTC))
        return RequestFailed(f"the output's host returned {status}", retry_after=wait)
    return InvalidOutput(f"the output's host returned {status}")


def _headers(origin: Origin) -> dict[str, str]:
    # http.client would add port 443, since a plain HTTPConnection does not treat it as the default.
    name = f"[{origin.host}]" if ":" in origin.host else origin.host
    host = name if origin.port == (443 if origin.secure else 80) else f"{name}:{origin.port}"
    return {
        "Host": host,
        "Accept": "video/mp4",
        "Accept-Encoding": "identity",
        "User-Agent": "PetGroove",
        "Connection": "close",
    }


def _check_deadline(deadline: Deadline) -> None:
    if deadline.expired:
        raise RequestFailed("the download took too long")


@contextmanager
def _network_errors(deadline: Deadline) -> Iterator[None]:
    # Database errors from ``report`` are not OSErrors, so only errors of the network and the disk are caught here.
    # Their texts may contain URLs, so only their names are kept.
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        _check_deadline(deadline)
        raise RequestFailed(f"the download failed ({type(error).__name__})") from None


@contextmanager
def _atomic_file(into: Path) -> Iterator[IO[bytes]]:
    """Yield a file next to ``into`` that replaces it on success and is deleted otherwise."""
    with NamedTemporaryFile(dir=into.parent, prefix=f".{into.name}.", suffix=".part", delete=False) as file:
        try:
            yield file
            file.flush()
            Path(file.name).replace(into)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
