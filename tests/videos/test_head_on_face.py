"""An owner's oval on the face of a person: no video shows it."""

import pytest
from django.utils import timezone

from tests.videos.conftest import propose, video_of
from tests.videos.fake_finder import LEFT, RIGHT, Finder, finder
from videos.dances import BY_SLUG
from videos.models import Photo, Video
from videos.photos.head import FoundHead, Head, HeadSource
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


def test_a_persons_face_is_never_sure(person_chosen: Photo) -> None:
    chosen = (person_chosen.oval, person_chosen.known_head, person_chosen.head_source, person_chosen.head_status)
    assert chosen == (RIGHT, None, "owner", "unsure")
    person_chosen.set_head(LEFT)
    assert (person_chosen.known_head, person_chosen.head_status) == (LEFT, "sure")
    person_chosen.set_head(None)
    assert (person_chosen.is_head_sure, person_chosen.head_status) == (True, "none")


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
    assert inputs.local_order(Video.objects.get()).head is None
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
