"""Every error is a problem that programs and people can read."""

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


def test_request_without_credits_creates_nothing(owner: User, owner_without_credits: User) -> None:
    response = generate(
        client_of(owner_without_credits), photoId=str(photo_of(owner_without_credits).pk), danceStyle="disco"
    )
    assert problem_of(response) == (402, "insufficient_credits")
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
    data = payload if field == "photoId" else payload | {"photoId": str(photo.pk)}
    response = generate(program, **data)
    assert problem_of(response) == (422, "invalid")
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not Video.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"disco"'])
def test_invalid_body_is_a_problem(program: Client, body: bytes) -> None:
    response = program.post("/api/videos/generate", body, content_type="application/json")
    assert response.status_code in (400, 422)
    assert response.headers["Content-Type"] == PROBLEM
    assert response.status_code == 422 or "Send JSON" in response.json()["detail"]


@pytest.mark.parametrize("data", [b"", b"GIF89a", jpeg()[:1000]])
def test_invalid_photo_is_refused_with_a_sentence(program: Client, data: bytes) -> None:
    response = upload(program, data)
    assert problem_of(response) == (422, "invalid")
    assert response.json()["detail"].endswith(".")
    assert not Photo.objects.exists()


def test_responses_report_the_rate_limit_and_retry_time(
    program: Client, photo: Photo, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The clock is frozen, so that all requests are in the same hour.
    monkeypatch.setattr("time.time", lambda: 1e9)
    for _ in range(118):
        endpoints.GENERATE.limit.hit(owner.pk)
    first = generate(program, key="1", photoId=str(photo.pk), danceStyle="disco")
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("120", "1")
    generate(program, key="1", photoId=str(photo.pk), danceStyle="disco")
    response = generate(program, key="1", photoId=str(photo.pk), danceStyle="disco")
    assert problem_of(response) == (429, "too_many_requests")
    assert 0 < int(response.headers["Retry-After"]) <= 3600


def test_unknown_path_is_a_problem(program: Client) -> None:
    unknown = program.get("/api/nothing")
    assert (problem_of(unknown), unknown.headers["Cache-Control"]) == ((404, "not_found"), "private, no-store")
    not_allowed = program.delete("/api/videos")
    assert (problem_of(not_allowed), not_allowed.headers["Allow"]) == ((405, "method_not_allowed"), "GET, HEAD")


def test_too_large_body_is_a_problem(program: Client, settings: Any) -> None:
    settings.MAX_BODY_BYTES = 1000
    response = upload(program)
    assert problem_of(response) == (413, "too_large")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "10 MB" in response.json()["detail"]


def test_unknown_host_is_a_problem(program: Client) -> None:
    assert problem_of(program.get("/api/videos", headers={"Host": "evil.example"})) == (400, "bad_request")


def test_internal_error_is_logged_and_is_a_problem(program: Client, caplog: Any) -> None:
    program.raise_request_exception = False
    with failing_queries(ZeroDivisionError(), "videos_video"):
        response = program.get("/api/videos")
    assert problem_of(response) == (500, "our_fault")
    assert b"ZeroDivisionError" not in response.content
    assert "ZeroDivisionError" in caplog.text
