"""The files of a step are in a folder that the next worker deletes if its worker was killed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.videos.processes import ROOT
from videos.management.commands import worker as worker_command
from videos.models import Photo
from videos.worker import work_folders
from videos.worker.runner import work_once
from videos.worker.work_folders import delete_abandoned, work_folder

CHILD = """
import sys, time
import django
django.setup()
from videos.worker.work_folders import work_folder
with work_folder() as folder:
    (folder / "clip.mp4").write_bytes(b"a clip")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def var(settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


@contextmanager
def other_worker(var: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Start a process that holds a work folder, and return both."""
    environment = os.environ | {"VAR_DIR": str(var)}
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        yield process, Path(process.stdout.readline().strip())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def folders(var: Path) -> list[Path]:
    return sorted((var / "work").iterdir())


def test_folder_is_private_and_deleted_at_the_end(var: Path) -> None:
    with work_folder() as folder:
        assert (folder.parent, folder.stat().st_mode & 0o777) == (var / "work", 0o700)
        (folder / "clip.mp4").write_bytes(b"a clip")
    assert folders(var) == []


def test_folder_is_deleted_after_an_error(var: Path) -> None:
    with pytest.raises(ValueError, match="broken"), work_folder():
        raise ValueError("broken")
    assert folders(var) == []


def test_folder_of_a_living_worker_is_kept_and_that_of_a_killed_one_deleted(var: Path) -> None:
    with other_worker(var) as (process, folder):
        assert (delete_abandoned(), (folder / "clip.mp4").read_bytes()) == (0, b"a clip")
        process.kill()
        process.wait()
        with work_folder() as mine:
            assert delete_abandoned() == 1
            assert folders(var) == [mine]


def test_folder_without_a_lock_is_deleted_once_it_is_old(var: Path) -> None:
    """Its worker died between creating the folder and locking it, or creates it at this moment."""
    folder = var / "work" / "begun"
    folder.mkdir(parents=True)
    assert delete_abandoned() == 0
    os.utime(folder, (time.time() - 3600,) * 2)
    assert delete_abandoned() == 1


def test_folder_that_cannot_be_deleted_stops_nobody(var: Path, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    for name in ("one", "two"):
        folder = var / "work" / name
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - 3600,) * 2)

    def fail(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(work_folders, "delete", fail)
    assert delete_abandoned() == 0
    assert [record.message for record in caplog.records] == ["work folder not deleted"] * 2


def test_nothing_to_clean_on_a_new_machine(var: Path) -> None:
    assert delete_abandoned() == 0


@pytest.mark.django_db
def test_worker_cleans_at_its_start_and_while_it_runs(
    var: Path, signals: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    monkeypatch.setattr(worker_command, "CLEANING_INTERVAL", 0.0)
    with other_worker(var) as (process, folder):
        process.kill()
        process.wait()
        call_command("worker", once=True)
        assert not folder.exists()
    real = work_folders.delete_abandoned
    monkeypatch.setattr(work_folders, "delete_abandoned", lambda: seen.append(real()))
    results = iter([True, True, False])
    monkeypatch.setattr(worker_command, "run_once", lambda *_: next(results))
    call_command("worker", once=True)
    assert seen == [0, 0, 0]


@pytest.mark.django_db
def test_steps_work_below_var_and_leave_nothing(
    var: Path, request_video, prepared: Photo, studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    used: list[list[Path]] = []
    studio.before = lambda report: used.append(folders(var))
    video = request_video()
    while work_once():
        pass
    video.refresh_from_db()
    assert (video.status, len(used[0]), folders(var), list(elsewhere.iterdir())) == ("succeeded", 1, [], [])
