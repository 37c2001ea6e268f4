"""Exports: other files of a ready video. Whole videos and stickers are danced once more; the rest comes from its file.

The studio is imported inside the functions, so that the web process may import this module and stay small.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from videos import dances, formats
from videos.models import ExportKind, Video, VideoExport
from videos.models.export import possible_kinds
from videos.provenance import xmp_packet
from videos.providers.base import Order, Report
from videos.providers.registry import STUDIO, local_provider
from videos.worker import marking
from videos.worker.delivery import LeaseExtendingFile, poster_moments, save_verified, verify_output
from videos.worker.failing import fail_permanently
from videos.worker.inputs import ensure_prepared, order_in
from videos.worker.keepalive import MAX_ATTEMPTS, ProgressReporter, ShouldStop
from videos.worker.work_folders import work_folder

# WhatsApp's limit for an animated sticker, and ours for a GIF, which many sites refuse when it is larger. In bytes.
STICKER_BYTES, GIF_BYTES = 500_000, 5_000_000
# What the marks of a file may add to it.
MARKS = 20_000


def advance_export(export: VideoExport, should_stop: ShouldStop) -> None:
    video = export.video
    if video.deleted_at:
        # It was requested while the video was deleted.
        export.claimed.delete()
        return
    # The photo may have been deleted since the request.
    if export.choice not in possible_kinds(video) or export.attempts > MAX_ATTEMPTS:
        fail_permanently(export, "studio")
        return
    report = ProgressReporter(export, should_stop)
    report(0.0)
    with work_folder() as folder:
        file = folder / export.choice.file_name
        make_export(export, file, report)
        size = file.stat().st_size
        with file.open("rb") as opened:
            name = save_verified(export.storage_name, LeaseExtendingFile(opened, export), size)
    export.update_claimed(file=name, size=size, due_at=None, attempts=0)


def make_export(export: VideoExport, file: Path, report: Report) -> None:
    """Write the marked file to ``file``. Raises the errors of ``report`` and of the studio."""
    video, kind = export.video, export.choice
    if kind.shape:
        make_video(video, kind.shape, file, report)
    elif kind is ExportKind.STICKER:
        file.write_bytes(make_sticker(video, report))
    else:
        clip = file.with_name("dance.mp4")
        with video.file.open("rb") as stored, clip.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        file.write_bytes(make_gif(video, clip, report) if kind is ExportKind.GIF else make_still(video, clip))


def order_again(video: Video, shape: formats.Format, report: Report) -> Order:
    """Return the order for the same dance in another format."""
    ensure_prepared(video.photo, report)
    return order_in(video, shape)


def make_video(video: Video, shape: formats.Format, file: Path, report: Report) -> None:
    local_provider(STUDIO).render(order_again(video, shape, report), file, report)
    marking.mark_video(file, video.source_type)
    verify_output(file, video.seconds)


def make_sticker(video: Video, report: Report) -> bytes:
    from videos.studio.sticker import sticker
    from videos.worker import signing

    order = order_again(video, formats.BY_SLUG["square"], report)
    webp = sticker(
        order.subject,
        dance=dances.BY_SLUG[video.dance],
        seed=order.seed,
        limit=STICKER_BYTES - MARKS,
        packet=xmp_packet(video.source_type),
        report=lambda: report(0.0),
    )
    return signing.sign_picture(webp, "image/webp", video.source_type, STICKER_BYTES)


def make_gif(video: Video, clip: Path, report: Report) -> bytes:
    from videos.studio.encoding import xmp
    from videos.studio.encoding.gif import gif
    from videos.worker import signing

    marked = xmp.mark_gif(gif(clip, limit=GIF_BYTES - MARKS, report=lambda: report(0.0)), xmp_packet(video.source_type))
    return signing.sign_picture(marked, "image/gif", video.source_type, GIF_BYTES)


def make_still(video: Video, clip: Path) -> bytes:
    from videos.studio.encoding import xmp
    from videos.studio.encoding.poster import still
    from videos.worker import signing

    marked = xmp.mark_png(still(clip, poster_moments(video)), xmp_packet(video.source_type))
    return signing.sign_picture(marked, "image/png", video.source_type)
