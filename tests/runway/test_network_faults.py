"""Network faults over real sockets: requests that were never sent, and requests that may have arrived, sent once."""

import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.runway.fixtures import GOOD_KEY, FakeServer
from tests.runway.orders import a_client, an_order
from tests.runway.transport import (
    Behaviour,
    Connection,
    Deadlines,
    certificate,
    closed_port,
    connect_and_wait_for_the_end,
    full_port,
    raw_server,
)
from videos.providers.base import (
    AccountUnavailable,
    OrderRejected,
    OutcomeUnknown,
    RequestFailed,
    Submission,
    TemporarilyRejected,
)
from videos.providers.runway.transport import require_tls
from videos.subject import Subject

ID = "17f20503-6c24-4c16-946b-35dbbce2af2f"
ACCEPTED = (
    b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 46\r\n\r\n{"id": "' + ID.encode() + b'"}'
)
LONG, LATE = b"HTTP/1.1 200 OK\r\nContent-Length: 66\r\n\r\n", b" " * 20 + b'{"id": "' + ID.encode() + b'"}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
# Only a silent server needs a short timeout, before or after sending; other faults show on the slowest machine.
PATIENT: dict[str, Any] = {"connect_timeout": 30.0, "read_timeout": 30.0}
SHORT_BEFORE, SHORT_AFTER = {"connect_timeout": 0.2}, {"read_timeout": 0.2}


def ordered(base: str, **changes: Any) -> Submission:
    return a_client(base, **(PATIENT | changes)).submit(an_order())


def test_refused_connection_is_a_rejection() -> None:
    with pytest.raises(TemporarilyRejected, match="no connection: ConnectionRefusedError"):
        ordered(f"http://127.0.0.1:{closed_port()}")


def test_unresolvable_name_is_a_rejection(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: Any, **_kwargs: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    # The system's resolver would use the network.
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TemporarilyRejected, match="no connection: gaierror"):
        ordered("https://api.dev.runwayml.com")


def test_unanswered_connection_is_a_rejection() -> None:
    with full_port() as port, pytest.raises(TemporarilyRejected, match="no connection: "):
        ordered(f"http://127.0.0.1:{port}", **SHORT_BEFORE)


@pytest.mark.parametrize(
    ("behaviour", "timeouts"),
    [
        pytest.param(Connection.reset, {}, id="a reset"),
        pytest.param(lambda connection: None, {}, id="a hang-up"),
        pytest.param(Connection.hang, SHORT_BEFORE, id="silence"),
        pytest.param(lambda connection: connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), {}, id="plain HTTP"),
    ],
)
def test_tls_setup_failure_is_a_rejection(behaviour: Behaviour, timeouts: dict[str, float]) -> None:
    with raw_server(behaviour, listens=False) as server, pytest.raises(TemporarilyRejected, match="no connection: "):
        ordered(f"https://127.0.0.1:{server.port}", **timeouts)
    assert server.connections == 1


@pytest.mark.parametrize(
    "behaviour", [pytest.param(Connection.reset, id="a reset"), pytest.param(Connection.close, id="a hang-up")]
)
def test_connection_closed_before_tls_is_a_rejection(behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
    # The client cannot pause between the connection and the handshake, so the socket does.
    monkeypatch.setattr(socket.socket, "connect", connect_and_wait_for_the_end)
    with raw_server(behaviour, listens=False) as server, pytest.raises(TemporarilyRejected, match="no connection: "):
        ordered(f"https://127.0.0.1:{server.port}")
    assert server.connections == 1


def test_connection_closed_after_the_servers_part_of_the_handshake_is_noticed(tmp_path: Path) -> None:
    """In TLS 1.3, the client has finished by then. Without a look, sending would fail as if the answer were lost."""
    context, authority = certificate(tmp_path, "localhost")
    ours, theirs = socket.socketpair()

    def answer_and_close() -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = context.wrap_bio(incoming, outgoing, server_side=True)
        incoming.write(theirs.recv(65536))
        with suppress(ssl.SSLWantReadError):
            server.do_handshake()
        theirs.sendall(outgoing.read())
        theirs.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=answer_and_close)
    thread.start()
    with (
        theirs,
        ssl.create_default_context(cafile=str(authority)).wrap_socket(ours, server_hostname="localhost") as channel,
    ):
        thread.join()
        with pytest.raises(ConnectionAbortedError, match="during the TLS handshake"):
            require_tls(channel)


