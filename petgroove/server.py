"""The gunicorn worker class: no slow client holds a thread.

gunicorn's threaded worker reads a request's body in the thread that handles the request, so a few clients that send
one byte a second stop the site. This worker lets waitress receive each request in full before a thread handles it, and
send the response after the thread is done. gunicorn still manages the processes. See ``docs/decisions``.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from contextlib import suppress
from types import FrameType
from typing import Any

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, TcpWSGIServer, UnixWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import RequestEntityTooLarge

HEADER_SECONDS = 10
# A body may take this long, and longer as long as it arrives at this pace on average.
BODY_SECONDS = 20
LEAST_BYTES_PER_SECOND = 16 * 1024
# Bytes of unfinished bodies in one process, in temporary files. Beyond it, the newest are refused.
MAX_RECEIVING_BYTES = 512 * 1024 * 1024
MAX_CONNECTIONS = 1000
# A stopping worker keeps idle connections this long, for a request that a proxy may already be sending.
LINGER_SECONDS = 2.0
# After a response to a body that was not read: closing immediately would reset the connection and lose the response.
DISCARD_SECONDS = 5.0
# Answered by a thread of its own: a busy process is not a dead one, and must not be restarted.
HEALTH_PATH = "/healthz"

TIMED_OUT = "408 Request Timeout", b"The request took too long to arrive. Check your connection and try again.\n"
OVERLOADED = "503 Service Unavailable", b"The server is receiving too many files. Try again in a minute.\n"

log = logging.getLogger(__name__)


class RequestParser(HTTPRequestParser):
    """Parses a request. Our own error page answers a body that is too large, without the body."""

    error: Any = None

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.started = time.monotonic()
        self.is_too_large = False

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = None
            self.is_too_large = self.connection_close = True
            self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received))
            # What follows is the body, and must not be read as the next request.
            return len(data)
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Close the connection after a request with two lengths: a proxy may take another one (RFC 9112, 6.1)."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            self.connection_close = True

    def is_late(self, now: float) -> bool:
        """Return whether the request should have arrived by ``now`` (monotonic seconds)."""
        seconds = now - self.started
        if not self.headers_finished:
            return seconds > HEADER_SECONDS
        return seconds > BODY_SECONDS + self.body_bytes_received / LEAST_BYTES_PER_SECOND


class Channel(HTTPChannel):
    """A connection to a client."""

    parser_class = RequestParser
    request: Any = None
    connected: bool = False
    discard_until = 0.0

    def refuse(self, answer: tuple[str, bytes]) -> None:
        """Answer a request that has not arrived in full, and close the connection."""
        status, text = answer
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        )
        payload = head.encode() + text
        with self.outbuf_lock:
            self.outbufs[-1].append(payload)
            self.total_outbufs_len += len(payload)
        self.request.close()
        self.request = None
        self.close_when_flushed = True

    def service(self) -> None:
        request = self.requests[0]
        if self.server.is_stopping:
            request.connection_close = True
        if request.connection_close:
            # waitress's tasks look at the header only.
            request.headers["CONNECTION"] = "close"
        self.server.requests_served += 1
        if request.is_too_large:
            self.discard_until = time.monotonic() + DISCARD_SECONDS
        super().service()

    def readable(self) -> bool:
        return bool(self.discard_until) or super().readable()

    def handle_read(self) -> None:
        if not self.discard_until:
            super().handle_read()
        elif not self.recv(self.adj.recv_bytes):
            self.handle_close()

    def handle_close(self) -> None:
        # Tell the client that the response is complete, and discard what it still sends until it closes.
        if self.discard_until > time.monotonic() and self.connected:
            self.will_close = self.close_when_flushed = self.connected = False
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
            return
        super().handle_close()


class Server(BaseWSGIServer):
    """A listening socket of a process, and its connections."""

    channel_class = Channel
    is_stopping = False
    requests_served = 0
    health_dispatcher: Any = None

    def add_task(self, task: Any) -> None:
        if self.health_dispatcher and task.requests[0].path == HEALTH_PATH:
            self.health_dispatcher.add_task(task)
        else:
            super().add_task(task)

    def maintenance(self, now: float) -> None:
        """Close idle connections, and refuse requests that arrive too slowly or are too many. Runs every second."""
        super().maintenance(now)
        clock = time.monotonic()
        receiving = 0
        for channel in list(self.active_channels.values()):
            if channel.discard_until and clock > channel.discard_until:
                channel.will_close = True
            # A thread may be handling an earlier request of the connection.
            if channel.request is None or channel.requests or channel.close_when_flushed:
                continue
            receiving += channel.request.body_bytes_received
            if channel.request.is_late(clock):
                log.warning("request arrived too slowly", extra={"bytes": channel.request.body_bytes_received})
                channel.refuse(TIMED_OUT)
            elif receiving > MAX_RECEIVING_BYTES:
                log.warning("too many bodies arriving", extra={"bytes": receiving})
                channel.refuse(OVERLOADED)

    def stop_accepting(self) -> None:
        self.is_stopping = True
        self.accepting = False
        self.del_channel()

    def is_busy(self) -> bool:
        """Return whether a request is arriving, waiting or being answered."""
        channels = list(self.active_channels.values())
        return any(channel.request or channel.requests or channel.total_outbufs_len for channel in channels)


class TcpServer(Server, TcpWSGIServer):
    pass


class UnixServer(Server, UnixWSGIServer):
    pass


class BufferedWorker(Worker):
    """A gunicorn worker whose threads handle requests that have arrived in full."""

    alive: bool
    servers: list[Server]

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        if cfg.is_ssl:
            raise RuntimeError("This worker does not speak TLS. Let the proxy do it, and remove certfile and keyfile.")

    def run(self) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        adjustments = Adjustments(
            sockets=[listener.sock for listener in self.sockets],
            channel_timeout=self.cfg.keepalive,
            cleanup_interval=1,
            connection_limit=MAX_CONNECTIONS,
            asyncore_use_poll=True,
            recv_bytes=64 * 1024,
            max_request_header_size=64 * 1024,
            max_request_body_size=settings.MAX_BODY_BYTES + 1,
            # Django reads the headers of the proxies that TRUSTED_PROXY_COUNT names.
            clear_untrusted_proxy_headers=False,
            ident="",
        )
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(self.cfg.threads)
        health_dispatcher = ThreadedTaskDispatcher()
        health_dispatcher.set_thread_count(1)
        connections: dict[int, Any] = {}
        self.servers = []
        for listener in adjustments.sockets:
            server = UnixServer if listener.family == socket.AF_UNIX else TcpServer
            information = (listener.family, listener.type, listener.proto, listener.getsockname())
            options = {"dispatcher": dispatcher, "adj": adjustments, "sockinfo": information, "bind_socket": False}
            self.servers.append(server(self.wsgi, connections, True, listener, **options))
            self.servers[-1].health_dispatcher = health_dispatcher

        while self.alive and os.getppid() == self.ppid:
            self.poll(connections)
            if sum(server.requests_served for server in self.servers) >= self.max_requests:
                self.log.info("Restarting after %s requests.", self.max_requests)
                self.alive = False
        self.finish(connections)
        dispatcher.shutdown(timeout=1)
        health_dispatcher.shutdown(timeout=1)

    def poll(self, connections: dict[int, Any]) -> None:
        """Receive and send what is ready, for up to a second."""
        self.notify()
        wasyncore.loop(timeout=1, use_poll=True, map=connections, count=1)

    def finish(self, connections: dict[int, Any]) -> None:
        """Answer the requests that have arrived or are arriving, for up to ``graceful_timeout`` seconds."""
        started = time.monotonic()
        for server in self.servers:
            server.stop_accepting()
        while (seconds := time.monotonic() - started) < self.cfg.graceful_timeout:
            is_idle = not any(server.is_busy() for server in self.servers)
            if is_idle and (seconds > LINGER_SECONDS or not any(server.active_channels for server in self.servers)):
                return
            self.poll(connections)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        for server in getattr(self, "servers", []):
            server.pull_trigger()
