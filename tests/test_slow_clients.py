"""Slow clients hold no thread of the web server: it runs here with one thread, on a free port."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.processes import free_port

ROOT = Path(__file__).parent.parent
# Far longer than the server needs; a request that takes longer waits for a slow client.
SECONDS = 30
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n"


class Server:
    """The server, with these constants of ``petgroove.server``."""

    def __init__(self, **constants: int) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "tests.slow_clients_app", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--threads", "1", "--workers", "1", "--log-level", "error", "--graceful-timeout", "20"]
        environment = os.environ | {f"TEST_{name}": str(value) for name, value in constants.items()}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)
        wait_for(self.port)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)


Start = Callable[..., Server]


@pytest.fixture
def start() -> Iterator[Start]:
    servers: list[Server] = []

    def start(**constants: int) -> Server:
        servers.append(Server(**constants))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
        server.process.wait(SECONDS)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            return socket.create_connection(("127.0.0.1", port)).close()
        time.sleep(0.1)
    pytest.fail("the server did not start")


def connect(port: int, *parts: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
    for part in parts:
        client.sendall(part)
    return client


def get(port: int, path: str = "/") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().read()


def answer(client: socket.socket) -> tuple[int, bytes]:
    response = http.client.HTTPResponse(client)
    response.begin()
    return response.status, response.read()


@pytest.mark.parametrize("sent", [b"", b"PO", HEAD, HEAD + b"a=1"], ids=["nothing", "method", "head", "body"])
def test_unfinished_requests_leave_the_threads_free(start: Start, sent: bytes) -> None:
    port = start(HEADER_SECONDS=600, BODY_SECONDS=600).port
    clients = [connect(port, sent) for _ in range(20)]
    assert get(port).endswith(b" 0")
    for client in clients:
        client.close()


def test_client_that_does_not_read_leaves_the_threads_free(start: Start) -> None:
    port = start().port
    client = connect(port, b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert client.recv(1)
    assert get(port).endswith(b" 0")
    client.close()


@pytest.mark.parametrize("sent", [b"POST / HT", HEAD + b"a=1"], ids=["head", "body"])
def test_late_request_gets_408(start: Start, sent: bytes) -> None:
    port = start(HEADER_SECONDS=1, BODY_SECONDS=1).port
    with connect(port, sent) as client:
        status, text = answer(client)
    assert status == 408
    assert b"Check your connection and try again." in text


def test_slow_but_steady_body_arrives(start: Start) -> None:
    """The body takes longer than the time for a body without a pace."""
    port = start(BODY_SECONDS=1, LEAST_BYTES_PER_SECOND=1000).port
    with connect(port, HEAD) as client:
        for _ in range(20):
            client.sendall(b"x" * 10_000)
            time.sleep(0.15)
        assert answer(client) == (200, b"1 200000")


def test_chunked_body_is_read(start: Start) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with connect(start().port, head, b"5\r\nhello\r\n", b"6\r\n world\r\n", b"0\r\n\r\n") as client:
        assert answer(client) == (200, b"1 11")


def test_health_check_is_answered_while_all_threads_are_busy(start: Start) -> None:
    port = start().port
    with connect(port, b"GET /busy HTTP/1.1\r\nHost: localhost\r\n\r\n") as client:
        client.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.recv(1)
        assert get(port, "/healthz") == b"2 0"
        # Still busy: otherwise the health check may have waited.
        with pytest.raises(TimeoutError):
            client.recv(1)


def test_connection_is_closed_after_a_request_with_two_lengths(start: Start) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    port = start().port
    with connect(port, head, b"5\r\nhello\r\n0\r\n\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") as client:
        assert client.makefile("rb").read().count(b"200 OK") == 1
    assert get(port).endswith(b"2 0")


def test_client_that_sends_too_much_gets_the_whole_answer(start: Start) -> None:
    """It sends everything before it reads, as browsers do."""
    size = 30 * 1024 * 1024
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n".encode()
    with connect(start().port, head, b"x" * size) as client:
        assert answer(client) == (413, b"too large")


def test_body_behind_an_oversized_request_is_no_request(start: Start) -> None:
    port = start(DISCARD_SECONDS=1).port
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n\r\n"
    with connect(port, head, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") as client:
        assert answer(client)[0] == 413
        assert client.recv(1) == b""
    assert get(port) == b"2 0"


def test_client_that_waits_for_the_continue_sends_its_body(start: Start) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    with connect(start().port, head) as client:
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"hello")
        assert answer(client) == (200, b"1 5")


def test_too_many_unfinished_bodies_are_refused(start: Start) -> None:
    port = start(MAX_RECEIVING_BYTES=150_000).port
    with connect(port, HEAD, b"x" * 100_000) as first, connect(port, HEAD, b"x" * 100_000) as second:
        status, text = answer(second)
        assert status == 503
        assert b"Try again in a minute." in text
        first.sendall(b"x" * 100_000)
        assert answer(first) == (200, b"1 200000")


def test_connection_answers_several_requests(start: Start) -> None:
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc"
    with connect(start().port, request) as client:
        assert answer(client) == (200, b"1 3")
        client.sendall(request + request.replace(b"keep-alive", b"close"))
        assert client.makefile("rb").read().count(b"200 OK") == 2


def test_stopping_server_answers_the_request_that_is_arriving(start: Start) -> None:
    server = start()
    with connect(server.port, HEAD, b"x" * 100_000) as client:
        get(server.port)
        server.stop()
        time.sleep(0.5)
        client.sendall(b"x" * 100_000)
        assert answer(client) == (200, b"2 200000")
