"""The steps of the worker from a queued video to a stored file, and how it handles failures."""

import hashlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Entry
from tests.videos.conftest import blocked_folder, finish, render_video
from videos import dances, failpoints
from videos.models import Photo, Video
from videos.providers.base import Interrupted, InvalidOutput
from videos.worker import keepalive, runner
from videos.worker.runner import MAX_ATTEMPTS, work_once

pytestmark = pytest.mark.engine


@pytest.fixture
def video(request_video, prepared: Photo) -> Video:
    return request_video()


def refreshed(video: Video) -> Video:
    video.refresh_from_db()
    return video


def make_due(video: Video) -> None:
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now())


def refunds(video: Video) -> int:
    return Entry.objects.filter(reference=f"video:{video.pk}:refund").count()


def test_queued_video_becomes_a_stored_file(video: Video, studio, clip: bytes, owner: User) -> None:
    assert work_once() is True
    refreshed(video)
    assert (video.status, video.step, video.due_at, video.progress) == ("succeeded", "", None, 1.0)
    assert (video.file.name, video.poster.name) == (f"videos/{video.pk}/dance.mp4", f"videos/{video.pk}/poster.jpg")
    with default_storage.open(video.file.name) as stored:
        assert stored.read() == clip
    assert (video.size, video.sha256) == (len(clip), hashlib.sha256(clip).hexdigest())
    with default_storage.open(video.poster.name) as stored:
        assert stored.read(3) == b"\xff\xd8\xff"
    assert video.created_at <= video.started_at <= video.finished_at
    assert (ledger.balance_of(owner), refunds(video)) == (4, 0)
    assert work_once(queue="render") is False


def test_ready_fixture_matches_a_worker_result(request_video, prepared: Photo, studio, clip) -> None:
    """``finish`` completes a video without the worker and must produce the same row and files."""
    rendered = render_video(request_video())
    fixture = finish(request_video(), clip)
    excluded = {"id", "idempotency_key", "seed", "claim", "attempts", "file", "poster", "step_history"}
    excluded |= {name for name in Video.objects.values().first() if name.endswith(("_at", "_by"))}
    one, other = (Video.objects.filter(pk=video.pk).values().get() for video in (rendered, fixture))
    assert [name for name in one if name not in excluded and one[name] != other[name]] == []
    assert [step for step, _ in rendered.step_history] == [step for step, _ in fixture.step_history]
    assert (fixture.due_at, fixture.file.name, fixture.poster.name) == (
        None, fixture.storage_name("dance.mp4"), fixture.storage_name("poster.jpg")
    )  # fmt: skip
    with rendered.file.open() as stored, fixture.file.open() as copy:
        assert stored.read() == copy.read()
    with rendered.poster.open() as stored, fixture.poster.open() as copy:
        assert stored.read(3) == copy.read(3)


def test_studio_receives_frame_and_choice(video: Video, studio) -> None:
    work_once()
    [order] = studio.orders
    assert (order.dance.slug, order.format.slug, order.seconds, order.seed) == ("disco", "tall", 5, video.seed)
    assert (order.video_id, order.subject.cutout, order.subject.mask, order.subject.whole) == (
        str(video.pk),
        True,
        None,
        None,
    )
    from videos import formats, photos

    with video.photo.image.open() as file:
        expected = photos.exact_frame(file.read(), formats.BY_SLUG["tall"], video.photo.focus)
    assert order.subject.frame == expected


def test_rendering_progress_is_stored(video: Video, studio) -> None:
    seen = []
    studio.before = lambda report: (report(0.46), seen.append(Video.objects.get().progress))
    work_once()
    assert seen == [0.46]


def test_long_rendering_keeps_its_lease(video: Video, studio) -> None:
    def slow(report) -> None:
        make_due(video)
        report(0.5)
        due_for_others.append(Video.objects.due(timezone.now()).exists())

    due_for_others: list[bool] = []
    studio.before = slow
    work_once()
    assert due_for_others == [False]
    assert refreshed(video).status == "succeeded"


def test_failing_studio_is_retried_and_succeeds(video: Video, studio) -> None:
    studio.raises = InvalidOutput("no frame")
    work_once()
    refreshed(video)
    assert (video.status, video.attempts) == ("processing", 1)
    assert timedelta(seconds=1) < video.due_at - timezone.now() < timedelta(seconds=3)
    assert work_once() is False
    studio.raises = None
    make_due(video)
    work_once()
    assert refreshed(video).status == "succeeded"


def test_constantly_failing_studio_refunds(video: Video, studio, owner: User) -> None:
    studio.raises = InvalidOutput("no frame")
    for _ in range(MAX_ATTEMPTS):
        make_due(video)
        work_once()
    refreshed(video)
    assert (video.status, video.error_code, video.due_at) == ("failed", "studio", None)
    assert video.error_message.startswith("Something went wrong in our studio.")
    assert (ledger.balance_of(owner), refunds(video)) == (5, 1)
    assert work_once(queue="render") is False


