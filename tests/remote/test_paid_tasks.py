"""Paid tasks: they survive our own outages and are never lost or assigned to another video."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.models import User
from tests.remote.conftest import Site, at_failpoint, refreshed, storage_outage
from tests.videos.conftest import photo_of
from videos.models import ProviderStatus, ProviderTaskDeletion, Status, Step, Video
from videos.models.choices import FallbackReason
from videos.models.queries import STUCK_AFTER
from videos.worker.keepalive import MAX_ATTEMPTS
from videos.worker.remote import submission

pytestmark = pytest.mark.django_db
# A worker that loses its database closes the connection, and with it any transaction around the test.
transactional = pytest.mark.django_db(transaction=True)

# Model changes


def test_running_task_survives_a_model_change(site: Site, settings: Any) -> None:
    settings.RUNWAY_MODEL_ID = "veo3.1_fast"
    video = site.video()
    site.work()
    settings.RUNWAY_MODEL_ID = "gen4_turbo"
    site.settle()
    refreshed(video)
    assert (video.status, video.provider_model, video.ordered_seconds) == (Status.SUCCEEDED, "veo3.1_fast", 6)
    site.verify()


# Our own outages


def test_storage_outage_fails_no_queued_video(site: Site) -> None:
    videos = [site.video() for _ in range(2)]
    with storage_outage():
        site.pass_time(rounds=MAX_ATTEMPTS + 2)
    assert {refreshed(video).status for video in videos} == {Status.QUEUED}
    assert min(video.consecutive_errors for video in videos) > MAX_ATTEMPTS, (
        "it was retried more often than the limit for other rows"
    )
    site.settle()
    assert {refreshed(video).status for video in videos} == {Status.SUCCEEDED}
    site.verify()


def fail_database() -> None:
    raise OperationalError("the database is unavailable")


@contextmanager
def task_id_saves_fail(times: int) -> Iterator[None]:
    """Fail the first ``times`` attempts to save a task id, as if the database were unavailable."""
    failures = ["unavailable"] * times

    def execute_or_fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if failures and sql.startswith("UPDATE") and '"provider_task_id" = ' in sql:
            failures.pop()
            fail_database()
        return execute(sql, *rest)

    with connection.execute_wrapper(execute_or_fail):
        yield


@pytest.mark.engine
@transactional
def test_database_outage_at_submit_leaves_a_counted_order(site: Site) -> None:
    video = site.video()
    with at_failpoint("order: counted", fail_database):
        site.work()
    assert (refreshed(video).step, video.submissions, video.attempts) == (Step.SUBMITTING, 1, 0)
    assert video.due_at is not None
    assert video.due_at < timezone.now() + timedelta(seconds=5)
    site.settle()
    assert (refreshed(video).status, video.submissions) == (Status.SUCCEEDED, 2)


@pytest.mark.engine
@transactional
@pytest.mark.parametrize(
    ("times", "kept"),
    [(2, True), (len(submission.DATABASE_RETRY_PAUSES) + 1, False)],
    ids=["short outage", "long outage"],
)
def test_task_id_survives_a_database_outage_or_task_is_cancelled(
    site: Site, monkeypatch: pytest.MonkeyPatch, times: int, kept: bool
) -> None:
    pauses: list[float] = []
    video = site.video()
    with monkeypatch.context() as patch, task_id_saves_fail(times):
        # Do not really wait: the pauses total about sixteen seconds.
        patch.setattr(time, "sleep", pauses.append)
        site.work()
    assert pauses == [*submission.DATABASE_RETRY_PAUSES[:times]]
    assert (refreshed(video).provider_task_id is not None) == kept
    assert [entry["task"] for entry in site.fake_server.journal("deleted")] == ([] if kept else site.accepted())
    site.settle()
    assert (refreshed(video).status, video.submissions) == (Status.SUCCEEDED, 1 if kept else 2)
    site.verify()


def test_unreadable_photo_blocks_nobody(site: Site, owner: User) -> None:
    site.fake_server.settings(concurrency=1)
    photo = photo_of(owner)
    broken, healthy = site.video(photo=photo), site.video()
    file = Path(default_storage.path(photo.image.name))
    aside = file.rename(file.with_name("aside"))
    site.pass_time(rounds=12)
    aside.rename(file)
    assert (refreshed(healthy).status, refreshed(broken).status) == (Status.SUCCEEDED, Status.QUEUED)
    site.settle()
    assert refreshed(broken).status == Status.SUCCEEDED
    site.verify()


def test_failing_queued_video_blocks_nobody(site: Site) -> None:
    site.fake_server.settings(concurrency=1)
    first = site.video()
    site.work()
    broken, healthy = site.video(), site.video()
    Video.objects.filter(pk=broken.pk).update(consecutive_errors=STUCK_AFTER)
    site.work()
    assert (refreshed(first).submissions, refreshed(broken).submissions, broken.consecutive_errors) == (
        1,
        0,
        STUCK_AFTER,
    )
    assert refreshed(healthy).count_ahead() == 0


# Tasks


def test_task_deletion_survives_unexpected_errors(site: Site) -> None:
    # The client raises ValueError for an invalid id, which would be a bug of ours.
    ProviderTaskDeletion.objects.enqueue("runway", "no id", timezone.now())
    ProviderTaskDeletion.objects.update(attempts=MAX_ATTEMPTS + 3)
    site.work()
    assert ProviderTaskDeletion.objects.filter(due_at__gt=timezone.now()).exists()
    assert site.fake_server.calls("delete") == 0
    ProviderTaskDeletion.objects.update(task_id="a-task")
    site.pass_time()
    assert not ProviderTaskDeletion.objects.exists()


def test_404_from_a_proxy_loses_no_task(site: Site) -> None:
    site.fake_server.fault("task", "answer", status=404, error="Not Found", times=3)
    video = site.video()
    site.settle()
    assert (refreshed(video).status, video.submissions, video.previous_task_ids) == (Status.SUCCEEDED, 1, [])
    site.verify()


def test_abandoned_task_is_deleted(site: Site) -> None:
    site.fake_server.fault("fate", "fail", code="INTERNAL")
    video = site.video()
    site.settle()
    site.pass_time(rounds=2)
    refreshed(video)
    deleted = {entry["task"] for entry in site.fake_server.journal("deleted")}
    assert deleted == {*video.previous_task_ids, video.provider_task_id}
    assert len(deleted) == 2
    assert not ProviderTaskDeletion.objects.exists()


@pytest.mark.engine
def test_task_id_of_another_video_is_neither_kept_nor_cancelled(site: Site) -> None:
    first = site.video()
    site.work()
    first_task = refreshed(first).provider_task_id
    second = site.video()
    site.fake_server.fault("create", "answer", status=200, body="id", code=first_task)
    site.work()
    assert (refreshed(second).step, second.provider_task_id) == (Step.SUBMITTING, None)
    assert site.fake_server.journal("deleted") == []
    site.settle()
    assert (refreshed(first).status, refreshed(second).status) == (Status.SUCCEEDED, Status.SUCCEEDED)
    site.verify()


# The account


def test_account_without_limit_uses_the_setting(site: Site, settings: Any) -> None:
    settings.RUNWAY_MAX_CONCURRENCY = 2
    site.fake_server.settings(concurrency=None, running=60)
    for _ in range(3):
        site.video()
    site.pass_time(rounds=2)
    assert ProviderStatus.objects.get().capacity == 2
    assert len(site.accepted()) == 2


def test_without_a_key_queued_videos_use_the_embedded_studio(site: Site, settings: Any, studio: Any) -> None:
    site.fake_server.settings(concurrency=1)
    running = site.video()
    waiting = site.video()
    site.work()
    settings.RUNWAY_API_KEY, settings.VIDEO_PROVIDER = "", "studio"
    site.pass_time()
    assert (refreshed(waiting).status, waiting.fallback_reason) == (Status.SUCCEEDED, FallbackReason.UNAVAILABLE)
    assert refreshed(running).status == Status.PROCESSING
