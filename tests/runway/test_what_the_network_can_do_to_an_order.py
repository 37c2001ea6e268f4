"""Faults of the network over real sockets: what surely never left, what may have arrived; and nothing is resent."""

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.runway.fixtures import GOOD_KEY, StandIn
from tests.runway.orders import a_client, an_order
from tests.runway.wires import (
    Deadlines,
    Deed,
    Line,
    certificate,
    closed_port,
    connect_and_wait_for_the_end,
    full_door,
    wire,
)
from videos.providers.base import (
    AccountUnavailable,
    OrderRejected,
    OutcomeUnknown,
    RequestFailed,
    Submission,
    TemporarilyRejected,
)

ID = "17f20503-6c24-4c16-946b-35dbbce2af2f"
TAKEN = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 46\r\n\r\n{"id": "' + ID.encode() + b'"}'
LONG, LATE = b"HTTP/1.1 200 OK\r\nContent-Length: 66\r\n\r\n", b" " * 20 + b'{"id": "' + ID.encode() + b'"}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
# A fault shows however slow the machine is, so nothing but silence needs a short timeout: before or after the sending.
PATIENT: dict[str, Any] = {"connect_timeout": 30.0, "read_timeout": 30.0}
SHORT_BEFORE, SHORT_AFTER = {"connect_timeout": 0.2}, {"read_timeout": 0.2}


def ordered(base: str, **changes: Any) -> Submission:
    return a_client(base, **(PATIENT | changes)).submit(an_order())


def test_a_refused_connection_is_not_accepted() -> None:
    with pytest.raises(TemporarilyRejected, match="no connection: ConnectionRefusedError"):
        ordered(f"http://127.0.0.1:{closed_port()}")


def test_a_name_without_an_address_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: Any, **_kwargs: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    # The system's resolver would ask the network.
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TemporarilyRejected, match="no connection: gaierror"):
        ordered("https://api.dev.runwayml.com")


def test_a_connection_that_nobody_takes_is_not_accepted() -> None:
    with full_door() as port, pytest.raises(TemporarilyRejected, match="no connection: "):
        ordered(f"http://127.0.0.1:{port}", **SHORT_BEFORE)


@pytest.mark.parametrize(
    ("deed", "timeouts"),
    [
        pytest.param(Line.reset, {}, id="a reset"),
        pytest.param(lambda line: None, {}, id="a hang-up"),
        pytest.param(Line.hang, SHORT_BEFORE, id="silence"),
        pytest.param(lambda line: line.say(b"HTTP/1.1 400 Bad Request\r\n\r\n"), {}, id="plain HTTP"),
    ],
)
def test_a_fault_while_tls_is_being_set_up_is_not_accepted(deed: Deed, timeouts: dict[str, float]) -> None:
    with wire(deed, listens=False) as server, pytest.raises(TemporarilyRejected, match="no connection: "):
        ordered(f"https://127.0.0.1:{server.port}", **timeouts)
    assert server.connections == 1


@pytest.mark.parametrize("deed", [pytest.param(Line.reset, id="a reset"), pytest.param(Line.hang_up, id="a hang-up")])
def test_a_connection_that_ends_before_tls_begins_is_not_accepted(deed: Deed, monkeypatch: pytest.MonkeyPatch) -> None:
    # The product has no way to pause between the connection and the handshake, so the socket does.
    monkeypatch.setattr(socket.socket, "connect", connect_and_wait_for_the_end)
    with wire(deed, listens=False) as server, pytest.raises(TemporarilyRejected, match="no connection: "):
        ordered(f"https://127.0.0.1:{server.port}")
    assert server.connections == 1


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path, "127.0.0.1")
    with wire(lambda line: line.say(TAKEN), context=context) as server, pytest.raises(TemporarilyRejected, match="SSL"):
        ordered(f"https://127.0.0.1:{server.port}")
    assert server.heard == []


def test_a_certificate_of_another_name_is_not_accepted(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "127.0.0.2", "example.com")
    with wire(lambda line: line.say(TAKEN), context=context) as server, pytest.raises(TemporarilyRejected, match="SSL"):
        ordered(f"https://127.0.0.1:{server.port}", ca_bundle=authority)
    assert server.heard == []


def test_a_good_certificate_lets_the_order_through(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "127.0.0.1")
    with wire(lambda line: line.say(TAKEN), context=context) as server:
        assert ordered(f"https://127.0.0.1:{server.port}", ca_bundle=authority) == Submission(ID)


LOST = [
    pytest.param(Line.hang, SHORT_AFTER, id="no answer in time"),
    pytest.param(Line.reset, {}, id="a reset"),
    pytest.param(lambda line: None, {}, id="a hang-up"),
    pytest.param(lambda line: line.say(b"HTTP/1.1 200 OK\r\nContent-"), {}, id="half a head"),
    pytest.param(lambda line: line.say(TAKEN[:-5]), {}, id="half a body"),
    pytest.param(lambda line: (line.say(TAKEN[:-5]), line.hang()), SHORT_AFTER, id="half a body, then silence"),
    pytest.param(lambda line: line.say(b"SSH-2.0-OpenSSH_9.9\r\n"), {}, id="another protocol"),
    pytest.param(lambda line: line.say(CHUNKED + b"5\r\n{"), {}, id="half a chunk"),
]