def test_retry_delays_grow_up_to_a_maximum() -> None:
    for attempts, seconds in ((1, 2), (2, 4), (3, 8), (5, 32), (9, 60)):
        delay = keepalive.backoff(attempts).total_seconds()
        assert 0.75 * seconds <= delay <= 1.25 * seconds


def test_poison_video_fails_and_others_continue(video: Video, studio, request_video, owner: User) -> None:
    for _ in range(MAX_ATTEMPTS):
        # Claimed by a worker that died.
        assert Video.objects.claim_next(timezone.now(), timedelta(0))
    other = request_video()
    assert [work_once(queue="render") for _ in range(3)] == [True, True, False]
    assert (refreshed(video).status, refreshed(other).status) == ("failed", "succeeded")
    assert [order.video_id for order in studio.orders] == [str(other.pk)]
    assert (ledger.balance_of(owner), refunds(video), refunds(other)) == (4, 1, 0)


def test_late_video_is_refunded(video: Video, studio, owner: User) -> None:
    Video.objects.update(promised_by=timezone.now())
    work_once()
    refreshed(video)
    assert (video.status, video.error_code, refunds(video), ledger.balance_of(owner)) == ("failed", "late", 1, 5)
    assert studio.orders == []


def test_deadline_stops_a_long_rendering(video: Video, studio, pass_time) -> None:
    def until_the_promise_passes(report) -> None:
        pass_time(settings.PROMISE_WINDOW)
        report(0.9)

    studio.before = until_the_promise_passes
    work_once()
    assert (refreshed(video).status, video.error_code, refunds(video)) == ("failed", "late", 1)


def test_stopped_worker_releases_its_video(video: Video, studio) -> None:
    should_stop = iter([False, True])
    studio.before = lambda report: (report(0.5), report(0.6))
    work_once(lambda: next(should_stop))
    refreshed(video)
    assert (video.status, video.step, video.attempts) == ("processing", "rendering", 0)
    assert video.due_at <= timezone.now()
    work_once()
    assert refreshed(video).status == "succeeded"


def test_interrupted_rendering_is_no_failure(video: Video, studio) -> None:
    studio.raises = Interrupted("asked to stop")
    for _ in range(MAX_ATTEMPTS + 2):
        work_once()
    assert (refreshed(video).status, video.attempts) == ("processing", 0)


@pytest.mark.parametrize("broken", ["cut short", "not a video", "empty"])
def test_unplayable_file_is_never_delivered(video: Video, studio, clip: bytes, broken: str) -> None:
    studio.clip = {"cut short": clip[: len(clip) // 2], "not a video": b"<html>" * 500, "empty": b""}[broken]
    work_once()
    assert (refreshed(video).status, video.file.name, video.attempts) == ("processing", "", 1)
    assert not default_storage.exists(video.storage_name("dance.mp4"))


def test_storage_outage_delays_the_video(video: Video, studio, owner: User) -> None:
    with blocked_folder("videos"):
        work_once()
    assert (refreshed(video).status, video.file.name) == ("processing", "")
    make_due(video)
    work_once()
    assert refreshed(video).status == "succeeded"
    assert (ledger.balance_of(owner), refunds(video)) == (4, 0)


def test_crash_before_success_reuses_the_file_name(video: Video, studio, clip: bytes, monkeypatch) -> None:
    def crash(point: str) -> None:
        if point == "files: stored":
            raise ConnectionError("killed")

    with monkeypatch.context() as during:
        # The product's own hook, with which tests crash a worker at a named point.
        during.setattr(failpoints, "hook", crash)
        work_once()
    assert default_storage.exists(refreshed(video).storage_name("dance.mp4"))
    assert video.status == "processing"
    make_due(video)
    work_once()
    refreshed(video)
    assert (video.status, video.file.name) == ("succeeded", video.storage_name("dance.mp4"))
    assert sorted(default_storage.listdir(f"videos/{video.pk}")[1]) == ["dance.mp4", "poster.jpg"]


def test_longest_due_goes_first(request_video, prepared: Photo, studio) -> None:
    now = timezone.now()
    later, sooner = request_video(now=now), request_video(now=now - timedelta(seconds=5))
    work_once()
    work_once()
    assert [order.video_id for order in studio.orders] == [str(sooner.pk), str(later.pk)]


def test_no_kind_of_work_starves_another(request_video, prepared: Photo, studio, owner: User) -> None:
    """A preview is rendered even while new videos keep arriving."""
    preview = prepared.preview_of(dances.BY_SLUG["disco"], timezone.now())
    ledger.grant(owner, 10, reason="For the tests", by=None)
    for _ in range(12):
        request_video()
    kinds = len(runner.job_types("all"))
    for number in range(kinds):
        work_once(rotation=number)
    preview.refresh_from_db()
    assert not preview.is_pending
    assert Video.objects.filter(status="queued").exists()
