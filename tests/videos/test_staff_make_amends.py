"""What staff do about a video: stop, retry, refund. Told twice it counts once, and the money stays right."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import requests
import responses
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import audit as credits_audit
from credits import ledger
from credits.models import Entry
from tests.conftest import browser_of
from tests.threads import ROUNDS, THREADS, all_at_once
from videos import amends, audit
from videos.leases import LeaseLost
from videos.leftovers import Leftover
from videos.models import Photo, Video
from videos.steps import work_once

pytestmark = pytest.mark.engine

LEASE = timedelta(seconds=60)


def failed(video: Video) -> Video:
    Video.objects.get(pk=video.pk).fail("studio", timezone.now())
    video.refresh_from_db()
    return video


def sound() -> bool:
    return [*credits_audit.violations(), *audit.violations(timezone.now())] == []


def test_a_stopped_video_fails_with_its_credit_back_and_names_who_did_it(
    request_video: Any, owner: User, staff: User
) -> None:
    video = request_video()
    assert amends.cancel(video, timezone.now(), staff)
    assert (video.status, video.error_code, ledger.balance_of(owner)) == ("failed", "stopped", 5)
    assert Entry.objects.get(kind="refund").by == staff
    assert not amends.cancel(video, timezone.now(), staff)
    assert (Entry.objects.filter(kind="refund").count(), sound()) == (1, True)
    assert video.letter.due_at, "its owner is not told"


def test_whoever_works_on_a_stopped_video_loses_it(request_video: Any, prepared: Photo, staff: User) -> None:
    request_video()
    held = Video.objects.claim_next(timezone.now(), LEASE)
    assert amends.cancel(Video.objects.get(pk=held.pk), timezone.now(), staff)
    with pytest.raises(LeaseLost):
        held.succeed(file="f", poster="p", size=1, sha256="0", now=timezone.now())
    with pytest.raises(LeaseLost):
        held.fail("studio", timezone.now())
    assert sound()


@responses.activate
def test_the_task_of_a_stopped_video_is_deleted_by_the_worker_however_often_the_studio_is_away(
    request_video: Any, prepared: Photo, staff: User, settings: Any
) -> None:
    video, task = request_video(), str(uuid.uuid4())
    Video.objects.filter(pk=video.pk).update(provider="runway", provider_task_id=task)
    amends.cancel(video, timezone.now(), staff)
    at = f"{settings.RUNWAY_BASE_URL}/v1/tasks/{task}"
    responses.delete(at, body=requests.ConnectionError("no route"))
    deleted = responses.delete(at, status=204)
    work_once(lane="api")  # the letter to the owner
    # No route, no key, and then both.
    for settings.RUNWAY_API_KEY in ("key_test", "", "key_test"):
        assert Leftover.objects.count() == 1
        Leftover.objects.update(due_at=timezone.now())
        work_once(lane="api")
    assert (deleted.call_count, Leftover.objects.count()) == (1, 0)


def test_a_retry_is_a_new_take_on_the_house(request_video: Any, owner: User, staff: User) -> None:
    video = failed(request_video())
    take = amends.retake(video, timezone.now(), staff)
    assert take.pk != video.pk
    assert (take.photo, take.dance, take.format, take.status) == (video.photo, video.dance, video.format, "queued")
    assert ledger.balance_of(owner) == 5
    given = Entry.objects.get(kind="grant", reference=f"grant:retake:{video.pk}")
    assert (given.amount, given.by, given.reason) == (1, staff, "Another take of Disco, on the house")
    assert amends.retake(video, timezone.now(), staff).pk == take.pk
    assert (Video.objects.count(), ledger.balance_of(owner), sound()) == (2, 5, True)


def test_an_owner_without_credits_gets_a_retry_too(request_video: Any, owner: User) -> None:
    video = failed(request_video())
    ledger.adjust(owner, -ledger.balance_of(owner), reason="Spent", by=None)
    assert amends.retake(video, timezone.now(), None).status == "queued"
    assert ledger.balance_of(owner) == 0


def test_a_take_that_fails_is_retaken_in_its_turn(request_video: Any, owner: User) -> None:
    first = failed(request_video())
    second = failed(amends.retake(first, timezone.now(), None))
    third = amends.retake(second, timezone.now(), None)
    assert len({first.pk, second.pk, third.pk}) == 3
    assert (ledger.balance_of(owner), sound()) == (6, True)


@pytest.mark.parametrize("why", ["living", "photo", "owner"])
def test_what_cannot_be_retried_says_why_and_moves_nothing(request_video: Any, owner: User, why: str) -> None:
    video = request_video()
    if why != "living":
        failed(video)
    if why == "photo":
        Photo.objects.update(deleted_at=timezone.now())
    if why == "owner":
        owner.suspend()
    before = Entry.objects.count()
    with pytest.raises(amends.NoAmends):
        amends.retake(Video.objects.get(pk=video.pk), timezone.now(), None)
    assert (Entry.objects.count(), Video.objects.count()) == (before, 1)


def test_a_ready_video_is_made_good_once_and_stays(
    request_video: Any, prepared: Photo, studio: Any, owner: User, staff: User
) -> None:
    video = request_video()
    assert work_once()
    video.refresh_from_db()
    assert (video.status, amends.refund(video, timezone.now(), staff)) == ("succeeded", True)
    assert not amends.refund(video, timezone.now(), staff)
    assert (ledger.balance_of(owner), Entry.objects.filter(kind="refund").count(), sound()) == (5, 0, True)


def test_a_refund_ends_a_living_video_and_leaves_a_failed_one_as_it_is(request_video: Any, owner: User) -> None:
    video = request_video()
    assert amends.refund(video, timezone.now(), None)
    assert not amends.refund(video, timezone.now(), None)
    assert (video.status, ledger.balance_of(owner), sound()) == ("failed", 5, True)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_members_of_staff_press_the_same_button_at_once(request_video: Any, owner: User) -> None:
    ledger.grant(owner, ROUNDS, reason="For the tests", by=None)
    for number in range(ROUNDS):
        video = request_video(form_key=uuid.uuid4())
        stopped = all_at_once(
            lambda _, video=video: amends.cancel(Video.objects.get(pk=video.pk), timezone.now(), None)
        )
        assert stopped.count(True) == 1
        assert stopped.count(False) == 19
        video.refresh_from_db()
        takes = all_at_once(lambda _, video=video: amends.retake(video, timezone.now(), None).pk)
        assert len(set(takes)) == 1
        assert Video.objects.count() == 2 * number + 2
    assert sound()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_stopping_races_with_the_worker_and_one_of_them_ends_the_video(request_video: Any, owner: User) -> None:
    ledger.grant(owner, ROUNDS, reason="For the tests", by=None)
    for _ in range(ROUNDS):
        video = request_video(form_key=uuid.uuid4())
        Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
        held = Video.objects.claim_next(timezone.now(), LEASE)

        def act(number: int, held: Video = held) -> None:
            if number % 2:
                amends.cancel(Video.objects.get(pk=held.pk), timezone.now(), None)
            else:
                held.fail("studio", timezone.now())

        all_at_once(act)
        assert Entry.objects.filter(reference=f"video:{video.pk}:refund").count() == 1
    assert sound()


def test_each_act_is_one_line_in_the_log_with_the_video_once_it_is_true(
    request_video: Any, owner: User, staff: User, caplog: Any, django_capture_on_commit_callbacks: Any
) -> None:
    caplog.set_level("INFO")
    with django_capture_on_commit_callbacks(execute=True):
        video = request_video()
        amends.cancel(video, timezone.now(), staff)
        take = amends.retake(video, timezone.now(), None)
        ledger.grant(owner, 2, reason="A secret", by=staff)
    told = [record for record in caplog.records if record.name in ("videos.amends", "videos.offer")]
    assert [(line.message, line.video) for line in told] == [
        ("requested", video.pk),
        ("cancelled", video.pk),
        ("requested", take.pk),
        ("retried", video.pk),
    ]
    assert [line.by for line in told if hasattr(line, "by")] == [staff.pk, "-"]
    moved = [(line.kind, line.amount, line.by) for line in caplog.records if line.name == "credits.ledger"]
    assert moved == [
        ("charge", -1, "-"),
        ("refund", 1, staff.pk),
        ("grant", 1, "-"),
        ("charge", -1, "-"),
        ("grant", 2, staff.pk),
    ]
    assert "A secret" not in caplog.text
    caplog.clear()
    with django_capture_on_commit_callbacks(execute=True):
        amends.cancel(video, timezone.now(), staff)
        amends.retake(video, timezone.now(), None)
    assert caplog.records == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["refund", "retry"])
def test_twenty_clicks_at_once_are_one_deed_and_one_line_of_the_log(
    request_video: Any, owner: User, staff: User, verb: str
) -> None:
    video = request_video()
    if verb == "retry":
        failed(video)
    browsers = [browser_of(staff) for _ in range(THREADS)]
    address = reverse("admin:videos_video_act", args=[video.pk, verb])
    assert set(all_at_once(lambda number: browsers[number].post(address).status_code)) == {302}
    assert LogEntry.objects.filter(object_id=str(video.pk)).count() == 1
    assert (Video.objects.count(), ledger.balance_of(owner)) == ((2, 5) if verb == "retry" else (1, 5))
    assert sound()
