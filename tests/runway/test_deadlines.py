"""Total deadlines: a response that arrives byte by byte gets no more time than one that never arrives."""

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.runway.orders import a_client, an_order
from tests.runway.transport import Behaviour, Connection, Deadlines, certificate, raw_server
from videos.providers import openai
from videos.providers.base import ConnectionFailed, OutcomeUnknown, RequestFailed, Task, TaskState
from videos.providers.deadline import Deadline
from videos.providers.runway.download import DownloadLimits

# The server sends forever, so without a deadline these tests would not end.
pytestmark = pytest.mark.timeout(60)

ID = "17f20503-6c24-4c16-946b-35dbbce2af2f"
DRIPS = b"a"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nX-Slow: "
BODY = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 2000000\r\n\r\n"
CHUNK = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\n1;"
REFUSAL = b"HTTP/1.1 400 Bad Request\r\nX-Slow: "

slow = pytest.mark.parametrize("begins", [HEAD, BODY, CHUNK], ids=["head", "body", "chunk"])


@pytest.fixture
def deadlines() -> Deadlines:
    return Deadlines()


def drips_after(begins: bytes, deadlines: Deadlines) -> Behaviour:
    """Send ``begins``, then single bytes. The deadline expires after the first of them."""

    def behaviour(connection: Connection) -> None:
        connection.send(begins + DRIPS)
        deadlines.latest.end()
        connection.drip(DRIPS)

    return behaviour


@slow
def test_deadline_of_a_call(begins: bytes, deadlines: Deadlines) -> None:
    with raw_server(drips_after(begins, deadlines)) as server:
        client = a_client(f"http://127.0.0.1:{server.port}", deadline=deadlines)
        with pytest.raises(OutcomeUnknown):
            client.submit(an_order())
        with pytest.raises(RequestFailed):
            client.poll(ID)
    assert len(server.requests) == 2


def test_truncated_refusal_is_no_refusal(deadlines: Deadlines) -> None:
    with raw_server(drips_after(REFUSAL, deadlines)) as server, pytest.raises(OutcomeUnknown):
        a_client(f"http://127.0.0.1:{server.port}", deadline=deadlines).submit(an_order())


def test_deadline_of_a_silent_handshake(deadlines: Deadlines) -> None:
    with raw_server(drips_after(b"\x16\x03\x03\x40\x00", deadlines), listens=False) as server:
        client = a_client(f"https://127.0.0.1:{server.port}", deadline=deadlines)
        with pytest.raises(ConnectionFailed):
            client.submit(an_order())


def test_deadline_of_a_call_over_tls(tmp_path: Path, deadlines: Deadlines) -> None:
    context, authority = certificate(tmp_path, "127.0.0.1")
    with raw_server(drips_after(HEAD, deadlines), context=context) as server:
        client = a_client(f"https://127.0.0.1:{server.port}", deadline=deadlines, ca_bundle=authority)
        with pytest.raises(OutcomeUnknown):
            client.submit(an_order())
    assert len(server.requests) == 1


@slow
def test_deadline_of_a_download(begins: bytes, tmp_path: Path, deadlines: Deadlines) -> None:
    with raw_server(drips_after(begins, deadlines)) as server:
        base = f"http://127.0.0.1:{server.port}"
        client = a_client(base, limits=DownloadLimits(grace_period=60.0), deadline=deadlines)
        task = Task(ID, TaskState.SUCCEEDED, output_url=f"{base}/clip.mp4")
        with pytest.raises(RequestFailed, match="took too long"):
            client.fetch(task, tmp_path / "clip.mp4", lambda progress: None)
    assert list(tmp_path.iterdir()) == []
    assert (len(server.requests), deadlines.seconds) == (1, [20.0])


def test_deadline_of_the_longest_download(tmp_path: Path) -> None:
    def behaviour(connection: Connection) -> None:
        connection.send(BODY)
        connection.drip(DRIPS)

    with raw_server(behaviour) as server:
        base = f"http://127.0.0.1:{server.port}"
        client = a_client(base, limits=DownloadLimits(max_seconds=0.2))
        task = Task(ID, TaskState.SUCCEEDED, output_url=f"{base}/clip.mp4")
        with pytest.raises(RequestFailed, match="took too long"):
            client.fetch(task, tmp_path / "clip.mp4", lambda progress: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("begins", [HEAD, BODY], ids=["head", "body"])
def test_deadline_of_an_openai_call(begins: bytes, settings: Any, deadlines: Deadlines) -> None:
    with raw_server(drips_after(begins, deadlines)) as server:
        settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-test", f"http://127.0.0.1:{server.port}/v1"
        assert openai.write_prompt(an_order(), deadlines) == ""
    assert (len(server.requests), deadlines.seconds) == (1, [openai.TIMEOUT])


def test_expired_deadline_closes_the_socket() -> None:
    near, far = socket.socketpair()
    with near, far, Deadline(0.01) as deadline:
        deadline.watch(near)
        assert near.recv(1) == b""
        assert deadline.expired


def test_expired_deadline_closes_new_sockets() -> None:
    near, far = socket.socketpair()
    with near, far, Deadline(3600) as deadline:
        deadline.end()
        deadline.watch(near)
        assert near.recv(1) == b""


def test_socket_within_the_deadline_stays_open() -> None:
    with Deadline(60) as deadline:
        deadline.extend(60)
    assert not deadline.expired


def test_poll_timeout_is_shorter_than_submit_timeout(deadlines: Deadlines) -> None:
    body = b'{"id": "' + ID.encode() + b'", "status": "PENDING"}'
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    with raw_server(lambda connection: connection.send(answer)) as server:
        patient = a_client(f"http://127.0.0.1:{server.port}", deadline=deadlines)
        assert patient.submit(an_order()).task_id == ID
        assert patient.poll(ID).state is TaskState.WAITING
    assert deadlines.seconds == [60.0, 15.0]
