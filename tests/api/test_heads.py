"""Programs may say where the pet's head is, when they upload a photo or request a video of it."""

import io
import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from credits import ledger
from tests.api.client import generate, problem_of
from tests.api.conftest import client_of
from tests.videos.conftest import jpeg, photo_of
from videos.models import Photo, Video
from videos.photos.advice import PERSON_ONLY
from videos.photos.head import MAX_RADIUS, MIN_RADIUS, ON_FACE, Head

pytestmark = pytest.mark.engine
HEAD = {"x": 0.5, "y": 0.4, "rx": 0.1, "ry": 0.12, "tilt": -10}
OVAL = Head(**HEAD)
ANSWER = HEAD | {"source": "owner", "confidence": 1.0}
OTHER = HEAD | {"x": 0.2}
# The face of a person at the oval of ``HEAD``.
PREPARED = {"mode": "print", "heads": [], "faces": [[0.4, 0.3, 0.6, 0.5]]}


def upload(program: Client, head: object) -> Any:
    text = head if isinstance(head, str) else json.dumps(head)
    return program.post("/api/upload", {"file": io.BytesIO(jpeg()), "head": text})


def test_uploaded_head_is_the_owners_answer(program: Client) -> None:
    uploaded = upload(program, HEAD)
    assert (uploaded.status_code, uploaded.json()["head"], uploaded.json()["headStatus"]) == (201, ANSWER, "sure")
    photo = Photo.objects.get()
    assert (photo.known_head, photo.head_source, photo.due_at is not None) == (OVAL, "owner", True)
    assert program.get("/api/photos").json()["photos"][0]["head"] == ANSWER


@pytest.mark.parametrize(
    ("fields", "head", "status"),
    [
        ({}, None, "pending"),
        ({"head_source": "detector", "head_confidence": 0.0}, None, "none"),
        (
            {"head": HEAD, "head_source": "outline", "head_confidence": 0.5},
            HEAD | {"source": "outline", "confidence": 0.5},
            "unsure",
        ),
        (
            {"head": HEAD, "head_source": "detector", "head_confidence": 0.9},
            HEAD | {"source": "detector", "confidence": 0.9},
            "sure",
        ),
        ({"head_source": "owner", "head_confidence": 1.0}, None, "none"),
    ],
)
def test_a_photo_tells_what_is_known_of_its_head(
    program: Client, photo: Photo, fields: dict[str, Any], head: dict[str, Any] | None, status: str
) -> None:
    Photo.objects.update(**fields)
    [listed] = program.get("/api/photos").json()["photos"]
    assert (listed["head"], listed["headStatus"]) == (head, status)


def test_requested_head_is_stored_with_photo_and_video(program: Client, photo: Photo) -> None:
    response = generate(program, photoId=str(photo.pk), danceStyle="disco", head=HEAD)
    assert response.status_code == 202
    photo.refresh_from_db()
    video = Video.objects.get()
    assert (photo.known_head, photo.head_source) == (OVAL, "owner")
    assert (video.oval, video.head_source) == (OVAL, "owner")


@pytest.mark.parametrize("payload", [{}, {"head": None}])
def test_without_a_head_the_stored_one_is_used(program: Client, photo: Photo, payload: dict[str, None]) -> None:
    photo.set_head(OVAL)
    assert generate(program, photoId=str(photo.pk), danceStyle="disco", **payload).status_code == 202
    assert Video.objects.get().oval == OVAL


def test_idempotency_key_with_another_head_is_refused(program: Client, photo: Photo, owner: User) -> None:
    payload = {"photoId": str(photo.pk), "danceStyle": "disco"}
    first = generate(program, key="again", head=HEAD, **payload)
    for repeated in (HEAD, HEAD | {"x": 0.50001}, None):
        assert generate(program, key="again", head=repeated, **payload).json() == first.json()
    response = generate(program, key="again", head=OTHER, **payload)
    assert problem_of(response) == (422, "invalid")
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"
    photo.refresh_from_db()
    assert (photo.oval, Video.objects.count(), ledger.balance_of(owner)) == (OVAL, 1, 4)


def test_request_without_credits_leaves_the_head(owner_without_credits: User) -> None:
    photo = photo_of(owner_without_credits)
    program = client_of(owner_without_credits)
    assert generate(program, photoId=str(photo.pk), danceStyle="disco", head=HEAD).status_code == 402
    photo.refresh_from_db()
    assert (photo.oval, photo.head_source) == (None, "")


