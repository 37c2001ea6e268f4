"""Benchmark clients: sequential requests over persistent connections, on plain sockets."""

import io
import socket
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

PORT, VISITORS = 8763, 8


@dataclass(frozen=True)
class Row:
    """``rate`` in requests per second, ``p95`` in milliseconds."""

    rate: float
    p95: float


def p95_of(seconds: list[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[18] * 1000


def hit(
    requests: list[tuple[str, str]],
    seconds: float,
    *,
    expect: bytes = b"",
    visitors: int = VISITORS,
    pause: float = 0.0,
) -> Row:
    """Send (path, cookie) requests for ``seconds``, with one persistent connection per visitor."""
    end, spent = time.monotonic() + seconds, [[] for _ in range(visitors)]
    errors: list[BaseException] = []

    def visit(number: int) -> None:
        messages = [
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: {cookie}\r\n{fragment(path)}\r\n".encode()
            for path, cookie in requests[number::visitors] or requests[:1]
        ]
        try:
            with socket.create_connection(("127.0.0.1", PORT), timeout=30) as connection:
                turn = 0
                while (started := time.monotonic()) < end:
                    connection.sendall(messages[turn % len(messages)])
                    head = read_response(connection)
                    if expect and head[9:12] != expect:
                        raise RuntimeError(f"{head[:80]!r} for {messages[turn % len(messages)][:80]!r}")
                    spent[number].append(time.monotonic() - started)
                    turn += 1
                    if pause:
                        time.sleep(pause)
        except BaseException as error:
            errors.append(error)

    run_all([lambda number=number: visit(number) for number in range(visitors)])
    if errors:
        raise errors[0]
    times = [duration for durations in spent for duration in durations]
    return Row(len(times) / seconds, p95_of(times))


def fragment(path: str) -> str:
    return "HX-Request: true\r\n" if "/poll/" in path or "/naive/" in path else ""


def run_all(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def read_response(connection: socket.socket) -> bytes:
    """Read one complete response and return its head."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            raise ConnectionError("connection closed by the server")
        data += chunk
    head, body = data.split(b"\r\n\r\n", 1)
    lower = head.lower()
    if b"content-length:" in lower:
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += connection.recv(65536)
    elif b"chunked" in lower:
        while not body.endswith(b"0\r\n\r\n"):
            body += connection.recv(65536)
    return head


def photo_of_twelve_megapixels() -> tuple[bytes, str]:
    """Return a multipart body with a JPEG of 4000x3000 pixels, like a phone's, and its content type."""
    y, x = np.mgrid[0:3000, 0:4000]
    noise = np.random.default_rng(1).integers(0, 12, (3000, 4000))
    pixels = np.stack([x * 200 // 4000 + noise, y * 200 // 3000 + noise, 90 + noise], axis=-1).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=88)
    mark = uuid.uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'.encode()
    return head + out.getvalue() + f"\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def upload(token: str, body: bytes, kind: str) -> float:
    """Upload a photo; return the seconds from the first byte to the complete response."""
    head = (
        f"POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", PORT), timeout=60) as connection:
        connection.sendall(head.encode() + body)
        response_head = read_response(connection)
    if response_head[9:12] != b"201":
        raise RuntimeError(response_head[:200])
    return time.monotonic() - started
