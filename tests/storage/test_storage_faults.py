"""A storage that is slow, hangs or truncates files: no video succeeds before its files are stored completely."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.config import Config
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from credits import audit as credits_audit
from credits import ledger
from tests.storage.hooked_storage import hook
from tests.storage.s3 import S3
from tests.videos.conftest import QuickStudio
from tests.videos.processes import PATIENCE
from videos.models import Photo, Video
from videos.operations import audit
from videos.storage.s3 import PrivateS3Storage
from videos.worker.runner import work_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(storage: str, request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio) -> Video:
    """A queued video. Its files are stored in the storage of the test."""
    return request_video()


def work(video: Video) -> Video:
    """Run the next step now, even if it was delayed."""
    Video.objects.unfinished().update(due_at=timezone.now())
    work_once(queue="render")
    video.refresh_from_db()
    return video


def assert_complete(video: Video, clip: bytes, owner: User) -> None:
    assert video.status == "succeeded"
    with default_storage.open(video.file.name) as file:
        assert file.read() == clip
    assert default_storage.size(video.poster.name) > 500
    assert ledger.balance_of(owner) == 4
    assert [*credits_audit.violations(), *audit.violations(timezone.now())] == []


@pytest.mark.parametrize("part", ["dance.mp4", "poster.jpg"])
def test_truncated_file_is_no_video(video: Video, part: str, clip: bytes, owner: User, settings: Any) -> None:
    def halve(name: str, content: File) -> File:
        data = content.read()
        return ContentFile(data[: len(data) // 2] if name.endswith(part) else data)

    hook(settings, storing=halve)
    assert work(video).status == "processing"
    hook(settings)
    assert ledger.balance_of(owner) == 4
    assert_complete(work(video), clip, owner)


def test_truncated_upload_is_repeated(
    s3: S3, request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio, clip: bytes, owner: User
) -> None:
    video = request_video()
    s3.fault = "upload halved"
    assert work(video).status == "processing"
    s3.fault = ""
    assert_complete(work(video), clip, owner)


def test_hanging_bucket_is_retried_later(
    s3: S3, request_video: Callable[..., Video], prepared: Photo, studio: QuickStudio, clip: bytes, owner: User,
    settings: Any,
) -> None:  # fmt: skip
    video = request_video()
    short_timeout = PrivateS3Storage.client_config.merge(
        Config(read_timeout=2, retries={"max_attempts": 1, "mode": "standard"})
    )
    storages = settings.STORAGES
    settings.STORAGES = storages | {
        "default": storages["default"] | {"OPTIONS": storages["default"]["OPTIONS"] | {"client_config": short_timeout}}
    }
    s3.fault = "upload stalled"
    assert work(video).status == "processing"
    s3.fault = ""
    s3.release.set()
    assert s3.arrived.wait(PATIENCE)  # The stalled upload arrives late and must do no harm.
    settings.STORAGES = storages
    assert_complete(work(video), clip, owner)


def test_long_upload_keeps_its_lease(video: Video, clip: bytes, owner: User, settings: Any) -> None:
    """The lease is extended even if it expires when the upload begins."""
    remaining = []

    def begin(name: str, content: File) -> File:
        if name.endswith("dance.mp4"):
            Video.objects.update(due_at=timezone.now())
        return content

    def end(name: str) -> None:
        if name.endswith("dance.mp4"):
            remaining.append(Video.objects.get().due_at - timezone.now())

    hook(settings, storing=begin, stored=end)
    assert_complete(work(video), clip, owner)
    assert len(remaining) == 1
    assert remaining[0] > timedelta(seconds=10)
