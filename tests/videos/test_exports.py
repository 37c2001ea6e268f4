"""Exports: other files of a ready video, made on request by the worker, for no credit."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from credits import ledger
from tests.storage.hooked_storage import hook
from tests.videos.conftest import QuickStudio
from tests.xmp import PROVIDER, STUDIO, source_type
from videos.models import ExportKind, Photo, StoredFileDeletion, Video, VideoExport
from videos.operations import audit
from videos.worker.exports import GIF_BYTES, STICKER_BYTES
from videos.worker.runner import MAX_ATTEMPTS, work_once

FRAGMENT = {"HX-Request": "true"}
# The size of the files, and what Pillow says of them.
KINDS = [("still", "PNG", "image/png"), ("gif", "GIF", "image/gif"), ("sticker", "WEBP", "image/webp")]


def ask(client: Client, video: Video, kind: str) -> Any:
    return client.post(reverse("videos:ask_export", args=[video.pk, kind]), headers=FRAGMENT)


def content_of(client: Client, video: Video, kind: str) -> bytes:
    return b"".join(client.get(reverse("videos:export", args=[video.pk, kind])).streaming_content)


@pytest.fixture
def from_provider(ready: Video) -> Video:
    Video.objects.filter(pk=ready.pk).update(provider="runway")
    ready.refresh_from_db()
    return ready


@pytest.mark.engine
@pytest.mark.parametrize(("kind", "image_format", "content_type"), KINDS)
def test_a_file_is_made_on_request(
    as_owner: Client, owner: User, ready: Video, kind: str, image_format: str, content_type: str
) -> None:
    balance = ledger.balance_of(owner)
    url = reverse("videos:export", args=[ready.pk, kind])
    assert as_owner.get(url).status_code == 404
    pending = ask(as_owner, ready, kind).content.decode()
    assert ("on its way" in pending, "data-hx-trigger" in pending) == (True, True)
    assert work_once(queue="render") is True
    section = as_owner.get(reverse("videos:exports", args=[ready.pk]), headers=FRAGMENT).content.decode()
    assert (url in section, "data-hx-trigger" in section) == (True, False)
    response = as_owner.get(url)
    content = b"".join(response.streaming_content)
    assert response.headers["Content-Type"] == content_type
    name = f"petgroove-disco-{ExportKind(kind).file_name}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert (Image.open(BytesIO(content)).format, source_type(content)) == (image_format, STUDIO)
    assert len(content) <= {"sticker": STICKER_BYTES}.get(kind, GIF_BYTES)
    export = VideoExport.objects.get()
    assert (export.size, export.due_at, export.attempts) == (len(content), None, 0)
    assert ledger.balance_of(owner) == balance
    assert work_once(queue="render") is False


@pytest.mark.engine
def test_the_same_dance_in_another_format(as_owner: Client, ready: Video, studio: QuickStudio) -> None:
    ask(as_owner, ready, "wide")
    assert work_once(queue="render") is True
    (order,) = studio.orders
    assert (order.format.slug, order.seed, order.dance.slug, order.seconds) == ("wide", ready.seed, ready.dance, 5)
    content = content_of(as_owner, ready, "wide")
    assert (content, source_type(content)) == (studio.clip, STUDIO)


@pytest.mark.engine
def test_a_second_request_makes_nothing_new(as_owner: Client, ready: Video) -> None:
    for _ in range(2):
        ask(as_owner, ready, "still")
    assert VideoExport.objects.count() == 1
    work_once(queue="render")
    assert "data-hx-trigger" not in ask(as_owner, ready, "still").content.decode()
    assert (VideoExport.objects.count(), work_once(queue="render")) == (1, False)


def test_page_works_without_javascript(as_owner: Client, ready: Video) -> None:
    page = ready.get_absolute_url()
    response = as_owner.post(reverse("videos:ask_export", args=[ready.pk, "still"]))
    assert response.headers["Location"] == f"{page}#save"
    assert "See if it's ready" in as_owner.get(page).content.decode()
    assert as_owner.get(reverse("videos:exports", args=[ready.pk])).headers["Location"] == f"{page}#save"
    work_once(queue="render")
    assert reverse("videos:export", args=[ready.pk, "still"]) in as_owner.get(page).content.decode()


def test_stranger_can_neither_request_nor_see_a_file(as_owner: Client, as_stranger: Client, ready: Video) -> None:
    assert ask(as_stranger, ready, "still").status_code == 404
    assert not VideoExport.objects.exists()
    ask(as_owner, ready, "still")
    work_once(queue="render")
    for route, args in (("export", [ready.pk, "still"]), ("exports", [ready.pk])):
        assert as_stranger.get(reverse(f"videos:{route}", args=args)).status_code == 404
    assert Client().get(reverse("videos:export", args=[ready.pk, "still"])).status_code == 302


def test_what_cannot_be_made_is_not_offered(
    as_owner: Client, ready: Video, request_video: Callable[..., Video]
) -> None:
    assert ready.format == "tall"
    unfinished = request_video()
    for video, kind in ((ready, "tall"), (ready, "poster"), (unfinished, "still")):
        assert ask(as_owner, video, kind).status_code == 404
    assert "Save as" not in as_owner.get(unfinished.get_absolute_url()).content.decode()


def test_providers_clip_has_only_what_its_file_gives(as_owner: Client, from_provider: Video) -> None:
    for kind in ("sticker", "wide", "square"):
        assert ask(as_owner, from_provider, kind).status_code == 404
    for kind in ("gif", "still"):
        ask(as_owner, from_provider, kind)
        assert work_once(queue="render") is True
        assert source_type(content_of(as_owner, from_provider, kind)) == PROVIDER
    assert "Sticker" not in as_owner.get(from_provider.get_absolute_url()).content.decode()


def test_without_its_photo_a_video_keeps_what_was_made(as_owner: Client, ready: Video) -> None:
    ask(as_owner, ready, "sticker")
    work_once(queue="render")
    ask(as_owner, ready, "wide")
    ready.photo.delete_by_owner(timezone.now())
    assert work_once(queue="render") is True
    wide = VideoExport.objects.get(kind="wide")
    assert (wide.state, wide.file.name) == ("failed", "")
    assert ask(as_owner, ready, "square").status_code == 404
    assert source_type(content_of(as_owner, ready, "sticker")) == STUDIO


def test_failed_file_can_be_requested_again(as_owner: Client, ready: Video, studio: QuickStudio) -> None:
    ask(as_owner, ready, "wide")
    studio.raises = RuntimeError("no")
    for _ in range(MAX_ATTEMPTS):
        VideoExport.objects.update(due_at=ready.created_at)
        work_once(queue="render")
    assert VideoExport.objects.get().state == "failed"
    page = as_owner.get(ready.get_absolute_url()).content.decode()
    assert "That didn't work. Try again." in page
    studio.raises = None
    ask(as_owner, ready, "wide")
    assert work_once(queue="render") is True
    assert VideoExport.objects.get().state == "ready"


def test_requests_are_limited(as_owner: Client, ready: Video, settings: Any) -> None:
    settings.PREVIEWS_PER_HOUR = 2
    assert [ask(as_owner, ready, kind).status_code for kind in ("gif", "still", "wide")] == [200, 200, 429]
    assert VideoExport.objects.count() == 2


@pytest.mark.engine
def test_files_are_deleted_with_the_video(as_owner: Client, ready: Video) -> None:
    ask(as_owner, ready, "still")
    work_once(queue="render")
    ask(as_owner, ready, "gif")
    name = VideoExport.objects.get(kind="still").file.name
    assert default_storage.exists(name)
    assert ready.delete_by_owner(timezone.now())
    assert (VideoExport.objects.count(), default_storage.exists(name)) == (0, False)
    assert work_once(queue="render") is False


@pytest.mark.engine
def test_a_video_deleted_during_the_work_keeps_no_file(as_owner: Client, ready: Video, settings: Any) -> None:
    """The worker loses its claim, and the folder is deleted again after its lease."""
    ask(as_owner, ready, "still")
    hook(settings, stored=lambda name: Video.objects.get().delete_by_owner(timezone.now()))
    assert work_once(queue="render") is True
    hook(settings)
    assert VideoExport.objects.count() == 0
    StoredFileDeletion.objects.update(due_at=timezone.now())
    while work_once():
        pass
    assert list(default_storage.list_files(ready.storage_name(""))) == []


def test_a_request_that_meets_the_deletion_ends(ready: Video) -> None:
    ready.delete_by_owner(timezone.now())
    VideoExport.objects.request(ready, ExportKind.STILL, timezone.now())
    assert work_once(queue="render") is True
    assert VideoExport.objects.count() == 0


def test_files_are_neither_orphans_nor_violations(as_owner: Client, ready: Video) -> None:
    ask(as_owner, ready, "still")
    work_once(queue="render")
    assert list(audit.violations(timezone.now())) == []
    stored = {file.name: file for file in default_storage.list_files()}
    late = timezone.now() + 2 * audit.MIN_AGE
    assert list(audit.orphan_violations(stored, late)) == []


def test_photo_keeps_its_answer(as_owner: Client, ready: Video, studio: QuickStudio, tmp_path: Path) -> None:
    """A file in another format changes neither the video nor the photo."""
    before = Video.objects.values().get(), Photo.objects.values().get()
    ask(as_owner, ready, "square")
    work_once(queue="render")
    assert (Video.objects.values().get(), Photo.objects.values().get()) == before
