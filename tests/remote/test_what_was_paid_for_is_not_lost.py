"""What was ordered costs money: it is not given up for a trouble of ours, and no task is forgotten or mixed up."""

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
from tests.remote.conftest import Site, at, fresh, storage_away
from tests.videos.conftest import photo_of
from videos.models import ProviderStatus, ProviderTaskDeletion, Status, Step, Video
from videos.models.choices import FallbackReason
from videos.models.queries import STUCK_AFTER
from videos.worker.keepalive import MAX_ATTEMPTS
from videos.worker.remote import submission

pytestmark = pytest.mark.django_db
# A worker that loses its database closes the connection, and with it any transaction around the test.
transactional = pytest.mark.django_db(transaction=True)

# Another model


def test_a_video_in_flight_is_brought_home_though_the_model_was_changed(site: Site, settings: Any) -> None:
    settings.RUNWAY_MODEL_ID = "veo3.1_fast"
    video = site.video()
    site.work()
    settings.RUNWAY_MODEL_ID = "gen4_turbo"
    site.settle()
    fresh(video)
    assert (video.status, video.provider_model, video.ordered_seconds) == (Status.SUCCEEDED, "veo3.1_fast", 6)
    site.judge()


# Trouble of our own


def test_a_storage_that_is_away_for_a_while_fails_nothing_in_line(site: Site) -> None:
    videos = [site.video() for _ in range(2)]
    with storage_away():
        site.pass_time(rounds=MAX_ATTEMPTS + 2)
    assert {fresh(video).status for video in videos} == {Status.QUEUED}
    assert min(video.consecutive_errors for video in videos) > MAX_ATTEMPTS, (
        "it was tried more often than any other row is"
    )
    site.settle()
    assert {fresh(video).status for video in videos} == {Status.SUCCEEDED}
    site.judge()


def gone() -> None:
    raise OperationalError("the database is away")


@contextmanager
def tasks_cannot_be_written(times: int) -> Iterator[None]:
    """The database is away whenever the id of a task is to be written, so many times."""
    failures = ["away"] * times

    def execute_or_fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if failures and sql.startswith("UPDATE") and '"provider_task_id" = ' in sql:
            failures.pop()
            gone()
        return execute(sql, *rest)

    with connection.execute_wrapper(execute_or_fail):
        yield


@pytest.mark.engine
@transactional
def test_a_database_that_goes_away_at_the_sending_leaves_a_counted_order(site: Site) -> None:
    video = site.video()
    with at("order: counted", gone):
        site.work()
    assert (fresh(video).step, video.submissions, video.attempts) == (Step.SUBMITTING, 1, 0)
    assert video.due_at is not None
    assert video.due_at < timezone.now() + timedelta(seconds=5)
    site.settle()
    assert (fresh(video).status, video.submissions) == (Status.SUCCEEDED, 2)


@pytest.mark.engine
@transactional
@pytest.mark.parametrize(
    ("times", "kept"), [(2, True), (len(submission.DATABASE_RETRY_PAUSES) + 1, False)], ids=["a moment", "for long"]
)
def test_the_id_of_a_task_outlasts_a_moment_without_a_database_and_else_the_task_is_cancelled(
    site: Site, monkeypatch: pytest.MonkeyPatch, times: int, kept: bool
) -> None:
    pauses: list[float] = []
    video = site.video()
    with monkeypatch.context() as patch, tasks_cannot_be_written(times):
        # The clock: the pauses are sixteen seconds long in all.
        patch.setattr(time, "sleep", pauses.append)
        site.work()
    assert pauses == [*submission.DATABASE_RETRY_PAUSES[:times]]
    assert (fresh(video).provider_task_id is not None) == kept
    assert [entry["task"] for entry in site.stand_in.journal("deleted")] == ([] if kept else site.accepted())
    site.settle()
    assert (fresh(video).status, video.submissions) == (Status.SUCCEEDED, 1 if kept else 2)
    site.judge()


