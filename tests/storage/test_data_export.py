"""The data export: a zip of the data and the files, created while it is streamed."""

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
from videos.models import ExportKind, Photo, Video, VideoExport
from videos.photos.head import Head
from videos.worker.runner import work_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(storage: str, ready: Video) -> Video:
    return ready


def export(client: Client) -> tuple[zipfile.ZipFile, list[bytes]]:
    response = client.get(reverse("account_export"))
    assert (response.status_code, response.streaming) == (200, True)
    assert response.headers["Cache-Control"] == "private, no-store"
    name = f'attachment; filename="petgroove-{timezone.now():%Y-%m-%d}.zip"'
    assert response.headers["Content-Disposition"] == name
    chunks = list(response.streaming_content)
    return zipfile.ZipFile(io.BytesIO(b"".join(chunks))), chunks


def test_export_holds_photos_videos_and_credits(
    as_owner: Client, owner: User, ready: Video, photo: Photo, clip: bytes, stranger: User
) -> None:
    video_of(prepare(photo_of(stranger)))
    work_once()
    assert Video.objects.filter(status="succeeded").count() == 2
    head = Head(0.3, 0.4, 0.1, 0.12).as_json
    Photo.objects.filter(pk=photo.pk).update(head=head, head_source="owner", head_confidence=1.0)
    Video.objects.filter(pk=ready.pk).update(head=head, head_source="owner")
    exported, _ = export(as_owner)
    assert exported.testzip() is None
    video = f"videos/{ready.created_at:%Y-%m-%d}-disco-{ready.pk}.mp4"
    assert sorted(exported.namelist()) == ["data.json", f"photos/{photo.pk}.jpg", video]
    assert exported.read(video) == clip
    data = json.loads(exported.read("data.json"))
    assert data["account"]["email"] == owner.email
    assert [entry["amount"] for entry in data["credits"]["entries"]] == [5, -1]
    assert [row["id"] for row in data["photos"]] == [str(photo.pk)]
    assert [(row["dance"], row["status"]) for row in data["videos"]] == [("disco", "succeeded")]
    assert [(row["head"], row["head_source"]) for row in data["photos"] + data["videos"]] == [(head, "owner")] * 2
    assert data["photos"][0]["head_confidence"] == 1
    assert data["missing"] == []
    assert "stranger@example.org" not in json.dumps(data)


def test_export_holds_the_other_files_of_videos(as_owner: Client, ready: Video) -> None:
    VideoExport.objects.request(ready, ExportKind.STILL, timezone.now())
    assert work_once(queue="render") is True
    VideoExport.objects.request(ready, ExportKind.GIF, timezone.now())
    exported, _ = export(as_owner)
    names = [name for name in exported.namelist() if name.startswith("exports/")]
    assert names == [f"exports/{ready.pk}-still.png"]
    assert exported.read(names[0]).startswith(b"\x89PNG")
    rows = json.loads(exported.read("data.json"))["exports"]
    assert [(row["video_id"], row["kind"]) for row in rows] == [(str(ready.pk), "still"), (str(ready.pk), "gif")]


@bucket_is_slow
def test_export_is_streamed(as_owner: Client, ready: Video, clip: bytes) -> None:
    _, chunks = export(as_owner)
    assert len(chunks) > 2
    assert max(map(len, chunks)) < 200_000


@bucket_is_slow
def test_missing_file_is_listed_and_skipped(as_owner: Client, ready: Video, photo: Photo) -> None:
    default_storage.delete(photo.image.name)
    exported, _ = export(as_owner)
    assert exported.testzip() is None
    assert json.loads(exported.read("data.json"))["missing"] == [f"photos/{photo.pk}.jpg"]


def test_exports_per_hour_are_limited(as_owner: Client, settings) -> None:
    settings.EXPORTS_PER_HOUR = 1
    assert as_owner.get(reverse("account_export")).status_code == 200
    response = as_owner.get(reverse("account_export"))
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert "You&#x27;ve exported your data several times. Try again in" in response.content.decode()
