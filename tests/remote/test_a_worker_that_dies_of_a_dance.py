"""Workers that are killed at a dance that the studio makes, or come back too late: another one goes on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credits import ledger
from tests.remote.conftest import Killed, Site, at, die, fresh
from videos.models import ProviderTaskDeletion, Status, Step, Video
from videos.worker.keepalive import MAX_ATTEMPTS

pytestmark = pytest.mark.django_db


def test_a_video_that_kills_its_workers_is_set_aside_with_the_credit_back(site: Site) -> None:
    video = site.video()
    site.work()
    Video.objects.filter(pk=video.pk).update(attempts=MAX_ATTEMPTS)
    other = site.video()
    site.settle()
    video.refresh_from_db()
    other.refresh_from_db()
    assert (video.status, video.error_code, other.status) == (Status.FAILED, "studio", Status.SUCCEEDED)
    assert site.stand_in.journal("deleted")[0]["task"] == video.provider_task_id
    site.judge()


def test_a_video_in_line_that_kills_five_workers_is_set_aside(site: Site) -> None:
    video = site.video()
    deaths = 0

    def die_of_it() -> None:
        nonlocal deaths
        if deaths < MAX_ATTEMPTS and fresh(video).claim > deaths:
            deaths += 1
            die()

    with at("claimed", die_of_it):
        for _ in range(MAX_ATTEMPTS):
            with pytest.raises(Killed):
                site.pass_time()
        site.pass_time(rounds=3)
    assert (fresh(video).status, video.error_code, deaths) == (Status.FAILED, "studio", MAX_ATTEMPTS)
    assert (video.submissions, site.accepted(), ledger.balance_of(video.user)) == (0, [], 5)
    site.judge()


def test_one_in_line_that_has_killed_three_workers_holds_nobody_up(site: Site) -> None:
    site.stand_in.settings(concurrency=1)
    poison, sound = site.video(), site.video()
    Video.objects.filter(pk=poison.pk).update(attempts=3, due_at=timezone.now() + timedelta(minutes=1))
    site.work()
    assert (fresh(sound).submissions, fresh(poison).submissions) == (1, 0)


@pytest.mark.engine
@pytest.mark.parametrize(("point", "sent"), [("order: counted", False), ("order: answered", True)])
def test_a_worker_killed_around_the_sending_leaves_a_counted_order(site: Site, point: str, sent: bool) -> None:
    video = site.video()
    with at(point, die), pytest.raises(Killed):
        site.work()
    video.refresh_from_db()
    assert (video.step, video.submissions, video.provider_task_id) == (Step.SUBMITTING, 1, None)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions, len(site.accepted())) == (Status.SUCCEEDED, 2, 1 + sent)
    site.judge()


def test_a_worker_killed_at_the_sending_costs_no_second_order_however_often_it_was_turned_away(site: Site) -> None:
    site.stand_in.fault("create", "answer", status=503, times=MAX_ATTEMPTS + 1)
    video = site.video()
    site.pass_time(rounds=MAX_ATTEMPTS)
    with at("order: counted", die), pytest.raises(Killed):
        site.pass_time(rounds=2)
    site.settle()
    assert (fresh(video).status, video.submissions) == (Status.SUCCEEDED, 2)
    site.judge()


def test_a_worker_killed_before_the_row_says_ready_is_repeated_over_the_same_names(site: Site) -> None:
    video = site.video()
    with at("files: stored", die), pytest.raises(Killed):
        site.settle()
    assert fresh(video).status == Status.PROCESSING
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions, video.provider_cost) == (Status.SUCCEEDED, 1, 25)
    site.judge()


def test_a_worker_killed_once_it_is_ready_leaves_a_note_of_what_is_at_the_studio(site: Site) -> None:
    video = site.video()
    with at("end: ready", die), pytest.raises(Killed):
        site.settle()
    assert fresh(video).status == Status.SUCCEEDED
    assert [left.task_id for left in ProviderTaskDeletion.objects.all()] == [video.provider_task_id]
    site.pass_time()
    assert [entry["task"] for entry in site.stand_in.journal("deleted")] == [video.provider_task_id]


@pytest.mark.engine
def test_a_worker_that_slept_past_its_lease_writes_nothing_and_cancels_its_task(site: Site) -> None:
    video = site.video()
    # While it sleeps, another worker finds that the lease has run out, and claims the row.
    with at("order: answered", lambda: Video.objects.update(claim=99)):
        site.work()
    video.refresh_from_db()
    assert (video.step, video.provider_task_id) == (Step.SUBMITTING, None)
    assert [entry["task"] for entry in site.stand_in.journal("deleted")] == site.accepted()
    site.settle()
    site.judge()
