"""The sticker of a pet: available once the worker has cut it out, and only to the owner."""

from django.test import Client
from django.urls import reverse

from tests.videos.fake_cutout import add_cutout
from videos.dances import DANCES
from videos.models import Photo
from videos.worker.runner import work_once


def test_sticker_appears_after_preparation(as_owner: Client, photo: Photo) -> None:
    url = reverse("videos:photo_sticker", args=[photo.pk])
    before = as_owner.get(url)
    assert (before.status_code, before.content, before.headers["Cache-Control"]) == (204, b"", "no-store")

    add_cutout(photo)
    assert work_once()
    photo.refresh_from_db()
    after = as_owner.get(url)
    with photo.sticker.open() as file:
        assert (after.status_code, b"".join(after.streaming_content)) == (200, file.read())
    assert after.headers["Content-Type"] == "image/webp"


def test_stranger_cannot_see_the_sticker(as_stranger: Client, photo: Photo) -> None:
    add_cutout(photo)
    assert work_once()
    assert as_stranger.get(reverse("videos:photo_sticker", args=[photo.pk])).status_code == 404


def test_the_dance_page_shows_the_sticker_or_waits_for_it(as_owner: Client, photo: Photo) -> None:
    url = reverse("videos:photo_sticker", args=[photo.pk])
    before = as_owner.get(photo.get_absolute_url()).content.decode()
    assert (before.count(f'src="{url}"'), before.count(f'data-sticker="{url}"')) == (0, 1)

    add_cutout(photo)
    assert work_once()
    prepared = as_owner.get(photo.get_absolute_url()).content.decode()
    assert (prepared.count(f'src="{url}"'), prepared.count("data-sticker=")) == (len(DANCES) + 1, 0)
