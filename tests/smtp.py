"""A small mail server for tests, which can refuse recipients or never answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def _serve(channel: socket.socket, rcpt: str) -> None:
    with channel, channel.makefile("rwb", 0) as lines:
        lines.write(b"220 test\r\n")
        for line in lines:
            command = line[:4].upper()
            lines.write(f"{rcpt if command == b'RCPT' else '221 bye' if command == b'QUIT' else '250 ok'}\r\n".encode())
            if command == b"QUIT":
                return


@contextmanager
def smtp_server(rcpt: str = "250 ok", *, silent: bool = False) -> Iterator[dict]:
    """Yield MAILERS for a server that answers ``rcpt`` to each recipient. A silent one accepts connections only."""
    server = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                channel, _ = server.accept()
            except OSError:
                return
            if silent:
                connections.append(channel)
            else:
                threading.Thread(target=_serve, args=(channel, rcpt), daemon=True).start()

    connections: list[socket.socket] = []
    threading.Thread(target=accept, daemon=True).start()
    options = {"host": "127.0.0.1", "port": server.getsockname()[1], "timeout": 0.5}
    try:
        yield {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        for channel in connections:
            channel.close()