def test_one_whose_photo_cannot_be_read_holds_nobody_up(site: Site, owner: User) -> None:
    site.stand_in.settings(concurrency=1)
    photo = photo_of(owner)
    broken, sound = site.video(photo=photo), site.video()
    file = Path(default_storage.path(photo.image.name))
    aside = file.rename(file.with_name("aside"))
    site.pass_time(rounds=12)
    aside.rename(file)
    assert (fresh(sound).status, fresh(broken).status) == (Status.SUCCEEDED, Status.QUEUED)
    site.settle()
    assert fresh(broken).status == Status.SUCCEEDED
    site.judge()


def test_one_that_went_wrong_and_waits_for_a_place_still_holds_nobody_up(site: Site) -> None:
    site.stand_in.settings(concurrency=1)
    first = site.video()
    site.work()
    broken, sound = site.video(), site.video()
    Video.objects.filter(pk=broken.pk).update(consecutive_errors=STUCK_AFTER)
    site.work()
    assert (fresh(first).submissions, fresh(broken).submissions, broken.consecutive_errors) == (1, 0, STUCK_AFTER)
    assert fresh(sound).count_ahead() == 0


# Tasks


def test_a_task_to_be_deleted_outlives_what_nobody_foresaw(site: Site) -> None:
    # An id that no task can have is an error of ours: the client raises ValueError.
    ProviderTaskDeletion.objects.enqueue("runway", "no id", timezone.now())
    ProviderTaskDeletion.objects.update(attempts=MAX_ATTEMPTS + 3)
    site.work()
    assert ProviderTaskDeletion.objects.filter(due_at__gt=timezone.now()).exists()
    assert site.stand_in.calls("delete") == 0
    ProviderTaskDeletion.objects.update(task_id="a-task")
    site.pass_time()
    assert not ProviderTaskDeletion.objects.exists()


def test_a_404_that_is_no_word_of_runways_loses_no_task(site: Site) -> None:
    site.stand_in.fault("task", "answer", status=404, error="Not Found", times=3)
    video = site.video()
    site.settle()
    assert (fresh(video).status, video.submissions, video.previous_task_ids) == (Status.SUCCEEDED, 1, [])
    site.judge()


def test_a_task_that_is_given_up_is_deleted_too(site: Site) -> None:
    site.stand_in.fault("fate", "fail", code="INTERNAL")
    video = site.video()
    site.settle()
    site.pass_time(rounds=2)
    fresh(video)
    deleted = {entry["task"] for entry in site.stand_in.journal("deleted")}
    assert deleted == {*video.previous_task_ids, video.provider_task_id}
    assert len(deleted) == 2
    assert not ProviderTaskDeletion.objects.exists()


@pytest.mark.engine
def test_the_id_of_another_videos_task_is_not_kept_and_that_task_not_cancelled(site: Site) -> None:
    first = site.video()
    site.work()
    taken = fresh(first).provider_task_id
    second = site.video()
    site.stand_in.fault("create", "answer", status=200, body="id", code=taken)
    site.work()
    assert (fresh(second).step, second.provider_task_id) == (Step.SUBMITTING, None)
    assert site.stand_in.journal("deleted") == []
    site.settle()
    assert (fresh(first).status, fresh(second).status) == (Status.SUCCEEDED, Status.SUCCEEDED)
    site.judge()


# The account


def test_an_account_without_a_limit_runs_as_many_as_the_setting_allows(site: Site, settings: Any) -> None:
    settings.RUNWAY_MAX_CONCURRENCY = 2
    site.stand_in.settings(concurrency=None, running=60)
    for _ in range(3):
        site.video()
    site.pass_time(rounds=2)
    assert ProviderStatus.objects.get().capacity == 2
    assert len(site.accepted()) == 2


def test_without_the_key_those_in_line_go_to_the_embedded_studio(site: Site, settings: Any, studio: Any) -> None:
    site.stand_in.settings(concurrency=1)
    flying = site.video()
    waiting = site.video()
    site.work()
    settings.RUNWAY_API_KEY, settings.VIDEO_PROVIDER = "", "studio"
    site.pass_time()
    assert (fresh(waiting).status, waiting.fallback_reason) == (Status.SUCCEEDED, FallbackReason.UNAVAILABLE)
    assert fresh(flying).status == Status.PROCESSING
