"""From a finished file to a finished video: checked, given its music, stored, and only then called ready."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from videos import making, points
from videos.models import Step, Video
from videos.providers.base import RemoteProvider, Task
from videos.watch import Watch

log = logging.getLogger(__name__)


def store(video: Video, file: Path, seconds: int) -> None:
    """Check the finished file of so many seconds, put it and its poster under their names, and call the video ready.

    Raises BadOutput, LeaseLost, and whatever the storage raises; StorageAway where it kept only a part.
    """
    facts = making.checked(file, seconds)
    now = timezone.now()
    video.enter(Step.STORING, now, due_at=now + settings.LEASE)
    names = making.stored(video, file)
    points.at("files: stored")
    video.succeed(now=timezone.now(), **facts, **names)
    points.at("end: ready")
    log.info("ready", extra={"video": video.pk, "bytes": video.size})


def bring_home(video: Video, provider: RemoteProvider, task: Task, watch: Watch, seconds: int) -> None:
    """Fetch a remote task's clip of so many seconds, add the dance's music where it is silent, and store it.

    Raises Unreachable or BadOutput (a fresh poll may help), what ``watch`` raises, and what ``store`` raises.
    """
    with tempfile.TemporaryDirectory(prefix="petgroove-") as folder:
        clip, file = Path(folder) / "clip.mp4", Path(folder) / "dance.mp4"
        provider.fetch(task, clip, watch)
        points.at("clip: fetched")
        making.add_music(video, clip, file, seconds)
        points.at("clip: with music")
        watch(1.0)
        store(video, file, seconds)
