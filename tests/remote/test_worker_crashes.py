"""Workers that are killed during a remote video or outlive their lease: another one continues."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credits import ledger
from tests.remote.conftest import ProcessKilled, Site, at_failpoint, die, refreshed
from videos.models import ProviderTaskDeletion, Status, Step, Video
from videos.worker.keepalive import MAX_ATTEMPTS

pytestmark = pytest.mark.django_db


def test_poison_video_fails_and_is_refunded(site: Site) -> None:
    video = site.video()
    site.work()
    Video.objects.filter(pk=video.pk).update(attempts=MAX_ATTEMPTS)
    other = site.video()
    site.settle()
    video.refresh_from_db()
    other.refresh_from_db()
    assert (video.status, video.error_code, other.status) == (Status.FAILED, "studio", Status.SUCCEEDED)
    assert site.fake_server.journal("deleted")[0]["task"] == video.provider_task_id
    site.verify()


def test_queued_poison_video_fails_after_five_workers(site: Site) -> None:
    video = site.video()
    deaths = 0

    def die_repeatedly() -> None:
        nonlocal deaths
        if deaths < MAX_ATTEMPTS and refreshed(video).claim > deaths:
            deaths += 1
            die()

    with at_failpoint("claimed", die_repeatedly):
        for _ in range(MAX_ATTEMPTS):
            with pytest.raises(ProcessKilled):
                site.pass_time()
        site.pass_time(rounds=3)
    assert (refreshed(video).status, video.error_code, deaths) == (Status.FAILED, "studio", MAX_ATTEMPTS)
    assert (video.submissions, site.accepted(), ledger.balance_of(video.user)) == (0, [], 5)
    site.verify()


def test_queued_poison_video_blocks_nobody(site: Site) -> None:
    site.fake_server.settings(concurrency=1)
    poison, healthy = site.video(), site.video()
    Video.objects.filter(pk=poison.pk).update(attempts=3, due_at=timezone.now() + timedelta(minutes=1))
    site.work()
    assert (refreshed(healthy).submissions, refreshed(poison).submissions) == (1, 0)


@pytest.mark.engine
@pytest.mark.parametrize(("point", "sent"), [("order: counted", False), ("order: answered", True)])
def test_crash_around_submit_leaves_a_counted_order(site: Site, point: str, sent: bool) -> None:
    video = site.video()
    with at_failpoint(point, die), pytest.raises(ProcessKilled):
        site.work()
    video.refresh_from_db()
    assert (video.step, video.submissions, video.provider_task_id) == (Step.SUBMITTING, 1, None)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions, len(site.accepted())) == (Status.SUCCEEDED, 2, 1 + sent)
    site.verify()


def test_crash_after_submit_never_orders_twice(site: Site) -> None:
    site.fake_server.fault("create", "answer", status=503, times=MAX_ATTEMPTS + 1)
    video = site.video()
    site.pass_time(rounds=MAX_ATTEMPTS)
    with at_failpoint("order: counted", die), pytest.raises(ProcessKilled):
        site.pass_time(rounds=2)
    site.settle()
    assert (refreshed(video).status, video.submissions) == (Status.SUCCEEDED, 2)
    site.verify()


def test_crash_before_success_repeats_with_the_same_names(site: Site) -> None:
    video = site.video()
    with at_failpoint("files: stored", die), pytest.raises(ProcessKilled):
        site.settle()
    assert refreshed(video).status == Status.PROCESSING
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions, video.provider_cost) == (Status.SUCCEEDED, 1, 25)
    site.verify()


def test_crash_after_success_keeps_the_task_deletion(site: Site) -> None:
    video = site.video()
    with at_failpoint("end: ready", die), pytest.raises(ProcessKilled):
        site.settle()
    assert refreshed(video).status == Status.SUCCEEDED
    assert [deletion.task_id for deletion in ProviderTaskDeletion.objects.all()] == [video.provider_task_id]
    site.pass_time()
    assert [entry["task"] for entry in site.fake_server.journal("deleted")] == [video.provider_task_id]


@pytest.mark.engine
def test_worker_past_its_lease_writes_nothing_and_cancels(site: Site) -> None:
    video = site.video()
    # While it sleeps, its lease expires and another worker claims the row.
    with at_failpoint("order: answered", lambda: Video.objects.update(claim=99)):
        site.work()
    video.refresh_from_db()
    assert (video.step, video.provider_task_id) == (Step.SUBMITTING, None)
    assert [entry["task"] for entry in site.fake_server.journal("deleted")] == site.accepted()
    site.settle()
    site.verify()
