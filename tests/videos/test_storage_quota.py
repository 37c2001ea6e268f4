"""An owner's photos and videos share one quota."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.videos.conftest import jpeg
from videos.models import Photo, Video


def test_a_video_counts_until_it_is_deleted(as_owner: Client, ready: Video, settings) -> None:
    settings.STORAGE_MB = 1
    Video.objects.filter(pk=ready.pk).update(size=1024**2)
    assert upload(as_owner).status_code == 409
    as_owner.post(reverse("videos:delete", args=[ready.pk]))
    assert upload(as_owner).status_code == 302
    assert Photo.objects.count() == 2


def upload(client: Client):
    return client.post(reverse("videos:photo"), {"image": SimpleUploadedFile("pet.jpg", jpeg(), "image/jpeg")})
