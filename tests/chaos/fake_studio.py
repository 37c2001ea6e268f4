"""The embedded studio of a scenario. It hands out one clip at once, marked with the video's id, and notes what."""

from pathlib import Path

import numpy as np

from tests.runway.fake_server.clips import make_clip, picture_digest, stamp_clip
from videos.providers.base import Order, Report
from videos.studio.encoding import mp4


class FakeStudio:
    """Hands out ``folder/clip.mp4``; each hand-out is a line of ``folder/made``: the video and its coded pictures."""

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
    """Make the clip: five seconds, picture and silence."""
    silent = folder / "silent.mp4"
    silent.write_bytes(make_clip(None, 96, 160, 5))
    mp4.add_soundtrack(silent, np.zeros((5 * mp4.SAMPLE_RATE, 2), np.float32), folder / "clip.mp4")
