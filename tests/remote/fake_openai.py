"""A local fake of OpenAI's API, and its fixtures."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.runway.transport import certificate

GOOD = {
    "main": "The pet rocks its hips from side to side, lifts one front paw on every beat and spins around once.",
    "secondary": "Its ears bounce softly with the rhythm.",
}


class OpenAI(ThreadingHTTPServer):
    """A local fake of OpenAI's API.

    ``answer`` is the content of the chat's response and ``finish`` its reason. ``before`` is called first, and
    ``requests`` are the received requests of the chat, ``moderations`` the moderated texts. ``gone`` are models that
    it does not offer, ``shutdown_dates`` those of models, ``without_effort`` models that reject ``reasoning_effort``.
    ``flagged`` texts are rejected by the moderation, which answers with the status ``moderation_status``. A
    ``redirect`` is the address that everything redirects to.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reset()

    def reset(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.moderations: list[str] = []
        self.status, self.answer, self.refusal, self.finish = 200, json.dumps(GOOD), "", "stop"
        self.raw: bytes | None = None
        self.before: Callable[[], None] = lambda: None
        self.gone: set[str] = set()
        self.without_effort: set[str] = set()
        self.shutdown_dates: dict[str, str] = {}
        self.is_flagging, self.moderation_status = False, 200
        self.redirect = ""

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        content = {"content": None, "refusal": self.refusal} if self.refusal else {"content": self.answer}
        choices = [{"index": 0, "message": {"role": "assistant", **content}, "finish_reason": self.finish}]
        return json.dumps(
            {"id": "x", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini", "choices": choices}
        ).encode()

    def answer_chat(self, request: dict[str, Any]) -> tuple[int, bytes]:
        if request["model"] in self.gone:
            return 404, gone_error(request["model"])
        if "reasoning_effort" in request and request["model"] in self.without_effort:
            error = {"message": "Unsupported parameter", "code": "unsupported_parameter", "param": "reasoning_effort"}
            return 400, json.dumps({"error": error}).encode()
        return self.status, self.body()


def gone_error(model: str) -> bytes:
    message = f"The model `{model}` has been deprecated, learn more here: https://example.org"
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": "model_not_found"}
    return json.dumps({"error": error}).encode()


class Handler(BaseHTTPRequestHandler):
    server: OpenAI

    def do_GET(self) -> None:
        model = self.path.rsplit("/", 1)[1]
        if self.server.redirect or model in self.server.gone:
            self.send(404, gone_error(model))
            return
        body = {"id": model, "object": "model", "created": 1, "owned_by": "openai"}
        self.send(200, json.dumps(body | {"shutdown_date": self.server.shutdown_dates.get(model)}).encode())

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/moderations"):
            self.server.moderations.append(request["input"])
            results = [{"flagged": self.server.is_flagging, "categories": {}, "category_scores": {}}]
            self.send(self.server.moderation_status, json.dumps({"id": "m", "model": "m", "results": results}).encode())
            return
        self.server.requests.append({"path": self.path, "key": self.headers["Authorization"], **request})
        self.server.before()
        self.send(*self.server.answer_chat(request))

    def send(self, status: int, body: bytes) -> None:
        if self.server.redirect:
            status = 307
        self.send_response(status)
        if self.server.redirect:
            self.send_header("Location", self.server.redirect + self.path)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        with suppress(OSError):
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Log nothing."""


@pytest.fixture(scope="session")
def openai_server() -> Iterator[OpenAI]:
    with OpenAI() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A single certificate authority. Loading the default bundle takes longer than a whole request."""
    return str(certificate(tmp_path_factory.mktemp("authority"), "localhost")[1])


@pytest.fixture
def openai(openai_server: OpenAI, settings: Any, authority: str, monkeypatch: pytest.MonkeyPatch) -> OpenAI:
    openai_server.reset()
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    settings.OPENAI_API_KEY = "sk-test"
    settings.OPENAI_BASE_URL = f"http://127.0.0.1:{openai_server.server_port}/v1"
    return openai_server
