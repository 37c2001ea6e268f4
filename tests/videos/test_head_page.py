"""The panel of the pet's head on the dance page: what it shows in each state, and the owner's answers."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.videos.conftest import photo_of, prepare, propose
from videos.dances import BY_SLUG
from videos.forms import HeadForm
from videos.models import Photo, Preview
from videos.photos.head import Head

pytestmark = pytest.mark.django_db
LEFT, RIGHT = Head(0.3, 0.4, 0.1, 0.12, -10), Head(0.7, 0.5, 0.09, 0.1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def two_pets(photo: Photo) -> Photo:
    """A photo with two heads. The finder is not sure of the left one, which it proposes."""
    return propose(photo, LEFT, RIGHT)


def url_of(photo: Photo) -> str:
    return reverse("videos:set_head", args=[photo.pk])


def sent(answer: str, head: Head | None = LEFT, **changes: Any) -> dict[str, str]:
    """Return form data with an answer and the numbers of an oval, as the page sends them."""
    oval = {f"head-{name}": str(number) for name, number in head.as_json.items()} if head else {}
    return {"head-answer": answer} | oval | {f"head-{name}": str(value) for name, value in changes.items()}


def respond(client: Client, photo: Photo, data: dict[str, str]) -> tuple[Head | None, str, bool]:
    """Send an answer as the script does, and return the head, its source and whether it is sure."""
    assert client.post(url_of(photo), data, headers=HTMX).status_code == 200
    photo.refresh_from_db()
    return photo.oval, photo.head_source, photo.is_head_sure


def panel(page: str) -> str:
    """Return the title of the panel, and whether it is open."""
    [details] = re.findall(r'<details class="head"( open)?>.*?<b>(.*?)</b>', page, re.DOTALL)
    return f"{details[1]}{details[0]}"


def test_panel_asks_only_if_the_head_is_not_sure(as_owner: Client, photo: Photo) -> None:
    def shown() -> str:
        return panel(as_owner.get(photo.get_absolute_url()).content.decode())

    assert shown() == "Cutting out your pet…"
    prepare(photo)
    assert shown() == "Where is your pet's face?"
    propose(photo)
    assert shown() == "Where is your pet's face? open"
    propose(photo, LEFT)
    assert shown() == "Is this your pet's face? open"
    propose(photo, LEFT, confidence=0.9)
    assert shown() == "Your pet's head"
    photo.set_head(None)
    assert shown() == "No head in this photo"


def test_oval_is_drawn_in_pixels_of_the_photo(as_owner: Client, two_pets: Photo) -> None:
    page = as_owner.get(two_pets.get_absolute_url()).content.decode()
    assert (two_pets.width, two_pets.height) == (300, 400)
    assert '<svg viewBox="0 0 300 400"' in page
    # The radii are shares of the longer side.
    assert '<g class="head-oval" id="head-oval" transform="translate(90.0 160.0) rotate(-10.0)"' in page
    assert '<ellipse class="light" rx="40.0" ry="48.0"/>' in page
    assert page.count('class="head-other"') == 1


def test_page_has_labelled_sliders(as_owner: Client, two_pets: Photo) -> None:
    page = as_owner.get(two_pets.get_absolute_url())
    sliders = re.findall(r'<input type="range" name="head-(\w+)" value="([\d.-]+)"', page.content.decode())
    assert {name: float(value) for name, value in sliders} == LEFT.as_json
    labels = [str(HeadForm(prefix="head", photo=two_pets)[name].label) for name in HeadForm.OVAL]
    assert all(f">{label}</label>" in page.content.decode() for label in labels)


def test_answers_are_stored(as_owner: Client, two_pets: Photo, subtests: pytest.Subtests) -> None:
    moved = Head(0.5, 0.2, 0.3, 0.2, 170)
    for data, head in (
        (sent("yes"), LEFT),
        (sent("save", moved), moved),
        (sent("1"), RIGHT),
        (sent("none"), None),
        (sent("0", None), LEFT),
    ):
        with subtests.test(answer=data["head-answer"]):
            assert respond(as_owner, two_pets, data) == (head, "owner", True)
            assert two_pets.due_at is not None


def test_numbers_that_the_sliders_round_change_nothing(as_owner: Client, two_pets: Photo) -> None:
    exact = Head(0.3012, 0.4021, 0.1013, 0.1187, -10.4)
    propose(two_pets, exact)
    assert respond(as_owner, two_pets, sent("yes", Head(0.3, 0.4, 0.1, 0.12, -10)))[0] == exact
    assert respond(as_owner, two_pets, sent("save", Head(0.305, 0.4, 0.1, 0.12, -10)))[0] != exact


def test_yes_confirms_the_oval_that_the_owner_sees(as_owner: Client, two_pets: Photo) -> None:
    """Since the page was loaded, the worker may have found another head."""
    propose(two_pets, RIGHT, LEFT)
    assert respond(as_owner, two_pets, sent("yes", LEFT)) == (LEFT, "owner", True)


def test_rejected_head_is_followed_by_the_next(as_owner: Client, two_pets: Photo) -> None:
    assert respond(as_owner, two_pets, sent("reject")) == (RIGHT, "detector", False)
    assert respond(as_owner, two_pets, sent("reject")) == (None, "owner", True)


def test_undo_restores_what_was(as_owner: Client, two_pets: Photo, subtests: pytest.Subtests) -> None:
    moved = Head(0.5, 0.2, 0.3, 0.2)
    for was, head, result in (
        ("question", LEFT, (LEFT, "detector", False)),
        ("owner", LEFT, (LEFT, "owner", True)),
        ("owner", moved, (moved, "owner", True)),
        ("question", moved, (moved, "owner", True)),
        ("", LEFT, (None, "owner", True)),
    ):
        with subtests.test(was=was):
            two_pets.set_head(Head(0.9, 0.9, 0.1, 0.1))
            assert respond(as_owner, two_pets, sent("undo", head, was=was)) == result
    propose(two_pets, LEFT, RIGHT, confidence=0.9)
    two_pets.set_head(None)
    assert respond(as_owner, two_pets, sent("undo", was="sure")) == (LEFT, "detector", True)


REFUSED = [
    (sent("save", x=1.5), "The middle of the head must be inside the photo, from 0 to 1."),
    (sent("save", rx=0.9), "Choose a radius from 0.02 to 0.75 of the longer side."),
    (sent("save", rx=0.5), "One radius can be at most 3 times the other."),
    (sent("yes", tilt=181), "Choose a tilt from -180 to 180 degrees."),
    (sent("save", tilt="nan"), "Enter a number."),
    (sent("save", ry="round"), "Enter a number."),
    (sent("save", None), "Enter a number."),
]


def test_impossible_ovals_are_refused(as_owner: Client, two_pets: Photo, subtests: pytest.Subtests) -> None:
    for data, sentence in REFUSED:
        with subtests.test(**data):
            response = as_owner.post(url_of(two_pets), data, headers=HTMX)
            assert (response.status_code, sentence in response.content.decode()) == (400, True)
            plain = as_owner.post(url_of(two_pets), data, follow=True).content.decode()
            assert f"{sentence} The head hasn&#x27;t changed." in plain
    for data in ({}, {"head-answer": "maybe"}, sent("7")):
        assert as_owner.post(url_of(two_pets), data).status_code == 302
    two_pets.refresh_from_db()
    assert (two_pets.oval, two_pets.head_source, two_pets.due_at) == (LEFT, "detector", None)


def test_without_htmx_the_choice_is_kept(as_owner: Client, two_pets: Photo) -> None:
    choice = {"dance": "salsa", "format": "wide", "x": "0.3", "y": "0.7"}
    response = as_owner.post(url_of(two_pets), sent("save", RIGHT) | choice)
    page = f"{two_pets.get_absolute_url()}?dance=salsa&format=wide&x=0.3&y=0.7#head"
    assert (response.status_code, response.headers["Location"]) == (302, page)


def test_answer_returns_the_panel_and_polls_for_the_rest(as_owner: Client, two_pets: Photo) -> None:
    page = as_owner.post(url_of(two_pets), sent("yes"), headers=HTMX).content.decode()
    assert "<html" not in page
    assert panel(page) == "Your pet's head"
    assert panel(as_owner.post(url_of(two_pets), sent("save"), headers=HTMX).content.decode()) == "Your pet's head open"
    notes = re.search(r'<div class="notes" id="notes".*?>', page, re.DOTALL)
    assert notes
    assert (
        f'data-hx-swap-oob="outerMorph" data-hx-get="{reverse("videos:photo_notes", args=[two_pets.pk])}"' in notes[0]
    )


def test_poll_brings_the_head(as_owner: Client, photo: Photo) -> None:
    url = reverse("videos:photo_notes", args=[photo.pk])
    assert panel(as_owner.get(url).content.decode()) == "Cutting out your pet…"
    propose(photo, LEFT)
    page = as_owner.get(url).content.decode()
    assert panel(page) == "Is this your pet's face?"
    assert re.search(r'<section class="head-panel" id="head"[^>]* data-hx-swap-oob="outerMorph"', page)


@pytest.mark.engine
def test_previews_of_the_old_head_disappear(as_owner: Client, two_pets: Photo) -> None:
    propose(two_pets, LEFT, RIGHT, confidence=0.9)
    for slug in ("disco", "tango"):
        preview = two_pets.preview_of(BY_SLUG[slug], timezone.now())
        name = default_storage.save(preview.storage_name, ContentFile(b"a clip"))
        Preview.objects.filter(pk=preview.pk).update(file=name, due_at=None)

    def cards(answer: dict[str, str]) -> dict[str, str]:
        page = as_owner.post(url_of(two_pets), answer | {"dance": "disco"}, headers=HTMX).content.decode()
        kinds = re.findall(r'innerMorph:#moving-(\w+)">\s*<(\w+)', page)
        return dict(kinds)

    # A confirmed head is the one that the previews show.
    assert cards(sent("yes")) == {}
    # The preview of the chosen dance is made again, the other one at the next tap.
    assert cards(sent("save", RIGHT)) == {"disco": "span", "tango": "button"}
    assert dict(Preview.objects.values_list("dance", "due_at"))["tango"] is None
    assert Preview.objects.get(dance="disco").head == RIGHT.as_json
    page = as_owner.get(reverse("videos:photo_notes", args=[two_pets.pk])).content.decode()
    assert "#moving-tango" in page
    assert "#moving-disco" not in page


def test_answers_are_limited(as_owner: Client, two_pets: Photo, settings: Any) -> None:
    settings.PREVIEWS_PER_HOUR = 1
    assert [as_owner.post(url_of(two_pets), sent(answer)).status_code for answer in ("yes", "none")] == [302, 429]
    two_pets.refresh_from_db()
    assert two_pets.oval == LEFT


def test_answer_needs_the_owner_and_a_csrf_token(
    as_stranger: Client, owner: User, two_pets: Photo, settings: Any
) -> None:
    assert as_stranger.post(url_of(two_pets), sent("none")).status_code == 404
    assert Client().post(url_of(two_pets), sent("none")).headers["Location"].startswith("/account/login/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert strict.post(url_of(two_pets), sent("none")).status_code == 403
    two_pets.refresh_from_db()
    assert two_pets.oval == LEFT


def test_deleted_photo_is_said(as_owner: Client, two_pets: Photo) -> None:
    two_pets.delete_by_owner(timezone.now())
    response = as_owner.post(url_of(two_pets), sent("yes"), follow=True)
    assert "That photo has been deleted" in response.content.decode()
    assert as_owner.post(url_of(two_pets), sent("yes"), headers=HTMX).status_code == 404
    two_pets.refresh_from_db()
    assert (two_pets.head, two_pets.due_at) == (None, None)


def test_other_photos_are_unchanged(as_owner: Client, two_pets: Photo, owner: User) -> None:
    other = propose(photo_of(owner), LEFT)
    as_owner.post(url_of(two_pets), sent("none"))
    other.refresh_from_db()
    assert (other.oval, other.head_source) == (LEFT, "detector")


def test_other_heads_are_numbered_if_there_are_several(as_owner: Client, two_pets: Photo) -> None:
    assert 'aria-label="Choose this one"' in as_owner.get(two_pets.get_absolute_url()).content.decode()
    propose(two_pets, LEFT, RIGHT, Head(0.5, 0.9, 0.05, 0.05))
    page = as_owner.get(two_pets.get_absolute_url()).content.decode()
    assert all(f'aria-label="Choose this one, {number} of 2"' in page for number in (1, 2))
