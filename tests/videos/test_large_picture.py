"""The large picture on the dance page shows the chosen dance and format as the video will."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.videos.conftest import propose
from tests.videos.fake_finder import LEFT
from videos import dances, formats
from videos.models import Photo, Preview

HTMX = {"HX-Request": "true"}
FIRST = dances.DANCES[0]
CUT = {"mode": "full", "cover": 0.3}
CHOICE = {"dance": "salsa", "format": "wide", "x": "0.5", "y": "0.42"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def cut_out(prepared: Photo) -> Photo:
    """A prepared photo whose pet is cut out."""
    Photo.objects.update(sticker="sticker.webp", mask="mask.png", cutout_info=CUT)
    prepared.refresh_from_db()
    return prepared


def picture(page: str) -> str:
    found = re.search(r'<figure class="preview.*?</figure>', page, flags=re.DOTALL)
    assert found
    return found[0]


def open_page(client: Client, photo: Photo, **choice: str) -> str:
    return picture(client.get(photo.get_absolute_url(), choice).content.decode())


def chosen(client: Client, photo: Photo, **choice: str) -> str:
    response = client.get(photo.get_absolute_url(), CHOICE | choice, headers=HTMX)
    assert "HX-Request" in response.headers["Vary"]
    return response.content.decode()


def ready_preview(photo: Photo, dance: str = "salsa", shape: str = "wide") -> Preview:
    preview = photo.preview_of(dances.BY_SLUG[dance], timezone.now(), formats.BY_SLUG[shape])
    file = default_storage.save(preview.storage_name, ContentFile(b"a preview"))
    Preview.objects.filter(pk=preview.pk).update(file=file, due_at=None)
    return preview


def test_first_dance_is_chosen_and_shown(as_owner: Client, cut_out: Photo) -> None:
    response = as_owner.get(cut_out.get_absolute_url())
    page = response.content.decode()
    assert response.context["form"]["dance"].value() == FIRST.slug
    assert f"{FIRST.name} · " in page
    assert f"shape-{cut_out.proposed_format.slug} tint-{FIRST.colour}" in picture(page)
    assert reverse("videos:photo_sticker", args=[cut_out.pk]) in picture(page)


def test_cut_out_pet_is_never_shown_cropped(as_owner: Client, cut_out: Photo) -> None:
    for shape in ("tall", "square", "wide"):
        shown = open_page(as_owner, cut_out, format=shape)
        assert ("/frame/" in shown, "data-frame" in shown, 'data-axes=""' in shown) == (False, False, True)


def test_focus_can_choose_among_several_pets(as_owner: Client, cut_out: Photo) -> None:
    Photo.objects.update(cutout_info=CUT | {"parts": 2})
    assert 'data-axes="xy"' in open_page(as_owner, cut_out)
    propose(cut_out, LEFT, confidence=0.95)
    assert 'data-axes=""' in open_page(as_owner, cut_out)


def test_print_and_provider_show_the_frame(as_owner: Client, cut_out: Photo, settings: Any) -> None:
    frame = reverse("videos:photo_frame", args=[cut_out.pk, "wide"])
    Photo.objects.update(cutout=False)
    shown = open_page(as_owner, cut_out, format="wide")
    assert (frame in shown, "<svg" in shown, reverse("videos:photo_thumbnail", args=[cut_out.pk]) in shown) == (
        True,
    ) * 3
    Photo.objects.update(cutout=True)
    settings.VIDEO_PROVIDER = "runway"
    ready_preview(cut_out)
    shown = open_page(as_owner, cut_out, **CHOICE)
    assert (frame in shown, "<video" in shown) == (True, False)


def test_preview_takes_the_place_of_the_pet_and_is_announced(as_owner: Client, cut_out: Photo) -> None:
    ready_preview(cut_out)
    file = reverse("videos:preview", args=[cut_out.pk, "salsa"])
    for shown in (open_page(as_owner, cut_out, **CHOICE), picture(chosen(as_owner, cut_out))):
        assert file in shown
        assert "The preview of salsa is ready" in shown
    for other in ({"dance": "tango"}, {"format": "tall"}):
        assert file not in picture(chosen(as_owner, cut_out, **other))


def test_another_format_takes_outdated_previews_off_their_cards(as_owner: Client, cut_out: Photo) -> None:
    ready_preview(cut_out, "salsa", "wide")
    ready_preview(cut_out, "tango", "tall")
    cards = dict(re.findall(r'innerMorph:#moving-(\w+)">\s*<(\w+)', chosen(as_owner, cut_out, format="tall")))
    assert cards == {"salsa": "button", "tango": "video"}


def test_answer_about_the_chosen_dance_brings_the_large_picture(as_owner: Client, cut_out: Photo) -> None:
    ask = reverse("videos:ask_preview", args=[cut_out.pk, "salsa"])
    shown = as_owner.post(ask, CHOICE, headers=HTMX).content.decode()
    assert "Making the preview…" in picture(shown)
    assert 'id="preview"' not in as_owner.post(ask, CHOICE | {"dance": "tango"}, headers=HTMX).content.decode()


def test_progress_is_told_while_the_pet_is_cut_out(as_owner: Client, photo: Photo) -> None:
    notes = reverse("videos:photo_notes", args=[photo.pk])
    for words, change in (
        ("Cutting out your pet…", {}),
        ("Almost there…", {"sticker": "sticker.webp"}),
        ("Updating your pet…", {"cutout_info": CUT, "mask": "mask.png"}),
    ):
        Photo.objects.update(**change)
        shown = [open_page(as_owner, photo), picture(as_owner.get(notes, headers=HTMX).content.decode())]
        assert [words in picture for picture in shown] == [True, True]
        assert all('role="status"' in picture for picture in shown)
    Photo.objects.update(due_at=None)
    assert "stage-words" in (shown := open_page(as_owner, photo))
    assert "…" not in shown
