"""If a worker is killed while rendering, another one finishes the video, with one charge and one file."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Entry
from tests.videos.conftest import QuickStudio
from tests.videos.processes import KILLED, PATIENCE, ROOT, child_environment, exit_codes, run_workers, wait_until
from videos.models import Photo, Video

pytestmark = pytest.mark.django_db(transaction=True)


def worker(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a worker process with the database and the storage of this test."""
    command = [sys.executable, "manage.py", "worker", "--pause", "0.1", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=child_environment(), start_new_session=True)


def assert_finished_by_second(video: Video, owner: User) -> None:
    """Assert that a second claim finished the video: one charge, no refund, one file."""
    video.refresh_from_db()
    assert (video.status, video.claim) == ("succeeded", 2)
    assert (ledger.balance_of(owner), Entry.objects.filter(kind="charge").count()) == (4, 1)
    assert Entry.objects.filter(kind="refund").count() == 0
    stored = Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / "videos" / str(video.pk)
    assert sorted(path.name for path in stored.iterdir()) == ["dance.mp4", "poster.jpg"]


@pytest.mark.engine
def test_another_worker_resumes_after_a_kill(
    request_video: Callable[..., Video], prepared: Photo, owner: User, clip: bytes, tmp_path: Path
) -> None:
    (tmp_path / "worker").write_text("1 rendering")
    video = request_video()
    with run_workers(tmp_path, clip):
        wait_until(lambda: not Video.objects.unfinished().exists())
        assert exit_codes(tmp_path) == [KILLED]
    assert_finished_by_second(video, owner)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_the_worker_and_releases_its_video(
    signals: None, request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio, number: signal.Signals
) -> None:
    def stop(report: Callable[[float], None]) -> None:
        os.kill(os.getpid(), number)
        report(0.5)

    video = request_video()
    studio.before = stop
    call_command("worker", pause=0)
    video.refresh_from_db()
    assert (video.status, video.step, video.attempts) == ("processing", "rendering", 0)
    assert video.due_at is not None
    assert video.due_at <= timezone.now()


@pytest.mark.slow
def test_another_worker_finishes_after_a_kill(request_video, owner: User) -> None:
    video = request_video()
    first = worker()
    try:
        wait_until(lambda: 0 < Video.objects.get().progress < 0.9)
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    video.refresh_from_db()
    assert (video.status, video.step, video.claim) == ("processing", "rendering", 1)

    second = worker()
    try:
        wait_until(lambda: not Video.objects.get().is_unfinished)
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=PATIENCE) == 0
    assert_finished_by_second(video, owner)


@pytest.mark.slow
def test_stopped_worker_releases_its_video_at_once(request_video) -> None:
    video = request_video()
    process = worker()
    try:
        wait_until(lambda: 0 < Video.objects.get().progress < 0.9)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
    video.refresh_from_db()
    assert (video.status, video.step, video.attempts) == ("processing", "rendering", 0)
    assert video.due_at <= timezone.now()
