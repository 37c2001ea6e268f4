"""Real worker processes that die of what they work on, or at a named point of the embedded studio."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from credits import audit as credits_audit
from credits import ledger
from tests.runway.fixtures import GOOD_KEY, StandIn, runway_server, stand_in
from tests.videos.processes import KILLED, ends, wait_until, workers
from videos.models import Photo, Video
from videos.operations import audit
from videos.worker.keepalive import MAX_ATTEMPTS

__all__ = ["runway_server", "stand_in"]

# test_the_worker_makes_videos.py and test_a_killed_worker.py have the same without so many processes.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def nothing_is_lost() -> None:
    assert [*credits_audit.violations(), *audit.violations(timezone.now())] == []


def test_it_is_set_aside_after_five_deaths_with_the_credit_back_and_the_rest_go_on(
    request_video, prepared: Photo, owner: User, clip: bytes, tmp_path: Path
) -> None:
    poison = request_video()
    other = request_video()
    with workers(tmp_path, clip, str(poison.pk)):
        wait_until(lambda: not Video.objects.unfinished().exists())
    poison.refresh_from_db()
    other.refresh_from_db()
    assert ends(tmp_path) == [KILLED] * MAX_ATTEMPTS
    assert (poison.status, poison.error_code, other.status) == ("failed", "studio", "succeeded")
    assert ledger.balance_of(owner) == 4
    nothing_is_lost()


def test_in_the_line_of_a_remote_studio_too_and_nothing_was_paid_for_it(
    stand_in: StandIn, settings: Any, request_video, prepared: Photo, owner: User, clip: bytes, tmp_path: Path
) -> None:
    settings.VIDEO_PROVIDER = "runway"
    poison = request_video()
    other = request_video()
    key = {"RUNWAY_API_KEY": GOOD_KEY, "RUNWAY_BASE_URL": stand_in.base, "RUNWAY_TIMEOUT_SECONDS": "2"}
    with workers(tmp_path, clip, str(poison.pk), "api", **key):
        wait_until(lambda: Video.objects.filter(pk=poison.pk, status="failed").exists())
        wait_until(lambda: Video.objects.filter(pk=other.pk, step="rendering").exists())
    poison.refresh_from_db()
    assert ends(tmp_path) == [KILLED] * MAX_ATTEMPTS
    assert (poison.error_code, poison.submissions) == ("studio", 0)
    assert [entry["seed"] for entry in stand_in.journal("accepted")] == [other.seed]
    assert ledger.balance_of(owner) == 4
    nothing_is_lost()


def test_a_worker_killed_while_it_renders_or_prepares_a_photo_is_followed_by_one_that_goes_on(
    request_video, photo: Photo, owner: User, clip: bytes, tmp_path: Path
) -> None:
    order = tmp_path / "nursling"
    order.write_text("1 photo: prepared")
    with workers(tmp_path, clip):
        wait_until(lambda: Photo.objects.filter(due_at=None).exists())
        assert ends(tmp_path) == [KILLED]
        order.write_text("1 rendering")
        video = request_video()
        wait_until(lambda: not Video.objects.unfinished().exists())
    video.refresh_from_db()
    photo.refresh_from_db()
    assert (tmp_path / "deaths").read_text() == "nursling 1 photo: prepared\nnursling 1 rendering\n"
    assert ends(tmp_path) == [KILLED] * 2
    assert (video.status, video.claim, photo.claim) == ("succeeded", 2, 2)
    assert default_storage.exists(photo.sticker.name)
    assert ledger.balance_of(owner) == 4
    nothing_is_lost()
