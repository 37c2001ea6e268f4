"""Rendering of a claimed video on this machine."""

from __future__ import annotations

import logging

from videos import clock
from videos.models import Step, Video
from videos.providers.registry import local_provider
from videos.worker import inputs, remote
from videos.worker.delivery import complete_video
from videos.worker.failing import fail_permanently
from videos.worker.keepalive import MAX_ATTEMPTS, DeadlineExceeded, ProgressReporter, ShouldStop
from videos.worker.work_folders import work_folder

log = logging.getLogger(__name__)


def advance_video(video: Video, should_stop: ShouldStop) -> None:
    """Advance a claimed video by one step. Raises exceptions that ``run_step`` records."""
    if video.is_remote:
        remote.advance(video, should_stop)
        return
    if clock.now() >= video.promised_by:
        raise DeadlineExceeded
    if video.attempts > MAX_ATTEMPTS:
        # Five workers claimed this video and none reported back; fail it so that it cannot block the queue.
        log.error("failed after too many attempts", extra={"video": video.pk, "attempt": video.attempts})
        fail_permanently(video, "studio")
        return
    if not video.step:
        video.start(Step.RENDERING, clock.now())
    with work_folder() as folder:
        file = folder / "dance.mp4"
        report = ProgressReporter(video, should_stop, deadline=video.promised_by)
        order = inputs.local_order(video, lambda progress: report(0.0))
        local_provider(video.provider).render(order, file, report)
        complete_video(video, file, video.seconds)
