"""The photo page: a valid photo is stored without its metadata, an invalid one is explained."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from PIL import Image

from accounts.models import User
from tests.photos.decode_slots import busy_decoder
from tests.videos.conftest import blocked_folder, jpeg, photo_of
from videos.models import Photo
from videos.worker.runner import work_once

PAGE = "/photos/"


def upload(client: Client, content: bytes, name: str = "pet.jpg"):
    return client.post(PAGE, {"image": SimpleUploadedFile(name, content)})


def photo_with_location() -> bytes:
    """Return a rotated photo whose metadata contains a location."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "kept under the doormat"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.open(io.BytesIO(jpeg(800, 600))).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_photo_is_stored_upright_without_metadata(as_owner: Client, owner: User) -> None:
    response = upload(as_owner, photo_with_location())
    photo = Photo.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, reverse("videos:dance", args=[photo.pk]))
    assert (photo.user, photo.width, photo.height) == (owner, 600, 800)
    with default_storage.open(photo.image.name) as file:
        stored = file.read()
    assert b"doormat" not in stored
    assert b"Exif" not in stored
    assert Image.open(io.BytesIO(stored)).size == (600, 800)
    assert photo.removed_metadata
    assert photo.due_at is not None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This file is empty. Choose the photo again."),
        (b"<html>not a photo</html>" * 50, ""),
        (jpeg()[:900], ""),
        (b"\0" * (10 * 1024 * 1024 + 1), "This file is larger than 10 MB. Choose a smaller photo."),
    ],
    ids=["empty", "a page", "cut short", "too big"],
)
def test_invalid_photo_is_explained_and_costs_nothing(as_owner: Client, content: bytes, message: str) -> None:
    response = upload(as_owner, content)
    [error] = response.context["form"].errors["image"]
    assert response.status_code == 400
    assert message in error
    assert error in response.content.decode().replace("&#x27;", "'").replace("&quot;", '"')
    assert Photo.objects.count() == 0


def test_busy_decoder_asks_to_come_back(as_owner: Client) -> None:
    with busy_decoder():
        response = upload(as_owner, jpeg())
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert "We&#x27;re busy right now. Try again in a minute." in response.content.decode()
    assert Photo.objects.count() == 0


def test_photo_fixture_matches_an_upload(as_owner: Client, owner: User) -> None:
    """``photo_of`` stores photos without the view and must produce the same rows and files."""
    upload(as_owner, jpeg(300, 400))
    uploaded, ours = Photo.objects.get(), photo_of(owner)
    excluded = {"id", "image", "thumbnail", "created_at", "due_at", "joined_at"}
    one, other = (Photo.objects.filter(pk=photo.pk).values().get() for photo in (uploaded, ours))
    assert [name for name in one if name not in excluded and one[name] != other[name]] == []
    assert (uploaded.due_at is None, ours.due_at is None) == (False, False)
    for part in ("image", "thumbnail"):
        with getattr(uploaded, part).open() as stored, getattr(ours, part).open() as copy:
            assert stored.read() == copy.read()
        assert getattr(ours, part).name == getattr(uploaded, part).name.replace(str(uploaded.pk), str(ours.pk))


def test_missing_file_is_asked_for(as_owner: Client) -> None:
    response = as_owner.post(PAGE, {})
    assert response.status_code == 400
    assert "Choose a photo first." in response.content.decode()


def test_only_own_earlier_photos_can_be_picked(as_owner: Client, owner: User, stranger: User) -> None:
    mine, theirs = photo_of(owner), photo_of(stranger)
    page = as_owner.get(PAGE).content.decode()
    assert reverse("videos:dance", args=[mine.pk]) in page
    assert str(theirs.pk) not in page


def test_query_count_is_constant_with_many_photos(as_owner: Client, owner: User, django_assert_num_queries) -> None:
    for _ in range(12):
        photo_of(owner)
    with django_assert_num_queries(3):
        as_owner.get(PAGE)


def test_storage_failure_leaves_no_row(as_owner: Client) -> None:
    with blocked_folder("photos"):
        response = upload(as_owner, jpeg())
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert escape("We couldn't save your photo.") in response.content.decode()
    assert Photo.objects.count() == 0


def test_the_worker_prepares_a_new_photo(owner: User) -> None:
    photo = photo_of(owner)
    assert work_once() is True
    photo.refresh_from_db()
    assert photo.due_at is None
    assert photo.cutout_info["mode"] in {"full", "bust", "print"}
    with default_storage.open(photo.sticker.name) as file:
        assert file.read(4) == b"RIFF"
    assert work_once() is False
