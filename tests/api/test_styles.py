"""Programs may choose how the pet dances, when they upload a photo or request a video of it."""

import io
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from credits import ledger
from tests.api.client import generate, problem_of
from tests.videos.conftest import jpeg, propose
from tests.videos.fake_finder import LEFT, RIGHT, Finder, finder
from videos.models import Photo, Video
from videos.photos.head import FoundHead, HeadSource
from videos.styles import NO_HEAD
from videos.worker import inputs

__all__ = ["finder"]
pytestmark = pytest.mark.engine


def upload(program: Client, **fields: str) -> Any:
    return program.post("/api/upload", {"file": io.BytesIO(jpeg())} | fields)


def status_of(program: Client, video: Video) -> tuple[str | None, str | None]:
    answer = program.get(f"/api/videos/status?videoId={video.pk}").json()
    assert program.get("/api/videos").json()["videos"][0] == answer
    return answer["style"], answer["body"]


def test_uploaded_choice_is_stored_with_the_photo(program: Client) -> None:
    response = upload(program, style="whole_pet", body="round")
    assert response.status_code == 201
    photo = Photo.objects.get()
    assert (photo.style, photo.body) == ("whole_pet", "round")
    listed = program.get("/api/photos").json()["photos"][0]
    assert [(answer["style"], answer["body"]) for answer in (response.json(), listed)] == [("whole_pet", "round")] * 2


def test_upload_without_a_choice_is_automatic(program: Client) -> None:
    answer = upload(program).json()
    assert (answer["style"], answer["body"]) == (None, None)


def test_dancer_may_be_uploaded_before_its_head_is_found(program: Client) -> None:
    assert upload(program, style="dancer").json()["style"] == "dancer"
    photo = propose(Photo.objects.get())
    assert generate(program, photoId=str(photo.pk), danceStyle="disco").status_code == 202
    assert status_of(program, Video.objects.get()) == ("whole_pet", None)


@pytest.mark.parametrize("field", ["style", "body"])
def test_unknown_choice_is_refused(program: Client, photo: Photo, owner: User, field: str) -> None:
    for response in (
        upload(program, **{field: "opera"}),
        generate(program, photoId=str(photo.pk), danceStyle="disco", **{field: "opera"}),
    ):
        assert problem_of(response) == (422, "invalid")
        assert [error["field"] for error in response.json()["errors"]] == [field]
    assert (Photo.objects.count(), Video.objects.count(), ledger.balance_of(owner)) == (1, 0, 5)


def test_requested_choice_is_for_one_video(program: Client, photo: Photo) -> None:
    propose(photo, LEFT, confidence=0.95)
    choice = {"style": "dancer", "body": "small"}
    assert generate(program, photoId=str(photo.pk), danceStyle="disco", **choice).status_code == 202
    assert status_of(program, Video.objects.get()) == ("dancer", "small")
    photo.refresh_from_db()
    assert (photo.style, photo.body) == ("", "")


@pytest.mark.parametrize("nothing", [{}, {"style": None, "body": None}])
def test_without_a_choice_the_photos_is_used(program: Client, photo: Photo, nothing: dict[str, None]) -> None:
    propose(photo, LEFT, confidence=0.95)
    photo.set_style("dancer", "bird")
    assert generate(program, photoId=str(photo.pk), danceStyle="disco", **nothing).status_code == 202
    assert status_of(program, Video.objects.get()) == ("dancer", "bird")


@pytest.mark.parametrize("heads", [(), (LEFT,)], ids=["none", "unsure"])
def test_dancer_without_a_head_is_refused(program: Client, photo: Photo, owner: User, heads: tuple[Any, ...]) -> None:
    propose(photo, *heads)
    response = generate(program, photoId=str(photo.pk), danceStyle="disco", style="dancer")
    assert problem_of(response) == (422, "invalid")
    assert response.json()["errors"] == [{"field": "style", "message": NO_HEAD}]
    assert (Video.objects.count(), ledger.balance_of(owner)) == (0, 5)
    # With a head in the same request, there is one.
    response = generate(program, photoId=str(photo.pk), danceStyle="disco", style="dancer", head=RIGHT.as_json)
    assert response.status_code == 202
    assert status_of(program, Video.objects.get()) == ("dancer", None)


@pytest.mark.parametrize(("confidence", "used"), [(0.95, "dancer"), (0.5, "whole_pet")])
def test_answer_says_what_was_used(program: Client, photo: Photo, finder: Finder, confidence: float, used: str) -> None:
    """The dancer was requested before the head had been looked for."""
    finder.found = (FoundHead(LEFT, confidence, HeadSource.DETECTOR),)
    payload = {"photoId": str(photo.pk), "danceStyle": "disco", "style": "dancer", "body": "slim"}
    first = generate(program, key="again", **payload)
    video = Video.objects.get()
    assert status_of(program, video) == ("dancer", "slim")
    inputs.local_order(video)
    assert status_of(program, video) == (used, "slim" if used == "dancer" else None)
    # The same request is still the same.
    assert generate(program, key="again", **payload).json() == first.json()


def test_style_that_is_not_decided_yet_is_null(program: Client, photo: Photo) -> None:
    assert generate(program, photoId=str(photo.pk), danceStyle="disco").status_code == 202
    assert status_of(program, Video.objects.get()) == (None, None)


def test_provider_without_styles_has_none(program: Client, photo: Photo) -> None:
    propose(photo, LEFT, confidence=0.95)
    generate(program, photoId=str(photo.pk), danceStyle="disco", body="slim")
    Video.objects.update(provider="runway")
    assert status_of(program, Video.objects.get()) == (None, None)


@pytest.mark.parametrize("other", [{"style": "whole_pet"}, {"body": "round"}])
def test_idempotency_key_with_another_choice_is_refused(program: Client, photo: Photo, other: dict[str, str]) -> None:
    propose(photo, LEFT, confidence=0.95)
    payload = {"photoId": str(photo.pk), "danceStyle": "disco"}
    first = generate(program, key="again", style="dancer", body="slim", **payload)
    assert generate(program, key="again", **payload).json() == first.json()
    response = generate(program, key="again", **(payload | other))
    assert problem_of(response) == (422, "invalid")
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"


def test_choices_are_documented(program: Client) -> None:
    schemas = program.get("/api/openapi.json").json()["components"]["schemas"]
    assert schemas["Style"]["enum"] == ["dancer", "whole_pet"]
    assert schemas["Body"]["enum"] == ["slim", "round", "small", "bird", "sitting"]
    for name in ("PhotoOut", "GenerateIn", "VideoOut"):
        assert all(schemas[name]["properties"][field]["description"] for field in ("style", "body"))
