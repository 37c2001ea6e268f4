"""The state machine: claim one due row, do one step of it, record the outcome.

Everything slow (rendering, HTTP, storage) happens outside any transaction, under a lease that ``Watch`` keeps alive.
Whoever lost the lease stops and writes nothing.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from django.utils import timezone

from videos.models import Step, Video
from videos.providers.registry import provider_named
from videos.worker import inputs, remote
from videos.worker.delivery import store
from videos.worker.failing import give_up
from videos.worker.keepalive import MAX_ATTEMPTS, Overdue, Stopping, Watch

log = logging.getLogger(__name__)


def advance_video(video: Video, stopping: Stopping) -> None:
    """Take a claimed video one step on. Raises what ``attempt`` knows how to record."""
    if video.is_remote:
        remote.advance(video, stopping)
        return
    if timezone.now() >= video.promised_by:
        raise Overdue
    if video.attempts > MAX_ATTEMPTS:
        # Five workers claimed it and none came back to say why: it is set aside, and the rest go on.
        log.error("set aside after too many claims", extra={"video": video.pk, "attempt": video.attempts})
        give_up(video, "studio")
        return
    if not video.step:
        video.start(Step.RENDERING, timezone.now())
    with tempfile.TemporaryDirectory(prefix="petgroove-") as folder:
        file = Path(folder) / "dance.mp4"
        watch = Watch(video, stopping, until=video.promised_by)
        order = inputs.order_for(video, lambda progress: watch(0.0))
        provider_named(video.provider).render(order, file, watch)
        store(video, file, video.seconds)
