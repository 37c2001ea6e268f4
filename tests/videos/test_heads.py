"""The head of a pet: the proposal, the owner's answer, and what follows the answer."""

from typing import Any

import pytest
from django.utils import timezone

from tests.videos.conftest import finish
from videos.dances import BY_SLUG
from videos.models import Photo, Preview, Video
from videos.photos.head import FoundHead, Head, HeadSource, InvalidHead
from videos.privacy import close_account

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
LEFT, RIGHT = Head(0.3, 0.4, 0.1, 0.12, -10), Head(0.7, 0.5, 0.09, 0.1)


@pytest.fixture
def two_pets(prepared: Photo) -> Photo:
    """A photo in which the finder saw two heads and is sure of the left one."""
    found = [FoundHead(LEFT, 0.95, HeadSource.DETECTOR), FoundHead(RIGHT, 0.9, HeadSource.DETECTOR)]
    Photo.objects.filter(pk=prepared.pk).update(
        head=LEFT.as_json,
        head_source=HeadSource.DETECTOR,
        head_confidence=0.95,
        cutout_info=prepared.cutout_info | {"heads": [one.as_json for one in found]},
    )
    prepared.refresh_from_db()
    return prepared


@pytest.mark.parametrize(
    ("field", "head"),
    [
        ("x", (1.1, 0.5, 0.1, 0.1, 0)),
        ("y", (0.5, -0.1, 0.1, 0.1, 0)),
        ("rx", (0.5, 0.5, 0.01, 0.02, 0)),
        ("ry", (0.5, 0.5, 0.3, 0.9, 0)),
        ("ry", (0.5, 0.5, 0.1, 0.4, 0)),
        ("tilt", (0.5, 0.5, 0.1, 0.1, 181)),
        ("x", (float("nan"), 0.5, 0.1, 0.1, 0)),
        ("tilt", (0.5, 0.5, 0.1, 0.1, float("inf"))),
    ],
)
def test_impossible_ovals_are_rejected(field: str, head: tuple[float, ...]) -> None:
    with pytest.raises(InvalidHead) as error:
        Head(*head)
    assert error.value.field == field


def test_every_stored_head_can_be_restored() -> None:
    head = Head(0.123456, 1.00001, 0.019999, 0.03, 180.00001)
    assert Head.from_json(head.as_json) == head == Head(0.1235, 1, 0.02, 0.03, 180)
    # Within the limits, but beyond them once it is rounded.
    with pytest.raises(InvalidHead):
        Head(0.5, 0.5, 0.10004, 0.30012)


def test_an_unsure_head_is_not_used(two_pets: Photo) -> None:
    assert two_pets.known_head == LEFT
    two_pets.head_confidence = 0.4
    assert two_pets.oval == LEFT
    assert two_pets.known_head is None


def test_the_owners_answer_is_kept_and_the_photo_is_prepared_again(two_pets: Photo) -> None:
    before = two_pets.claim
    two_pets.set_head(RIGHT)
    two_pets.refresh_from_db()
    assert (two_pets.known_head, two_pets.head_source, two_pets.head_confidence) == (RIGHT, "owner", 1.0)
    assert two_pets.due_at is not None
    assert two_pets.claim == before + 1


def test_the_same_answer_again_changes_nothing(two_pets: Photo) -> None:
    two_pets.set_head(RIGHT)
    Photo.objects.update(due_at=None)
    two_pets.refresh_from_db()
    two_pets.set_head(RIGHT)
    two_pets.refresh_from_db()
    assert two_pets.due_at is None


def test_a_rejected_head_is_followed_by_the_next_as_a_question(two_pets: Photo) -> None:
    two_pets.reject_head()
    two_pets.refresh_from_db()
    assert (two_pets.oval, two_pets.known_head) == (RIGHT, None)
    two_pets.reject_head()
    two_pets.refresh_from_db()
    assert (two_pets.oval, two_pets.head_source) == (None, "owner")


@pytest.mark.parametrize("sure", [True, False])
def test_a_withdrawn_answer_is_followed_by_the_proposal(two_pets: Photo, sure: bool) -> None:
    two_pets.set_head(None)
    two_pets.repropose_head(two_pets.proposed_heads[1], sure=sure)
    two_pets.refresh_from_db()
    assert (two_pets.oval, two_pets.head_source, two_pets.is_head_sure) == (RIGHT, "detector", sure)
    assert two_pets.due_at is not None


def test_numbers_within_a_slider_step_are_close() -> None:
    assert LEFT.is_close(Head(0.302, 0.398, 0.1, 0.12, -10.5))
    assert not LEFT.is_close(Head(0.305, 0.4, 0.1, 0.12, -10))
    assert not LEFT.is_close(Head(0.3, 0.4, 0.1, 0.12, -11))


def test_a_new_head_makes_previews_new(two_pets: Photo) -> None:
    now, disco = timezone.now(), BY_SLUG["disco"]
    preview = two_pets.preview_of(disco, now)
    for head in (RIGHT, None, LEFT):
        Preview.objects.update(file="made.mp4", due_at=None)
        assert two_pets.preview_of(disco, now).file == "made.mp4"
        two_pets.set_head(head)
        preview = two_pets.preview_of(disco, now)
        assert (preview.file.name, preview.due_at, preview.head) == ("", now, head and head.as_json)


def test_a_video_keeps_the_head_that_it_was_requested_with(two_pets: Photo, request_video: Any) -> None:
    video = request_video()
    two_pets.set_head(RIGHT)
    video.refresh_from_db()
    assert Head.from_json(video.head) == LEFT


def test_erasing_a_video_erases_its_head(two_pets: Photo, request_video: Any, clip: bytes) -> None:
    video = finish(request_video(), clip)
    assert video.head
    assert video.erase(timezone.now())
    video.refresh_from_db()
    assert video.head is None


def test_closing_an_account_erases_every_head(two_pets: Photo, request_video: Any) -> None:
    request_video()
    close_account(two_pets.user, timezone.now())
    assert [*Photo.objects.values_list("head", "head_sticker"), *Video.objects.values_list("head")] == [
        (None, ""),
        (None,),
    ]


def test_erasing_a_photo_erases_its_head(two_pets: Photo) -> None:
    two_pets.erase(timezone.now())
    two_pets.refresh_from_db()
    assert (two_pets.head, two_pets.head_source, two_pets.head_confidence) == (None, "", None)
