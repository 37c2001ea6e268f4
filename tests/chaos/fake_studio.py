"""The studio of a scenario: it serves one clip immediately, stamped with the video's id, and records it."""

from pathlib import Path

import numpy as np

from tests.runway.fake_server.clips import make_clip, picture_digest, stamp_clip
from videos.providers.base import Order, Report
from videos.studio.encoding import mp4


class FakeStudio:
    """Serve ``folder/clip.mp4``. Append the video's id and the digest of its coded pictures to ``folder/made``."""

    name = "studio"

    def __init__(self, folder: Path) -> None:
        self.clip, self.made = (folder / "clip.mp4").read_bytes(), folder / "made"

    def render(self, order: Order, into: Path, report: Report) -> None:
        report(0.5)
        clip = stamp_clip(self.clip, order.video_id)
        with self.made.open("a") as file:
            file.write(f"{order.video_id} {picture_digest(clip)}\n")
        into.write_bytes(clip)


def prepare(folder: Path) -> None:
    """Create the clip: five seconds of video with a silent soundtrack."""
    silent = folder / "silent.mp4"
    silent.write_bytes(make_clip(None, 96, 160, 5))
    mp4.add_soundtrack(silent, np.zeros((5 * mp4.SAMPLE_RATE, 2), np.float32), folder / "clip.mp4")