IMPOSSIBLE = [
    ("head", 5),
    ("head", []),
    ("head.x", HEAD | {"x": 1.01}),
    ("head.x", HEAD | {"x": "0.5"}),
    ("head.x", HEAD | {"x": True}),
    ("head.x", HEAD | {"x": 10**400}),
    ("head.x", HEAD | {"x": float("nan")}),
    ("head.y", HEAD | {"y": -0.01}),
    ("head.y", {name: value for name, value in HEAD.items() if name != "y"}),
    ("head.rx", HEAD | {"rx": MIN_RADIUS - 0.001}),
    ("head.rx", HEAD | {"rx": MAX_RADIUS + 0.001, "ry": MAX_RADIUS}),
    ("head.ry", HEAD | {"ry": 0.31}),
    ("head.tilt", HEAD | {"tilt": 181}),
    ("head.z", HEAD | {"z": 0}),
]


@pytest.mark.parametrize(("field", "head"), [*IMPOSSIBLE, ("head", ""), ("head", "disco"), ("head", "null")])
def test_upload_with_an_impossible_head_is_refused(program: Client, field: str, head: object) -> None:
    response = upload(program, head)
    assert problem_of(response) == (422, "invalid")
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not Photo.objects.exists()


@pytest.mark.parametrize(("field", "head"), [*IMPOSSIBLE, ("head", "disco")])
def test_request_with_an_impossible_head_is_refused(
    program: Client, photo: Photo, owner: User, field: str, head: object
) -> None:
    response = generate(program, photoId=str(photo.pk), danceStyle="disco", head=head)
    assert problem_of(response) == (422, "invalid")
    assert [error["field"] for error in response.json()["errors"]] == [field]
    photo.refresh_from_db()
    assert (Video.objects.count(), ledger.balance_of(owner), photo.head_source) == (0, 5, "")


def test_impossible_oval_is_refused_with_a_sentence(program: Client, photo: Photo) -> None:
    response = generate(program, photoId=str(photo.pk), danceStyle="disco", head=HEAD | {"x": 2})
    assert response.json()["detail"] == "The middle of the head must be inside the photo, from 0 to 1."


@pytest.mark.parametrize(
    "bounds",
    [
        {"x": 0, "y": 1, "rx": MIN_RADIUS, "ry": MIN_RADIUS, "tilt": -180},
        {"x": 1, "y": 0, "rx": MAX_RADIUS, "ry": MAX_RADIUS, "tilt": 180},
    ],
)
def test_documented_bounds_are_allowed(program: Client, photo: Photo, bounds: dict[str, float]) -> None:
    document = program.get("/api/openapi.json").json()["components"]["schemas"]["Oval"]["properties"]
    assert all(value in (document[name]["minimum"], document[name]["maximum"]) for name, value in bounds.items())
    assert generate(program, photoId=str(photo.pk), danceStyle="disco", head=bounds).status_code == 202


def test_uploaded_head_on_a_face_becomes_unsure(program: Client) -> None:
    assert upload(program, HEAD).json()["headStatus"] == "sure"
    Photo.objects.update(cutout_info=PREPARED)
    [listed] = program.get("/api/photos").json()["photos"]
    assert (listed["head"], listed["headStatus"]) == (ANSWER, "unsure")
    assert generate(program, photoId=listed["photoId"], danceStyle="disco").status_code == 202
    assert Video.objects.get().oval is None


def test_request_with_a_head_on_a_face_is_refused(program: Client, photo: Photo, owner: User) -> None:
    Photo.objects.update(cutout_info=PREPARED)
    response = generate(program, photoId=str(photo.pk), danceStyle="disco", head=HEAD)
    assert problem_of(response) == (422, "invalid")
    assert response.json()["errors"] == [{"field": "head", "message": ON_FACE}]
    photo.refresh_from_db()
    assert (Video.objects.count(), ledger.balance_of(owner), photo.head_source) == (0, 5, "")
    assert generate(program, photoId=str(photo.pk), danceStyle="disco", head=OTHER).status_code == 202


def test_photo_of_people_only_is_refused(program: Client, photo: Photo, owner: User) -> None:
    Photo.objects.update(cutout_info=PREPARED | {"people": "alone"}, head_source="detector", head_confidence=0.0)
    response = generate(program, photoId=str(photo.pk), danceStyle="disco")
    assert problem_of(response) == (422, "invalid")
    assert response.json()["errors"] == [{"field": "photoId", "message": f"{PERSON_ONLY} You weren't charged."}]
    assert (Video.objects.count(), ledger.balance_of(owner)) == (0, 5)
    assert generate(program, photoId=str(photo.pk), danceStyle="disco", head=OTHER).status_code == 202


def test_known_request_is_answered_after_the_face_was_found(program: Client, photo: Photo) -> None:
    payload = {"photoId": str(photo.pk), "danceStyle": "disco", "head": HEAD}
    first = generate(program, key="again", **payload)
    Photo.objects.update(cutout_info=PREPARED)
    again = generate(program, key="again", **payload)
    assert (again.status_code, again.json()) == (202, first.json())
