"""Forms and the API ignore foreign fields, and staff have no access to the private pages of owners."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from credits.ledger import balance_of
from tests.conftest import PASSWORD
from tests.videos.conftest import jpeg
from videos.models import Photo, Status, Video

pytestmark = pytest.mark.django_db

FOREIGN = {
    "status": "succeeded",
    "step": "storing",
    "price": "0",
    "credits": "1000",
    "balance": "1000",
    "provider": "runway",
    "file": "videos/somebody/dance.mp4",
    "seconds": "10",
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "",
    "sha256": "0",
    "mask": "photos/somebody/mask.png",
}


def test_video_form_ignores_foreign_fields(as_owner: Client, owner: User, stranger: User, photo: Photo) -> None:
    choice = {"dance": "disco", "format": "tall", "x": "0.5", "y": "0.5", "idempotency_key": str(uuid.uuid4())}
    foreign = {
        "user": str(stranger.pk),
        "user_id": str(stranger.pk),
        "photo": str(uuid.uuid4()),
        "id": str(uuid.uuid4()),
    }
    as_owner.post(photo.get_absolute_url(), choice | FOREIGN | foreign)
    video = Video.objects.get()
    actual = (video.user, video.photo, video.status, video.price, video.provider, video.file.name, video.seconds)
    assert actual == (owner, photo, Status.QUEUED, 1, "studio", "", 5)
    assert balance_of(owner) == 4


def test_photo_form_ignores_foreign_fields(as_owner: Client, owner: User, stranger: User) -> None:
    file = SimpleUploadedFile("pet.jpg", jpeg(), "image/jpeg")
    as_owner.post(reverse("videos:photo"), {"image": file, "user": str(stranger.pk)} | FOREIGN)
    photo = Photo.objects.get()
    assert (photo.user, photo.mask.name, len(photo.sha256)) == (owner, "", 64)


@pytest.mark.parametrize("path", ["/account/login/", "/notifications/", "/account/email/", "/account/password/change/"])
def test_nobody_can_become_staff_or_set_credits(client: Client, owner: User, path: str) -> None:
    if path != "/account/login/":
        client.force_login(owner)
    form = {"email": "new@example.org", "password1": PASSWORD, "action_add": "", "mail": "on", "oldpassword": PASSWORD}
    client.post(path, form | FOREIGN)
    assert not User.objects.filter(is_staff=True).exists()
    assert not User.objects.filter(is_active=False).exists()
    assert [balance_of(user) for user in User.objects.all() if balance_of(user) > 8] == []


def test_api_ignores_foreign_fields(as_owner: Client, owner: User, photo: Photo) -> None:
    payload = {
        "imageId": str(photo.pk),
        "danceStyle": "disco",
        "user": "x",
        "status": "succeeded",
        "price": 0,
        "seconds": 10,
    }
    as_owner.post("/api/videos/generate", json.dumps(payload), content_type="application/json")
    for video in Video.objects.all():
        assert (video.user, video.status, video.price, video.seconds) == (owner, Status.QUEUED, 1, 5)
    assert balance_of(owner) == 5 - Video.objects.count()


def test_staff_see_no_private_pages_of_owners(as_staff: Client, photo: Photo, request_video) -> None:
    video = request_video()
    for name, pk in (("dance", photo.pk), ("photo_image", photo.pk), ("photo_notes", photo.pk), ("detail", video.pk)):
        assert as_staff.get(reverse(f"videos:{name}", args=[pk])).status_code == 404
