"""The api and render queues: provider calls never wait behind a rendering, nor renderings behind provider calls."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.remote.conftest import Site
from tests.videos.conftest import QuickStudio, photo_of
from videos.models import (
    Photo,
    Preview,
    ProviderStatus,
    ProviderTaskDeletion,
    StoredFileDeletion,
    Video,
    VideoNotification,
)
from videos.worker.runner import QUEUES, job_types, work_once

pytestmark = pytest.mark.django_db

ENDPOINTS = ("create", "task", "delete", "organization", "output")
type Rows = dict[type[Model], list[dict[str, Any]]]


@pytest.fixture
def remote(site: Site) -> list[Video]:
    return [site.video(), site.video()]


@pytest.fixture
def local(site: Site, remote: list[Video], request_video: Callable[..., Video], settings: Any) -> list[Video]:
    """Two videos of the embedded studio, queued behind the remote ones."""
    settings.VIDEO_PROVIDER = "studio"
    videos = [request_video(), request_video()]
    settings.VIDEO_PROVIDER = "runway"
    return videos


@pytest.fixture
def all_work(site: Site, remote: list[Video], local: list[Video], owner: User, studio: QuickStudio) -> None:
    """At least one due row of each kind of work."""
    now = timezone.now()
    ledger.grant(owner, 1, reason="For the tests", by=None)
    site.video().fail("studio", now)
    ProviderStatus.objects.for_provider("runway", now)
    ProviderTaskDeletion.objects.enqueue("runway", "unknown-task", now)
    StoredFileDeletion.objects.enqueue("videos/nobody/", now)
    StoredFileDeletion.objects.update(due_at=now)
    choice = {"cutout": True, "format": "tall", "focus_x": 0.5, "focus_y": 0.5}
    # Skip the cutout, which would take half a second in either queue.
    photo = photo_of(owner)
    Photo.objects.filter(pk=photo.pk).update(cutout_info={"mode": "print", "heads": []})
    Preview.objects.create(photo=photo, dance="disco", due_at=now, **choice)


def rows_of(videos: list[Video], *others: type[Model]) -> Rows:
    """Return these videos and all rows of the other models, with all their values."""
    names = [video.pk for video in videos]
    rows = {Video: list(Video.objects.filter(pk__in=names).order_by("pk").values())}
    return rows | {kind: list(kind._default_manager.order_by("pk").values()) for kind in others}


def work(queue: str) -> None:
    """Run a worker of the queue until nothing is due."""
    for rotation in range(200):
        if not work_once(queue=queue, rotation=rotation):
            return
    raise AssertionError("the worker never rests")


def test_api_worker_renders_nothing(
    all_work: None, remote: list[Video], local: list[Video], studio: QuickStudio
) -> None:
    before = rows_of(local, Photo, Preview)
    assert [len(rows) for rows in before.values()] == [2, 2, 1]
    work("api")
    assert rows_of(local, Photo, Preview) == before
    assert studio.orders == []
    assert set(Video.objects.filter(provider="runway").values_list("submissions", flat=True)) == {0, 1}
    assert not VideoNotification.objects.exclude(due_at=None).exists()
    assert (len(mail.outbox), ProviderTaskDeletion.objects.count(), StoredFileDeletion.objects.count()) == (1, 0, 0)


def test_render_worker_polls_nothing_and_sends_no_mail(
    all_work: None, site: Site, remote: list[Video], local: list[Video], studio: QuickStudio
) -> None:
    notifications = VideoNotification.objects.count()
    before = rows_of(remote, ProviderStatus, ProviderTaskDeletion, StoredFileDeletion)
    assert [len(rows) for rows in before.values()] == [2, 1, 1, 1]
    work("render")
    assert rows_of(remote, ProviderStatus, ProviderTaskDeletion, StoredFileDeletion) == before
    assert [site.fake_server.calls(endpoint) for endpoint in ENDPOINTS] == [0] * len(ENDPOINTS)
    assert mail.outbox == []
    # Each finished video enqueued a notification, and none was claimed.
    assert list(VideoNotification.objects.values_list("claim", "sent_at")) == [(0, None)] * (notifications + 2)
    assert {order.video_id for order in studio.orders} == {str(video.pk) for video in local}
    assert not Photo.objects.exclude(due_at=None).exists()
    assert Preview.objects.get().due_at is None


def test_both_together_finish_everything(
    all_work: None, site: Site, remote: list[Video], local: list[Video], owner: User
) -> None:
    for _ in range(20):
        site.fake_server.advance(6)
        Video.objects.unfinished().update(due_at=timezone.now())
        work("api")
        work("render")
        if not Video.objects.unfinished().exists():
            break
    assert set(Video.objects.exclude(status="failed").values_list("status", flat=True)) == {"succeeded"}
    assert Video.objects.filter(status="succeeded").count() == len(remote) + len(local)
    for kind in (Video, VideoNotification, StoredFileDeletion, ProviderTaskDeletion, Preview, Photo):
        assert not kind.objects.filter(due_at__lte=timezone.now()).exists(), kind
    assert len(mail.outbox) == Video.objects.count()
    site.verify()


def test_each_kind_of_work_is_in_exactly_one_queue() -> None:
    assert QUEUES == ("all", "api", "render")
    kinds = {queue: {(rows.model, advance) for rows, advance in job_types(queue)} for queue in QUEUES}
    assert kinds["api"] | kinds["render"] == kinds["all"]
    assert {model for model, _ in kinds["api"] & kinds["render"]} == {Video}
