"""Staff actions at the same moment as each other, the worker, the owner and the closing of the account."""

import uuid
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import User
from credits import ledger
from credits.models import Entry
from tests.conftest import browser_of, person
from tests.threads import ROUNDS, THREADS, all_at_once
from tests.videos.conftest import photo_of
from tests.videos.test_staff_actions import LEASE_DURATION, books_are_sound, failed
from videos.models import Video
from videos.operations import actions
from videos.privacy import close_account

pytestmark = pytest.mark.engine


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_concurrent_staff_actions_count_once(request_video: Any, owner: User) -> None:
    ledger.grant(owner, ROUNDS, reason="For the tests", by=None)
    for number in range(ROUNDS):
        video = request_video(idempotency_key=uuid.uuid4())
        for action, result in ((actions.CANCEL, "canceled and refunded"), (actions.RETRY, "free retry queued")):
            results = all_at_once(lambda _, act=action.perform, pk=video.pk: act(pk, timezone.now(), None))
            assert [str(done).startswith(result) for done in results].count(True) == 1
            assert sum(isinstance(done, actions.AlreadyDone) for done in results) == THREADS - 1
        assert Video.objects.count() == 2 * number + 2
    assert books_are_sound()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_cancel_racing_the_worker_has_one_winner(request_video: Any, owner: User) -> None:
    ledger.grant(owner, ROUNDS, reason="For the tests", by=None)
    for _ in range(ROUNDS):
        video = request_video(idempotency_key=uuid.uuid4())
        Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
        claimed = Video.objects.claim_next(timezone.now(), LEASE_DURATION)

        def act(number: int, claimed: Video = claimed) -> None:
            if number % 2:
                actions.CANCEL.perform(claimed.pk, timezone.now(), None)
            else:
                claimed.fail("studio", timezone.now())

        all_at_once(act)
        assert Entry.objects.filter(reference=f"video:{video.pk}:refund").count() == 1
    assert books_are_sound()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_actions_racing_the_closing_of_the_account_all_end(request_video: Any, verb: str) -> None:
    """Both take locks on the owner, the videos and the credits. In another order, PostgreSQL ends one by an error."""
    for number in range(ROUNDS):
        owner = person(f"owner-{number}@example.org", credits=THREADS)
        videos = [request_video(user=owner, photo=photo_of(owner)) for _ in range(THREADS - 1)]
        for video in videos if verb == "retry" else ():
            failed(video)

        def act(number: int, owner: User = owner, videos: list[Video] = videos) -> object:
            if number == THREADS // 2:
                return close_account(User.objects.get(pk=owner.pk), timezone.now())
            return actions.ACTIONS[verb].perform(videos[number % len(videos)].pk, timezone.now(), None)

        results = all_at_once(act)
        unexpected = [done for done in results if not isinstance(done, str | Promise | list | actions.ActionNotAllowed)]
        assert unexpected == []
        assert ledger.balance_of(owner) == 0
        assert not Video.objects.unfinished().filter(user=owner).exists()
    assert books_are_sound()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_retries_racing_requests_of_the_owner_all_end(request_video: Any, owner: User) -> None:
    """A request holds the credits, and then needs the key of the owner's row, which a retry must not lock."""
    ledger.grant(owner, THREADS * ROUNDS, reason="For the tests", by=None)
    for _ in range(ROUNDS):
        videos = [failed(request_video()) for _ in range(THREADS // 2)]

        def act(number: int, videos: list[Video] = videos) -> object:
            if number % 2:
                return request_video()
            return actions.RETRY.perform(videos[number // 2].pk, timezone.now(), None)

        results = all_at_once(act)
        assert [done for done in results if not isinstance(done, str | Promise | Video)] == []
    assert books_are_sound()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["refund", "retry"])
def test_twenty_concurrent_clicks_are_one_action(request_video: Any, owner: User, staff: User, verb: str) -> None:
    video = request_video()
    if verb == "retry":
        failed(video)
    browsers = [browser_of(staff) for _ in range(THREADS)]
    url = reverse("admin:videos_video_act", args=[video.pk, verb])
    assert set(all_at_once(lambda number: browsers[number].post(url).status_code)) == {302}
    assert LogEntry.objects.filter(object_id=str(video.pk)).count() == 1
    assert (Video.objects.count(), ledger.balance_of(owner)) == ((2, 5) if verb == "retry" else (1, 5))
    assert books_are_sound()
