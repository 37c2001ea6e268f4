"""Limits per owner and per IP address: the response says when to retry, and nothing is charged or read."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from credits.ledger import balance_of
from tests.conftest import browser_of
from tests.videos.conftest import jpeg, photo_of
from videos import photos
from videos.models import Photo, Preview, Video

pytestmark = pytest.mark.django_db


def upload(client: Client, **extra: str):
    return client.post(reverse("videos:photo"), {"image": SimpleUploadedFile("pet.jpg", jpeg(), "image/jpeg")}, **extra)


def request_video(client: Client, photo: Photo, idempotency_key: uuid.UUID, **extra: str):
    choice = {"dance": "disco", "format": "tall", "x": "0.5", "y": "0.5", "idempotency_key": str(idempotency_key)}
    return client.post(photo.get_absolute_url(), choice, **extra)


def test_photos_per_hour_are_limited(as_owner: Client, as_stranger: Client, settings) -> None:
    settings.UPLOADS_PER_HOUR = 2
    assert [upload(as_owner).status_code for _ in range(2)] == [302, 302]
    invalid = SimpleUploadedFile("pet.jpg", b"no photo", "image/jpeg")
    response = as_owner.post(reverse("videos:photo"), {"image": invalid})
    assert response.status_code == 429, "the photo must not be decoded"
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    page = response.content.decode()
    assert "You&#x27;ve reached the limit of 2 photos an hour. Please come back in" in page
    assert Photo.objects.count() == 2
    assert upload(as_stranger).status_code == 302


def test_ip_limit_covers_all_its_owners(as_owner: Client, as_stranger: Client, settings) -> None:
    settings.UPLOADS_PER_HOUR_PER_IP = 1
    assert upload(as_owner, REMOTE_ADDR="192.0.2.1").status_code == 302
    response = upload(as_stranger, REMOTE_ADDR="192.0.2.1")
    assert response.status_code == 429
    assert "Too many photos from your network." in response.content.decode()
    assert upload(as_stranger, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_forged_forwarded_address_is_ignored(as_owner: Client, settings) -> None:
    settings.UPLOADS_PER_HOUR_PER_IP = 1
    assert upload(as_owner, HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 302
    assert upload(as_owner, HTTP_X_FORWARDED_FOR="198.51.100.2").status_code == 429


def test_trusted_proxy_header_is_used(as_owner: Client, settings) -> None:
    settings.UPLOADS_PER_HOUR_PER_IP, settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1, 1
    assert upload(as_owner, HTTP_X_FORWARDED_FOR="9.9.9.9, 198.51.100.1").status_code == 302
    assert upload(as_owner, HTTP_X_FORWARDED_FOR="8.8.8.8, 198.51.100.1").status_code == 429
    assert upload(as_owner, HTTP_X_FORWARDED_FOR="9.9.9.9, 198.51.100.2").status_code == 302


def test_ipv6_network_counts_as_one_address(as_owner: Client, settings) -> None:
    settings.UPLOADS_PER_HOUR_PER_IP = 1
    assert upload(as_owner, REMOTE_ADDR="2001:db8::1").status_code == 302
    assert upload(as_owner, REMOTE_ADDR="2001:db8::ffff:2").status_code == 429
    assert upload(as_owner, REMOTE_ADDR="2001:db8:0:1::1").status_code == 302


def test_ipv4_addresses_written_as_ipv6_count_separately(as_owner: Client, settings) -> None:
    settings.UPLOADS_PER_HOUR_PER_IP = 1
    assert upload(as_owner, REMOTE_ADDR="::ffff:192.0.2.1").status_code == 302
    assert upload(as_owner, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert upload(as_owner, REMOTE_ADDR="::ffff:192.0.2.2").status_code == 302


@pytest.mark.engine
def test_full_storage_quota_is_explained(as_owner: Client, photo: Photo, settings) -> None:
    settings.STORAGE_MB = 1
    Photo.objects.update(size=1024**2)
    response = upload(as_owner)
    assert response.status_code == 409
    assert "Delete some, then upload this photo again." in response.content.decode()
    as_owner.post(reverse("videos:delete_photo", args=[photo.pk]))
    assert upload(as_owner).status_code == 302
    assert Photo.objects.get(deleted_at=None).size > 1000


@pytest.mark.engine
def test_unfinished_videos_are_limited(owner: User, photo: Photo, settings) -> None:
    settings.MAX_UNFINISHED_VIDEOS = 2
    client, keys = browser_of(owner), [uuid.uuid4() for _ in range(3)]
    first = request_video(client, photo, keys[0])
    assert (first.status_code, request_video(client, photo, keys[1]).status_code) == (302, 302)
    response = request_video(client, photo, keys[2])
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "You have 2 videos in progress" in response.content.decode()
    assert (Video.objects.count(), balance_of(owner)) == (2, 3)
    repeated = request_video(client, photo, keys[0])
    assert repeated.headers["Location"] == first.headers["Location"]


def test_videos_per_hour_per_ip_are_limited(owner: User, stranger: User, photo: Photo, settings) -> None:
    settings.VIDEOS_PER_HOUR_PER_IP = 2
    client, keys = browser_of(owner), [uuid.uuid4() for _ in range(3)]
    first = request_video(client, photo, keys[0])
    assert (
        first.status_code,
        request_video(client, photo, keys[0]).status_code,
        request_video(client, photo, keys[1]).status_code,
    ) == ((302,) * 3)
    theirs, their_photo = browser_of(stranger), photo_of(stranger)
    response = request_video(theirs, their_photo, keys[2])
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert "Too many videos from your network. You weren&#x27;t charged." in response.content.decode()
    assert (Video.objects.count(), balance_of(stranger)) == (2, 5)
    assert request_video(client, photo, keys[0]).headers["Location"] == first.headers["Location"]
    assert request_video(theirs, their_photo, keys[2], REMOTE_ADDR="192.0.2.2").status_code == 302


@pytest.mark.engine
def test_new_previews_per_hour_are_limited(as_owner: Client, photo: Photo, settings) -> None:
    settings.PREVIEWS_PER_HOUR = 2
    preview_urls = {
        dance: reverse("videos:ask_preview", args=[photo.pk, dance]) for dance in ("disco", "salsa", "tango")
    }
    status_codes = [
        as_owner.post(preview_urls[dance]).status_code for dance in ("disco", "disco", "salsa", "tango", "salsa")
    ]
    assert status_codes == [302, 302, 302, 429, 302]
    assert sorted(Preview.objects.values_list("dance", flat=True)) == ["disco", "salsa"]
    response = as_owner.post(preview_urls["tango"])
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert "You&#x27;ve reached the limit of 2 tries an hour." in response.content.decode()


def test_cutout_toggles_are_limited(as_owner: Client, photo: Photo, settings) -> None:
    settings.PREVIEWS_PER_HOUR = 2
    url = reverse("videos:switch_cutout", args=[photo.pk])
    status_codes = [as_owner.post(url, {"cutout": value}).status_code for value in ("off", "on", "off")]
    assert status_codes == [302, 302, 429]
    photo.refresh_from_db()
    assert photo.cutout is True


def test_too_large_body_is_refused_unread(as_owner: Client, settings) -> None:
    class Unread:
        def read(self, *args: object) -> bytes:
            pytest.fail("the body was read")

        readline = read

    large = {"CONTENT_LENGTH": str(settings.MAX_BODY_BYTES + 1), "wsgi.input": Unread()}
    response = as_owner.generic(
        "POST", reverse("videos:photo"), content_type="multipart/form-data; boundary=x", **large
    )
    assert response.status_code == 413
    assert "please choose a photo of up to 10 MB" in response.content.decode()


def test_ten_megabyte_photo_fits_in_the_body_limit(settings) -> None:
    assert settings.MAX_BODY_BYTES > photos.MAX_BYTES + 100_000
