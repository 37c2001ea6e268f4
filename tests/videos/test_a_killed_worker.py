"""A worker that is killed while it renders: another one finishes the video, with one charge and one file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Entry
from videos.models import Video

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 300.0


def surroundings() -> dict[str, str]:
    """The environment of a process on the database and the storage of this test."""
    database = connection.settings_dict["NAME"]
    name = connection.settings_dict
    url = (
        f"sqlite:///{database}"
        if connection.vendor == "sqlite"
        else f"postgresql://{name['USER']}:{name['PASSWORD']}@{name['HOST']}:{name['PORT']}/{database}"
    )
    media = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    return os.environ | {"DATABASE_URL": url, "VAR_DIR": str(media.parent), "LEASE_SECONDS": "3"}


def worker(*arguments: str) -> subprocess.Popen[bytes]:
    """A real worker process on the database and the storage of this test."""
    command = [sys.executable, "manage.py", "work", "--pause", "0.1", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=surroundings(), start_new_session=True)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_another_worker_finishes_what_a_killed_one_began(request_video, owner: User) -> None:
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
        wait_until(lambda: not Video.objects.get().is_living)
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=PATIENCE) == 0
    video.refresh_from_db()
    assert (video.status, video.claim) == ("succeeded", 2)
    assert (ledger.balance_of(owner), Entry.objects.filter(kind="charge").count()) == (4, 1)
    assert Entry.objects.filter(kind="refund").count() == 0
    stored = Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / "videos" / str(video.pk)
    assert sorted(path.name for path in stored.iterdir()) == ["dance.mp4", "poster.jpg"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_stop_gives_its_video_back_at_once(request_video) -> None:
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
