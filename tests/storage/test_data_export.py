"""The export: a zip with the data and the files, made while it is sent."""

import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.storage.conftest import bucket_is_slow
from tests.videos.conftest import photo_of, prepare, video_of
from videos.models import Photo, Video
from videos.worker.runner import work_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(storage: str, ready: Video) -> Video:
    return ready


def archive(client: Client) -> tuple[zipfile.ZipFile, list[bytes]]:
    answer = client.get(reverse("account_export"))
    assert (answer.status_code, answer.streaming) == (200, True)
    assert answer.headers["Cache-Control"] == "private, no-store"
    name = f'attachment; filename="petgroove-{timezone.now():%Y-%m-%d}.zip"'
    assert answer.headers["Content-Disposition"] == name
    pieces = list(answer.streaming_content)
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces))), pieces


def test_export_holds_photos_videos_and_credits(
    as_owner: Client, owner: User, ready: Video, photo: Photo, clip: bytes, stranger: User
) -> None:
    video_of(prepare(photo_of(stranger)))
    work_once()
    assert Video.objects.filter(status="succeeded").count() == 2
    made, _ = archive(as_owner)
    assert made.testzip() is None
    video = f"videos/{ready.created_at:%Y-%m-%d}-disco-{ready.pk}.mp4"
    assert sorted(made.namelist()) == ["data.json", f"photos/{photo.pk}.jpg", video]
    assert made.read(video) == clip
    data = json.loads(made.read("data.json"))
    assert data["account"]["email"] == owner.email
    assert [entry["amount"] for entry in data["credits"]["entries"]] == [5, -1]
    assert [row["id"] for row in data["photos"]] == [str(photo.pk)]
    assert [(row["dance"], row["status"]) for row in data["videos"]] == [("disco", "succeeded")]
    assert data["missing"] == []
    assert "stranger@example.org" not in json.dumps(data)


@bucket_is_slow
def test_export_is_streamed(as_owner: Client, ready: Video, clip: bytes) -> None:
    _, pieces = archive(as_owner)
    assert len(pieces) > 2
    assert max(map(len, pieces)) < 200_000


@bucket_is_slow
def test_missing_file_is_listed_and_skipped(as_owner: Client, ready: Video, photo: Photo) -> None:
    default_storage.delete(photo.image.name)
    made, _ = archive(as_owner)
    assert made.testzip() is None
    assert json.loads(made.read("data.json"))["missing"] == [f"photos/{photo.pk}.jpg"]


def test_exports_per_hour_are_limited(as_owner: Client, settings) -> None:
    settings.EXPORTS_PER_HOUR = 1
    assert as_owner.get(reverse("account_export")).status_code == 200
    answer = as_owner.get(reverse("account_export"))
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert "You have just exported your data several times. Please come back in" in answer.content.decode()
