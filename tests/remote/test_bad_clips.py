"""A clip that can never be right: fetched three times, ordered once more, then refunded with the true reason."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.remote.conftest import Site
from tests.remote.echo import Echo
from tests.runway.fake_server.clips import make_clip
from tests.studio.test_inspection import make, overwrite
from videos.models import ProviderStatus, Status, Video
from videos.worker.remote import retries
from videos.worker.remote.polling import MAX_BAD_OUTPUTS

pytestmark = pytest.mark.django_db


def test_another_clip_is_ordered_after_three_bad_ones(site: Site) -> None:
    site.fake_server.fault("output", "not_mp4", times=MAX_BAD_OUTPUTS)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions, video.bad_outputs) == (Status.SUCCEEDED, 2, MAX_BAD_OUTPUTS)
    assert site.fake_server.calls("output") == MAX_BAD_OUTPUTS + 1
    site.pass_time()
    assert {entry["task"] for entry in site.fake_server.journal("deleted")} == set(site.accepted())
    site.verify()


def test_two_bad_downloads_cost_nothing(site: Site) -> None:
    site.fake_server.fault("output", "not_mp4", times=MAX_BAD_OUTPUTS - 1)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.submissions) == (Status.SUCCEEDED, 1)


def test_bad_clips_of_both_orders_end_with_the_true_reason(site: Site, as_owner: Client, staff: User) -> None:
    site.fake_server.fault("output", "not_mp4", times=0)
    video = site.video()
    before = ledger.balance_of(video.user)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, video.submissions) == (Status.FAILED, "bad_clip", 2)
    assert site.fake_server.calls("output") == 2 * MAX_BAD_OUTPUTS
    assert video.provider_failure == "clip: the output is not an MP4"
    assert timezone.now() < video.promised_by
    assert ledger.balance_of(video.user) == before + video.price
    assert "sent a damaged video" in as_owner.get(video.get_absolute_url()).content.decode()
    as_owner.force_login(staff)
    page = as_owner.get(f"/admin/videos/video/{video.pk}/change/").content.decode()
    assert "clip: the output is not an MP4" in page
    site.verify()


def test_forbidden_host_is_not_ordered_from_again(site: Site) -> None:
    site.fake_server.fault("fate", "foreign", times=0)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, len(site.accepted())) == (Status.FAILED, "bad_clip", 1)
    assert video.provider_failure == "clip: the output is on a host that is not allowed"
    site.verify()


def test_late_video_with_a_bad_clip_is_not_called_late(site: Site) -> None:
    site.fake_server.fault("output", "not_mp4", times=0)
    video = site.video()
    site.pass_time(rounds=2)
    site.expire_promise(video)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code) == (Status.FAILED, "bad_clip")
    assert video.provider_failure == "clip: the output is not an MP4"


def test_no_second_clip_is_ordered_that_would_be_late(site: Site) -> None:
    site.fake_server.fault("output", "not_mp4", times=0)
    video = site.video()
    site.pass_time(rounds=2)
    Video.objects.filter(pk=video.pk).update(promised_by=timezone.now() + Video.objects.typical_duration("runway") / 2)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, video.submissions) == (Status.FAILED, "bad_clip", 1)


def test_bad_clips_count_against_the_provider(site: Site) -> None:
    site.fake_server.fault("output", "not_mp4", times=0)
    site.video()
    site.settle()
    assert ProviderStatus.objects.get().consecutive_failures == 2


BAD: dict[str, Any] = {
    "hevc": lambda path: make(path, codec="libx265", size=(720, 1280), seconds=5, rate=4, sound=""),
    "mpeg4": lambda path: make(path, codec="mpeg4", size=(720, 1280), seconds=5, rate=4, sound=""),
    "wide": lambda path: make(path, size=(1280, 720), seconds=5, rate=4, sound=""),
    "small": lambda path: make(path, size=(360, 640), seconds=5, rate=4, sound=""),
    "end": lambda path: overwrite(make(path, size=(720, 1280), seconds=5, rate=4, sound=""), 0.8, 0.95),
    "middle": lambda path: overwrite(make(path, size=(720, 1280), seconds=5, rate=4, sound=""), 0.4, 0.6, 255),
}


@pytest.mark.parametrize("kind", BAD)
def test_clip_that_browsers_do_not_play_is_never_delivered(site: Site, echo: Echo, tmp_path: Path, kind: str) -> None:
    echo.clip = BAD[kind](tmp_path / "clip.mp4").read_bytes()
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, len(echo.orders)) == (Status.FAILED, "bad_clip", 2)
    assert (video.file.name, video.bad_outputs) == ("", 2 * MAX_BAD_OUTPUTS)
    assert video.provider_failure.startswith("clip: ")


def test_silent_clip_gets_our_music(site: Site, echo: Echo) -> None:
    echo.clip = make_clip(None, 720, 1280, 5, rate=8)
    video = site.video()
    site.settle()
    video.refresh_from_db()
    assert (video.status, len(echo.orders)) == (Status.SUCCEEDED, 1)


def test_task_is_polled_at_most_once_in_five_seconds() -> None:
    delays = [retries.poll_delay().total_seconds() for _ in range(200)]
    assert min(delays) >= 5
    assert max(second - first for first, second in pairwise(sorted(delays))) < 1


@pytest.mark.parametrize("fault", ["not_mp4", "reset"])
def test_failed_download_is_retried_after_five_seconds(site: Site, fault: str) -> None:
    site.fake_server.fault("output", fault)
    video = site.video()
    site.work()
    site.pass_time()
    video.refresh_from_db()
    assert video.due_at is not None
    assert (video.due_at - timezone.now()).total_seconds() > 4.5
