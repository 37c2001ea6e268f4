"""A request creates the charge and the video in one transaction, once per idempotency key."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Entry
from tests.threads import CONTROL_ROUNDS, ROUNDS, THREADS, all_at_once
from videos.models import Photo, Video

pytestmark = pytest.mark.engine


def test_video_costs_one_credit_and_is_queued(request_video, owner: User) -> None:
    now = timezone.now()
    video = request_video(now=now)
    assert ledger.balance_of(owner) == 4
    assert (video.status, video.step, video.due_at, video.attempts) == ("queued", "", now, 0)
    assert (video.price, video.seconds, video.submissions, video.provider) == (1, 5, 0, "studio")
    charge = Entry.objects.get(reference=f"video:{video.pk}:charge")
    assert (charge.amount, charge.reason) == (-1, "Disco")


def test_ten_seconds_cost_two_credits(request_video, owner: User) -> None:
    request_video(seconds=10)
    assert ledger.balance_of(owner) == 3


def test_same_idempotency_key_is_the_same_video(request_video, owner: User) -> None:
    key = uuid.uuid4()
    first = request_video(idempotency_key=key)
    Video.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=400))
    assert request_video(idempotency_key=key).pk == first.pk
    assert ledger.balance_of(owner) == 4
    assert Video.objects.count() == 1


def test_two_owners_may_use_the_same_idempotency_key(request_video, stranger: User) -> None:
    key = uuid.uuid4()
    assert request_video(idempotency_key=key).pk != request_video(idempotency_key=key, user=stranger).pk


def test_without_a_credit_there_is_no_video(request_video, owner_without_credits: User) -> None:
    with pytest.raises(ledger.InsufficientCredits):
        request_video(user=owner_without_credits)
    assert Video.objects.count() == 0
    assert Entry.objects.filter(account__user=owner_without_credits).count() == 0


def test_promise_is_fifteen_minutes_or_twice_the_estimate(request_video, settings) -> None:
    now = timezone.now()
    assert request_video(now=now).promised_by == now + timedelta(minutes=15)
    settings.PROMISE_WINDOW = timedelta(seconds=30)
    # Two videos are ahead, and the default estimate per video is 20 seconds: 2 x 3 x 20 s.
    request_video(now=now)
    assert request_video(now=now).promised_by == now + timedelta(seconds=120)


def test_later_changes_of_the_photo_do_not_affect_the_video(request_video, photo: Photo) -> None:
    video = request_video()
    Photo.objects.update(focus_x=0.9, cutout=False)
    video.refresh_from_db()
    assert (video.focus_x, video.cutout) == (0.5, True)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_threads_with_five_credits_get_five_videos(request_video, owner: User) -> None:
    for number in range(1, ROUNDS + 1):
        results = all_at_once(lambda _: request_video())
        assert sum(isinstance(result, Video) for result in results) == 5
        assert sum(isinstance(result, ledger.InsufficientCredits) for result in results) == THREADS - 5
        assert (Video.objects.count(), ledger.balance_of(owner)) == (5 * number, 0)
        assert Entry.objects.filter(kind="charge").count() == 5 * number
        ledger.grant(owner, 5, reason="Another round", by=None)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_guards_twenty_threads_get_more_than_five(request_video, owner: User, monkeypatch) -> None:
    """Negative control: reading the balance first and writing it afterwards is not safe."""

    def charge_unguarded(user: User, amount: int, subject: str, *, reason: str) -> None:
        account = ledger.account_of(user)
        if account.balance < amount:
            raise ledger.InsufficientCredits
        account.balance -= amount
        account.save(update_fields=["balance"])

    # The control needs to remove the guards themselves: the conditional update, and the lock of the owner's row.
    monkeypatch.setattr(ledger, "charge", charge_unguarded)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **options: queryset)

    def race() -> int:
        ledger.Account.objects.filter(user=owner).update(balance=5)
        return sum(isinstance(result, Video) for result in all_at_once(lambda _: request_video()))

    assert any(race() > 5 for _ in range(CONTROL_ROUNDS))


@contextmanager
def without_unique_key() -> Iterator[None]:
    """Drop the unique constraint on the idempotency key. Delete all videos before it is restored."""
    name = "video_unique_idempotency_key"
    [constraint] = [constraint for constraint in Video._meta.constraints if constraint.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Video, constraint)
    try:
        yield
    finally:
        Video.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Video, constraint)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_threads_with_one_key_get_one_video(request_video, owner: User) -> None:
    ledger.grant(owner, ROUNDS - 5, reason="One for each form", by=None)
    for number in range(1, ROUNDS + 1):
        key = uuid.uuid4()
        results = all_at_once(lambda _, key=key: request_video(idempotency_key=key))
        assert len({video.pk for video in results}) == 1
        assert (Video.objects.count(), ledger.balance_of(owner)) == (number, ROUNDS - number)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_without_the_unique_key_one_form_is_charged_twice(request_video, owner: User) -> None:
    """Negative control: checking whether the key exists before inserting is not safe."""
    ledger.grant(owner, CONTROL_ROUNDS * THREADS, reason="For the tests", by=None)

    def race() -> int:
        key, balance = uuid.uuid4(), ledger.balance_of(owner)
        all_at_once(lambda _: request_video(idempotency_key=key))
        count = Video.objects.filter(idempotency_key=key).count()
        assert balance - ledger.balance_of(owner) == count
        return count

    with without_unique_key():
        assert any(race() > 1 for _ in range(CONTROL_ROUNDS))
