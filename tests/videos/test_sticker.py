"""The pet as a sticker: there when the worker has cut it out, and for nobody but the owner."""

from django.test import Client
from django.urls import reverse

from tests.videos.fake_cutout import add_cutout
from videos.models import Photo
from videos.worker.runner import work_once


def test_sticker_appears_after_preparation(as_owner: Client, photo: Photo) -> None:
    address = reverse("videos:photo_sticker", args=[photo.pk])
    early = as_owner.get(address)
    assert (early.status_code, early.content, early.headers["Cache-Control"]) == (204, b"", "no-store")

    add_cutout(photo)
    assert work_once()
    photo.refresh_from_db()
    there = as_owner.get(address)
    with photo.sticker.open() as file:
        assert (there.status_code, b"".join(there.streaming_content)) == (200, file.read())
    assert there.headers["Content-Type"] == "image/webp"


def test_stranger_cannot_see_the_sticker(as_stranger: Client, photo: Photo) -> None:
    add_cutout(photo)
    assert work_once()
    assert as_stranger.get(reverse("videos:photo_sticker", args=[photo.pk])).status_code == 404


def test_the_dance_page_shows_the_sticker_or_waits_for_it(as_owner: Client, photo: Photo) -> None:
    address = reverse("videos:photo_sticker", args=[photo.pk])
    early = as_owner.get(photo.get_absolute_url()).content.decode()
    assert (early.count(f'src="{address}"'), early.count(f'data-sticker="{address}"')) == (0, 1)

    add_cutout(photo)
    assert work_once()
    prepared = as_owner.get(photo.get_absolute_url()).content.decode()
    assert (prepared.count(f'src="{address}"'), prepared.count("data-sticker=")) == (16, 0)
