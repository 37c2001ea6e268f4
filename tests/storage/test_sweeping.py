"""`sweep_media`: files that no row names for more than a day go, and nothing else."""

import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from videos import sweep
from videos.models import Photo, Preview
from videos.steps import work_once

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


@pytest.fixture
def stored(storage: str, request_video, prepared: Photo, studio, monkeypatch) -> list[str]:
    """The files of a photo, a preview and a video, and one that no row names."""
    request_video()
    work_once()
    for part in ("mask.png", "sticker.webp", "disco-cutout.mp4"):
        default_storage.save(prepared.name_of(part), ContentFile(b"something"))
    Photo.objects.update(mask=prepared.name_of("mask.png"), sticker=prepared.name_of("sticker.webp"))
    Preview.objects.create(photo=prepared, dance="disco", cutout=True, file=prepared.name_of("disco-cutout.mp4"))
    named = [found.name for found in default_storage.everything()]
    default_storage.save("videos/nobody/dance.mp4", ContentFile(b"12345"))
    return named


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets so many seconds go by for the command."""

    def go(seconds: float) -> None:
        now = timezone.now() + timedelta(seconds=seconds)
        monkeypatch.setattr("videos.management.commands.sweep_media.timezone.now", lambda: now)

    return go


def names() -> list[str]:
    return sorted(found.name for found in default_storage.everything())


def test_nothing_is_deleted_without_being_asked_to(stored: list[str], later, capsys) -> None:
    later(DAY + 60)
    call_command("sweep_media")
    assert capsys.readouterr().out == (
        "Found 1 file that no row names (5 bytes). To delete: manage.py sweep_media --delete\n"
    )
    call_command("sweep_media", "--dry-run")
    assert len(names()) == len(stored) + 1


def test_what_no_row_has_named_for_a_day_is_deleted(stored: list[str], later, capsys, monkeypatch) -> None:
    monkeypatch.setattr(sweep, "BATCH", 2)
    later(DAY + 60)
    call_command("sweep_media", "--delete", "-v2")
    assert capsys.readouterr().out == "videos/nobody/dance.mp4\nDeleted 1 file that no row names (5 bytes).\n"
    assert names() == sorted(stored)
    call_command("sweep_media", "--delete")
    assert capsys.readouterr().out == "Every file in the storage has its row.\n"


def test_a_script_gets_one_document(stored: list[str], later, capsys) -> None:
    later(DAY + 60)
    files = [{"name": "videos/nobody/dance.mp4", "bytes": 5}]
    for flags, deleted in ((["-v2"], False), (["--delete"], True)):
        call_command("sweep_media", "--json", *flags)
        assert json.loads(capsys.readouterr().out) == {"deleted": deleted, "files": files}
    call_command("sweep_media", "--json")
    assert json.loads(capsys.readouterr().out) == {"deleted": False, "files": []}


def test_a_young_file_may_yet_get_its_row(stored: list[str], later, capsys) -> None:
    later(DAY - 60)
    call_command("sweep_media", "--delete")
    assert capsys.readouterr().out == "Every file in the storage has its row.\n"
    assert len(names()) == len(stored) + 1


def test_the_half_of_a_file_that_a_killed_worker_left_goes_too(photo: Photo, capsys) -> None:
    half = Path(default_storage.path(photo.name_of(".x.part")))
    half.write_bytes(b"half")
    os.utime(half, (time.time() - DAY - 60,) * 2)
    call_command("sweep_media", "--delete")
    assert not half.exists()
    assert default_storage.exists(photo.image.name)


def test_what_is_not_ours_is_left_alone(s3, later, capsys) -> None:
    default_storage.save("backups/all.tar", ContentFile(b"somebody else's"))
    later(2 * DAY)
    call_command("sweep_media", "--delete")
    assert default_storage.exists("backups/all.tar")


def test_a_storage_that_is_away_is_told(s3, photo: Photo) -> None:
    s3.fault = "down"
    with pytest.raises(CommandError, match="The storage is away after 0 files"):
        call_command("sweep_media")
