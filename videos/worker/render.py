"""The state machine: claim one due row, do one step of it, record the outcome.

Everything slow (rendering, HTTP, storage) happens outside any transaction, under a lease that ``ProgressReporter``
keeps alive. Whoever lost the lease stops and writes nothing.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from django.utils import timezone

from videos.models import Step, Video
from videos.providers.registry import provider_named
from videos.worker import inputs, remote
from videos.worker.delivery import complete_video
from videos.worker.failing import fail_permanently
from videos.worker.keepalive import MAX_ATTEMPTS, DeadlineExceeded, ProgressReporter, ShouldStop

log = logging.getLogger(__name__)


def advance_video(video: Video, should_stop: ShouldStop) -> None:
    """Take a claimed video one step on. Raises what ``run_step`` knows how to record."""
    if video.is_remote:
        remote.advance(video, should_stop)
        return
    if timezone.now() >= video.promised_by:
        raise DeadlineExceeded
    if video.attempts > MAX_ATTEMPTS:
        # Five workers claimed it and none came back to say why: it is set aside, and the rest go on.
        log.error("failed after too many attempts", extra={"video": video.pk, "attempt": video.attempts})
        fail_permanently(video, "studio")
        return
    if not video.step:
        video.start(Step.RENDERING, timezone.now())
    with tempfile.TemporaryDirectory(prefix="petgroove-") as folder:
        file = Path(folder) / "dance.mp4"
        report = ProgressReporter(video, should_stop, deadline=video.promised_by)
        order = inputs.local_order(video, lambda progress: report(0.0))
        provider_named(video.provider).render(order, file, report)
        complete_video(video, file, video.seconds)
