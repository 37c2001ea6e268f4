"""Visitors of the bench: connections that stay open, one request after the other, over plain sockets."""

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
    """Requests a second and the 95th percentile, in milliseconds."""

    rate: float
    p95: float


def p95_of(seconds: list[float]) -> float:
    """In milliseconds."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[18] * 1000


def hit(
    asked: list[tuple[str, str]], seconds: float, *, expect: bytes = b"", visitors: int = VISITORS, pause: float = 0.0
) -> Row:
    """So many visitors over connections that stay open, each one request after the other."""
    end, spent = time.monotonic() + seconds, [[] for _ in range(visitors)]
    errors: list[BaseException] = []

    def visit(number: int) -> None:
        mine = [
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: {cookie}\r\n{fragment(path)}\r\n".encode()
            for path, cookie in asked[number::visitors] or asked[:1]
        ]
        try:
            with socket.create_connection(("127.0.0.1", PORT), timeout=30) as line:
                turn = 0
                while (started := time.monotonic()) < end:
                    line.sendall(mine[turn % len(mine)])
                    head = answered(line)
                    if expect and head[9:12] != expect:
                        raise RuntimeError(f"{head[:80]!r} for {mine[turn % len(mine)][:80]!r}")
                    spent[number].append(time.monotonic() - started)
                    turn += 1
                    if pause:
                        time.sleep(pause)
        except BaseException as error:
            errors.append(error)

    run_all([lambda number=number: visit(number) for number in range(visitors)])
    if errors:
        raise errors[0]
    times = [one for each in spent for one in each]
    return Row(len(times) / seconds, p95_of(times))


def fragment(path: str) -> str:
    return "HX-Request: true\r\n" if "/poll/" in path or "/naive/" in path else ""


def run_all(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def answered(line: socket.socket) -> bytes:
    """Read one answer to its end; returns its head."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = line.recv(65536)
        if not more:
            raise ConnectionError("closed")
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    lower = head.lower()
    if b"content-length:" in lower:
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += line.recv(65536)
    elif b"chunked" in lower:
        while not body.endswith(b"0\r\n\r\n"):
            body += line.recv(65536)
    return head


def photo_of_twelve_megapixels() -> tuple[bytes, str]:
    """A multipart body with a JPEG of 4000 by 3000, as phones make them."""
    y, x = np.mgrid[0:3000, 0:4000]
    noise = np.random.default_rng(1).integers(0, 12, (3000, 4000))
    pixels = np.stack([x * 200 // 4000 + noise, y * 200 // 3000 + noise, 90 + noise], axis=-1).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=88)
    mark = uuid.uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'.encode()
    return head + out.getvalue() + f"\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def upload(token: str, body: bytes, kind: str) -> float:
    """Seconds from the first byte to the answer."""
    head = (
        f"POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", PORT), timeout=60) as line:
        line.sendall(head.encode() + body)
        told = answered(line)
    if told[9:12] != b"201":
        raise RuntimeError(told[:200])
    return time.monotonic() - started
