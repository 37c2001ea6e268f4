"""Raw local servers that fail at any point a test chooses, and certificates for them."""

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
    """A factory of deadlines that tests expire by hand. It records the seconds each was created with."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.latest = Deadline(0)

    def __call__(self, seconds: float) -> Deadline:
        self.seconds.append(seconds)
        self.latest = Deadline(3600)
        return self.latest


@dataclass(slots=True)
class Connection:
    """The server's side of one connection."""

    channel: socket.socket
    finished: threading.Event

    def read_request(self) -> bytes:
        """Read one whole request."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        length = next((line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), b"0")
        while len(body) < int(length):
            body += self._receive()
        return head + b"\r\n\r\n" + body

    def _receive(self) -> bytes:
        if data := self.channel.recv(65536):
            return data
        raise ConnectionError("the client disconnected")

    def send(self, data: bytes) -> None:
        self.channel.sendall(data)

    def drip(self, data: bytes, pause: float = 0.02) -> None:
        """Send single bytes until the test is over, repeating the last one."""
        for byte in chain(data, repeat(data[-1])):
            self.send(bytes([byte]))
            if self.finished.wait(pause):
                return

    def hang(self) -> None:
        """Send nothing until the test is over."""
        self.finished.wait(30)

    def close(self) -> None:
        self.channel.close()

    def reset(self) -> None:
        self.channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.channel.close()


@dataclass(slots=True)
class RawServer:
    """A running raw server: its port, and the requests it received, one per connection.

    ``names`` are the host names of the TLS handshakes. All are complete when the server has ended.
    """

    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    names: list[str | None] = field(default_factory=list)


@contextmanager
def raw_server(
    behaviour: Behaviour, *, listens: bool = True, context: ssl.SSLContext | None = None
) -> Iterator[RawServer]:
    """Run a server that, for each connection, reads a request if ``listens``, runs ``behaviour`` and disconnects.

    Before it ends it serves every connection that was made to it, however late its threads run.
    """
    finished = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server_socket, socket.socket() as last:
        last.bind(("127.0.0.1", 0))
        server = RawServer(server_socket.getsockname()[1])
        serving: list[threading.Thread] = []
        if context is not None:
            context.sni_callback = lambda _sock, name, _context: server.names.append(name)

        def serve(channel: socket.socket) -> None:
            try:
                with context.wrap_socket(channel, server_side=True) if context else channel as stream:
                    if listens:
                        server.requests.append(Connection(stream, finished).read_request())
                    behaviour(Connection(stream, finished))
            except OSError:
                channel.close()

        def listen() -> None:
            while True:
                channel, address = server_socket.accept()
                if address == last.getsockname():
                    channel.close()
                    return
                server.connections += 1
                serving.append(threading.Thread(target=serve, args=[channel], daemon=True))
                serving[-1].start()

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        try:
            yield server
        finally:
            finished.set()
            last.connect(server_socket.getsockname())
            for thread in (listener, *serving):
                thread.join()


@contextmanager
def full_port() -> Iterator[int]:
    """Yield a port that neither accepts nor refuses further connections."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server_socket:
        waiting = []
        for _ in range(4):
            channel = socket.socket()
            channel.setblocking(False)
            channel.connect_ex(server_socket.getsockname())
            waiting.append(channel)
        assert select.select([], waiting, [], 30)[1], "no connection was accepted"
        try:
            yield server_socket.getsockname()[1]
        finally:
            for channel in waiting:
                channel.close()


def connect_and_wait_for_the_end(channel: socket.socket, address: tuple[str, int]) -> None:
    """Connect, and return when the server has closed the connection and this side has noticed.

    After an orderly close, shut down this side as well, as ``Deadline`` does.
    """
    super(socket.socket, channel).connect(address)
    end = select.poll()
    end.register(channel, select.POLLRDHUP)
    assert end.poll(30_000), "the server never closed the connection"
    with suppress(OSError):
        channel.shutdown(socket.SHUT_RDWR)
        # The server's last acknowledgement may still be in flight.
        while channel.getpeername():
            os.sched_yield()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server_socket:
        return int(server_socket.getsockname()[1])


def certificate(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """Return a server context for these names or addresses, and the file of the authority that signed it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "PetGroove tests")])
    now = datetime.now(UTC)
    signed = (
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
    authority.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
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
