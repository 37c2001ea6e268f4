"""Two seconds of any dance on demand, and the owner's switch between cut-out and print."""

import io

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from videos.models import Photo, Preview
from videos.steps import MAX_ATTEMPTS, work_once

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def asked(as_owner: Client, prepared: Photo) -> Preview:
    """The owner asked for a preview of the disco."""
    as_owner.post(reverse("videos:ask_preview", args=[prepared.pk, "disco"]), headers=FRAGMENT)
    return Preview.objects.get()


def test_a_preview_is_made_once_it_is_asked_for_and_then_kept(as_owner: Client, asked: Preview, tmp_path) -> None:
    address = reverse("videos:preview", args=[asked.photo_id, "disco"])
    assert as_owner.get(address).status_code == 404
    assert work_once() is True
    answer = as_owner.get(address)
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "video/mp4")
    file = tmp_path / "preview.mp4"
    file.write_bytes(content)
    from videos.studio import mp4

    probe = mp4.probe(file)
    assert (round(probe.seconds, 1), probe.audio_codec, probe.size <= 130_000) == (2.0, None, True)
    as_owner.post(reverse("videos:ask_preview", args=[asked.photo_id, "disco"]), headers=FRAGMENT)
    assert Preview.objects.count() == 1
    assert work_once() is False


def test_the_page_shows_the_preview_as_soon_as_it_is_there(as_owner: Client, asked: Preview) -> None:
    ask = reverse("videos:ask_preview", args=[asked.photo_id, "disco"])
    coming = as_owner.post(ask, headers=FRAGMENT).content.decode()
    work_once()
    there = as_owner.post(ask, headers=FRAGMENT).content.decode()
    address = reverse("videos:preview", args=[asked.photo_id, "disco"])
    assert ("data-hx-trigger" in coming, address in coming) == (True, False)
    assert ("data-hx-trigger" in there, address in there) == (False, True)


def test_without_script_the_preview_leads_back_to_the_dance(as_owner: Client, prepared: Photo) -> None:
    answer = as_owner.post(reverse("videos:ask_preview", args=[prepared.pk, "tango"]))
    assert answer.headers["Location"] == f"{prepared.get_absolute_url()}?dance=tango"
    assert Preview.objects.get().dance == "tango"


def test_a_dance_that_is_not_ours_has_no_preview(as_owner: Client, prepared: Photo) -> None:
    assert as_owner.post(reverse("videos:ask_preview", args=[prepared.pk, "polka"])).status_code == 404
    assert Preview.objects.count() == 0


def test_a_stranger_neither_asks_for_nor_sees_a_preview(as_stranger: Client, asked: Preview) -> None:
    work_once()
    assert as_stranger.post(reverse("videos:ask_preview", args=[asked.photo_id, "salsa"])).status_code == 404
    assert as_stranger.get(reverse("videos:preview", args=[asked.photo_id, "disco"])).status_code == 404
    assert Preview.objects.count() == 1


def test_a_preview_that_cannot_be_made_is_given_up_and_the_rest_go_on(asked: Preview) -> None:
    default_storage.delete(asked.photo.image.name)
    for _ in range(MAX_ATTEMPTS):
        Preview.objects.update(due_at=asked.created_at)
        work_once()
    asked.refresh_from_db()
    assert (asked.due_at, asked.file.name, asked.is_coming) == (None, "", False)
    assert work_once() is False


@pytest.fixture
def cat(as_owner: Client, owner: User) -> Photo:
    """A photo of a real cat that the worker has cut out."""
    from skimage import data

    out = io.BytesIO()
    Image.fromarray(data.cat()).save(out, "JPEG")
    out.seek(0)
    out.name = "cat.jpg"
    as_owner.post("/photos/", {"image": out})
    work_once()
    return Photo.objects.get()


def test_the_switch_makes_the_sticker_anew_and_is_kept_with_the_next_video(as_owner: Client, cat: Photo) -> None:
    def sticker() -> bytes:
        return b"".join(as_owner.get(reverse("videos:photo_sticker", args=[cat.pk])).streaming_content)

    cut = sticker()
    answer = as_owner.post(reverse("videos:switch_cutout", args=[cat.pk]), {})
    assert answer.headers["Location"] == cat.get_absolute_url()
    cat.refresh_from_db()
    assert cat.cutout is False
    assert work_once() is True
    framed = sticker()
    assert (framed != cut) == bool(cat.mask and cat.cut["mode"] != "print")
    as_owner.post(reverse("videos:switch_cutout", args=[cat.pk]), {"cutout": "on"})
    work_once()
    assert sticker() == cut


def test_the_model_runs_once_for_a_photo_however_often_it_is_prepared(cat: Photo, monkeypatch) -> None:
    from videos.studio import cutout

    monkeypatch.setattr(cutout, "guessed", lambda *args: pytest.fail("the model ran again"))
    figures = cat.cut
    cat.switch_cutout(False)
    assert work_once() is True
    cat.refresh_from_db()
    assert (cat.cut, cat.due_at) == (figures, None)


def test_a_switch_in_the_middle_of_the_preparation_is_not_lost(photo: Photo, monkeypatch) -> None:
    from videos import making

    prepare = making.prepare

    def switched_meanwhile(row: Photo) -> None:
        Photo.objects.get(pk=row.pk).switch_cutout(False)
        monkeypatch.setattr(making, "prepare", prepare)
        prepare(row)

    monkeypatch.setattr(making, "prepare", switched_meanwhile)
    work_once()
    photo.refresh_from_db()
    assert photo.due_at is not None
    assert work_once() is True
    photo.refresh_from_db()
    assert (photo.cutout, photo.due_at) == (False, None)
