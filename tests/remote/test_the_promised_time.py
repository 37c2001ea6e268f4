"""The promised time is kept to: by then there is a video, or the credit is back, whatever the studio says later."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from credits import ledger
from tests.remote.conftest import Clock, Site, at, fresh, storage_away
from videos.models import Status, Step, Video
from videos.models.choices import FallbackReason
from videos.providers import registry
from videos.providers.base import TaskState
from videos.providers.registry import DEFAULT_DURATION

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fallback", [False, True])
def test_no_order_is_sent_that_could_not_be_ready_in_time(
    site: Site, settings: Any, studio: Any, fallback: bool
) -> None:
    settings.STUDIO_FALLBACK = fallback
    video = site.video()
    little = DEFAULT_DURATION["runway"] - timedelta(seconds=1)
    Video.objects.update(promised_by=timezone.now() + little)
    site.work()
    fresh(video)
    assert site.accepted() == []
    if fallback:
        assert (video.status, video.fallback_reason) == (Status.SUCCEEDED, FallbackReason.BUSY)
    else:
        assert (video.status, video.error_code, video.submissions) == (Status.FAILED, "late", 0)
        assert ledger.balance_of(video.user) == 5
    site.judge()


@pytest.mark.parametrize("fate", ["no_output", "foreign"])
def test_a_clip_that_can_never_be_fetched_gives_the_credit_back_at_the_promised_time(site: Site, fate: str) -> None:
    site.stand_in.fault("fate", fate)
    video = site.video()
    site.pass_time(rounds=12)
    video.refresh_from_db()
    assert (video.status, video.step) == (Status.PROCESSING, Step.STORING)
    site.promise_passes(video)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code) == (Status.FAILED, "late")
    site.judge()


@pytest.mark.engine
def test_at_the_promised_time_a_finished_clip_is_delivered_all_the_same(site: Site) -> None:
    video = site.video()
    site.work()
    site.stand_in.advance(60)
    site.promise_passes(video)
    site.pass_time()
    video.refresh_from_db()
    assert video.status == Status.SUCCEEDED
    assert ledger.balance_of(video.user) == 4
    site.judge()


@pytest.mark.parametrize("fate", ["stuck", "throttled"])
def test_at_the_promised_time_an_unfinished_task_is_cancelled_and_the_credit_is_back(site: Site, fate: str) -> None:
    site.stand_in.fault("fate", fate)
    video = site.video()
    site.pass_time(rounds=3)
    site.promise_passes(video)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code) == (Status.FAILED, "late")
    assert [entry["task"] for entry in site.stand_in.journal("deleted")] == site.accepted()
    assert ledger.balance_of(video.user) == 5
    site.judge()


@pytest.mark.parametrize("on", ["task", "output"])
def test_there_is_one_last_look_and_without_an_answer_the_credit_is_back(site: Site, on: str) -> None:
    video = site.video()
    site.work()
    site.stand_in.advance(60)
    site.stand_in.fault(on, "reset")
    site.promise_passes(video)
    site.pass_time()
    assert (fresh(video).status, video.error_code, ledger.balance_of(video.user)) == (Status.FAILED, "late", 5)
    site.judge()


def test_a_storage_that_is_away_at_the_last_look_keeps_nobody_waiting(site: Site) -> None:
    video = site.video()
    site.work()
    site.stand_in.advance(60)
    site.promise_passes(video)
    with storage_away():
        site.pass_time()
    assert len(site.stand_in.journal("served")) == 1
    assert (fresh(video).status, video.error_code, ledger.balance_of(video.user)) == (Status.FAILED, "late", 5)
    site.judge()


@pytest.mark.parametrize("seconds_left", [5, 0])
def test_a_clip_that_crawls_home_is_waited_for_a_few_seconds_beyond_it(
    site: Site, clock: Clock, seconds_left: int
) -> None:
    site.stand_in.fault("output", "slow")
    video = site.video(now=timezone.now())
    site.work()
    site.stand_in.advance(60)
    Video.objects.update(promised_by=timezone.now() + timedelta(seconds=seconds_left), due_at=timezone.now())
    # A download reports before its first byte and then twice a second.
    with at("rendering", lambda: clock.advance(15)):
        site.work()
    assert (fresh(video).status, video.error_code, ledger.balance_of(video.user)) == (Status.FAILED, "late", 5)
    assert video.finished_at is not None
    assert video.finished_at - video.promised_by < timedelta(minutes=1)


def test_a_promise_is_kept_without_a_network_and_a_late_clip_changes_nothing(site: Site, settings: Any) -> None:
    video = site.video()
    site.work()
    settings.RUNWAY_BASE_URL = "http://127.0.0.1:9"
    site.promise_passes(video)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code) == (Status.FAILED, "late")
    # The network is back, and the clip is there to be had: it is deleted, not delivered.
    settings.RUNWAY_BASE_URL = site.stand_in.base
    site.stand_in.advance(60)
    assert registry.runway_client().poll(site.accepted()[0]).state is TaskState.SUCCEEDED
    site.pass_time(rounds=3)
    video.refresh_from_db()
    assert (video.status, video.file.name) == (Status.FAILED, "")
    assert ledger.balance_of(video.user) == 5
    assert site.stand_in.journal("served") == []
    deleted = [(entry["task"], entry["was"]) for entry in site.stand_in.journal("deleted")]
    assert deleted == [(site.accepted()[0], "SUCCEEDED")]
    site.judge()


def test_the_page_tells_of_the_last_look(site: Site, as_owner: Client) -> None:
    video = site.video()
    site.work()
    site.promise_passes(video)
    told = as_owner.get(video.get_absolute_url()).content.decode()
    assert "a last look at the studio, then it is here or your credit is back" in told
