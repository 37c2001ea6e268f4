"""Schemathesis hammers the API with what its own OpenAPI document allows, and with what it does not."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from accounts.models import User
from api.models import Token
from credits import audit as credits_audit
from tests.videos.conftest import photo_of
from videos import audit, dances, formats
from videos.models import Photo
from videos.offer import request_video

DOCUMENT = Client().get("/api/openapi.json").json()
LABELS = [f"{method.upper()} {path}" for path, methods in DOCUMENT["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def schema() -> Any:
    from tests.api import cases

    return cases.load(DOCUMENT)


def test_the_document_is_openapi_3_1_and_names_every_operation(schema: Any) -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    named = {operation.ok().label for operation in schema.get_all_operations()}
    assert named == set(LABELS)
    assert {"POST /api/upload", "POST /api/videos/generate", "GET /api/videos/status", "GET /api/videos"} <= named
    assert {"GET /api/photos", "GET /api/dances", "GET /api/videos/{videoId}/dance.mp4"} <= named


@pytest.mark.parametrize("label", LABELS)
def test_no_request_gets_an_answer_that_the_document_does_not_know(
    label: str, schema: Any, hammer: dict[str, str]
) -> None:
    from tests.api import cases

    cases.send_all(schema, label, hammer, cases.DRAWN)


@pytest.mark.slow
@pytest.mark.parametrize("label", LABELS)
def test_nor_does_a_request_at_the_bounds_of_a_field(label: str, schema: Any, hammer: dict[str, str]) -> None:
    from tests.api import cases

    cases.send_all(schema, label, hammer, cases.AT_THE_BOUNDS)


def test_a_body_that_is_too_large_gets_an_answer_that_the_document_knows(
    hammer: dict[str, str], schema: Any, settings: Any
) -> None:
    settings.MAX_BODY_BYTES = 1000
    case = schema["/api/upload"]["POST"].Case(body={"file": b"x" * 1001}, media_type="multipart/form-data")
    answer = case.call_and_validate(headers=hammer)
    assert (answer.status_code, answer.headers["content-type"]) == (413, ["application/problem+json"])


def test_the_document_tells_of_the_limits() -> None:
    told = DOCUMENT["paths"]["/api/videos"]["get"]["responses"]
    limits = {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}
    assert (set(told["200"]["headers"]), set(told["429"]["headers"])) == (limits, limits | {"Retry-After"})
    assert (set(told["503"]["headers"]), "headers" in told["401"]) == ({"Retry-After"}, False)


@pytest.mark.parametrize(
    ("named", "is_allowed"),
    [
        ({"photoId": "{pk}"}, True),
        ({"imageUrl": "http://testserver/api/photos/{pk}/photo.jpg"}, True),
        ({"photoId": "{pk}", "imageUrl": None}, True),
        ({"photoId": "{pk}", "imageUrl": ""}, False),
        ({"photoId": None}, False),
        ({}, False),
    ],
)
def test_a_photo_is_named_in_one_way_and_the_document_says_so(
    program: Client, photo: Photo, named: dict[str, str | None], is_allowed: bool
) -> None:
    wish = {"danceStyle": "disco"} | {name: value and value.format(pk=photo.pk) for name, value in named.items()}
    # Large, and needed here alone.
    import jsonschema_rs

    documented = jsonschema_rs.validator_for(DOCUMENT | {"$ref": "#/components/schemas/GenerateIn"})
    assert documented.is_valid(wish) is is_allowed
    answer = program.post("/api/videos/generate", wish, content_type="application/json")
    assert answer.status_code == (202 if is_allowed else 422)


@pytest.fixture
def hammer(owner: User) -> Iterator[dict[str, str]]:
    """The headers of a program, whose owner has a photo and a video."""
    # A server closes connections between requests; here they hold the test's own transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    photo = photo_of(owner)
    request_video(
        user=owner,
        photo=photo,
        dance=dances.BY_SLUG["disco"],
        shape=formats.BY_SLUG["tall"],
        form_key=uuid.uuid4(),
        now=timezone.now(),
    )
    yield {"Authorization": f"Bearer {Token.objects.issue(owner, 'Hammer')[1]}"}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    assert [*credits_audit.violations(), *audit.violations(timezone.now())] == []
