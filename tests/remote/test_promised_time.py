"""The promised time: by then the video is ready or the credit is refunded, whatever the provider does later."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from credits import ledger
from tests.remote.conftest import Clock, Site, at_failpoint, refreshed, storage_outage
from videos.models import Status, Step, Video
from videos.models.choices import FallbackReason
from videos.providers import registry
from videos.providers.base import TaskState

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fallback", [False, True])
def test_no_order_is_sent_that_would_be_late(site: Site, settings: Any, studio: Any, fallback: bool) -> None:
    settings.STUDIO_FALLBACK = fallback
    video = site.video()
    too_short = registry.remote_provider("runway").default_duration - timedelta(seconds=1)
    Video.objects.update(promised_by=timezone.now() + too_short)
    site.work()
    refreshed(video)
    assert site.accepted() == []
    if fallback:
        assert (video.status, video.fallback_reason) == (Status.SUCCEEDED, FallbackReason.BUSY)
    else:
        assert (video.status, video.error_code, video.submissions) == (Status.FAILED, "late", 0)
        assert ledger.balance_of(video.user) == 5
    site.verify()


@pytest.mark.parametrize("fate", ["no_output", "foreign"])
def test_unfetchable_clip_is_refunded_at_the_deadline(site: Site, fate: str) -> None:
    site.fake_server.fault("fate", fate)
    video = site.video()
    site.pass_time(rounds=2)
    video.refresh_from_db()
    assert (video.status, video.step) == (Status.PROCESSING, Step.STORING)
    site.expire_promise(video)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code) == (Status.FAILED, "bad_clip")
    site.verify()


@pytest.mark.engine
def test_finished_clip_is_delivered_at_the_deadline(site: Site) -> None:
    video = site.video()
    site.work()
    site.fake_server.advance(60)
    site.expire_promise(video)
    site.pass_time()
    video.refresh_from_db()
    assert video.status == Status.SUCCEEDED
    assert ledger.balance_of(video.user) == 4
    site.verify()


@pytest.mark.parametrize("fate", ["stuck", "throttled"])
def test_unfinished_task_is_cancelled_at_the_deadline(site: Site, fate: str) -> None:
    site.fake_server.fault("fate", fate)
    video = site.video()
    site.pass_time(rounds=3)
    site.expire_promise(video)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code) == (Status.FAILED, "late")
    assert [entry["task"] for entry in site.fake_server.journal("deleted")] == site.accepted()
    assert ledger.balance_of(video.user) == 5
    site.verify()


@pytest.mark.parametrize("on", ["task", "output"])
def test_final_poll_without_answer_refunds(site: Site, on: str) -> None:
    video = site.video()
    site.work()
    site.fake_server.advance(60)
    site.fake_server.fault(on, "reset")
    site.expire_promise(video)
    site.pass_time()
    assert (refreshed(video).status, video.error_code, ledger.balance_of(video.user)) == (Status.FAILED, "late", 5)
    site.verify()


def test_storage_outage_at_the_final_poll_delays_nobody(site: Site) -> None:
    video = site.video()
    site.work()
    site.fake_server.advance(60)
    site.expire_promise(video)
    with storage_outage():
        site.pass_time()
    assert len(site.fake_server.journal("served")) == 1
    assert (refreshed(video).status, video.error_code, ledger.balance_of(video.user)) == (Status.FAILED, "late", 5)
    site.verify()


@pytest.mark.parametrize("seconds_left", [5, 0])
def test_slow_download_may_pass_the_deadline_by_seconds(site: Site, clock: Clock, seconds_left: int) -> None:
    site.fake_server.fault("output", "slow")
    video = site.video(now=timezone.now())
    site.work()
    site.fake_server.advance(60)
    Video.objects.update(promised_by=timezone.now() + timedelta(seconds=seconds_left), due_at=timezone.now())
    # A download reports before its first byte and then twice a second.
    with at_failpoint("rendering", lambda: clock.advance(15)):
        site.work()
    assert (refreshed(video).status, video.error_code, ledger.balance_of(video.user)) == (Status.FAILED, "late", 5)
    assert video.finished_at is not None
    assert video.finished_at - video.promised_by < timedelta(minutes=1)


def test_deadline_is_kept_offline_and_late_clip_is_ignored(site: Site, settings: Any) -> None:
    video = site.video()
    site.work()
    settings.RUNWAY_BASE_URL = "http://127.0.0.1:9"
    site.expire_promise(video)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code) == (Status.FAILED, "late")
    # The network recovers and the clip is available, but it is deleted, not delivered.
    settings.RUNWAY_BASE_URL = site.fake_server.base
    site.fake_server.advance(60)
    assert registry.remote_provider("runway").poll(site.accepted()[0]).state is TaskState.SUCCEEDED
    site.pass_time(rounds=3)
    video.refresh_from_db()
    assert (video.status, video.file.name) == (Status.FAILED, "")
    assert ledger.balance_of(video.user) == 5
    assert site.fake_server.journal("served") == []
    deleted = [(entry["task"], entry["was"]) for entry in site.fake_server.journal("deleted")]
    assert deleted == [(site.accepted()[0], "SUCCEEDED")]
    site.verify()


def test_page_mentions_the_final_poll(site: Site, as_owner: Client) -> None:
    video = site.video()
    site.work()
    site.expire_promise(video)
    page = as_owner.get(video.get_absolute_url()).content.decode()
    assert "Almost done" in page
