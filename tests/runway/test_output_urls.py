"""Output URLs: https, allowed hosts, no private network, one DNS lookup, and a connection to the checked address."""

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.runway.orders import a_client
from tests.runway.transport import Connection, certificate, connect_and_wait_for_the_end, raw_server
from videos.providers.base import InvalidOutput, RequestFailed, Task, TaskState

HOST = "dnznrvs05pmza.cloudfront.net"
CLIP = b"\0\0\0\x18ftypisom" + b"\0" * 4000
SERVED = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: %d\r\n\r\n%b" % (len(CLIP), CLIP)


def fetched(url: str, folder: Path, **changes: Any) -> bytes:
    """Download ``url`` and return the clip. A failed download must leave no file."""
    into = folder / "clip.mp4"
    try:
        client = a_client(**changes)
        client.fetch(Task("t", TaskState.SUCCEEDED, output_url=url), into, lambda progress: None)
        return into.read_bytes()
    finally:
        left = sorted(path.name for path in folder.iterdir() if path.suffix != ".pem")
        assert left in ([], ["clip.mp4"])


class Names:
    """A replacement for the system's resolver that answers from a list and records the queries."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: list[tuple[str, int]]) -> None:
        self.answers, self.queries = list(answers), list[str]()
        # The system's resolver would use the network and does not know these addresses.
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host: str, port: int, *_args: Any, **_kwargs: Any) -> list[tuple[Any, ...]]:
        self.queries.append(host)
        answer = self.answers.pop(0)
        families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address, _ in answer]
        return [(family, socket.SOCK_STREAM, 6, "", pair) for family, pair in zip(families, answer, strict=True)]


class NoDial:
    """A replacement for ``connect`` that records the addresses and connects to none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dialled: list[Any] = []
        # Public addresses can be neither dialled nor observed from here.
        monkeypatch.setattr(socket.socket, "connect", lambda channel, address: self.dialled.append(address))


@pytest.mark.parametrize(
    "url",
    [
        "",
        f"http://{HOST}/clip.mp4",
        f"ftp://{HOST}/clip.mp4",
        f"https://{HOST}:8443/clip.mp4",
        f"https://{HOST}:80/clip.mp4",
        f"https://{HOST}:0/clip.mp4",
        f"https://{HOST}:99999/clip.mp4",
        f"https://user@{HOST}/clip.mp4",
        f"https://user:password@{HOST}/clip.mp4",
        f"https://@{HOST}/clip.mp4",
        f"https://{HOST}@example.com/clip.mp4",
        f"https://example.com\\@{HOST}/clip.mp4",
        f"https://example.com#@{HOST}/clip.mp4",
        f"https://{HOST}/clip.mp4\r\nX-Other: 1",
        f"https://{HOST}/a clip.mp4",
        f"https://{HOST}/ü.mp4",
        f"https://{HOST}./clip.mp4",
        f"https://{HOST}/{'a' * 8192}",
        "https://[::1/clip.mp4",
        "https:///clip.mp4",
        f"//{HOST}/clip.mp4",
        f"{HOST}/clip.mp4",
        "file:///etc/passwd",
        "data:video/mp4;base64,AAAA",
        "https://example.com/clip.mp4",
        "https://cloudfront.net/clip.mp4",
        "https://.cloudfront.net/clip.mp4",
        "https://evilcloudfront.net/clip.mp4",
        f"https://{HOST}.example.com/clip.mp4",
        "https://127.0.0.1/clip.mp4",
        "https://localhost/clip.mp4",
        "http://127.0.0.1:8009/clip.mp4",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/clip.mp4",
        "https://[::ffff:127.0.0.1]/clip.mp4",
    ],
)
def test_forbidden_url_is_rejected_before_dns(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch)
    with pytest.raises(InvalidOutput) as rejected:
        fetched(url, tmp_path)
    assert names.queries == []
    assert not url or url not in rejected.value.reason


