"""Schemathesis tests the API with requests that its OpenAPI document allows, and with invalid ones."""

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
from videos import dances, formats
from videos.models import Photo
from videos.operations import audit
from videos.ordering import request_video

DOCUMENT = Client().get("/api/openapi.json").json()
LABELS = [f"{method.upper()} {path}" for path, methods in DOCUMENT["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def schema() -> Any:
    from tests.api import cases

    return cases.load(DOCUMENT)


def test_document_is_openapi_3_1_with_every_operation(schema: Any) -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    labels = {operation.ok().label for operation in schema.get_all_operations()}
    assert labels == set(LABELS)
    assert {
        "POST /api/upload",
        "POST /api/videos/generate",
        "GET /api/videos/status",
        "GET /api/videos",
    } <= labels
    assert {"GET /api/photos", "GET /api/dances", "GET /api/videos/{videoId}/dance.mp4"} <= labels


@pytest.mark.parametrize("label", LABELS)
def test_no_request_gets_an_undocumented_response(label: str, schema: Any, auth_headers: dict[str, str]) -> None:
    from tests.api import cases

    cases.send_all(schema, label, auth_headers, cases.GENERATED)


@pytest.mark.slow
@pytest.mark.parametrize("label", LABELS)
def test_boundary_values_get_no_undocumented_response(label: str, schema: Any, auth_headers: dict[str, str]) -> None:
    from tests.api import cases

    cases.send_all(schema, label, auth_headers, cases.BOUNDARY_VALUES)


def test_too_large_body_gets_a_documented_response(auth_headers: dict[str, str], schema: Any, settings: Any) -> None:
    settings.MAX_BODY_BYTES = 1000
    case = schema["/api/upload"]["POST"].Case(body={"file": b"x" * 1001}, media_type="multipart/form-data")
    response = case.call_and_validate(headers=auth_headers)
    assert (response.status_code, response.headers["content-type"]) == (413, ["application/problem+json"])


def test_document_describes_rate_limits() -> None:
    responses = DOCUMENT["paths"]["/api/videos"]["get"]["responses"]
    limits = {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}
    assert (set(responses["200"]["headers"]), set(responses["429"]["headers"])) == (limits, limits | {"Retry-After"})
    assert (set(responses["503"]["headers"]), "headers" in responses["401"]) == ({"Retry-After"}, False)


@pytest.mark.parametrize(
    ("photo_fields", "is_allowed"),
    [
        ({"photoId": "{pk}"}, True),
        ({"imageUrl": "http://testserver/api/photos/{pk}/photo.jpg"}, True),
        ({"photoId": "{pk}", "imageUrl": None}, True),
        ({"photoId": "{pk}", "imageUrl": ""}, False),
        ({"photoId": None}, False),
        ({}, False),
    ],
)
def test_photo_reference_alternatives_are_documented(
    program: Client, photo: Photo, photo_fields: dict[str, str | None], is_allowed: bool
) -> None:
    payload = {"danceStyle": "disco"} | {
        name: value and value.format(pk=photo.pk) for name, value in photo_fields.items()
    }
    # Imported here because it is large and only this test needs it.
    import jsonschema_rs

    documented = jsonschema_rs.validator_for(DOCUMENT | {"$ref": "#/components/schemas/GenerateIn"})
    assert documented.is_valid(payload) is is_allowed
    response = program.post("/api/videos/generate", payload, content_type="application/json")
    assert response.status_code == (202 if is_allowed else 422)


@pytest.fixture
def auth_headers(owner: User) -> Iterator[dict[str, str]]:
    """Return the headers of a client whose owner has a photo and a video."""
    # A server closes connections between requests, but here they hold the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    photo = photo_of(owner)
    request_video(
        user=owner,
        photo=photo,
        dance=dances.BY_SLUG["disco"],
        shape=formats.BY_SLUG["tall"],
        idempotency_key=uuid.uuid4(),
        now=timezone.now(),
    )
    yield {"Authorization": f"Bearer {Token.objects.issue(owner, 'Hammer')[1]}"}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    assert [*credits_audit.violations(), *audit.violations(timezone.now())] == []
