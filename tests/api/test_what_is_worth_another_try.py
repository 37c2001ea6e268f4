"""503, with the time to come back: nothing is wrong with the request, and the same one may do in a minute."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.api.asking import generate, problem_of, upload
from videos import photo_pixels
from videos.line import Line
from videos.models import Photo
from videos.storage import WholeFiles


def test_a_closed_studio_is_told_before_anything_is_spent(
    program: Client, photo: Photo, owner: User, settings: Any
) -> None:
    settings.VIDEO_PROVIDER, settings.RUNWAY_API_KEY = "runway", "key_test"
    Line.objects.close("runway", "no credits", timezone.now() - timedelta(hours=1))
    answer = generate(program, photoId=str(photo.pk), danceStyle="disco")
    assert problem_of(answer) == (503, "studio_closed")
    assert answer.headers["Retry-After"] == "60"
    assert ledger.balance_of(owner) == 5


def test_a_photo_for_which_there_is_no_room_just_now(program: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_pixels, "_TURN_SECONDS", 0.01)
    with photo_pixels._turn:
        answer = upload(program)
    assert problem_of(answer) == (503, "busy")
    assert answer.json()["detail"] == "There is no room for your photo just now, so please try again in a minute."
    assert answer.headers["Retry-After"] == "60"
    assert not Photo.objects.exists()
    assert upload(program).status_code == 201


def test_a_photo_that_the_storage_does_not_take(program: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> str:
        raise OSError("no space left on secret.example")

    monkeypatch.setattr(WholeFiles, "_save", full)
    answer = upload(program)
    assert problem_of(answer) == (503, "away")
    assert answer.headers["Retry-After"] == "60"
    assert b"secret" not in answer.content
    assert not Photo.objects.exists()


def test_a_database_that_is_away_is_worth_another_try(program: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*rows: Any) -> None:
        raise OperationalError("secret.example refused")

    monkeypatch.setattr("api.endpoints.paged", away)
    answer = program.get("/api/videos")
    assert problem_of(answer) == (503, "away")
    assert answer.headers["Retry-After"] == "60"
    assert b"secret" not in answer.content
