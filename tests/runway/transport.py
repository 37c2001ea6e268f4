"""Raw servers on this machine that break off wherever a test wants, and certificates for them."""

import os
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import chain, repeat
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from videos.providers.deadline import Deadline

type Behaviour = Callable[["Connection"], object]


class Deadlines:
    """Makes deadlines that are over when the test says so, and notes how many seconds each was to last."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.latest = Deadline(0)

    def __call__(self, seconds: float) -> Deadline:
        self.seconds.append(seconds)
        self.latest = Deadline(3600)
        return self.latest


@dataclass(slots=True)
class Connection:
    """One connection as the server sees it."""

    channel: socket.socket
    over: threading.Event

    def hear(self) -> bytes:
        """Read one whole request."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += self._more()
        head, _, body = heard.partition(b"\r\n\r\n")
        length = next((line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), b"0")
        while len(body) < int(length):
            body += self._more()
        return head + b"\r\n\r\n" + body

    def _more(self) -> bytes:
        if data := self.channel.recv(65536):
            return data
        raise ConnectionError("the client hung up")

    def say(self, data: bytes) -> None:
        self.channel.sendall(data)

    def drip(self, data: bytes, pause: float = 0.02) -> None:
        """Say one byte after the other until the test is over, and the last byte again and again."""
        for sign in chain(data, repeat(data[-1])):
            self.say(bytes([sign]))
            if self.over.wait(pause):
                return

    def hang(self) -> None:
        """Say nothing until the test is over."""
        self.over.wait(30)

    def close(self) -> None:
        self.channel.close()

    def reset(self) -> None:
        self.channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.channel.close()


@dataclass(slots=True)
class RawServer:
    """A running raw server: its port, and the requests it heard, one for each connection.

    ``heard``, ``connections`` and ``names`` are complete when the server has ended.
    """

    port: int
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0
    names: list[str | None] = field(default_factory=list)


@contextmanager
def raw_server(deed: Behaviour, *, listens: bool = True, context: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """A server that hears a request (unless told not to), then does the deed and hangs up, for each connection.

    At the end it serves every connection that was made to it, however late its threads run.
    """
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door, socket.socket() as last:
        last.bind(("127.0.0.1", 0))
        found = RawServer(door.getsockname()[1])
        serving: list[threading.Thread] = []
        if context is not None:
            context.sni_callback = lambda _sock, name, _context: found.names.append(name)

        def serve(channel: socket.socket) -> None:
            try:
                with context.wrap_socket(channel, server_side=True) if context else channel as line:
                    if listens:
                        found.heard.append(Connection(line, over).hear())
                    deed(Connection(line, over))
            except OSError:
                channel.close()

        def listen() -> None:
            while True:
                channel, address = door.accept()
                if address == last.getsockname():
                    channel.close()
                    return
                found.connections += 1
                serving.append(threading.Thread(target=serve, args=[channel], daemon=True))
                serving[-1].start()

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        try:
            yield found
        finally:
            over.set()
            last.connect(door.getsockname())
            for thread in (listener, *serving):
                thread.join()


@contextmanager
def full_port() -> Iterator[int]:
    """A port that takes no further connection and does not refuse it either."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as door:
        waiting = []
        for _ in range(4):
            channel = socket.socket()
            channel.setblocking(False)
            channel.connect_ex(door.getsockname())
            waiting.append(channel)
        assert select.select([], waiting, [], 30)[1], "not even one connection was taken"
        try:
            yield door.getsockname()[1]
        finally:
            for channel in waiting:
                channel.close()


def connect_and_wait_for_the_end(channel: socket.socket, address: tuple[str, int]) -> None:
    """Connect, and return when the server has ended the connection and this side has noticed.

    After an orderly end this side ends its half as well, as ``Deadline`` does.
    """
    super(socket.socket, channel).connect(address)
    end = select.poll()
    end.register(channel, select.POLLRDHUP)
    assert end.poll(30_000), "the server never ended the connection"
    with suppress(OSError):
        channel.shutdown(socket.SHUT_RDWR)
        # The last acknowledgement of the server may still be on its way.
        while channel.getpeername():
            os.sched_yield()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def certificate(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context for these names or addresses, and the file of the authority that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "PetGroove tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_general_name(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    authority, secret = folder / "authority.pem", folder / "secret.pem"
    authority.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, secret)
    return context, authority


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
