"""Prompts written by OpenAI for a photo, asked over HTTP; whatever is wrong with them, the dance's own words do."""

import base64
import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image

from tests.remote.conftest import Site
from videos import prompts
from videos.making import order_from_afar
from videos.models import PromptSource, Status

pytestmark = pytest.mark.django_db

GOOD = {
    "main": "The pet rocks its hips from side to side, lifts one front paw on every beat and spins around once.",
    "secondary": "Its ears bounce softly with the rhythm.",
}


class OpenAI:
    """OpenAI's chat endpoint on this machine. ``answer`` is what it says; ``requests`` is what it was asked."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.status, self.answer, self.refusal, self.delay = 200, json.dumps(GOOD), None, 0.0
        self.raw: bytes | None = None

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        message = {"role": "assistant", "content": self.answer, "refusal": self.refusal}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        return json.dumps(
            {"id": "x", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini", "choices": choices}
        ).encode()


@pytest.fixture
def openai(settings: Any) -> Iterator[OpenAI]:
    api = OpenAI()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            api.requests.append({"path": self.path, "key": self.headers["Authorization"], **asked})
            time.sleep(api.delay)
            body = api.body()
            self.send_response(api.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):
                self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OPENAI_API_KEY = "sk-test"
    settings.OPENAI_BASE_URL = f"http://127.0.0.1:{server.server_port}/v1"
    yield api
    server.shutdown()
    server.server_close()


def test_the_prompt_is_written_for_the_photo_sent_and_kept(site: Site, openai: OpenAI) -> None:
    video = site.video()
    site.settle()
    video.refresh_from_db()
    camera, *_, ending = video.style.prompt.split(". ")
    assert video.prompt == (
        f"{camera}. The pet rocks its hips from side to side, lifts one front paw on every beat and spins around once. "
        f"Its ears bounce softly with the rhythm. {ending}"
    )
    assert video.prompt_source == PromptSource.OPENAI
    assert site.stand_in.journal("accepted")[0]["prompt"] == video.prompt


def test_what_is_asked_is_one_small_picture_and_the_dance(site: Site, openai: OpenAI) -> None:
    site.video()
    site.work()
    [asked] = openai.requests
    assert (asked["path"], asked["key"], asked["model"]) == ("/v1/chat/completions", "Bearer sk-test", "gpt-4o-mini")
    text, picture = asked["messages"][1]["content"]
    assert "Disco" in text["text"]
    with Image.open(io.BytesIO(base64.b64decode(picture["image_url"]["url"].split(",")[1]))) as image:
        assert max(image.size) == prompts.SIDE
        assert not image.getexif()
    assert asked["response_format"]["json_schema"]["strict"]
    assert not asked["store"]


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Sure! Here is your prompt.",
        "[]",
        "null",
        json.dumps({"main": 7, "secondary": None}),
        json.dumps({"main": GOOD["main"]}),
        json.dumps(GOOD | {"main": "Dances."}),
        json.dumps(GOOD | {"main": "sways " * 60}),
        json.dumps(GOOD | {"main": "sways gently without any blur, no text, never leaving the middle of the frame"}),
        json.dumps(GOOD | {"main": "the dog sways gently from side to side and lifts its paws up and down again"}),
        json.dumps(GOOD | {"secondary": "See https://example.org for more of this."}),
        json.dumps(GOOD | {"secondary": "Ears bounce. Then the camera flies away over the hills."}),
        json.dumps(GOOD | {"main": "sways 💃 gently from side to side and lifts its paws up and down again"}),
    ],
)
def test_nonsense_is_not_used(site: Site, openai: OpenAI, answer: str) -> None:
    openai.answer = answer
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.prompt, video.prompt_source) == (video.style.prompt, PromptSource.TEMPLATE)
    assert video.status == Status.SUCCEEDED
    assert len(openai.requests) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"<html>",
        b'{"choices": [',
        b"[]",
        b"null",
        b"7",
        b"\xff\xfe",
        b'{"choices": 5}',
        b'{"choices": [{}]}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b"[" * 100_000,
    ],
    ids=lambda raw: raw[:40],
)
def test_an_answer_that_is_none_of_openais_is_not_used(site: Site, openai: OpenAI, raw: bytes) -> None:
    openai.raw = raw
    video = site.video()
    site.work()
    video.refresh_from_db()
    assert (video.prompt, video.prompt_source) == (video.style.prompt, PromptSource.TEMPLATE)
    assert (video.submissions, video.troubles, len(openai.requests)) == (1, 0, 1)


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_an_error_is_not_tried_again(site: Site, openai: OpenAI, status: int) -> None:
    openai.status, openai.raw = status, b'{"error": {"message": "no"}}'
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.prompt_source, video.status, len(openai.requests)) == ("template", Status.SUCCEEDED, 1)


def test_a_refusal_is_not_used(site: Site, openai: OpenAI) -> None:
    openai.answer, openai.refusal = None, "I can't help with that."  # type: ignore[assignment]
    video = site.video()
    site.settle()
    assert site.stand_in.journal("accepted")[0]["prompt"] == video.style.prompt


def test_a_slow_answer_is_not_waited_for(site: Site, openai: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts, "TIMEOUT", 0.2)
    openai.delay = 1.0
    video = site.video()
    site.work()
    video.refresh_from_db()
    assert (video.prompt_source, video.submissions, len(openai.requests)) == ("template", 1, 1)


def test_without_a_network_the_dances_own_words_do(site: Site, openai: OpenAI, settings: Any) -> None:
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    video = site.video()
    site.settle()
    assert site.stand_in.journal("accepted")[0]["prompt"] == video.style.prompt


def test_it_is_asked_once_also_when_the_order_has_to_be_sent_again(site: Site, openai: OpenAI) -> None:
    site.stand_in.fault("create", "reset", accepted=True)
    site.video()
    site.settle()
    first, second = site.stand_in.journal("accepted")
    assert first["prompt"] == second["prompt"]
    assert len(openai.requests) == 1


def test_written_words_that_the_studio_refuses_give_way_to_the_dances_own(site: Site, openai: OpenAI) -> None:
    site.stand_in.fault("create", "answer", status=400, error="promptText is not acceptable")
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.prompt, video.submissions) == (Status.SUCCEEDED, video.style.prompt, 1)


def test_without_a_key_nobody_is_asked(site: Site, openai: OpenAI, settings: Any) -> None:
    settings.OPENAI_API_KEY = ""
    video = site.video()
    site.settle()
    assert openai.requests == []
    assert prompts.written_for(order_from_afar(video)) == ""
