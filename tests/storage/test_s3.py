"""Photos and videos in a bucket: atomic uploads, and signed URLs that are valid for at most ten minutes."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from credits.ledger import balance_of
from tests.storage.s3 import S3
from tests.videos.conftest import jpeg
from tests.videos.test_private_files import headers_without_request_id
from videos.models import Photo, Status, Video
from videos.storage.base import StorageUnavailable
from videos.worker.keepalive import MAX_ATTEMPTS
from videos.worker.runner import work_once

pytestmark = pytest.mark.django_db


def upload(client: Client) -> object:
    file = SimpleUploadedFile("pet.jpg", jpeg(), "image/jpeg")
    return client.post(reverse("videos:photo"), {"image": file})


@pytest.fixture
def video(s3: S3, ready: Video) -> Video:
    return ready


def test_upload_is_stored_and_rendered(s3: S3, as_owner: Client, studio, clip: bytes) -> None:
    assert upload(as_owner).status_code == 302
    photo = Photo.objects.get()
    response = requests.get(default_storage.signed_link(photo.image.name, "image/jpeg", seconds=60), timeout=10)
    assert Image.open(io.BytesIO(response.content)).size == (photo.width, photo.height)
    assert sorted(stored.name for stored in default_storage.list_files()) == sorted(
        [photo.image.name, photo.thumbnail.name]
    )


def test_our_url_redirects_to_one_signed_for_ten_minutes(s3: S3, as_owner: Client, video: Video, clip: bytes) -> None:
    response = as_owner.get(reverse("videos:file", args=[video.pk]))
    assert (response.status_code, response.headers["Cache-Control"]) == (302, "private, max-age=300")
    link = response.headers["Location"]
    assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["600"]
    downloaded = requests.get(link, timeout=10)
    assert (downloaded.status_code, downloaded.content, downloaded.headers["Content-Type"]) == (200, clip, "video/mp4")
    page = as_owner.get(video.get_absolute_url()).content.decode()
    assert f'src="{reverse("videos:file", args=[video.pk])}"' in page
    assert s3.endpoint not in page


def test_bucket_serves_ranges(s3: S3, as_owner: Client, video: Video, clip: bytes) -> None:
    link = as_owner.get(reverse("videos:file", args=[video.pk])).headers["Location"]
    downloaded = requests.get(link, headers={"Range": "bytes=10-19"}, timeout=10)
    assert (downloaded.status_code, downloaded.content) == (206, clip[10:20])
    assert downloaded.headers["Content-Range"] == f"bytes 10-19/{len(clip)}"


def test_signed_url_expires(s3: S3, as_owner: Client, video: Video) -> None:
    link = as_owner.get(reverse("videos:file", args=[video.pk])).headers["Location"]
    s3.ahead = 590
    assert requests.get(link, timeout=10).status_code == 200
    s3.ahead = 610
    assert requests.get(link, timeout=10).status_code == 403


def test_shared_files_are_signed_for_a_minute(s3: S3, client: Client, video: Video) -> None:
    video.enable_sharing()
    response = client.get(reverse("videos:shared_file", args=[video.share_link.token]))
    assert (response.status_code, response.headers["Cache-Control"]) == (302, "private, no-cache")
    assert parse_qs(urlsplit(response.headers["Location"]).query)["X-Amz-Expires"] == ["60"]


def test_download_name_comes_from_the_bucket(s3: S3, as_owner: Client, video: Video) -> None:
    link = as_owner.get(reverse("videos:file", args=[video.pk]) + "?download").headers["Location"]
    downloaded = requests.get(link, timeout=10)
    assert downloaded.headers["Content-Disposition"] == 'attachment; filename="petgroove-disco.mp4"'


def test_stranger_gets_no_url(s3: S3, as_stranger: Client, video: Video) -> None:
    for name in ("videos:file", "videos:poster"):
        refused = as_stranger.get(reverse(name, args=[video.pk]))
        missing = as_stranger.get(reverse(name, args=["00000000-0000-4000-8000-000000000000"]))
        assert (refused.status_code, refused.content) == (404, missing.content)
        assert headers_without_request_id(refused) == headers_without_request_id(missing)


def test_nothing_in_the_bucket_is_public(s3: S3, video: Video) -> None:
    stored = default_storage.bucket.Object(video.file.name).Acl().grants
    assert [grant["Permission"] for grant in stored if "URI" in grant["Grantee"]] == []


def test_the_same_name_saved_again_replaces_the_object(s3: S3) -> None:
    for content in (b"one", b"two"):
        assert default_storage.save("videos/x/dance.mp4", ContentFile(content)) == "videos/x/dance.mp4"
    with default_storage.open("videos/x/dance.mp4") as file:
        assert file.read() == b"two"
    assert [stored.name for stored in default_storage.list_files()] == ["videos/x/dance.mp4"]


def test_deleted_video_is_removed_from_the_bucket(s3: S3, as_owner: Client, video: Video) -> None:
    link = as_owner.get(reverse("videos:file", args=[video.pk])).headers["Location"]
    names = [video.file.name, video.poster.name]
    assert video.delete_by_owner(timezone.now())
    assert [default_storage.exists(name) for name in names] == [False, False]
    assert requests.get(link, timeout=10).status_code in (403, 404)


@pytest.mark.parametrize("fault", ["down", "upload cut"])
def test_failed_upload_leaves_no_row(s3: S3, as_owner: Client, fault: str) -> None:
    s3.fault = fault
    response = upload(as_owner)
    assert response.status_code == 503
    assert "save your photo. Upload it again in a minute." in response.content.decode()
    assert Photo.objects.count() == 0
    s3.fault = ""
    assert list(default_storage.list_files()) == []


def test_interrupted_upload_keeps_the_old_object(s3: S3) -> None:
    default_storage.save("videos/x/dance.mp4", ContentFile(b"the whole dance"))
    s3.fault = "upload cut"
    with pytest.raises(StorageUnavailable):
        default_storage.save("videos/x/dance.mp4", ContentFile(b"another dance" * 9999))
    s3.fault = ""
    with default_storage.open("videos/x/dance.mp4") as file:
        assert file.read() == b"the whole dance"


def test_video_is_retried_after_storage_failure(s3: S3, owner, request_video, prepared: Photo, studio) -> None:
    video = request_video()
    studio.before = lambda report: setattr(s3, "fault", "upload cut")
    work_once()
    video.refresh_from_db()
    assert (video.status, video.attempts, video.due_at is None) == (Status.PROCESSING, 1, False)
    s3.fault, studio.before = "", lambda report: None
    Video.objects.update(due_at=video.created_at)
    work_once()
    video.refresh_from_db()
    assert (video.status, default_storage.size(video.file.name)) == (Status.SUCCEEDED, video.size)
    assert balance_of(owner) == 4


def test_storage_outage_fails_no_video_and_no_cutout(s3: S3, request_video, photo: Photo, studio) -> None:
    video = request_video()
    s3.fault = "down"
    for _ in range(2 * (MAX_ATTEMPTS + 2)):
        assert work_once()
        for rows in (Photo.objects, Video.objects):
            rows.exclude(due_at=None).update(due_at=video.created_at)
    photo.refresh_from_db()
    video.refresh_from_db()
    assert (photo.cutout_info, photo.due_at, video.is_unfinished) == ({}, video.created_at, True)


def test_frame_of_unreachable_photo_asks_to_retry(s3: S3, as_owner: Client, prepared: Photo) -> None:
    url = reverse("videos:photo_frame", args=[prepared.pk, "tall"])
    assert as_owner.get(url).status_code == 200
    s3.fault = "download cut"
    assert as_owner.get(url).status_code == 503
    s3.fault = ""
    default_storage.delete(prepared.image.name)
    assert as_owner.get(url).status_code == 404
