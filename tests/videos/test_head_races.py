"""The owner's answer about the head at the same moment as the worker's proposals, and as requests for videos."""

import uuid

import pytest
from django.db import DatabaseError
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.conftest import person
from tests.threads import ROUNDS, THREADS, all_at_once
from tests.videos.conftest import photo_of, video_of
from tests.videos.fake_cutout import add_cutout
from tests.videos.fake_finder import LEFT, RIGHT, Finder, finder
from videos.models import Photo, Video
from videos.privacy import close_account
from videos.worker import cutouts, inputs

__all__ = ["finder"]
pytestmark = [pytest.mark.engine, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_answers_racing_proposals_always_win(owner: User, finder: Finder) -> None:
    for _ in range(ROUNDS):
        photo = photo_of(owner)

        def act(number: int, photo: Photo = photo) -> None:
            copy = Photo.objects.get(pk=photo.pk)
            if number == 7:
                copy.set_head(RIGHT)
            else:
                copy.propose_head(finder.found)

        assert all_at_once(act) == [None] * THREADS
        photo.refresh_from_db()
        assert (photo.oval, photo.head_source, photo.head_confidence) == (RIGHT, "owner", 1.0)


def test_an_answer_racing_whole_preparations_always_wins(owner: User, finder: Finder) -> None:
    """Renderings prepare a photo without a claim, so several may do it concurrently."""
    for _ in range(ROUNDS):
        photo = add_cutout(photo_of(owner), heads=None)
        video = video_of(photo, idempotency_key=uuid.uuid4())

        def act(number: int, photo: Photo = photo) -> None:
            copy = Photo.objects.get(pk=photo.pk)
            if number == 7:
                copy.set_head(RIGHT)
            elif number < 5:
                cutouts.prepare(copy)

        assert all_at_once(act) == [None] * THREADS
        photo.refresh_from_db()
        assert (photo.oval, photo.head_source, photo.is_prepared) == (RIGHT, "owner", True)
        inputs.local_order(video)
        assert video.oval == RIGHT
        video.cancel("stopped", timezone.now())


def test_requests_with_a_head_racing_preparations_and_refunds_all_end(owner: User, finder: Finder) -> None:
    """They lock videos, the photo and the credits. In another order, PostgreSQL ends one of them by an error."""
    ledger.grant(owner, THREADS * ROUNDS, reason="For the tests", by=None)
    for _ in range(ROUNDS):
        photo = photo_of(owner)
        videos = [video_of(photo) for _ in range(THREADS // 4)]

        def act(number: int, photo: Photo = photo, videos: list[Video] = videos) -> object:
            copy = Photo.objects.get(pk=photo.pk)
            if number % 4 == 0:
                return video_of(copy, head=LEFT)
            if number % 4 == 1:
                return videos[number // 4].cancel("stopped", timezone.now())
            if number % 4 == 2:
                return copy.set_head(LEFT)
            # Nothing can be cut out, so this changes all unfinished videos of the photo.
            return cutouts.prepare(copy)

        results = all_at_once(act)
        assert [result for result in results if isinstance(result, Exception)] == []
        photo.refresh_from_db()
        assert (photo.oval, photo.head_source) == (LEFT, "owner")


def test_preparations_racing_the_closing_of_the_account_all_end(finder: Finder) -> None:
    """Both lock all unfinished videos of the photo, and then the photo."""
    for number in range(ROUNDS):
        owner = person(f"owner-{number}@example.org", credits=THREADS)
        photo = photo_of(owner)
        for _ in range(THREADS):
            video_of(photo)

        # Read the rows first: a closed account's photo names no file.
        copies = [Photo.objects.get(pk=photo.pk) for _ in range(THREADS)]

        def act(number: int, owner: User = owner, copies: list[Photo] = copies) -> object:
            if number == THREADS // 2:
                return close_account(User.objects.get(pk=owner.pk), timezone.now())
            return cutouts.prepare(copies[number])

        results = all_at_once(act)
        assert [result for result in results if isinstance(result, DatabaseError)] == []
        photo.refresh_from_db()
        assert (photo.head, photo.head_source, photo.cutout_info) == (None, "", {})
