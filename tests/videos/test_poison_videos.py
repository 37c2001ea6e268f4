"""Real worker processes that are killed by a video, or at a named point of the embedded studio."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from credits import audit as credits_audit
from credits import ledger
from tests.runway.fixtures import GOOD_KEY, FakeServer, fake_server, runway_server
from tests.videos.processes import KILLED, exit_codes, run_workers, wait_until
from videos.models import Photo, Video
from videos.operations import audit
from videos.worker.keepalive import MAX_ATTEMPTS

__all__ = ["fake_server", "runway_server"]

# test_worker.py and test_worker_crashes.py cover the same with fewer processes.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def assert_books_are_sound() -> None:
    assert [*credits_audit.violations(), *audit.violations(timezone.now())] == []


def test_poison_video_fails_after_five_deaths_and_is_refunded(
    request_video, prepared: Photo, owner: User, clip: bytes, tmp_path: Path
) -> None:
    poison = request_video()
    other = request_video()
    with run_workers(tmp_path, clip, str(poison.pk)):
        wait_until(lambda: not Video.objects.unfinished().exists())
    poison.refresh_from_db()
    other.refresh_from_db()
    assert exit_codes(tmp_path) == [KILLED] * MAX_ATTEMPTS
    assert (poison.status, poison.error_code, other.status) == ("failed", "studio", "succeeded")
    assert ledger.balance_of(owner) == 4
    assert_books_are_sound()


def test_queued_poison_video_fails_without_an_order(
    fake_server: FakeServer, settings: Any, request_video, prepared: Photo, owner: User, clip: bytes, tmp_path: Path
) -> None:
    settings.VIDEO_PROVIDER = "runway"
    poison = request_video()
    other = request_video()
    key = {"RUNWAY_API_KEY": GOOD_KEY, "RUNWAY_BASE_URL": fake_server.base, "RUNWAY_TIMEOUT_SECONDS": "2"}
    with run_workers(tmp_path, clip, str(poison.pk), "api", **key):
        wait_until(lambda: Video.objects.filter(pk=poison.pk, status="failed").exists())
        wait_until(lambda: Video.objects.filter(pk=other.pk, step="rendering").exists())
    poison.refresh_from_db()
    assert exit_codes(tmp_path) == [KILLED] * MAX_ATTEMPTS
    assert (poison.error_code, poison.submissions) == ("studio", 0)
    assert [entry["seed"] for entry in fake_server.journal("accepted")] == [other.seed]
    assert ledger.balance_of(owner) == 4
    assert_books_are_sound()


def test_another_worker_resumes_after_a_kill_at_each_point(
    request_video, photo: Photo, owner: User, clip: bytes, tmp_path: Path
) -> None:
    instructions = tmp_path / "worker"
    instructions.write_text("1 photo: prepared")
    with run_workers(tmp_path, clip):
        wait_until(lambda: Photo.objects.filter(due_at=None).exists())
        assert exit_codes(tmp_path) == [KILLED]
        instructions.write_text("1 rendering")
        video = request_video()
        wait_until(lambda: not Video.objects.unfinished().exists())
    video.refresh_from_db()
    photo.refresh_from_db()
    assert (tmp_path / "deaths").read_text() == "worker 1 photo: prepared\nworker 1 rendering\n"
    assert exit_codes(tmp_path) == [KILLED] * 2
    assert (video.status, video.claim, photo.claim) == ("succeeded", 2, 2)
    assert default_storage.exists(photo.sticker.name)
    assert ledger.balance_of(owner) == 4
    assert_books_are_sound()
