"""Staff cancel, retry and refund videos. Each action is done once, and the books stay sound."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import requests
import responses
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from credits import audit as credits_audit
from credits import ledger
from credits.models import Entry
from videos import ordering
from videos.models import LeaseLost, Photo, ProviderTaskDeletion, Video
from videos.operations import actions, audit
from videos.privacy import close_account
from videos.worker.runner import work_once

pytestmark = pytest.mark.engine

LEASE_DURATION = timedelta(seconds=60)


def failed(video: Video) -> Video:
    Video.objects.get(pk=video.pk).fail("studio", timezone.now())
    video.refresh_from_db()
    return video


def cancel(video: Video, by: User | None = None) -> str:
    result = actions.CANCEL.perform(video.pk, timezone.now(), by)
    video.refresh_from_db()
    return result


def refund(video: Video, by: User | None = None) -> str:
    result = actions.REFUND.perform(video.pk, timezone.now(), by)
    video.refresh_from_db()
    return result


def retry(video: Video, by: User | None = None) -> Video:
    """Return the new video, which the result must name."""
    result = actions.RETRY.perform(video.pk, timezone.now(), by)
    new_video = actions.retry_of(video)
    assert new_video
    assert result == f"free retry queued: {new_video.pk}"
    return new_video


def books_are_sound() -> bool:
    return [*credits_audit.violations(), *audit.violations(timezone.now())] == []


def test_cancelled_video_is_refunded_and_names_the_staff_user(request_video: Any, owner: User, staff: User) -> None:
    video = request_video()
    assert cancel(video, staff) == "canceled and refunded"
    assert (video.status, video.error_code, ledger.balance_of(owner)) == ("failed", "stopped", 5)
    assert Entry.objects.get(kind="refund").by == staff
    with pytest.raises(actions.AlreadyDone, match="already been canceled"):
        cancel(video, staff)
    assert (Entry.objects.filter(kind="refund").count(), books_are_sound()) == (1, True)
    assert video.notification.due_at, "the owner must be notified"


@pytest.mark.parametrize("code", ["studio", "cancelled", "closed"])
def test_only_a_video_cancelled_by_staff_counts_as_cancelled(request_video: Any, code: str) -> None:
    video = request_video()
    video.cancel(code, timezone.now())
    with pytest.raises(actions.ActionNotAllowed, match="already finished") as refused:
        cancel(video)
    assert refused.type is actions.ActionNotAllowed, "AlreadyDone would be a success for the command"


def test_worker_loses_a_cancelled_video(request_video: Any, prepared: Photo, staff: User) -> None:
    request_video()
    claimed = Video.objects.claim_next(timezone.now(), LEASE_DURATION)
    cancel(Video.objects.get(pk=claimed.pk), staff)
    with pytest.raises(LeaseLost):
        claimed.succeed(file="f", poster="p", size=1, sha256="0", now=timezone.now())
    with pytest.raises(LeaseLost):
        claimed.fail("studio", timezone.now())
    assert books_are_sound()


@responses.activate
def test_task_of_cancelled_video_is_deleted_eventually(
    request_video: Any, prepared: Photo, staff: User, settings: Any
) -> None:
    video, task = request_video(), str(uuid.uuid4())
    Video.objects.filter(pk=video.pk).update(provider="runway", provider_task_id=task)
    cancel(video, staff)
    url = f"{settings.RUNWAY_BASE_URL}/v1/tasks/{task}"
    responses.delete(url, body=requests.ConnectionError("no route"))
    deleted = responses.delete(url, status=204)
    work_once(queue="api")  # the notification
    # First the network fails, then the key is missing, then both work.
    for settings.RUNWAY_API_KEY in ("key_test", "", "key_test"):
        assert ProviderTaskDeletion.objects.count() == 1
        ProviderTaskDeletion.objects.update(due_at=timezone.now())
        work_once(queue="api")
    assert (deleted.call_count, ProviderTaskDeletion.objects.count()) == (1, 0)


def test_retry_is_a_free_new_video(request_video: Any, owner: User, staff: User) -> None:
    video = failed(request_video())
    new_video = retry(video, staff)
    assert new_video.pk != video.pk
    assert (new_video.photo, new_video.dance, new_video.format, new_video.status) == (
        video.photo,
        video.dance,
        video.format,
        "queued",
    )
    assert ledger.balance_of(owner) == 5
    entry = Entry.objects.get(kind="grant", reference=f"grant:retry:{video.pk}")
    assert (entry.amount, entry.by, entry.reason) == (1, staff, "Free retry of Disco")
    with pytest.raises(actions.AlreadyDone, match=str(new_video.pk)):
        retry(video, staff)
    assert (Video.objects.count(), ledger.balance_of(owner), books_are_sound()) == (2, 5, True)


def test_an_owner_without_credits_gets_a_retry_too(request_video: Any, owner: User) -> None:
    video = failed(request_video())
    ledger.adjust(owner, -ledger.balance_of(owner), reason="Spent", by=None)
    assert retry(video).status == "queued"
    assert ledger.balance_of(owner) == 0


@pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 1)])
def test_retry_is_free_after_a_change_of_price(
    request_video: Any, owner: User, monkeypatch: pytest.MonkeyPatch, old: int, new: int
) -> None:
    monkeypatch.setattr(ordering, "price_of", lambda seconds: old)
    video = failed(request_video())
    ledger.adjust(owner, -ledger.balance_of(owner), reason="Spent", by=None)
    monkeypatch.setattr(ordering, "price_of", lambda seconds: new)
    assert retry(video).price == new
    assert (ledger.balance_of(owner), books_are_sound()) == (0, True)


def test_failed_retry_can_be_retried(request_video: Any, owner: User) -> None:
    first = failed(request_video())
    second = failed(retry(first))
    third = retry(second)
    assert len({first.pk, second.pk, third.pk}) == 3
    assert (ledger.balance_of(owner), books_are_sound()) == (6, True)


@pytest.mark.parametrize("reason", ["unfinished", "photo", "owner"])
def test_impossible_retry_is_explained(request_video: Any, owner: User, reason: str) -> None:
    video = request_video()
    if reason != "unfinished":
        failed(video)
    if reason == "photo":
        Photo.objects.update(deleted_at=timezone.now())
    if reason == "owner":
        owner.suspend()
    before = Entry.objects.count()
    with pytest.raises(actions.ActionNotAllowed):
        retry(video)
    assert (Entry.objects.count(), Video.objects.count()) == (before, 1)


def test_ready_video_is_compensated_once(
    request_video: Any, prepared: Photo, studio: Any, owner: User, staff: User
) -> None:
    video = request_video()
    assert work_once()
    video.refresh_from_db()
    assert (refund(video, staff), video.status) == ("1 credit refunded", "succeeded")
    with pytest.raises(actions.AlreadyDone):
        refund(video, staff)
    assert (ledger.balance_of(owner), Entry.objects.filter(kind="refund").count(), books_are_sound()) == (5, 0, True)


def test_closed_account_gets_no_refund(as_staff: Client, ready: Video, owner: User) -> None:
    close_account(owner, timezone.now())
    before = Entry.objects.count()
    with pytest.raises(actions.ActionNotAllowed, match=r"^The owner's account is closed"):
        refund(ready)
    assert (ledger.balance_of(owner), Entry.objects.count(), books_are_sound()) == (0, before, True)
    page = as_staff.get(reverse("admin:videos_video_change", args=[ready.pk])).content.decode()
    assert "Refund the credits" not in page


def test_suspended_owner_gets_a_refund(ready: Video, owner: User) -> None:
    owner.suspend()
    assert refund(ready) == "1 credit refunded"
    assert (ledger.balance_of(owner), books_are_sound()) == (5, True)


def test_refund_fails_an_unfinished_video_only(request_video: Any, owner: User) -> None:
    video = request_video()
    assert refund(video) == "1 credit refunded"
    with pytest.raises(actions.AlreadyDone):
        refund(video)
    assert (video.status, ledger.balance_of(owner), books_are_sound()) == ("failed", 5, True)


def test_each_action_is_logged_once_after_commit(
    request_video: Any, owner: User, staff: User, caplog: Any, django_capture_on_commit_callbacks: Any
) -> None:
    caplog.set_level("INFO")
    with django_capture_on_commit_callbacks(execute=True):
        video = request_video()
        cancel(video, staff)
        new_video = retry(video)
        ledger.grant(owner, 2, reason="A secret", by=staff)
    records = [record for record in caplog.records if record.name in ("videos.operations.actions", "videos.ordering")]
    assert [(line.message, line.video) for line in records] == [
        ("requested", video.pk),
        ("cancelled", video.pk),
        ("requested", new_video.pk),
        ("retried", video.pk),
    ]
    assert [line.by for line in records if hasattr(line, "by")] == [staff.pk, "-"]
    ledger_lines = [(line.kind, line.amount, line.by) for line in caplog.records if line.name == "credits.ledger"]
    assert ledger_lines == [
        ("charge", -1, "-"),
        ("refund", 1, staff.pk),
        ("grant", 1, "-"),
        ("charge", -1, "-"),
        ("grant", 2, staff.pk),
    ]
    assert "A secret" not in caplog.text
    caplog.clear()
    with django_capture_on_commit_callbacks(execute=True):
        for action in (actions.CANCEL, actions.RETRY):
            with pytest.raises(actions.AlreadyDone):
                action.perform(video.pk, timezone.now(), staff)
    assert caplog.records == []
