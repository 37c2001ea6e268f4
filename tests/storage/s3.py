"""An S3 server over HTTP, built on moto. It adds expiry of signed URLs and injected faults."""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

import requests
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

BUCKET = "petgroove-tests"
EXPIRED = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"


class Handler(WSGIRequestHandler):
    # With HTTP/1.1, a client waits for "100 Continue" before it sends a body.
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


class S3:
    """The server. ``ahead`` is the lead of its clock in seconds; ``seen`` lists the methods and paths of all requests.

    ``fault`` applies to each request: "down" (503), "upload cut" (the connection ends in the middle of a body),
    "upload halved" (half of the body is stored, and all of it acknowledged), "upload stalled" (the upload waits for
    ``release``, and sets ``arrived`` when it is stored), "download cut".
    """

    def __init__(self) -> None:
        self.ahead, self.fault = 0, ""
        self.release, self.arrived = threading.Event(), threading.Event()
        self.seen: list[tuple[str, str]] = []
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.server = make_server("127.0.0.1", 0, self.respond, threaded=True, request_handler=Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.options = {
            "bucket_name": BUCKET,
            "region_name": "us-east-1",
            "endpoint_url": self.endpoint,
            "access_key": "an-access-key",
            "secret_key": "a-secret-key",
        }

    def respond(self, environ: dict[str, Any], start: Callable) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.seen.append((method, path))
        if self.fault == "down":
            start("503 Service Unavailable", [("Content-Length", "0")])
            return []
        if self.fault == "upload cut" and method == "PUT":
            environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]) // 2)
            return cut_connection(environ)
        if self.fault == "upload halved" and method == "PUT":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            half = body[: len(body) // 2]
            environ |= {"wsgi.input": BytesIO(half), "CONTENT_LENGTH": str(len(half))}
        if self.fault == "upload stalled" and method == "PUT":
            release, arrived = self.release, self.arrived
            release.wait()
            response = self.moto(environ, start)
            arrived.set()
            return response
        if self.fault == "download cut" and method == "GET" and "/photos/" in path:
            start("200 OK", [("Content-Length", "100000"), ("Content-Type", "image/jpeg")])
            return partial_body(environ)
        query = parse_qs(environ["QUERY_STRING"])
        if "X-Amz-Expires" in query and self.is_expired(query):
            start("403 Forbidden", [("Content-Length", str(len(EXPIRED))), ("Content-Type", "application/xml")])
            return [EXPIRED]
        return self.moto(environ, start)

    def is_expired(self, query: dict[str, list[str]]) -> bool:
        signed_at = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return time.time() + self.ahead > signed_at.timestamp() + int(query["X-Amz-Expires"][0])

    def empty(self) -> None:
        """Reset the server to an empty bucket without faults."""
        self.ahead, self.fault = 0, ""
        self.release.set()
        self.release, self.arrived = threading.Event(), threading.Event()
        requests.post(f"{self.endpoint}/moto-api/reset", timeout=10)
        requests.put(f"{self.endpoint}/{BUCKET}", timeout=10)
        self.seen.clear()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def cut_connection(environ: dict[str, Any]) -> list[bytes]:
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


def partial_body(environ: dict[str, Any]) -> Iterable[bytes]:
    yield b"\xff\xd8\xff half of a picture"
    cut_connection(environ)
