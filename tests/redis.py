"""As much of a Redis as Django's cache asks for, so that processes of a test share one (RESP3, over TCP)."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

HELLO = b"%2\r\n+server\r\n+redis\r\n+proto\r\n:3\r\n"
NOTHING = b"_\r\n"


class Talk(socketserver.StreamRequestHandler):
    """One client's connection. Nothing expires: a test is over before."""

    kept: ClassVar[dict[bytes, bytes]] = {}
    turn: ClassVar[threading.Lock] = threading.Lock()

    def handle(self) -> None:
        while head := self.rfile.readline():
            words = []
            for _ in range(int(head[1:])):
                size = int(self.rfile.readline()[1:])
                words.append(self.rfile.read(size + 2)[:size])
            with self.turn:
                self.wfile.write(self.answer(words[0].upper(), words[1:]))

    def answer(self, command: bytes, words: list[bytes]) -> bytes:
        kept = self.kept
        match command:
            case b"SET":
                if b"NX" in words[2:] and words[0] in kept:
                    return NOTHING
                kept[words[0]] = words[1]
                return b"+OK\r\n"
            case b"GET":
                return b"$%d\r\n%b\r\n" % (len(kept[words[0]]), kept[words[0]]) if words[0] in kept else NOTHING
            case b"EXISTS":
                return b":%d\r\n" % (words[0] in kept)
            case b"INCRBY":
                kept[words[0]] = b"%d" % (int(kept.get(words[0], b"0")) + int(words[1]))
                return b":%b\r\n" % kept[words[0]]
            case b"HELLO":
                return HELLO
            case b"SELECT" | b"CLIENT":
                return b"+OK\r\n"
        return b"-ERR unknown command\r\n"


@contextmanager
def redis() -> Iterator[str]:
    """The address of an empty one."""
    Talk.kept.clear()
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield f"redis://127.0.0.1:{server.server_address[1]}/0"
        finally:
            server.shutdown()
            thread.join()
