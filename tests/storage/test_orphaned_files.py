"""`delete_orphaned_files` deletes files that are older than a day and referenced by no row, and nothing else."""

import json
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.storage.conftest import bucket_is_slow
from videos.models import Photo, Preview
from videos.operations import orphaned_files
from videos.worker.runner import work_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(storage: str, request_video, prepared: Photo, studio) -> list[str]:
    """Store the files of a photo, a preview and a video, and an orphaned file. Return the names of the former."""
    request_video()
    work_once()
    for part in ("mask.png", "sticker.webp", "head.webp", "disco-cutout.mp4"):
        default_storage.save(prepared.storage_name(part), ContentFile(b"something"))
    parts = {"mask": "mask.png", "sticker": "sticker.webp", "head_sticker": "head.webp"}
    Photo.objects.update(**{field: prepared.storage_name(part) for field, part in parts.items()})
    Preview.objects.create(photo=prepared, dance="disco", cutout=True, file=prepared.storage_name("disco-cutout.mp4"))
    referenced = [stored.name for stored in default_storage.list_files()]
    default_storage.save("videos/nobody/dance.mp4", ContentFile(b"12345"))
    return referenced


def names() -> list[str]:
    return sorted(stored.name for stored in default_storage.list_files())


@bucket_is_slow
def test_dry_run_deletes_nothing(stored: list[str], pass_time, capsys) -> None:
    pass_time(timedelta(days=1, minutes=1))
    call_command("delete_orphaned_files")
    assert capsys.readouterr().out == (
        "Found 1 orphaned file (5 bytes). To delete: manage.py delete_orphaned_files --delete\n"
    )
    call_command("delete_orphaned_files", "--dry-run")
    assert len(names()) == len(stored) + 1


@pytest.mark.engine
def test_files_orphaned_for_a_day_are_deleted(stored: list[str], pass_time, capsys) -> None:
    pass_time(timedelta(days=1, minutes=1))
    call_command("delete_orphaned_files", "--delete", "-v2")
    assert capsys.readouterr().out == "videos/nobody/dance.mp4\nDeleted 1 orphaned file (5 bytes).\n"
    assert names() == sorted(stored)
    call_command("delete_orphaned_files", "--delete")
    assert capsys.readouterr().out == "No orphaned files found.\n"


@bucket_is_slow
@pytest.mark.engine
def test_files_are_looked_up_in_batches(stored: list[str]) -> None:
    now = timezone.now() + timedelta(days=1, minutes=1)
    assert [stored.name for stored in orphaned_files.orphaned_files(now, batch=2)] == ["videos/nobody/dance.mp4"]


@bucket_is_slow
def test_json_output_is_one_document(stored: list[str], pass_time, capsys) -> None:
    pass_time(timedelta(days=1, minutes=1))
    files = [{"name": "videos/nobody/dance.mp4", "bytes": 5}]
    for flags, deleted in ((["-v2"], False), (["--delete"], True)):
        call_command("delete_orphaned_files", "--json", *flags)
        assert json.loads(capsys.readouterr().out) == {"deleted": deleted, "files": files}
    call_command("delete_orphaned_files", "--json")
    assert json.loads(capsys.readouterr().out) == {"deleted": False, "files": []}


@bucket_is_slow
def test_recent_files_are_kept(stored: list[str], pass_time, capsys) -> None:
    pass_time(timedelta(hours=23, minutes=59))
    call_command("delete_orphaned_files", "--delete")
    assert capsys.readouterr().out == "No orphaned files found.\n"
    assert len(names()) == len(stored) + 1


def test_partial_files_of_killed_workers_are_deleted(photo: Photo, capsys) -> None:
    partial = Path(default_storage.path(photo.storage_name(".x.part")))
    partial.write_bytes(b"half")
    os.utime(partial, (time.time() - 24 * 3600 - 60,) * 2)
    call_command("delete_orphaned_files", "--delete")
    assert not partial.exists()
    assert default_storage.exists(photo.image.name)


def test_foreign_files_are_kept(s3, pass_time, capsys) -> None:
    default_storage.save("backups/all.tar", ContentFile(b"somebody else's"))
    pass_time(timedelta(days=2))
    call_command("delete_orphaned_files", "--delete")
    assert default_storage.exists("backups/all.tar")


def test_storage_outage_is_reported(s3, photo: Photo) -> None:
    s3.fault = "down"
    with pytest.raises(CommandError, match="The storage became unavailable after 0 files"):
        call_command("delete_orphaned_files")
