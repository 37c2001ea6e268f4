"""A dance whose studio is far away, from the credit to the video, when all goes well."""

import hashlib
import logging

import av
import pytest
from django.core.files.storage import default_storage
from django.test import Client

from credits import ledger
from tests.remote.conftest import Site
from tests.runway.fixtures import GOOD_KEY
from tests.runway.stand_in.clips import pictures
from videos.models import ProviderTaskDeletion, Status, Step, Video
from videos.progress import timeline_of
from videos.worker.inputs import remote_order
from videos.worker.keepalive import MAX_ATTEMPTS

pytestmark = pytest.mark.django_db


@pytest.mark.engine
def test_it_is_ordered_watched_brought_home_given_music_and_kept(site: Site) -> None:
    site.stand_in.settings(light=False)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions, video.provider_cost) == (Status.SUCCEEDED, 1, 25)
    assert site.accepted() == [video.provider_task_id]
    with default_storage.open(video.file.name) as file, av.open(file) as made:
        assert [stream.type for stream in made.streams] == ["video", "audio"]
        assert made.streams.video[0].frames == 121
    assert default_storage.size(video.poster.name) > 1000
    assert ledger.balance_of(video.user) == 4
    # The order is the frame, the seed and the words of the row.
    [order] = site.stand_in.journal("accepted")
    assert (order["seed"], order["prompt"], order["duration"]) == (video.seed, video.style.prompt, 5)
    assert order["ratio"] == "720:1280"
    assert order["picture"] == hashlib.sha256(remote_order(video).frame).hexdigest()
    # The picture is Runway's own, untouched.
    [served] = site.stand_in.journal("served")
    with default_storage.open(video.file.name) as file:
        assert pictures(file.read()) == served["pictures"]
    # Once it is ours, nothing of the pet stays at the studio, and the address of the clip is nowhere in the row.
    [deleted] = site.stand_in.journal("deleted")
    assert (deleted["task"], deleted["was"]) == (video.provider_task_id, "SUCCEEDED")
    [row] = Video.objects.values()
    assert not [name for name, value in row.items() if "http" in str(value) and name != "prompt"]
    site.judge()


def test_what_could_not_be_deleted_there_is_deleted_later(site: Site) -> None:
    site.stand_in.fault("delete", "answer", status=502, times=3)
    video = site.video()
    site.settle()
    site.pass_time(rounds=4)
    video.refresh_from_db()
    assert [entry["task"] for entry in site.stand_in.journal("deleted")] == [video.provider_task_id]
    assert not ProviderTaskDeletion.objects.exists()


def test_the_log_of_a_whole_life_holds_nothing_that_is_private(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.stand_in.fault("output", "short")
    video = site.video()
    with caplog.at_level(logging.DEBUG):
        site.settle()
    [task] = site.stand_in.tasks()
    assert len(task["tokens"]) == 2
    assert all(task["tokens"])
    private = {*task["tokens"], "_jwt", GOOD_KEY, video.prompt, video.user.email}
    assert [word for word in private if word in caplog.text] == []
    assert str(video.pk) in caplog.text


def test_the_page_follows_it_step_by_step(site: Site, as_owner: Client) -> None:
    site.stand_in.settings(concurrency=1, pending=5, running=20)
    video = site.video()
    page = video.get_absolute_url()
    assert "You are next" in as_owner.get(page).content.decode()
    site.work()
    site.pass_time(1)
    assert "In line at the studio" in as_owner.get(page).content.decode()
    site.pass_time(14)
    video.refresh_from_db()
    assert 0.3 < video.progress < 0.7
    assert "Dancing now" in as_owner.get(page).content.decode()
    site.settle()
    assert "Ready" in as_owner.get(page).content.decode()


def test_throttled_is_the_studios_line_and_never_a_failure(site: Site) -> None:
    site.stand_in.fault("fate", "throttled")
    video = site.video()
    site.pass_time(rounds=2 * MAX_ATTEMPTS)
    video.refresh_from_db()
    assert (video.status, video.step, video.queued_at_provider, video.attempts) == (
        "processing",
        Step.RENDERING,
        True,
        0,
    )
    assert timeline_of(video, video.created_at).state == "In line at the studio"


def test_progress_never_goes_back(site: Site) -> None:
    site.stand_in.settings(running=60)
    video = site.video()
    seen = []
    for _ in range(8):
        site.pass_time()
        video.refresh_from_db()
        seen.append(video.progress)
    assert seen == sorted(seen)
    assert seen[-1] > seen[1] > 0


@pytest.mark.engine
def test_no_more_tasks_run_than_the_account_allows_and_the_line_keeps_its_order(site: Site) -> None:
    site.stand_in.settings(concurrency=2, running=10)
    videos = [site.video() for _ in range(5)]
    most = 0
    for _ in range(60):
        site.pass_time()
        running = [task for task in site.stand_in.tasks() if task["status"] in ("PENDING", "THROTTLED", "RUNNING")]
        most = max(most, len(running))
        assert not [task for task in running if task["status"] == "THROTTLED"]
        if not Video.objects.unfinished().exists():
            break
    assert most == 2
    order = [entry["seed"] for entry in site.stand_in.journal("accepted")]
    # Two that find both places free may go in either way round; nobody overtakes more than that.
    assert all(abs(order.index(video.seed) - place) < 2 for place, video in enumerate(videos))
    site.judge()


def test_until_the_account_has_told_its_number_the_setting_counts(site: Site, settings) -> None:
    settings.RUNWAY_CONCURRENCY = 2
    site.stand_in.fault("organization", "answer", status=502, times=0)
    for _ in range(4):
        site.video()
    site.pass_time()
    assert len(site.accepted()) == 2


@pytest.mark.parametrize(
    ("model", "cost", "seconds"),
    [pytest.param("gen4.5", 60, 5, marks=pytest.mark.slow), ("veo3.1_fast", 60, 6)],
)
def test_another_model_makes_it_in_its_own_length(site: Site, settings, model: str, cost: int, seconds: int) -> None:
    settings.RUNWAY_MODEL_ID = model
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.provider_cost) == (Status.SUCCEEDED, cost)
    assert site.stand_in.journal("accepted")[0]["duration"] == seconds
    with default_storage.open(video.file.name) as file, av.open(file) as made:
        assert abs(made.duration / 1e6 - seconds) < 0.2


def test_a_format_that_the_model_lacks_is_not_on_offer(site: Site, settings, as_owner: Client, prepared) -> None:
    settings.RUNWAY_MODEL_ID = "veo3.1"
    page = as_owner.get(prepared.get_absolute_url()).content.decode()
    assert 'value="tall"' in page
    assert 'value="square"' not in page
