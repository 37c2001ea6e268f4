"""Whatever goes wrong is told as a problem that programs and people can read."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from api import endpoints
from tests.api.client import PROBLEM, generate, problem_of, upload
from tests.api.conftest import client_of
from tests.failing_queries import failing_queries
from tests.videos.conftest import jpeg, photo_of
from videos.models import Photo, Video


def test_without_credits_nothing_is_made(owner: User, owner_without_credits: User) -> None:
    answer = generate(
        client_of(owner_without_credits), photoId=str(photo_of(owner_without_credits).pk), danceStyle="disco"
    )
    assert problem_of(answer) == (402, "insufficient_credits")
    assert not Video.objects.exists()


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"danceStyle": "polka"}, "danceStyle"),
        ({}, "danceStyle"),
        ({"danceStyle": "disco"}, "photoId"),
        ({"danceStyle": "disco", "format": "round"}, "format"),
        ({"danceStyle": "disco", "status": "succeeded"}, "status"),
        ({"danceStyle": "disco", "user": "me"}, "user"),
        ({"danceStyle": "disco", "credits": 5}, "credits"),
    ],
)
def test_invalid_field_is_named(program: Client, photo: Photo, payload: dict, field: str) -> None:
    sent = payload if field == "photoId" else payload | {"photoId": str(photo.pk)}
    answer = generate(program, **sent)
    assert problem_of(answer) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Video.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"disco"'])
def test_invalid_body_is_a_problem(program: Client, body: bytes) -> None:
    answer = program.post("/api/videos/generate", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.status_code == 422 or "Is it JSON" in answer.json()["detail"]


@pytest.mark.parametrize("data", [b"", b"GIF89a", jpeg()[:1000]])
def test_invalid_photo_is_refused_with_a_sentence(program: Client, data: bytes) -> None:
    answer = upload(program, data)
    assert problem_of(answer) == (422, "invalid")
    assert answer.json()["detail"].endswith(".")
    assert not Photo.objects.exists()


def test_responses_tell_the_rate_limit_and_when_to_retry(
    program: Client, photo: Photo, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The clock stands still, so that all requests are in the same hour.
    monkeypatch.setattr("time.time", lambda: 1e9)
    for _ in range(118):
        endpoints.GENERATE.limit.hit(owner.pk)
    first = generate(program, key="1", photoId=str(photo.pk), danceStyle="disco")
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("120", "1")
    generate(program, key="1", photoId=str(photo.pk), danceStyle="disco")
    answer = generate(program, key="1", photoId=str(photo.pk), danceStyle="disco")
    assert problem_of(answer) == (429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_unknown_path_is_a_problem(program: Client) -> None:
    nothing = program.get("/api/nothing")
    assert (problem_of(nothing), nothing.headers["Cache-Control"]) == ((404, "not_found"), "private, no-store")
    refused = program.delete("/api/videos")
    assert (problem_of(refused), refused.headers["Allow"]) == ((405, "method_not_allowed"), "GET, HEAD")


def test_too_large_body_is_a_problem(program: Client, settings: Any) -> None:
    settings.MAX_BODY_BYTES = 1000
    answer = upload(program)
    assert problem_of(answer) == (413, "too_large")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "10 MB" in answer.json()["detail"]


def test_unknown_host_is_a_problem(program: Client) -> None:
    assert problem_of(program.get("/api/videos", headers={"Host": "evil.example"})) == (400, "bad_request")


def test_internal_error_is_logged_and_is_a_problem(program: Client, caplog: Any) -> None:
    program.raise_request_exception = False
    with failing_queries(ZeroDivisionError(), "videos_video"):
        answer = program.get("/api/videos")
    assert problem_of(answer) == (500, "our_fault")
    assert b"ZeroDivisionError" not in answer.content
    assert "ZeroDivisionError" in caplog.text