def test_untrusted_certificate_is_a_rejection(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path, "127.0.0.1")
    with (
        raw_server(lambda connection: connection.send(ACCEPTED), context=context) as server,
        pytest.raises(TemporarilyRejected, match="SSL"),
    ):
        ordered(f"https://127.0.0.1:{server.port}")
    assert server.requests == []


def test_certificate_of_another_name_is_a_rejection(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "127.0.0.2", "example.com")
    with (
        raw_server(lambda connection: connection.send(ACCEPTED), context=context) as server,
        pytest.raises(TemporarilyRejected, match="SSL"),
    ):
        ordered(f"https://127.0.0.1:{server.port}", ca_bundle=authority)
    assert server.requests == []


def test_valid_certificate_is_accepted(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "127.0.0.1")
    with raw_server(lambda connection: connection.send(ACCEPTED), context=context) as server:
        assert ordered(f"https://127.0.0.1:{server.port}", ca_bundle=authority) == Submission(ID)


LOST = [
    pytest.param(Connection.hang, SHORT_AFTER, id="no answer in time"),
    pytest.param(Connection.reset, {}, id="a reset"),
    pytest.param(lambda connection: None, {}, id="a hang-up"),
    pytest.param(lambda connection: connection.send(b"HTTP/1.1 200 OK\r\nContent-"), {}, id="half a head"),
    pytest.param(lambda connection: connection.send(ACCEPTED[:-5]), {}, id="half a body"),
    pytest.param(
        lambda connection: (connection.send(ACCEPTED[:-5]), connection.hang()),
        SHORT_AFTER,
        id="half a body, then silence",
    ),
    pytest.param(lambda connection: connection.send(b"SSH-2.0-OpenSSH_9.9\r\n"), {}, id="another protocol"),
    pytest.param(lambda connection: connection.send(CHUNKED + b"5\r\n{"), {}, id="half a chunk"),
]


@pytest.mark.parametrize(("behaviour", "timeouts"), LOST)
def test_failure_after_sending_is_unknown_and_sent_once(behaviour: Behaviour, timeouts: dict[str, float]) -> None:
    with raw_server(behaviour) as server, pytest.raises(OutcomeUnknown):
        ordered(f"http://127.0.0.1:{server.port}", **timeouts)
    assert [request.split(b" ")[0] for request in server.requests] == [b"POST"]
    assert server.connections == 1


def test_dripping_response_is_unknown_and_sent_once() -> None:
    deadlines = Deadlines()

    def behaviour(connection: Connection) -> None:
        connection.send(LONG + LATE[:1])
        deadlines.latest.end()
        connection.drip(LATE[1:])

    with raw_server(behaviour) as server, pytest.raises(OutcomeUnknown):
        ordered(f"http://127.0.0.1:{server.port}", deadline=deadlines)
    assert [request.split(b" ")[0] for request in server.requests] == [b"POST"]
    assert (server.connections, deadlines.seconds) == (1, [30.0])


@pytest.mark.parametrize(
    ("behaviour", "timeouts"),
    [(Connection.reset, {}), (Connection.hang, SHORT_AFTER), (lambda connection: None, {})],
    ids=["a reset", "silence", "a hang-up"],
)
def test_failure_after_sending_over_tls_is_unknown(
    behaviour: Behaviour, timeouts: dict[str, float], tmp_path: Path
) -> None:
    context, authority = certificate(tmp_path, "127.0.0.1")
    with raw_server(behaviour, context=context) as server, pytest.raises(OutcomeUnknown, match="response lost: "):
        ordered(f"https://127.0.0.1:{server.port}", ca_bundle=authority, **timeouts)
    assert len(server.requests) == server.connections == 1


def test_reset_during_upload_is_unknown() -> None:
    def receive_a_little(connection: Connection) -> None:
        connection.channel.recv(1024)
        connection.reset()

    order = an_order(subject=Subject(b"\xff\xd8" + b"0" * 3_000_000))
    with raw_server(receive_a_little, listens=False) as server, pytest.raises(OutcomeUnknown):
        a_client(f"http://127.0.0.1:{server.port}", **PATIENT).submit(order)
    assert server.connections == 1


