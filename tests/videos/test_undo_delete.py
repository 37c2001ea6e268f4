"""A deleted video is hidden immediately, can be restored for ten minutes, and is then erased."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from credits import ledger
from videos import clock
from videos.models import Video, VideoDeletion
from videos.models.deletions import UNDO_FOR
from videos.worker.runner import work_once

pytestmark = pytest.mark.engine

LATER = UNDO_FOR + timedelta(seconds=1)


def delete(client: Client, video: Video):
    return client.post(reverse("videos:delete", args=[video.pk]), follow=True)


def restore(client: Client, video: Video):
    return client.post(reverse("videos:restore", args=[video.pk]), follow=True)


def wait(video: Video, span: timedelta) -> None:
    """Let time pass for the deletion of ``video``."""
    deletion = VideoDeletion.objects.get(video=video)
    VideoDeletion.objects.filter(video=video).update(due_at=deletion.due_at - span)


def run_worker() -> None:
    while work_once():
        pass


def is_shown(client: Client, video: Video) -> list[bool]:
    """Return whether the gallery shows the video, and whether its page and its file exist."""
    gallery = client.get(reverse("videos:gallery")).context["videos"]
    file = client.get(reverse("videos:file", args=[video.pk]))
    has_bytes = file.streaming and len(b"".join(file.streaming_content)) == video.size
    return [video in gallery, client.get(video.get_absolute_url()).status_code == 200, has_bytes]


def test_deleted_video_is_hidden_and_offers_undo(as_owner: Client, ready: Video) -> None:
    page = delete(as_owner, ready).content.decode()
    assert "Video deleted." in page
    assert f'action="{reverse("videos:restore", args=[ready.pk])}"' in page
    assert is_shown(as_owner, ready) == [False, False, False]


def test_restored_video_is_back_with_its_link(as_owner: Client, client: Client, ready: Video) -> None:
    ready.enable_sharing()
    link = ready.share_link.get_absolute_url()
    delete(as_owner, ready)
    assert client.get(link).status_code == 404
    assert "Video restored." in restore(as_owner, ready).content.decode()
    assert is_shown(as_owner, ready) == [True, True, True]
    assert client.get(link).status_code == 200
    run_worker()
    assert is_shown(as_owner, ready) == [True, True, True]


def test_video_is_kept_for_ten_minutes_and_then_erased(as_owner: Client, ready: Video, owner: User) -> None:
    files = [ready.file.name, ready.poster.name]
    delete(as_owner, ready)
    wait(ready, UNDO_FOR - timedelta(seconds=30))
    run_worker()
    assert [default_storage.exists(name) for name in files] == [True, True]
    wait(ready, LATER)
    run_worker()
    ready.refresh_from_db()
    assert ready.deleted_at
    assert [default_storage.exists(name) for name in files] == [False, False]
    assert not VideoDeletion.objects.exists()
    assert ledger.balance_of(owner) == 4


def test_undo_is_too_late_once_a_worker_has_begun(as_owner: Client, ready: Video) -> None:
    delete(as_owner, ready)
    wait(ready, LATER)
    assert VideoDeletion.objects.claim_next(clock.now(), timedelta(minutes=1))
    assert not ready.restore()
    VideoDeletion.objects.update(due_at=clock.now())
    run_worker()
    assert "too late to undo" in restore(as_owner, ready).content.decode()
    assert is_shown(as_owner, ready) == [False, False, False]


def test_deleting_twice_and_restoring_twice_change_nothing(as_owner: Client, ready: Video) -> None:
    delete(as_owner, ready)
    assert delete(as_owner, ready).status_code == 404
    assert ready.delete_later(clock.now())
    assert VideoDeletion.objects.count() == 1
    restore(as_owner, ready)
    assert restore(as_owner, ready).status_code == 200
    assert is_shown(as_owner, ready) == [True, True, True]


def test_stranger_cannot_restore(as_owner: Client, as_stranger: Client, ready: Video) -> None:
    delete(as_owner, ready)
    assert restore(as_stranger, ready).status_code == 404
    assert "Undo" not in as_stranger.get(reverse("videos:gallery"), {"deleted": str(ready.pk)}).content.decode()
    assert is_shown(as_owner, ready) == [False, False, False]