@pytest.mark.parametrize(
    "url",
    ["http://example.com/clip.mp4", "ftp://127.0.0.1/clip.mp4", "http://127.0.0.2:8009/", "http://user@localhost/"],
)
def test_loopback_permission_covers_loopback_only(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidOutput):
        fetched(url, tmp_path, allow_loopback=True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::10.0.0.1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_name_resolving_to_a_private_network_is_not_dialled(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Names(monkeypatch, [("18.160.10.10", 443), (address, 443)])
    connections = NoDial(monkeypatch)
    with pytest.raises(InvalidOutput, match="private network"):
        fetched(f"https://{HOST}/clip.mp4", tmp_path)
    assert connections.dialled == []


def test_localhost_must_resolve_to_loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, [("10.0.0.1", 8009)])
    connections = NoDial(monkeypatch)
    with pytest.raises(InvalidOutput, match="private network"):
        fetched("http://localhost:8009/clip.mp4", tmp_path, allow_loopback=True)
    assert connections.dialled == []


@pytest.mark.parametrize("address", ["18.160.10.10", "2600:9000:2000::1", "::ffff:18.160.10.10", "64:ff9b::12a0:a0a"])
def test_public_address_is_dialled_as_checked(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, [(address, 443)])
    dialled: list[Any] = []

    def dial(_channel: socket.socket, where: Any) -> None:
        dialled.append(where)
        raise ConnectionRefusedError

    # The address is public, so a test must not dial it.
    monkeypatch.setattr(socket.socket, "connect", dial)
    with pytest.raises(RequestFailed, match="ConnectionRefusedError"):
        fetched(f"https://{HOST}/clip.mp4", tmp_path)
    assert dialled == [(address, 443)]


def test_unresolvable_name_is_a_connection_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: Any, **_kwargs: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    # The system's resolver would use the network.
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(RequestFailed, match="gaierror"):
        fetched(f"https://{HOST}/clip.mp4", tmp_path)


def test_allowed_hosts_are_configurable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, [("10.0.0.1", 443)])
    with pytest.raises(InvalidOutput, match="private network"):
        fetched("https://Clips.Example.com/clip.mp4", tmp_path, download_hosts=("clips.example.com",))
    with pytest.raises(InvalidOutput, match="not allowed"):
        fetched("https://more.clips.example.com/clip.mp4", tmp_path, download_hosts=("clips.example.com",))


def test_name_is_resolved_once_and_sent_in_sni_and_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, authority = certificate(tmp_path, "localhost")
    with raw_server(lambda connection: connection.send(SERVED), context=context) as server:
        names = Names(monkeypatch, [("127.0.0.1", server.port)])
        url = f"https://localhost:{server.port}/a/clip.mp4?_jwt=a%2Fb"
        clip = fetched(url, tmp_path, allow_loopback=True, ca_bundle=authority)
    assert clip == CLIP
    assert (names.queries, server.names) == (["localhost"], ["localhost"])
    head = server.requests[0].decode().split("\r\n")
    assert head[0] == "GET /a/clip.mp4?_jwt=a%2Fb HTTP/1.1"
    assert f"Host: localhost:{server.port}" in head
    assert not [line for line in head if line.lower().startswith(("authorization", "cookie", "x-runway"))]


@pytest.mark.parametrize("trusted", [True, False])
def test_invalid_certificate_is_a_connection_failure(
    trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, authority = certificate(tmp_path, "example.com" if trusted else "localhost")
    ca_bundle = authority if trusted else None
    with raw_server(lambda connection: connection.send(SERVED), context=context) as server:
        Names(monkeypatch, [("127.0.0.1", server.port)])
        url = f"https://localhost:{server.port}/clip.mp4"
        with pytest.raises(RequestFailed, match="SSLCertVerificationError"):
            fetched(url, tmp_path, allow_loopback=True, ca_bundle=ca_bundle)
    assert server.requests == []


def test_next_address_is_tried_after_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(lambda connection: connection.send(SERVED)) as server:
        Names(monkeypatch, [("::1", server.port), ("127.0.0.1", server.port)])
        assert fetched(f"http://localhost:{server.port}/clip.mp4", tmp_path, allow_loopback=True) == CLIP


def test_next_address_is_tried_after_a_hangup_before_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, authority = certificate(tmp_path, "localhost")
    connect = socket.socket.connect
    with (
        raw_server(Connection.close, listens=False) as bad,
        raw_server(lambda connection: connection.send(SERVED), context=context) as good,
    ):

        def dial(channel: socket.socket, address: tuple[str, int]) -> None:
            (connect_and_wait_for_the_end if address[1] == bad.port else connect)(channel, address)

        # The client cannot pause between the connection and the handshake, so the socket does.
        monkeypatch.setattr(socket.socket, "connect", dial)
        Names(monkeypatch, [("127.0.0.1", bad.port), ("127.0.0.1", good.port)])
        url = f"https://localhost:{bad.port}/clip.mp4"
        assert fetched(url, tmp_path, allow_loopback=True, ca_bundle=authority) == CLIP
    assert (bad.connections, good.connections) == (1, 1)


def test_default_port_is_not_in_the_host_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(lambda connection: connection.send(SERVED)) as server:
        Names(monkeypatch, [("127.0.0.1", server.port)])
        assert fetched("http://localhost/clip.mp4", tmp_path, allow_loopback=True) == CLIP
    assert b"\r\nHost: localhost\r\n" in server.requests[0]
