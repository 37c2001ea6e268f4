"""The percentage of an unfinished video never falls, and the estimate follows the video's own pace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from videos.models import Photo, Video
from videos.models.choices import FallbackReason
from videos.progress import percent_of, timeline_of
from videos.worker.keepalive import ProgressReporter
from videos.worker.runner import work_once

LEASE_DURATION = timedelta(seconds=60)


@pytest.fixture
def video(request_video, prepared: Photo) -> Video:
    return request_video()


def shown_percent(video: Video) -> int:
    video.refresh_from_db()
    return percent_of(video)


def report(video: Video, progress: float) -> int:
    """Report as a worker that has just claimed the video, and return the percentage shown."""
    ProgressReporter(video, should_stop=lambda: False)(progress)
    return shown_percent(video)


def claim(video: Video) -> Video:
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
    return Video.objects.claim_next(timezone.now(), LEASE_DURATION)


@pytest.mark.engine
def test_percentage_never_falls_when_another_worker_starts_again(video: Video) -> None:
    first = claim(video)
    first.start("rendering", timezone.now())
    seen = [shown_percent(video), report(first, 0.0), report(first, 0.6)]
    second = claim(video)
    reports = [0.0, 0.1, 0.5, 0.9, 1.0]
    reporter = ProgressReporter(second, should_stop=lambda: False)
    for progress in reports:
        reporter.extended_at = 0.0
        reporter(progress)
        seen.append(shown_percent(video))
    assert seen == sorted(seen)
    assert seen[2:4] == [59, 59]
    # The bar of a second attempt moves all the time, although it has less way to go.
    assert len(set(seen[3:])) == len(reports)


@pytest.mark.engine
def test_percentage_never_falls_in_the_queue(video: Video) -> None:
    claimed = claim(video)
    claimed.start("rendering", timezone.now())
    before = report(claimed, 0.7)
    claimed.fall_back_to_studio(FallbackReason.BUSY, timezone.now())
    assert (Video.objects.get().status, shown_percent(video)) == ("queued", before)


@pytest.mark.engine
def test_failed_renderings_keep_the_percentage(video: Video, studio) -> None:
    seen = []

    def fail_later(report) -> None:
        report(0.4)
        seen.append(shown_percent(video))
        raise RuntimeError("broken")

    studio.before = fail_later
    for _ in range(3):
        Video.objects.update(due_at=timezone.now())
        work_once()
        seen.append(shown_percent(video))
    assert seen == sorted(seen)
    assert seen[0] == 40


def rendering(video: Video, progress: float, elapsed: float) -> Video:
    """Return the video as it is after ``elapsed`` seconds of rendering."""
    fields = {"status": "processing", "step": "rendering", "progress": progress}
    Video.objects.update(started_at=timezone.now() - timedelta(seconds=elapsed), **fields)
    video.refresh_from_db()
    return video


def seconds_left(video: Video) -> float:
    assert video.started_at
    elapsed = timezone.now() - video.started_at
    left = timeline_of(video, video.started_at + elapsed).ready_in
    assert left is not None
    return left.total_seconds()


@pytest.mark.parametrize(("progress", "elapsed", "left"), [(0.5, 10, 10), (0.5, 20, 20), (0.8, 4, 1), (0.4, 30, 45)])
def test_estimate_follows_the_pace(video: Video, progress: float, elapsed: float, left: float) -> None:
    # The usual time is 20 seconds.
    assert seconds_left(rendering(video, progress, elapsed)) == pytest.approx(left, abs=2)


def test_estimate_of_a_steady_rendering_shrinks(video: Video) -> None:
    # Three times as long as usual.
    left = [seconds_left(rendering(video, second / 60, second)) for second in range(20, 60, 5)]
    assert left == sorted(left, reverse=True)
    assert left[0] == pytest.approx(40, rel=0.1)


def test_no_estimate_is_shown_once_it_is_used_up(video: Video) -> None:
    timeline = timeline_of(rendering(video, 0.0, 25), timezone.now())
    assert (timeline.slow, timeline.estimate) == (False, "")


def test_pace_of_a_requeued_video_is_unknown(video: Video) -> None:
    Video.objects.update(step_history=[["rendering", ""], ["queued", ""], ["rendering", ""]])
    assert seconds_left(rendering(video, 0.9, 5)) == pytest.approx(15, rel=0.1)


def test_the_line_to_smile_at_changes(video: Video) -> None:
    cheers = [timeline_of(video, video.created_at + timedelta(seconds=second)).cheer for second in (0, 3, 7, 13)]
    assert cheers[0] == cheers[1]
    assert len(set(cheers)) == 3
