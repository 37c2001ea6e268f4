"""The HTTP server: Runway's four calls, the outputs, and the control calls."""

import json
import re
import socket
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.runway.fake_server import contract
from tests.runway.fake_server.control import control
from tests.runway.fake_server.faults import Fault
from tests.runway.fake_server.outputs import serve_output
from tests.runway.fake_server.state import State

MAX_BODY_BYTES = 10 * 1024 * 1024
_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_LINGER = struct.pack("ii", 1, 0)

type Reply = tuple[int, dict[str, Any] | None]


class Server(ThreadingHTTPServer):
    """The fake server on 127.0.0.1. Port 0 selects a free one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, state: State) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.state = state
        self.base = f"http://127.0.0.1:{self.server_address[1]}"

    def shutdown_request(self, request: Any) -> None:
        # A connection with a linger time of zero must be reset; an orderly shutdown would send a FIN first.
        if request.fileno() >= 0 and request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) == _LINGER:
            request.close()
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore errors: clients that disconnect are expected."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    @property
    def state(self) -> State:
        return self.server.state

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the journal records what happened."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        path = urlsplit(self.path).path
        data = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY_BYTES + 1))
        if path.startswith("/_control/"):
            return self._control(path.removeprefix("/_control/"), data)
        if match := re.fullmatch(r"/outputs/([^/]+)/clip\.mp4", path):
            self.state.count_call("output")
            token = parse_qs(urlsplit(self.path).query).get("_jwt", [""])[0]
            return serve_output(self, match[1], token)
        return self._api(path, data)

    def _control(self, call: str, data: bytes) -> None:
        try:
            self.reply(200, control(self.state, self.command, call, json.loads(data or b"null")))
        except KeyError as error:
            self.reply(404, {"error": f"unknown control call or field: {error}"})
        except (ValueError, TypeError, AttributeError) as error:
            self.reply(400, {"error": str(error)})

    def _api(self, path: str, data: bytes) -> None:
        """Handle a call of Runway's API, with its pending fault."""
        task = re.fullmatch(r"/v1/tasks/([^/]+)", path)
        if self.command == "POST" and path == "/v1/image_to_video":
            return self._with_fault("create", lambda: self._create(data))
        if self.command == "GET" and path == "/v1/organization":
            return self._with_fault("organization", lambda: (200, self.state.organization()))
        if self.command == "GET" and task:
            return self._with_fault("task", lambda: self._task(task[1]))
        if self.command == "DELETE" and task:
            return self._with_fault("delete", lambda: self._delete(task[1]))
        return self.reply(404, {"error": "Not found"})

    def _with_fault(self, place: str, act: Any) -> None:
        self.state.count_call(place)
        fault = self.state.faults.next_fault(place)
        if fault is None:
            return self.reply(*(self._auth_error() or act()))
        self.state.journal.write("fault", on=place, do=fault.do, status=fault.status, accepted=fault.accepted)
        reply: Reply = (fault.status, {"error": fault.error})
        if fault.accepted or fault.do == "short":
            reply = self._auth_error() or act()
        if fault.do == "hang":
            return self.hang()
        if fault.do == "reset":
            return self.reset()
        if fault.do == "short":
            return self.send(200, json.dumps(reply[1]).encode(), cut=True)
        return self._send_faulty(fault)

    def _send_faulty(self, fault: Fault) -> None:
        bodies = {"html": _PAGE, "empty": b"", "list": b"[]", "no_id": b"{}"}
        bodies["id"] = json.dumps({"id": fault.code}).encode()
        body = bodies.get(fault.body, json.dumps({"error": fault.error}).encode())
        kind = "text/html" if fault.body == "html" else "application/json"
        self.send(fault.status, body, kind, {"Retry-After": fault.retry_after} if fault.retry_after else {})

    def _auth_error(self) -> Reply | None:
        """Return Runway's error for a bad key or version; None if both are valid."""
        scheme, _, key = (self.headers.get("Authorization") or "").partition(" ")
        if scheme != "Bearer" or not self.state.accepts_key(key):
            return 401, {"error": "Your API key is invalid or has been disabled."}
        if self.state.settings.suspended:
            return 403, {"error": "Your account has been suspended."}
        if self.headers.get("X-Runway-Version") != contract.VERSION:
            return 400, {"error": "The X-Runway-Version header is missing or unknown.", "docUrl": contract.DOCS}
        return None

    def _create(self, data: bytes) -> Reply:
        if len(data) > MAX_BODY_BYTES:
            return 413, {"error": "Request entity too large"}
        try:
            request = contract.parse_request(json.loads(data))
        except contract.BadRequest as error:
            return 400, error.body
        except ValueError:
            return 400, {"error": "The body is not JSON."}
        if self.state.is_capped(request.model):
            return 429, {"error": "You have reached the maximum number of generations for today."}
        if self.state.balance() < request.credits:
            return 400, {"error": "You do not have enough credits to run this task."}
        task = self.state.accept(request)
        return 200, {"id": task.id, "estimatedCost": {"credits": request.credits}}

    def _task(self, task_id: str) -> Reply:
        view = self.state.view(task_id, self.server.base)
        return (200, view) if view else (404, {"error": "Could not find Task"})

    def _delete(self, task_id: str) -> Reply:
        return (204, None) if self.state.delete(task_id) else (404, {"error": "Could not find Task"})

    def reply(self, status: int, body: Any) -> None:
        self.send(status, b"" if body is None else json.dumps(body).encode())

    def send(
        self,
        status: int,
        body: bytes,
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
        *,
        cut: bool = False,
    ) -> None:
        """Send a response. ``cut`` announces the whole body, sends half of it and closes the connection."""
        self.send_response(status)
        self.send_header("apigw-requestid", f"fake-{sum(self.state.calls.values())}")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut

    def hang(self) -> None:
        """Wait until the hang time is over or the server is reset, then close the connection without a response."""
        self.state.released.wait(self.state.settings.hang)
        self.close_connection = True

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        self.close_connection = True
