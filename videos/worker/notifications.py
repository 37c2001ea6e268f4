"""Sending of e-mails to owners about finished videos, with a moving picture that the studio makes."""

from __future__ import annotations

import logging
import shutil
import tempfile
from pathlib import Path

from videos.emails import video_finished
from videos.models import Video, VideoNotification
from videos.worker.keepalive import ShouldStop

log = logging.getLogger(__name__)

# The longest that a clip in an e-mail may be, for mobile data.
MAX_BYTES = 300_000


def send_notification(notification: VideoNotification, should_stop: ShouldStop) -> None:
    """Send a claimed notification. Raises LeaseLost."""
    video_finished.deliver(notification, make_moving_picture)


def make_moving_picture(video: Video) -> bytes:
    """Return the clip as a small animated GIF, or nothing if it cannot be made. The e-mail is sent anyway."""
    from videos.studio.encoding.email_picture import moving_picture
    from videos.studio.encoding.mp4 import InvalidVideo

    try:
        with tempfile.NamedTemporaryFile(prefix="petgroove-", suffix=".mp4") as file, video.file.open("rb") as stored:
            shutil.copyfileobj(stored, file)
            file.flush()
            return moving_picture(Path(file.name), MAX_BYTES)
    except (OSError, ValueError, InvalidVideo):
        log.warning("notification sent without a moving picture", exc_info=True, extra={"video": video.pk})
        return b""
