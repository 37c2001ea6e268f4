"""The sticker of a pet's head: made with the photo, in step with the head, and only for the owner."""

import io
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests.videos.fake_cutout import add_cutout
from tests.videos.fake_finder import LEFT, RIGHT, Finder, finder
from videos.models import Photo
from videos.photos.head import FoundHead, HeadSource
from videos.storage.local import AtomicFileSystemStorage
from videos.worker import cutouts
from videos.worker.runner import work_once

__all__ = ["finder"]
pytestmark = pytest.mark.engine


@pytest.fixture
def url(photo: Photo) -> str:
    add_cutout(photo)
    return reverse("videos:photo_head_sticker", args=[photo.pk])


def sticker(client: Client, url: str) -> bytes:
    response = client.get(url)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/webp")
    return b"".join(response.streaming_content)


def test_it_appears_after_preparation(as_owner: Client, url: str, finder: Finder) -> None:
    before = as_owner.get(url)
    assert (before.status_code, before.content, before.headers["Cache-Control"]) == (204, b"", "no-store")
    assert work_once()
    picture = Image.open(io.BytesIO(sticker(as_owner, url))).convert("RGBA")
    assert picture.getchannel("A").getextrema() == (0, 255)


def test_an_unsure_head_has_a_sticker_for_the_question(as_owner: Client, url: str, finder: Finder) -> None:
    finder.found = (FoundHead(LEFT, 0.3, HeadSource.OUTLINE),)
    assert work_once()
    assert Photo.objects.get().known_head is None
    assert sticker(as_owner, url)


def test_it_follows_the_answer(as_owner: Client, url: str, finder: Finder) -> None:
    assert work_once()
    first = as_owner.get(url)
    Photo.objects.get().set_head(RIGHT)
    assert as_owner.get(url).status_code == 204
    assert work_once()
    second = as_owner.get(url)
    assert b"".join(second.streaming_content) != b"".join(first.streaming_content)
    assert second.headers["ETag"] != first.headers["ETag"]


def test_it_goes_with_the_head(as_owner: Client, url: str, finder: Finder) -> None:
    assert work_once()
    name = Photo.objects.get().head_sticker.name
    Photo.objects.get().set_head(None)
    assert default_storage.exists(name)
    assert work_once()
    assert (Photo.objects.get().head_sticker.name, default_storage.exists(name)) == ("", False)
    assert as_owner.get(url).status_code == 204


def test_stranger_cannot_see_it(as_stranger: Client, url: str, finder: Finder) -> None:
    assert work_once()
    assert as_stranger.get(url).status_code == 404


class AnswerDuringSave(AtomicFileSystemStorage):
    """A storage during whose first save of a head the owner answers, and another worker prepares the photo."""

    def save(self, name: str, content: File, max_length: int | None = None) -> str:
        photo = Photo.objects.get()
        if name.endswith("head.webp") and photo.head_source != HeadSource.OWNER:
            photo.set_head(RIGHT)
            assert work_once()
        return super().save(name, content, max_length)


def test_a_late_sticker_of_the_old_head_is_made_again(url: str, finder: Finder, settings: Any) -> None:
    """A rendering prepares the photo without a claim, so it cannot lose it."""
    slow = settings.STORAGES["default"] | {"BACKEND": f"{__name__}.AnswerDuringSave"}
    settings.STORAGES = settings.STORAGES | {"default": slow}
    Photo.objects.update(due_at=None)
    cutouts.prepare(Photo.objects.get())
    assert Photo.objects.get().due_at is not None
    with default_storage.open(Photo.objects.get().head_sticker.name) as file:
        late = file.read()
    assert work_once()
    photo = Photo.objects.get()
    with photo.head_sticker.open() as file:
        assert file.read() != late
    assert (photo.oval, photo.due_at) == (RIGHT, None)


def test_a_photo_erased_during_preparation_stays_erased(photo: Photo, finder: Finder) -> None:
    finder.before = lambda: photo.erase(timezone.now())
    work_once()
    photo.refresh_from_db()
    assert (photo.head, photo.head_source, photo.head_sticker.name, photo.due_at) == (None, "", "", None)
