"""Management commands: ``videos``, ``stats`` and ``delete_unverified_accounts``."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Entry
from videos.models import Photo, ProviderStatus, ProviderTaskDeletion, Video, VideoNotification
from videos.worker.runner import work_once

pytestmark = pytest.mark.engine


def run(capsys: Any, *arguments: Any) -> str:
    call_command(*(str(argument) for argument in arguments))
    return capsys.readouterr().out


def test_the_list_is_a_table_or_json(request_video: Any, capsys: Any, owner: User) -> None:
    newer, older = request_video(), request_video(now=timezone.now() - timedelta(hours=1))
    lines = run(capsys, "videos", "list").splitlines()
    assert [line.split()[1] for line in lines] == ["id", str(newer.pk), str(older.pk)]
    rows = json.loads(run(capsys, "videos", "list", "--json", "--limit", 1, "--owner", owner.email))
    assert [(row["id"], row["owner"], row["status"]) for row in rows] == [(str(newer.pk), owner.email, "queued")]
    assert run(capsys, "videos", "list", "--state", "failed") == "No videos found.\n"


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_limit_below_one_is_refused(db: None, capsys: Any, limit: str) -> None:
    with pytest.raises(CommandError, match=f"argument --limit: '{limit}' is not a number of at least 1"):
        run(capsys, "videos", "list", f"--limit={limit}")


def test_late_videos_are_listed(request_video: Any, capsys: Any) -> None:
    request_video()
    assert json.loads(run(capsys, "videos", "list", "--json", "--state", "late")) == []
    Video.objects.update(promised_by=timezone.now())
    assert len(json.loads(run(capsys, "videos", "list", "--json", "--state", "late"))) == 1


def test_one_video_is_shown_with_its_owner_message(request_video: Any, capsys: Any) -> None:
    video = request_video()
    shown = json.loads(run(capsys, "videos", "show", video.pk, "--json"))
    assert (shown["status"], shown["provider"], shown["price"]) == ("queued", "studio", 1)
    assert shown["for_the_owner"].startswith("Hi! You requested a disco video")
    assert str(video.pk) in run(capsys, "videos", "show", video.pk)


def test_cancel_then_retry_and_neither_twice(request_video: Any, capsys: Any, owner: User) -> None:
    video = request_video()
    assert "would be canceled" in run(capsys, "videos", "cancel", video.pk, "--dry-run")
    assert Video.objects.get().status == "queued"
    assert "canceled and refunded" in run(capsys, "videos", "cancel", video.pk)
    for options in ([], ["--dry-run"]):
        again = run(capsys, "videos", "cancel", video.pk, *options)
        assert again == f"{video.pk}  This video has already been canceled and refunded.\n"
    assert "would be retried" in run(capsys, "videos", "retry", video.pk, "--dry-run")
    assert Video.objects.count() == 1
    first, second = (json.loads(run(capsys, "videos", "retry", video.pk, "--json"))[0]["message"] for _ in range(2))
    new_video = Video.objects.get(status="queued")
    assert first == f"free retry queued: {new_video.pk}"
    assert second == f"This video has already been retried: {new_video.pk}"
    assert second in run(capsys, "videos", "retry", video.pk, "--dry-run")
    assert (Video.objects.count(), ledger.balance_of(owner)) == (2, 5)


def test_dry_runs_change_and_log_nothing(
    request_video: Any, ready: Video, capsys: Any, caplog: Any, django_capture_on_commit_callbacks: Any
) -> None:
    unfinished, failed = request_video(), request_video()
    run(capsys, "videos", "cancel", failed.pk)
    tables = (Video, Entry, VideoNotification, ProviderTaskDeletion)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    caplog.clear()
    caplog.set_level("INFO")
    with django_capture_on_commit_callbacks(execute=True):
        for verb, video in (("cancel", unfinished), ("refund", unfinished), ("refund", ready), ("retry", failed)):
            assert "would be" in run(capsys, "videos", verb, video.pk, "--dry-run")
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert caplog.records == []


def test_ready_and_unfinished_videos_are_refunded_once(
    request_video: Any, prepared: Photo, studio: Any, capsys: Any, owner: User
) -> None:
    ready = request_video()
    assert work_once()
    ids = (ready.pk, request_video().pk)
    assert run(capsys, "videos", "refund", *ids, "--dry-run") == "".join(f"{pk}  would be refunded\n" for pk in ids)
    assert ledger.balance_of(owner) == 3
    assert run(capsys, "videos", "refund", *ids) == "".join(f"{pk}  1 credit refunded\n" for pk in ids)
    assert [Video.objects.get(pk=pk).status for pk in ids] == ["succeeded", "failed"]
    for options in ([], ["--dry-run"]):
        again = run(capsys, "videos", "refund", *ids, *options)
        assert again == "".join(f"{pk}  This video has already been refunded.\n" for pk in ids)
    assert ledger.balance_of(owner) == 5


def test_retry_during_an_outage_changes_nothing(request_video: Any, capsys: Any, settings: Any) -> None:
    video = request_video()
    run(capsys, "videos", "cancel", video.pk)
    settings.VIDEO_PROVIDER, settings.RUNWAY_API_KEY = "runway", "key_test"
    ProviderStatus.objects.mark_unavailable("runway", "no credits", timezone.now() - timedelta(hours=1))
    entries = Entry.objects.count()
    for options in (["--dry-run"], []):
        with pytest.raises(CommandError, match="1 of 1 failed"):
            run(capsys, "videos", "retry", video.pk, *options)
        message = "The provider is unavailable. Retry this video later."
        assert capsys.readouterr().out == f"{video.pk}  {message}\n"
    assert (Entry.objects.count(), Video.objects.count()) == (entries, 1)


def test_ready_video_cannot_be_cancelled(ready: Video, capsys: Any) -> None:
    with pytest.raises(CommandError, match="1 of 1 failed"):
        run(capsys, "videos", "cancel", ready.pk)
    assert capsys.readouterr().out == f"{ready.pk}  This video is already finished.\n"


def test_unknown_video_is_reported(db: None, capsys: Any) -> None:
    with pytest.raises(CommandError, match="There is no video"):
        run(capsys, "videos", "show", uuid.uuid4())


def test_invalid_id_is_reported_and_others_continue(request_video: Any, capsys: Any, owner: User) -> None:
    nobody, video = uuid.uuid4(), request_video()
    with pytest.raises(CommandError, match="1 of 2 failed"):
        run(capsys, "videos", "cancel", nobody, video.pk, "--json")
    results = json.loads(capsys.readouterr().out)
    assert [(row["id"], row["done"]) for row in results] == [(str(nobody), False), (str(video.pk), True)]
    assert results[0]["message"].startswith(f"There is no video {nobody}")
    assert (Video.objects.get().status, ledger.balance_of(owner)) == ("failed", 5)


def test_stats_as_table_and_json(request_video: Any, capsys: Any) -> None:
    request_video()
    assert "1 queued, 0 processing, 0 late" in run(capsys, "stats")
    stats = json.loads(run(capsys, "stats", "--json"))
    assert (stats["queue"]["queued"], stats["per_dance"][0]["slug"]) == (1, "disco")


def test_unverified_accounts_are_deleted(owner: User, staff: User, capsys: Any) -> None:
    long_ago = timezone.now() - timedelta(days=15)
    unverified = User.objects.create_user("unverified@example.org", date_joined=long_ago)
    EmailAddress.objects.create(user=unverified, email=unverified.email, verified=False, primary=True)
    User.objects.create_user("new@example.org")
    with_credits = User.objects.create_user("credits@example.org", date_joined=long_ago)
    ledger.grant(with_credits, 1, reason="A present", by=None)
    User.objects.update(date_joined=long_ago)
    User.objects.filter(email="new@example.org").update(date_joined=timezone.now())
    assert json.loads(run(capsys, "delete_unverified_accounts", "--dry-run", "--json")) == {
        "deleted": 1,
        "kept": 1,
        "dry_run": True,
    }
    assert User.objects.count() == 5
    assert (
        run(capsys, "delete_unverified_accounts")
        == "1 accounts deleted; 1 kept because they have credits, photos or videos.\n"
    )
    remaining = {user.email for user in User.objects.all()}
    assert remaining == {owner.email, staff.email, "new@example.org", "credits@example.org"}
