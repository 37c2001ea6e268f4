"""503 responses with Retry-After: the request is valid and may succeed in a minute."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.api.client import generate, problem_of, upload
from tests.failing_queries import failing_queries
from tests.photos.decode_slots import busy_decoder
from videos.models import Photo, ProviderStatus


def test_unavailable_provider_is_reported_before_charging(
    program: Client, photo: Photo, owner: User, settings: Any
) -> None:
    settings.VIDEO_PROVIDER, settings.RUNWAY_API_KEY = "runway", "key_test"
    ProviderStatus.objects.mark_unavailable("runway", "no credits", timezone.now() - timedelta(hours=1))
    response = generate(program, photoId=str(photo.pk), danceStyle="disco")
    assert problem_of(response) == (503, "studio_closed")
    assert response.headers["Retry-After"] == "60"
    assert ledger.balance_of(owner) == 5


def test_busy_decoder_answers_503(program: Client) -> None:
    with busy_decoder():
        response = upload(program)
    assert problem_of(response) == (503, "busy")
    assert response.json()["detail"] == "We're busy right now. Try again in a minute."
    assert response.headers["Retry-After"] == "60"
    assert not Photo.objects.exists()
    assert upload(program).status_code == 201


def test_storage_failure_at_upload_answers_503(program: Client, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("A file stands where the folder should be.")
    options = {"location": tmp_path / "secret", "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": options}}
    response = upload(program)
    assert problem_of(response) == (503, "away")
    assert response.headers["Retry-After"] == "60"
    assert b"secret" not in response.content
    assert not Photo.objects.exists()


def test_database_outage_answers_503(program: Client) -> None:
    with failing_queries(OperationalError("secret.example refused"), "videos_video"):
        response = program.get("/api/videos")
    assert problem_of(response) == (503, "away")
    assert response.headers["Retry-After"] == "60"
    assert b"secret" not in response.content
