"""Races on PostgreSQL between logins, uploads, the worker and the deletion of a guest's photos."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from tests.conftest import person
from tests.threads import CONTROL_ROUNDS, ROUNDS, THREADS, all_at_once
from tests.videos.conftest import normalised_photo
from videos import dances
from videos.models import Guest, LeaseLost, Photo, Preview, PreviewPending
from videos.operations.audit import row_violations
from videos.uploads import TooManyPhotos, store_photo

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine, pytest.mark.postgresql]


def new_photo() -> Photo:
    now = timezone.now()
    return store_photo(Guest.new("192.0.2.1", now), normalised_photo()[0], now)


def test_one_of_twenty_accounts_takes_the_photo_over(db: None) -> None:
    people = [person(f"{number}@example.org") for number in range(THREADS)]
    for _ in range(ROUNDS):
        photo = new_photo()
        results = all_at_once(lambda number, photo=photo: photo.guest.hand_over(people[number], timezone.now()))
        assert sorted(results) == [False] * (THREADS - 1) + [True]
        photo.refresh_from_db()
        assert photo.user == people[results.index(True)]
        assert photo.guest_id is None


def test_without_the_guard_several_accounts_win(db: None) -> None:
    """The negative control reads the row, then writes it."""
    people = [person(f"{number}@example.org") for number in range(THREADS)]

    def hand_over_unguarded(number: int, pk: object) -> bool:
        guest = Guest.objects.get(pk=pk)
        if guest.user_id:
            return False
        Guest.objects.filter(pk=pk).update(user=people[number])
        return True

    def race() -> int:
        pk = new_photo().guest_id
        return sum(result is True for result in all_at_once(lambda number: hand_over_unguarded(number, pk)))

    assert any(race() > 1 for _ in range(CONTROL_ROUNDS))


def test_uploads_during_a_login_are_all_of_the_account(owner: User, settings) -> None:
    settings.GUEST_PHOTOS = THREADS
    for _ in range(ROUNDS):
        guest = new_photo().guest
        before = Photo.objects.filter(user=owner).count()

        def act(number: int, guest: Guest = guest) -> object:
            copy = Guest.objects.get(pk=guest.pk)
            if number == 7:
                return copy.hand_over(owner, timezone.now())
            return store_photo(copy, normalised_photo()[0], timezone.now()).pk

        results = all_at_once(act)
        assert not [result for result in results if isinstance(result, Exception)]
        assert Photo.objects.filter(user=owner).count() == before + THREADS
        assert not Photo.objects.filter(guest=guest).exists()
        assert list(row_violations(timezone.now())) == []


def test_login_and_deletion_leave_all_or_nothing(owner: User) -> None:
    for number in range(ROUNDS):
        photo = new_photo()
        Photo.objects.filter(pk=photo.pk).update(created_at=timezone.now() - timedelta(days=1))
        Guest.objects.filter(pk=photo.guest_id).update(due_at=timezone.now())
        claimed = Guest.objects.claim_next(timezone.now(), timedelta(minutes=1))

        def act(thread: int, claimed: Guest = claimed, number: int = number) -> object:
            if thread == number % THREADS:
                return claimed.expire(timezone.now())
            return Guest.objects.get(pk=claimed.pk).hand_over(owner, timezone.now()) if thread == 3 else None

        results = [result for result in all_at_once(act) if result is not None]
        assert not [
            one for one in results if isinstance(one, Exception) and not isinstance(one, LeaseLost | Guest.DoesNotExist)
        ]
        left = Photo.objects.filter(pk=photo.pk).first()
        assert left is None or left.user == owner
        if left:
            assert default_storage.exists(left.image.name)


def test_guest_keeps_no_more_photos_than_allowed(settings) -> None:
    settings.GUEST_PHOTOS = 3
    for _ in range(ROUNDS):
        guest = new_photo().guest
        results = all_at_once(
            lambda _, guest=guest: store_photo(Guest.objects.get(pk=guest.pk), normalised_photo()[0], timezone.now()).pk
        )
        assert sum(isinstance(result, TooManyPhotos) for result in results) == THREADS - 2
        assert guest.photos.count() == 3
    names = {name for file in default_storage.list_files() for name in [file.name.split("/")[1]]}
    assert names == {str(pk) for pk in Photo.objects.values_list("pk", flat=True)}


def test_guest_waits_for_one_preview_at_a_time() -> None:
    for _ in range(ROUNDS):
        photo = new_photo()
        results = all_at_once(
            lambda number, pk=photo.pk: Photo.objects.get(pk=pk).preview_of(dances.DANCES[number % 8], timezone.now())
        )
        pending = Preview.objects.filter(photo=photo, due_at__isnull=False)
        assert pending.count() == 1
        assert {type(result) for result in results} == {Preview, PreviewPending}
