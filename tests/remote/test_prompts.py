"""Prompts written by OpenAI for a photo, requested over HTTP, with the dance's own prompt as the fallback."""

import base64
import io
import json
from typing import Any

import pytest
from PIL import Image

from tests.remote.conftest import Site
from tests.remote.fake_openai import GOOD, OpenAI, authority, openai, openai_server
from tests.runway.orders import an_order
from tests.runway.transport import Deadlines
from videos.models import PromptSource, Status
from videos.providers.openai import IMAGE_SIZE, TIMEOUT, write_prompt

__all__ = ["authority", "openai", "openai_server"]


def test_prompt_is_generated_sent_and_stored(site: Site, openai: OpenAI) -> None:
    video = site.video()
    site.settle()
    video.refresh_from_db()
    camera, *_, ending = video.catalogue_dance.prompt.split(". ")
    assert video.prompt == (
        f"{camera}. The pet rocks its hips from side to side, lifts one front paw on every beat and spins around once. "
        f"Its ears bounce softly with the rhythm. {ending}"
    )
    assert video.prompt_source == PromptSource.OPENAI
    assert site.fake_server.journal("accepted")[0]["prompt"] == video.prompt


def test_request_holds_one_small_image_and_the_dance(site: Site, openai: OpenAI) -> None:
    site.video()
    site.work()
    [request] = openai.requests
    assert (request["path"], request["key"], request["model"]) == (
        "/v1/chat/completions",
        "Bearer sk-test",
        "gpt-4o-mini",
    )
    text, picture = request["messages"][1]["content"]
    assert "Disco" in text["text"]
    with Image.open(io.BytesIO(base64.b64decode(picture["image_url"]["url"].split(",")[1]))) as image:
        assert max(image.size) == IMAGE_SIZE
        assert not image.getexif()
    assert request["response_format"]["json_schema"]["strict"]
    assert not request["store"]


INVALID = [
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
]


def test_invalid_prompt_is_not_used(openai: OpenAI, subtests: pytest.Subtests) -> None:
    for answer in INVALID:
        with subtests.test(answer=answer[:60]):
            openai.reset()
            openai.answer = answer
            assert write_prompt(an_order()) == ""
            assert len(openai.requests) == 1


MALFORMED = [
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
]


def test_malformed_response_is_not_used(openai: OpenAI, subtests: pytest.Subtests) -> None:
    for raw in MALFORMED:
        with subtests.test(raw=raw[:40]):
            openai.reset()
            openai.raw = raw
            assert write_prompt(an_order()) == ""
            assert len(openai.requests) == 1


def test_error_is_not_retried(openai: OpenAI, subtests: pytest.Subtests) -> None:
    for status in (400, 401, 429, 500, 503):
        with subtests.test(status=status):
            openai.reset()
            openai.status, openai.raw = status, b'{"error": {"message": "no"}}'
            assert write_prompt(an_order()) == ""
            assert len(openai.requests) == 1


def test_model_refusal_is_not_used(openai: OpenAI) -> None:
    openai.refusal = "I can't help with that."
    assert write_prompt(an_order()) == ""
    assert len(openai.requests) == 1


def test_slow_response_is_abandoned(openai: OpenAI) -> None:
    deadlines = Deadlines()
    openai.before = lambda: deadlines.latest.end()
    assert write_prompt(an_order(), deadlines) == ""
    assert (len(openai.requests), deadlines.seconds) == (1, [TIMEOUT])


@pytest.mark.parametrize(
    ("status", "raw"),
    [(200, b"<html>"), (503, b'{"error": {"message": "no"}}'), (200, None)],
    ids=["a page", "an error", "invalid"],
)
def test_failure_falls_back_to_the_dance_prompt(site: Site, openai: OpenAI, status: int, raw: bytes | None) -> None:
    openai.status, openai.raw, openai.answer = status, raw, INVALID[-1]
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.prompt, video.prompt_source) == (video.catalogue_dance.prompt, PromptSource.TEMPLATE)
    assert (video.status, video.submissions, video.consecutive_errors) == (Status.SUCCEEDED, 1, 0)
    assert site.fake_server.journal("accepted")[0]["prompt"] == video.catalogue_dance.prompt
    assert len(openai.requests) == 1


def test_without_a_network_the_dance_prompt_is_used(site: Site, openai: OpenAI, settings: Any) -> None:
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    video = site.video()
    site.settle()
    assert site.fake_server.journal("accepted")[0]["prompt"] == video.catalogue_dance.prompt


def test_prompt_is_generated_once_for_resubmissions(site: Site, openai: OpenAI) -> None:
    site.fake_server.fault("create", "reset", accepted=True)
    site.video()
    site.settle()
    first, second = site.fake_server.journal("accepted")
    assert first["prompt"] == second["prompt"]
    assert len(openai.requests) == 1


def test_prompt_rejected_by_provider_falls_back(site: Site, openai: OpenAI) -> None:
    site.fake_server.fault("create", "answer", status=400, error="promptText is not acceptable")
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.prompt, video.submissions) == (Status.SUCCEEDED, video.catalogue_dance.prompt, 1)


def test_without_a_key_nothing_is_requested(site: Site, openai: OpenAI, settings: Any) -> None:
    settings.OPENAI_API_KEY = ""
    site.video()
    site.settle()
    assert openai.requests == []
    assert write_prompt(an_order()) == ""
