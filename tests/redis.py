"""A minimal Redis server (RESP3 over TCP) with the commands of Django's cache, to share one between processes."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

HELLO = b"%2\r\n+server\r\n+redis\r\n+proto\r\n:3\r\n"
NULL = b"_\r\n"


class Connection(socketserver.StreamRequestHandler):
    """A client's connection. Keys never expire: tests end before they would."""

    data: ClassVar[dict[bytes, bytes]] = {}
    lock: ClassVar[threading.Lock] = threading.Lock()

    def handle(self) -> None:
        while head := self.rfile.readline():
            command = []
            for _ in range(int(head[1:])):
                size = int(self.rfile.readline()[1:])
                command.append(self.rfile.read(size + 2)[:size])
            with self.lock:
                self.wfile.write(self.reply(command[0].upper(), command[1:]))

    def reply(self, name: bytes, arguments: list[bytes]) -> bytes:
        data, key = self.data, arguments[0] if arguments else b""
        match name:
            case b"SET":
                if b"NX" in arguments[2:] and key in data:
                    return NULL
                data[key] = arguments[1]
                return b"+OK\r\n"
            case b"GET":
                return b"$%d\r\n%b\r\n" % (len(data[key]), data[key]) if key in data else NULL
            case b"EXISTS":
                return b":%d\r\n" % (key in data)
            case b"INCRBY":
                data[key] = b"%d" % (int(data.get(key, b"0")) + int(arguments[1]))
                return b":%b\r\n" % data[key]
            case b"HELLO":
                return HELLO
            case b"SELECT" | b"CLIENT":
                return b"+OK\r\n"
        return b"-ERR unknown command\r\n"


@contextmanager
def redis() -> Iterator[str]:
    """Yield the URL of an empty server."""
    Connection.data.clear()
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield f"redis://127.0.0.1:{server.server_address[1]}/0"
        finally:
            server.shutdown()
            thread.join()