@pytest.mark.parametrize(("deed", "timeouts"), LOST)
def test_whatever_breaks_after_sending_is_unknown_and_sent_once(deed: Deed, timeouts: dict[str, float]) -> None:
    with wire(deed) as server, pytest.raises(OutcomeUnknown):
        ordered(f"http://127.0.0.1:{server.port}", **timeouts)
    assert [request.split(b" ")[0] for request in server.heard] == [b"POST"]
    assert server.connections == 1


def test_a_body_that_drips_is_unknown_and_sent_once() -> None:
    deadlines = Deadlines()

    def deed(line: Line) -> None:
        line.say(LONG + LATE[:1])
        deadlines.latest.end()
        line.drip(LATE[1:])

    with wire(deed) as server, pytest.raises(OutcomeUnknown):
        ordered(f"http://127.0.0.1:{server.port}", deadline=deadlines)
    assert [request.split(b" ")[0] for request in server.heard] == [b"POST"]
    assert (server.connections, deadlines.seconds) == (1, [30.0])


@pytest.mark.parametrize(
    ("deed", "timeouts"),
    [(Line.reset, {}), (Line.hang, SHORT_AFTER), (lambda line: None, {})],
    ids=["a reset", "silence", "a hang-up"],
)
def test_the_same_holds_behind_tls(deed: Deed, timeouts: dict[str, float], tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "127.0.0.1")
    with wire(deed, context=context) as server, pytest.raises(OutcomeUnknown, match="answer lost: "):
        ordered(f"https://127.0.0.1:{server.port}", ca_bundle=authority, **timeouts)
    assert len(server.heard) == server.connections == 1


def test_a_reset_in_the_middle_of_the_upload_is_unknown() -> None:
    def take_a_little(line: Line) -> None:
        line.channel.recv(1024)
        line.reset()

    with wire(take_a_little, listens=False) as server, pytest.raises(OutcomeUnknown):
        a_client(f"http://127.0.0.1:{server.port}", **PATIENT).submit(an_order(frame=b"\xff\xd8" + b"0" * 3_000_000))
    assert server.connections == 1


@pytest.mark.parametrize(
    ("deed", "timeouts"),
    [(Line.hang, SHORT_AFTER), (Line.reset, {}), (lambda line: line.say(TAKEN[:-5]), {})],
    ids=["silence", "a reset", "half a body"],
)
def test_a_lost_answer_to_a_poll_a_cancellation_or_the_account_is_unreachable(
    deed: Deed, timeouts: dict[str, float]
) -> None:
    with wire(deed) as server:
        client = a_client(f"http://127.0.0.1:{server.port}", **(PATIENT | timeouts))
        for ask in (lambda: client.poll(ID), lambda: client.cancel(ID), client.organization):
            with pytest.raises(RequestFailed):
                ask()
    assert [request.split(b" ")[0] for request in server.heard] == [b"GET", b"DELETE", b"GET"]


def test_no_connection_makes_a_poll_a_cancellation_and_the_account_unreachable() -> None:
    client = a_client(f"http://127.0.0.1:{closed_port()}", **PATIENT)
    for ask in (lambda: client.poll(ID), lambda: client.cancel(ID), client.organization):
        with pytest.raises(RequestFailed, match="ConnectionRefusedError"):
            ask()


def test_a_redirect_is_not_followed() -> None:
    answer = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /v1/elsewhere\r\nContent-Length: 0\r\n\r\n"
    with wire(lambda line: line.say(answer)) as server, pytest.raises(AccountUnavailable, match="307"):
        ordered(f"http://127.0.0.1:{server.port}")
    assert server.connections == 1


def test_the_environment_changes_neither_key_nor_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("default login thief password stolen\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    with wire(lambda line: line.say(TAKEN)) as server:
        assert ordered(f"http://127.0.0.1:{server.port}") == Submission(ID)
    head = server.heard[0].partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert head[0] == "POST /v1/image_to_video HTTP/1.1"
    assert f"Authorization: Bearer {GOOD_KEY}" in head
    assert "X-Runway-Version: 2024-11-06" in head


@pytest.mark.parametrize(
    ("fault", "error", "taken"),
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
def test_each_fault_of_the_stand_in_is_seen_for_what_it_is(
    stand_in: StandIn, fault: dict[str, Any], error: type[Exception], taken: int
) -> None:
    stand_in.settings(hang=0.05)
    stand_in.fault("create", **fault)
    client = a_client(stand_in.base, **PATIENT)
    with pytest.raises(error):
        client.submit(an_order())
    assert (len(stand_in.journal("accepted")), stand_in.calls("create")) == (taken, 1)
    assert client.submit(an_order()).cost == 25
