"""Delivery of a finished video: add the music, say how it was made, verify and store the file, and mark it ready.

The studio is imported inside the functions, so that the web process may import this module and stay small.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from videos import clock, failpoints
from videos.models import Step, Video
from videos.models.leases import LeasedModel
from videos.providers.base import InvalidOutput, RemoteProvider, Report, Task
from videos.storage.base import StorageUnavailable
from videos.styles import Style
from videos.worker import keepalive, marking
from videos.worker.keepalive import ProgressReporter
from videos.worker.work_folders import work_folder

log = logging.getLogger(__name__)

# A clip may differ from the ordered duration by this many seconds.
DURATION_TOLERANCE = 0.5


def inspect_clip(video: Video, clip: Path, seconds: int, report: Report) -> bool:
    """Decode a remote provider's clip to its last frame, and return whether its sound can be used.

    Raises InvalidOutput unless it is whole, as ordered, and in a format that browsers play.
    """
    from videos.studio.encoding import inspection, mp4

    ordered = inspection.ClipShape(video.shape.width, video.shape.height, seconds)
    try:
        return inspection.inspect(clip, ordered, report)
    except mp4.InvalidVideo as error:
        raise InvalidOutput(str(error)) from error


def add_music(video: Video, clip: Path, into: Path, seconds: int, *, has_sound: bool) -> None:
    """Write ``clip`` to ``into``, with the dance's music unless it has sound already. Raises InvalidOutput."""
    from videos.studio.audio import music
    from videos.studio.encoding import mp4

    if has_sound:
        clip.replace(into)
        return
    try:
        mp4.add_soundtrack(clip, music.soundtrack(video.catalogue_dance, seconds, video.seed), into)
    except mp4.InvalidVideo as error:
        raise InvalidOutput(str(error)) from error


def verify_output(file: Path, seconds: int) -> dict[str, Any]:
    """Return the size and SHA-256 of a finished file.

    Raises InvalidOutput unless the file plays, has sound, and lasts ``seconds``.
    """
    from videos.studio.encoding import mp4

    try:
        probe = mp4.probe(file)
    except mp4.InvalidVideo as error:
        raise InvalidOutput(str(error)) from error
    if probe.audio_codec is None:
        raise InvalidOutput("the file has no sound")
    if abs(probe.seconds - seconds) > DURATION_TOLERANCE:
        raise InvalidOutput(f"the file is {probe.seconds:.2f} s long, {seconds} s were ordered")
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"size": probe.size, "sha256": sha256}


def store_files(video: Video, file: Path, *, is_signed: bool) -> dict[str, Any]:
    """Store the file and its poster under the video's fixed names and return those names.

    A repeated call overwrites both with the same bytes. A signature differs each time, so a signed file is named after
    the claim as well: a worker that has lost its lease cannot overwrite it. The lease is extended during the upload.
    Raises LeaseLost, StorageUnavailable if the storage did not keep all bytes, and any other storage error.
    """
    from videos.studio.encoding.mp4 import InvalidVideo
    from videos.studio.encoding.poster import poster

    try:
        frame = poster(file, poster_moments(video))
    except InvalidVideo as error:
        raise InvalidOutput(str(error)) from error
    still = marking.mark_jpeg(frame, video.source_type)
    names = {"poster": save_verified(video.storage_name("poster.jpg"), ContentFile(still), len(still))}
    with file.open("rb") as opened:
        name = video.storage_name(f"dance-{video.claim}.mp4" if is_signed else "dance.mp4")
        names["file"] = save_verified(name, LeaseExtendingFile(opened, video), file.stat().st_size)
    return names


def poster_moments(video: Video) -> list[float]:
    """Return the moments (0 to 1) of a clip at which its pet makes a good still. Those of a remote clip are unknown."""
    from videos.studio import moments

    if video.is_remote:
        return []
    style = Style(video.style or Style.WHOLE_PET)
    return moments.poster_moments(video.catalogue_dance, video.seconds, style, video.chosen_body)


def save_verified(name: str, content: File, size: int) -> str:
    """Store ``content``, check the stored size, and return the name. A storage may confirm a partial write.

    Raises StorageUnavailable.
    """
    name = default_storage.save(name, content)
    if (stored_size := default_storage.size(name)) != size:
        raise StorageUnavailable(f"{stored_size} of {size} bytes were stored of {name}")
    return name


class LeaseExtendingFile(File):
    """A file that extends its row's lease while it is read, since an upload may take longer than a lease."""

    def __init__(self, file: IO[bytes], row: LeasedModel) -> None:
        super().__init__(file)
        self.source, self.row, self.extended_at = file, row, -math.inf

    def read(self, size: int = -1) -> bytes:
        if time.monotonic() - self.extended_at >= keepalive.LEASE_EXTENSION_INTERVAL:
            self.extended_at = time.monotonic()
            self.row.heartbeat(clock.now(), settings.LEASE_DURATION)
        return self.source.read(size)


def complete_video(video: Video, file: Path, seconds: int, original: Path | None = None) -> None:
    """Write into the finished file how it was made, verify it, store it with its poster, and mark the video ready.

    ``original`` is the provider's clip that it was made from, if any.
    Raises InvalidOutput, LeaseLost, StorageUnavailable if only a part was stored, and any other storage error.
    """
    is_signed = marking.mark_video(file, video.source_type, original)
    file_fields = verify_output(file, seconds)
    now = clock.now()
    video.enter(Step.STORING, now, due_at=now + settings.LEASE_DURATION)
    names = store_files(video, file, is_signed=is_signed)
    failpoints.hit("files: stored")
    video.succeed(now=clock.now(), **file_fields, **names)
    failpoints.hit("end: ready")
    log.info("video ready", extra={"video": video.pk, "bytes": video.size})


def download_and_complete(
    video: Video, provider: RemoteProvider, task: Task, report: ProgressReporter, seconds: int
) -> None:
    """Download a remote task's clip, inspect it, add the dance's music if it is silent, and complete the video.

    Raises RequestFailed or InvalidOutput, for which a fresh poll may help, and the errors of ``report`` and
    ``complete_video``.
    """
    with work_folder() as folder:
        clip, file = folder / "clip.mp4", folder / "dance.mp4"
        provider.fetch(task, clip, report)
        failpoints.hit("clip: fetched")
        has_sound = inspect_clip(video, clip, seconds, report)
        add_music(video, clip, file, seconds, has_sound=has_sound)
        failpoints.hit("clip: with music")
        report(1.0)
        complete_video(video, file, seconds, clip if clip.exists() else None)
