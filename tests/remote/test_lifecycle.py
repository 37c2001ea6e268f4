"""The lifecycle of a remote video without faults, from the credit to the file."""

import hashlib
import logging

import av
import pytest
from django.core.files.storage import default_storage
from django.test import Client

from credits import ledger
from tests.remote.conftest import Site
from tests.runway.fake_server.clips import picture_digest
from tests.runway.fixtures import GOOD_KEY
from videos.models import ProviderTaskDeletion, Status, Step, Video
from videos.progress import timeline_of
from videos.worker.inputs import remote_order
from videos.worker.keepalive import MAX_ATTEMPTS

pytestmark = pytest.mark.django_db


@pytest.mark.engine
def test_video_is_submitted_polled_fetched_and_stored(site: Site) -> None:
    site.fake_server.settings(light=False)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions, video.provider_cost) == (Status.SUCCEEDED, 1, 25)
    assert site.accepted() == [video.provider_task_id]
    with default_storage.open(video.file.name) as file, av.open(file) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]
        assert container.streams.video[0].frames == 121
    assert default_storage.size(video.poster.name) > 1000
    assert ledger.balance_of(video.user) == 4
    # The order contains the frame, the seed and the prompt of the row.
    [order] = site.fake_server.journal("accepted")
    assert (order["seed"], order["prompt"], order["duration"]) == (video.seed, video.catalogue_dance.prompt, 5)
    assert order["ratio"] == "720:1280"
    assert order["picture"] == hashlib.sha256(remote_order(video).subject.frame).hexdigest()
    # The pictures are Runway's, unchanged.
    [served] = site.fake_server.journal("served")
    with default_storage.open(video.file.name) as file:
        assert picture_digest(file.read()) == served["pictures"]
    # After the download the task is deleted at the provider, and the clip's URL is not in the row.
    [deleted] = site.fake_server.journal("deleted")
    assert (deleted["task"], deleted["was"]) == (video.provider_task_id, "SUCCEEDED")
    [row] = Video.objects.values()
    assert not [name for name, value in row.items() if "http" in str(value) and name != "prompt"]
    site.verify()


def test_failed_task_deletion_is_retried(site: Site) -> None:
    site.fake_server.fault("delete", "answer", status=502, times=3)
    video = site.video()
    site.settle()
    site.pass_time(rounds=4)
    video.refresh_from_db()
    assert [entry["task"] for entry in site.fake_server.journal("deleted")] == [video.provider_task_id]
    assert not ProviderTaskDeletion.objects.exists()


def test_log_of_a_whole_run_holds_nothing_private(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.fake_server.fault("output", "short")
    video = site.video()
    with caplog.at_level(logging.DEBUG):
        site.settle()
    [task] = site.fake_server.tasks()
    assert len(task["tokens"]) == 2
    assert all(task["tokens"])
    private = {*task["tokens"], "_jwt", GOOD_KEY, video.prompt, video.user.email}
    assert [word for word in private if word in caplog.text] == []
    assert str(video.pk) in caplog.text


def test_page_shows_each_step(site: Site, as_owner: Client) -> None:
    site.fake_server.settings(concurrency=1, pending=5, running=20)
    video = site.video()
    page = video.get_absolute_url()
    assert "You&#x27;re next" in as_owner.get(page).content.decode()
    site.work()
    site.pass_time(1)
    assert "Queued" in as_owner.get(page).content.decode()
    site.pass_time(14)
    video.refresh_from_db()
    assert 0.3 < video.progress < 0.7
    assert "<title>Dancing" in as_owner.get(page).content.decode()
    site.settle()
    assert "Ready" in as_owner.get(page).content.decode()


def test_throttled_task_is_queued_at_the_provider(site: Site) -> None:
    site.fake_server.fault("fate", "throttled")
    video = site.video()
    site.pass_time(rounds=2 * MAX_ATTEMPTS)
    video.refresh_from_db()
    assert (video.status, video.step, video.queued_at_provider, video.attempts) == (
        "processing",
        Step.RENDERING,
        True,
        0,
    )
    assert timeline_of(video, video.created_at).state == "Queued"


def test_progress_never_goes_back(site: Site) -> None:
    site.fake_server.settings(running=60)
    video = site.video()
    seen = []
    for _ in range(8):
        site.pass_time()
        video.refresh_from_db()
        seen.append(video.progress)
    assert seen == sorted(seen)
    assert seen[-1] > seen[1] > 0


@pytest.mark.engine
def test_concurrency_limit_is_kept_and_order_is_fair(site: Site) -> None:
    site.fake_server.settings(concurrency=2, running=10)
    videos = [site.video() for _ in range(5)]
    highest = 0
    for _ in range(60):
        site.pass_time()
        running = [task for task in site.fake_server.tasks() if task["status"] in ("PENDING", "THROTTLED", "RUNNING")]
        highest = max(highest, len(running))
        assert not [task for task in running if task["status"] == "THROTTLED"]
        if not Video.objects.unfinished().exists():
            break
    assert highest == 2
    order = [entry["seed"] for entry in site.fake_server.journal("accepted")]
    # Two videos that find both slots free may be submitted in either order; no video skips further ahead.
    assert all(abs(order.index(video.seed) - place) < 2 for place, video in enumerate(videos))
    site.verify()


def test_setting_limits_concurrency_until_account_is_known(site: Site, settings) -> None:
    settings.RUNWAY_CONCURRENCY = 2
    site.fake_server.fault("organization", "answer", status=502, times=0)
    for _ in range(4):
        site.video()
    site.pass_time()
    assert len(site.accepted()) == 2


@pytest.mark.parametrize(
    ("model", "cost", "seconds"),
    [pytest.param("gen4.5", 60, 5, marks=pytest.mark.slow), ("veo3.1_fast", 60, 6)],
)
def test_another_model_uses_its_own_length(site: Site, settings, model: str, cost: int, seconds: int) -> None:
    settings.RUNWAY_MODEL_ID = model
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.provider_cost) == (Status.SUCCEEDED, cost)
    assert site.fake_server.journal("accepted")[0]["duration"] == seconds
    with default_storage.open(video.file.name) as file, av.open(file) as container:
        assert abs(container.duration / 1e6 - seconds) < 0.2


def test_format_without_model_support_is_not_offered(site: Site, settings, as_owner: Client, prepared) -> None:
    settings.RUNWAY_MODEL_ID = "veo3.1"
    page = as_owner.get(prepared.get_absolute_url()).content.decode()
    assert 'value="tall"' in page
    assert 'value="square"' not in page
