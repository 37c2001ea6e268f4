"""Sending of e-mails to owners: about finished videos, with a moving picture, and about what staff took down."""

from __future__ import annotations

import logging
import shutil

from videos.emails import taken_down, video_finished
from videos.models import Takedown, Video, VideoNotification
from videos.provenance import xmp_packet
from videos.worker.keepalive import ShouldStop
from videos.worker.work_folders import work_folder

log = logging.getLogger(__name__)

# The size of the picture in an e-mail, for mobile data.
MAX_BYTES = 300_000


def send_notification(notification: VideoNotification, should_stop: ShouldStop) -> None:
    """Send a claimed notification. Raises LeaseLost."""
    video_finished.deliver(notification, make_moving_picture)


def send_takedown(takedown: Takedown, should_stop: ShouldStop) -> None:
    """Tell the owner what staff took down. Raises LeaseLost."""
    taken_down.deliver(takedown)


def make_moving_picture(video: Video) -> bytes:
    """Return the clip as a small animated GIF, or nothing if it cannot be made. The e-mail is sent anyway."""
    from videos.studio.encoding.email_picture import moving_picture
    from videos.studio.encoding.mp4 import InvalidVideo
    from videos.studio.encoding.xmp import mark_gif

    try:
        with work_folder() as folder:
            clip = folder / "dance.mp4"
            with video.file.open("rb") as stored, clip.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
            packet = xmp_packet(video.source_type)
            return mark_gif(moving_picture(clip, MAX_BYTES - 2 * len(packet)), packet)
    except (OSError, ValueError, InvalidVideo):
        log.warning("notification sent without a moving picture", exc_info=True, extra={"video": video.pk})
        return b""