@pytest.mark.parametrize(
    ("behaviour", "timeouts"),
    [(Connection.hang, SHORT_AFTER), (Connection.reset, {}), (lambda connection: connection.send(ACCEPTED[:-5]), {})],
    ids=["silence", "a reset", "half a body"],
)
def test_lost_response_to_other_calls_is_a_failed_request(behaviour: Behaviour, timeouts: dict[str, float]) -> None:
    with raw_server(behaviour) as server:
        client = a_client(f"http://127.0.0.1:{server.port}", **(PATIENT | timeouts))
        for ask in (lambda: client.poll(ID), lambda: client.cancel(ID), client.organization):
            with pytest.raises(RequestFailed):
                ask()
    assert [request.split(b" ")[0] for request in server.requests] == [b"GET", b"DELETE", b"GET"]


def test_no_connection_for_other_calls_is_a_failed_request() -> None:
    client = a_client(f"http://127.0.0.1:{closed_port()}", **PATIENT)
    for ask in (lambda: client.poll(ID), lambda: client.cancel(ID), client.organization):
        with pytest.raises(RequestFailed, match="ConnectionRefusedError"):
            ask()


def test_redirect_is_not_followed() -> None:
    answer = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /v1/elsewhere\r\nContent-Length: 0\r\n\r\n"
    with (
        raw_server(lambda connection: connection.send(answer)) as server,
        pytest.raises(AccountUnavailable, match="307"),
    ):
        ordered(f"http://127.0.0.1:{server.port}")
    assert server.connections == 1


def test_environment_changes_neither_key_nor_route(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("default login thief password stolen\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    with raw_server(lambda connection: connection.send(ACCEPTED)) as server:
        assert ordered(f"http://127.0.0.1:{server.port}") == Submission(ID)
    head = server.requests[0].partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert head[0] == "POST /v1/image_to_video HTTP/1.1"
    assert f"Authorization: Bearer {GOOD_KEY}" in head
    assert "X-Runway-Version: 2024-11-06" in head


@pytest.mark.parametrize(
    ("fault", "error", "accepted"),
    [
        ({"do": "hang"}, OutcomeUnknown, 0),
        ({"do": "hang", "accepted": True}, OutcomeUnknown, 1),
        ({"do": "reset"}, OutcomeUnknown, 0),
        ({"do": "reset", "accepted": True}, OutcomeUnknown, 1),
        ({"do": "short", "accepted": True}, OutcomeUnknown, 1),
        ({"do": "answer", "status": 502, "body": "html"}, OutcomeUnknown, 0),
        ({"do": "answer", "status": 502, "body": "html", "accepted": True}, OutcomeUnknown, 1),
        ({"do": "answer", "status": 500, "body": "empty", "accepted": True}, OutcomeUnknown, 1),
        ({"do": "answer", "status": 200, "body": "no_id", "accepted": True}, OutcomeUnknown, 1),
        ({"do": "answer", "status": 200, "body": "list", "accepted": True}, OutcomeUnknown, 1),
        ({"do": "answer", "status": 429, "retry_after": "9"}, TemporarilyRejected, 0),
        ({"do": "answer", "status": 503, "body": "html"}, TemporarilyRejected, 0),
        ({"do": "answer", "status": 400, "error": "Invalid asset: promptImage"}, OrderRejected, 0),
        ({"do": "answer", "status": 413}, OrderRejected, 0),
        ({"do": "answer", "status": 401}, AccountUnavailable, 0),
    ],
)
def test_each_fake_server_fault_is_classified(
    fake_server: FakeServer, fault: dict[str, Any], error: type[Exception], accepted: int
) -> None:
    fake_server.settings(hang=0.05)
    fake_server.fault("create", **fault)
    client = a_client(fake_server.base, **PATIENT)
    with pytest.raises(error):
        client.submit(an_order())
    assert (len(fake_server.journal("accepted")), fake_server.calls("create")) == (accepted, 1)
    assert client.submit(an_order()).cost == 25
