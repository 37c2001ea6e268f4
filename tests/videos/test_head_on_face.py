"""An owner's oval on the face of a person: it is refused or asked about again, and no video shows it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tests.videos.conftest import propose, video_of
from tests.videos.fake_finder import LEFT, RIGHT, Finder, finder
from videos.dances import BY_SLUG
from videos.models import Photo, Video
from videos.photos.head import ON_FACE, FoundHead, Head, HeadSource
from videos.studio.segmentation import cutout
from videos.worker import inputs
from videos.worker.runner import work_once

__all__ = ["finder"]
pytestmark = [pytest.mark.django_db, pytest.mark.engine]
# The middle of RIGHT is in this face.
FACE = (0.6, 0.4, 0.8, 0.6)


def find_face(photo: Photo) -> Photo:
    Photo.objects.filter(pk=photo.pk).update(cutout_info=photo.cutout_info | {"faces": [list(FACE)]})
    photo.refresh_from_db()
    return photo


@pytest.fixture
def with_person(photo: Photo) -> Photo:
    """A photo of a pet, whose head is a question, and a person."""
    return find_face(propose(photo, LEFT))


@pytest.fixture
def person_chosen(photo: Photo) -> Photo:
    """The owner has sent an oval before the worker found that it is on the face of a person."""
    propose(photo, LEFT).set_head(RIGHT)
    Photo.objects.update(due_at=None)
    return find_face(photo)


def answer(client: Client, photo: Photo, reply: str, head: Head, *, htmx: bool = True, was: str = "") -> Any:
    data = {"head-answer": reply, "head-was": was} | {f"head-{name}": value for name, value in head.as_json.items()}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse("videos:set_head", args=[photo.pk]), data, headers=headers, follow=True)


@pytest.mark.parametrize(("reply", "was"), [("yes", ""), ("save", ""), ("undo", "owner"), ("undo", "sure"), ("1", "")])
def test_page_refuses_a_persons_face(as_owner: Client, with_person: Photo, reply: str, was: str) -> None:
    heads = [FoundHead(head, 0.5, HeadSource.DETECTOR).as_json for head in (LEFT, RIGHT)]
    Photo.objects.update(cutout_info=with_person.cutout_info | {"heads": heads})
    response = answer(as_owner, with_person, reply, RIGHT, was=was)
    assert response.status_code == 400
    assert response.content.decode().count(escape(ON_FACE)) == 2
    plain = answer(as_owner, with_person, reply, RIGHT, htmx=False, was=was).content.decode()
    assert f"{escape(ON_FACE)} The head hasn&#x27;t changed." in plain
    with_person.refresh_from_db()
    assert (with_person.oval, with_person.head_source, with_person.due_at) == (LEFT, "detector", None)


def test_page_takes_the_pets_head_beside_a_person(as_owner: Client, with_person: Photo) -> None:
    for reply, head in (("yes", LEFT), ("save", Head(0.55, 0.5, 0.1, 0.1)), ("0", LEFT)):
        assert answer(as_owner, with_person, reply, head).status_code == 200
        with_person.refresh_from_db()
        assert (with_person.known_head, with_person.head_source) == (head, "owner")


def test_a_persons_face_is_never_sure(person_chosen: Photo) -> None:
    chosen = (person_chosen.oval, person_chosen.known_head, person_chosen.head_source, person_chosen.head_status)
    assert chosen == (RIGHT, None, "owner", "unsure")
    person_chosen.set_head(LEFT)
    assert (person_chosen.known_head, person_chosen.head_status) == (LEFT, "sure")
    person_chosen.set_head(None)
    assert (person_chosen.is_head_sure, person_chosen.head_status) == (True, "none")


def test_page_asks_again(as_owner: Client, person_chosen: Photo) -> None:
    page = as_owner.get(person_chosen.get_absolute_url()).content.decode()
    [panel] = re.findall(r'<section class="head-panel".*?</section>', page, re.DOTALL)
    assert '<details class="head" open>' in panel
    assert "<b>Where is your pet's face?</b>" in panel
    assert f"<span data-head-said>{escape(ON_FACE)}</span>" in panel
    assert 'id="head-yes"' not in panel
    poll = as_owner.get(reverse("videos:photo_notes", args=[person_chosen.pk])).content.decode()
    assert f"data-head-live>{escape(ON_FACE)}</p>" in poll
    answered = answer(as_owner, person_chosen, "save", LEFT).content.decode()
    assert escape(ON_FACE) not in answered


def test_a_persons_face_is_not_offered(as_owner: Client, person_chosen: Photo) -> None:
    propose(person_chosen, LEFT, RIGHT, Head(0.2, 0.8, 0.1, 0.1))
    find_face(person_chosen)
    page = as_owner.get(person_chosen.get_absolute_url()).content.decode()
    assert re.findall(r'class="head-other" type="submit" name="head-answer" value="(\d)"', page) == ["2"]
    person_chosen.reject_head()
    assert person_chosen.oval == Head(0.2, 0.8, 0.1, 0.1)


def test_a_rejected_person_is_followed_by_the_pet(person_chosen: Photo) -> None:
    person_chosen.reject_head()
    assert (person_chosen.oval, person_chosen.head_source, person_chosen.head_status) == (LEFT, "detector", "unsure")


def test_a_video_gets_only_a_pets_head(photo: Photo) -> None:
    def requested() -> tuple[Head | None, str]:
        video = video_of(photo)
        return video.oval, video.head_source

    find_face(propose(photo, LEFT, confidence=0.9))
    assert requested() == (LEFT, "detector")
    propose(photo).set_head(RIGHT)
    assert requested() == (RIGHT, "owner")
    find_face(photo)
    assert requested() == (None, "owner")


def test_a_preview_of_a_persons_face_is_made_again(photo: Photo) -> None:
    propose(photo).set_head(RIGHT)
    preview = photo.preview_of(BY_SLUG["disco"], timezone.now())
    assert preview.head == RIGHT.as_json
    assert preview.matches(preview.shape, preview.focus)
    find_face(preview.photo)
    assert not preview.matches(preview.shape, preview.focus)
    assert find_face(photo).preview_of(BY_SLUG["disco"], timezone.now()).head is None


@pytest.fixture
def uploaded(photo: Photo, finder: Finder, monkeypatch: pytest.MonkeyPatch) -> Photo:
    """A photo that was uploaded with an oval, in which the worker will find the face of a person at the same place."""
    finder.found = (FoundHead(LEFT, 0.9, HeadSource.DETECTOR),)
    monkeypatch.setattr(cutout, "confirmed_faces", lambda *args: (FACE,))
    photo.answer_head(RIGHT)
    photo.save()
    return photo


def test_a_video_requested_before_the_face_was_found_shows_no_head(uploaded: Photo) -> None:
    video = video_of(uploaded)
    assert video.oval == RIGHT
    assert inputs.local_order(Video.objects.get()).subject.head is None
    # The request itself stays, so that a client that repeats it gets this video.
    assert Video.objects.get().oval == RIGHT


def test_the_worker_makes_no_sticker_of_a_persons_face(uploaded: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[Head | None] = []
    monkeypatch.setattr(cutout, "sticker", lambda *args, head, **options: used.append(head) or b"a sticker")
    assert work_once()
    uploaded.refresh_from_db()
    assert (used, uploaded.head_sticker.name, uploaded.head_status) == ([None], "", "unsure")


def test_a_persons_face_does_not_separate_the_pet_again(uploaded: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert work_once()
    monkeypatch.setattr(cutout, "cut_out", lambda *args, **options: pytest.fail("it was believed"))
    uploaded.refresh_from_db()
    uploaded.switch_cutout(False)
    assert work_once()
    assert Photo.objects.get().head_status == "unsure"
