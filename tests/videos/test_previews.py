"""Two-second previews, rendered on request and kept."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.storage.hooked_storage import hook
from videos import formats
from videos.dances import DANCES
from videos.models import Photo, Preview
from videos.photos import Focus
from videos.studio.encoding import mp4
from videos.worker.runner import MAX_ATTEMPTS, work_once

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def requested_preview(as_owner: Client, prepared: Photo) -> Preview:
    """A preview of the disco that the owner has requested."""
    as_owner.post(reverse("videos:ask_preview", args=[prepared.pk, "disco"]), headers=FRAGMENT)
    return Preview.objects.get()


def finish_preview(preview: Preview) -> None:
    """Store some bytes as the preview, in place of the worker."""
    file = default_storage.save(preview.storage_name, ContentFile(b"a preview"))
    Preview.objects.filter(pk=preview.pk).update(file=file, due_at=None)


def test_preview_is_made_on_request_and_kept(as_owner: Client, requested_preview: Preview, tmp_path) -> None:
    url = reverse("videos:preview", args=[requested_preview.photo_id, "disco"])
    assert as_owner.get(url).status_code == 404
    assert work_once() is True
    response = as_owner.get(url)
    content = b"".join(response.streaming_content)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "video/mp4")
    file = tmp_path / "preview.mp4"
    file.write_bytes(content)
    probe = mp4.probe(file)
    assert (round(probe.seconds, 1), probe.audio_codec, probe.size <= 130_000) == (2.0, None, True)
    as_owner.post(reverse("videos:ask_preview", args=[requested_preview.photo_id, "disco"]), headers=FRAGMENT)
    assert Preview.objects.count() == 1
    assert work_once() is False


def test_preview_appears_when_ready(as_owner: Client, requested_preview: Preview) -> None:
    request_url = reverse("videos:ask_preview", args=[requested_preview.photo_id, "disco"])
    pending = as_owner.post(request_url, headers=FRAGMENT).content.decode()
    finish_preview(requested_preview)
    ready = as_owner.post(request_url, headers=FRAGMENT).content.decode()
    url = reverse("videos:preview", args=[requested_preview.photo_id, "disco"])
    assert ("data-hx-trigger" in pending, url in pending) == (True, False)
    # A <noscript> element would be added with each poll and never removed.
    assert "<noscript" not in pending
    assert ("data-hx-trigger" in ready, url in ready) == (False, True)


def test_without_javascript_the_preview_returns_to_the_dance(as_owner: Client, prepared: Photo) -> None:
    response = as_owner.post(reverse("videos:ask_preview", args=[prepared.pk, "tango"]))
    assert response.headers["Location"] == f"{prepared.get_absolute_url()}?dance=tango"
    assert Preview.objects.get().dance == "tango"


def test_without_javascript_a_preview_keeps_the_choice(as_owner: Client, prepared: Photo) -> None:
    data = {"dance": "salsa", "format": "wide", "x": "0.3", "y": "0.7"}
    response = as_owner.post(reverse("videos:ask_preview", args=[prepared.pk, "tango"]), data)
    assert response.headers["Location"] == f"{prepared.get_absolute_url()}?dance=tango&format=wide&x=0.3&y=0.7"
    file = reverse("videos:preview", args=[prepared.pk, "tango"])
    pending = as_owner.get(response.headers["Location"]).content.decode()
    assert ("Making the preview of tango" in pending, file in pending) == (True, False)
    finish_preview(Preview.objects.get())
    assert file in as_owner.get(response.headers["Location"]).content.decode()


@pytest.mark.engine
def test_previews_on_the_page_need_one_query(as_owner: Client, prepared: Photo, django_assert_num_queries) -> None:
    now = prepared.created_at
    Preview.objects.bulk_create(
        Preview(photo=prepared, dance=dance.slug, cutout=True, due_at=now) for dance in DANCES[:9]
    )
    Preview.objects.create(photo=prepared, dance="waltz", cutout=False, due_at=now)
    with django_assert_num_queries(5):
        page = as_owner.get(prepared.get_absolute_url()).content.decode()
    assert page.count('class="see coming"') == 9


def test_failed_preview_can_be_requested_again(as_owner: Client, requested_preview: Preview) -> None:
    Preview.objects.update(due_at=None, attempts=MAX_ATTEMPTS)
    request_url = reverse("videos:ask_preview", args=[requested_preview.photo_id, "disco"])
    assert "failed. Try again" in as_owner.post(request_url, headers=FRAGMENT).content.decode()
    assert Preview.objects.get().due_at is None
    assert "Making the preview of" in as_owner.post(f"{request_url}?again", headers=FRAGMENT).content.decode()
    assert work_once() is True
    preview = Preview.objects.get()
    assert (bool(preview.file), preview.due_at) == (True, None)
    as_owner.post(f"{request_url}?again", headers=FRAGMENT)
    assert Preview.objects.get().due_at is None


def test_unknown_dance_has_no_preview(as_owner: Client, prepared: Photo) -> None:
    assert as_owner.post(reverse("videos:ask_preview", args=[prepared.pk, "polka"])).status_code == 404
    assert Preview.objects.count() == 0


def test_stranger_can_neither_request_nor_see_a_preview(as_stranger: Client, requested_preview: Preview) -> None:
    finish_preview(requested_preview)
    assert (
        as_stranger.post(reverse("videos:ask_preview", args=[requested_preview.photo_id, "salsa"])).status_code == 404
    )
    assert as_stranger.get(reverse("videos:preview", args=[requested_preview.photo_id, "disco"])).status_code == 404
    assert Preview.objects.count() == 1


def test_failing_preview_is_abandoned_and_others_continue(requested_preview: Preview) -> None:
    default_storage.delete(requested_preview.photo.image.name)
    for _ in range(MAX_ATTEMPTS):
        Preview.objects.update(due_at=requested_preview.created_at)
        work_once()
    requested_preview.refresh_from_db()
    assert (requested_preview.due_at, requested_preview.file.name, requested_preview.is_pending) == (None, "", False)
    assert work_once() is False


FRAMES = [
    ({"format": "wide", "x": "0.5", "y": "0.42"}, (426, 240)),
    ({"format": "wide", "x": "0.1", "y": "0.9"}, (426, 240)),
    ({"format": "tall", "x": "0.1", "y": "0.9"}, (240, 426)),
]


@pytest.mark.parametrize("frames", [FRAMES[:2], pytest.param(FRAMES, marks=pytest.mark.slow)], ids=["two", "three"])
def test_preview_is_remade_for_another_format_or_focus(
    as_owner: Client, requested_preview: Preview, frames: list, tmp_path
) -> None:
    url = reverse("videos:ask_preview", args=[requested_preview.photo_id, "disco"])
    for data, size in frames:
        as_owner.post(url, data, headers=FRAGMENT)
        assert work_once(queue="render") is True
        preview = Preview.objects.get()
        file = tmp_path / "preview.mp4"
        with preview.file.open() as stored:
            file.write_bytes(stored.read())
        probe = mp4.probe(file)
        assert (probe.width, probe.height) == size
        assert (preview.format, preview.focus) == (data["format"], Focus(float(data["x"]), float(data["y"])))
        as_owner.post(url, data, headers=FRAGMENT)
        assert work_once(queue="render") is False


@pytest.mark.engine
def test_outdated_preview_is_not_kept(requested_preview: Preview, settings: Any) -> None:
    def choose_another_frame(name: str) -> None:
        Photo.objects.get().preview_of(
            requested_preview.catalogue_dance, timezone.now(), formats.BY_SLUG["wide"], Focus()
        )

    hook(settings, stored=choose_another_frame)
    assert work_once(queue="render") is True
    requested_preview.refresh_from_db()
    assert (requested_preview.file.name, requested_preview.format, requested_preview.is_pending) == ("", "wide", True)


def test_the_page_shows_no_preview_of_another_frame(as_owner: Client, requested_preview: Preview) -> None:
    finish_preview(requested_preview)
    page, file = (
        requested_preview.photo.get_absolute_url(),
        reverse("videos:preview", args=[requested_preview.photo_id, "disco"]),
    )
    shape = requested_preview.photo.proposed_format.slug
    other = "wide" if shape != "wide" else "tall"
    shown = [
        file in as_owner.get(f"{page}?{query}").content.decode()
        for query in ("", f"format={shape}", f"format={other}", "x=0.9", "x=invalid")
    ]
    assert shown == [True, True, False, False, True]
