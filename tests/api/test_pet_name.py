"""Programs may name the pet, when they upload a photo or request a video of it."""

import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.api.client import generate, problem_of
from tests.videos.conftest import jpeg
from videos.models import Photo, Video

pytestmark = pytest.mark.engine
TOO_LONG = ("x" * 31, "x" * 10_000)


def upload(program: Client, **fields: str) -> Any:
    return program.post("/api/upload", {"file": io.BytesIO(jpeg())} | fields)


def order(program: Client, photo: Photo, **fields: object) -> Any:
    return generate(program, photoId=str(photo.pk), danceStyle="disco", **fields)


def shown(program: Client) -> str | None:
    video = Video.objects.latest("created_at")
    answer = program.get(f"/api/videos/status?videoId={video.pk}").json()
    assert program.get("/api/videos").json()["videos"][0] == answer
    return answer["petName"]


def test_uploaded_name_is_cleaned_and_stored_with_the_photo(program: Client) -> None:
    response = upload(program, petName=" Bis\u202ecuit\x00 ")
    assert (response.status_code, response.json()["petName"]) == (201, "Biscuit")
    assert Photo.objects.get().pet_name == "Biscuit"
    assert program.get("/api/photos").json()["photos"][0]["petName"] == "Biscuit"


def test_photo_and_video_may_have_no_name(program: Client, photo: Photo) -> None:
    assert upload(program).json()["petName"] is None
    assert order(program, photo).status_code == 202
    assert shown(program) is None


def test_video_has_the_name_of_the_photo_or_one_of_its_own(program: Client, photo: Photo) -> None:
    photo.set_pet_name("Biscuit")
    for fields, expected in (({}, "Biscuit"), ({"petName": "Gus \u200b🐶"}, "Gus 🐶"), ({"petName": ""}, None)):
        assert order(program, photo, **fields).status_code == 202
        assert shown(program) == expected
    assert Photo.objects.get().pet_name == "Biscuit"


@pytest.mark.parametrize("name", TOO_LONG)
def test_name_that_is_too_long_is_refused(program: Client, photo: Photo, owner: User, name: str) -> None:
    for response in (upload(program, petName=name), order(program, photo, petName=name)):
        assert problem_of(response) == (422, "invalid")
        assert response.json()["errors"][0]["field"] == "petName"
    assert (Photo.objects.count(), Video.objects.count(), ledger.balance_of(owner)) == (1, 0, 5)


def test_known_key_returns_the_video_of_the_same_name_only(program: Client, photo: Photo) -> None:
    first = order(program, photo, petName="Biscuit", key="once")
    assert order(program, photo, petName="Biscuit ", key="once").json() == first.json()
    assert order(program, photo, key="once").json() == first.json()
    assert problem_of(order(program, photo, petName="Gus", key="once")) == (422, "invalid")
    Video.objects.get().cancel("cancelled", timezone.now())
    Video.objects.get().erase(timezone.now())
    assert order(program, photo, petName="Biscuit", key="once").json()["videoId"] == first.json()["videoId"]
