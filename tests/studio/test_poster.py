"""The poster of a clip."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from av.container import InputContainer
from av.video.stream import VideoStream

from videos.studio.encoding.mp4 import Writer, open_container
from videos.studio.encoding.poster import candidates, poster
from videos.studio.raster.picture import decode


def test_poster_is_the_best_frame(tmp_path: Path) -> None:
    stripes = (np.arange(64) // 4 % 2 * 150 + 50).astype(np.uint8)
    with Writer(tmp_path / "clip.mp4", 64, 48, 24) as writer:
        for number in range(48):
            best = 20 <= number < 28
            writer.picture.y[:] = stripes if best else 120
            writer.picture.u[:], writer.picture.v[:] = (60, 200) if best else (128, 128)
            writer.push()
    picture = decode(poster(tmp_path / "clip.mp4"))
    assert picture.shape == (48, 64, 3)
    assert picture.std() > 40


def test_poster_is_one_of_the_given_moments(tmp_path: Path) -> None:
    """Better frames at other moments are ignored."""
    stripes = (np.arange(64) // 4 % 2 * 150 + 50).astype(np.uint8)
    with Writer(tmp_path / "clip.mp4", 64, 48, 24) as writer:
        for number in range(48):
            writer.picture.y[:] = 90 if number == 12 else stripes
            writer.picture.u[:], writer.picture.v[:] = 128, 128
            writer.push()
    assert decode(poster(tmp_path / "clip.mp4", [12 / 48])).std() < 10
    assert decode(poster(tmp_path / "clip.mp4")).std() > 40


class RecordingContainer:
    """A container that records the times of the decoded frames."""

    def __init__(self, container: InputContainer) -> None:
        self.container = container
        self.times: list[float] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self.container, name)

    def decode(self, stream: VideoStream) -> Iterator[object]:
        for frame in self.container.decode(stream):
            self.times.append(frame.time)
            yield frame


@pytest.mark.parametrize(("frames", "fps", "max_frames"), [(300, 30, 110), (1, 24, 1), (2, 1, 2), (150, 30, 110)])
def test_poster_decodes_few_frames(tmp_path: Path, frames: int, fps: int, max_frames: int) -> None:
    with Writer(tmp_path / "clip.mp4", 64, 48, fps) as writer:
        for number in range(frames):
            for plane in writer.picture:
                plane[:] = 60 + number % 100
            writer.push()
    assert poster(tmp_path / "clip.mp4").startswith(b"\xff\xd8")
    with open_container(tmp_path / "clip.mp4") as container:
        recording = RecordingContainer(container)
        assert list(candidates(recording, []))
    assert 1 <= len(recording.times) <= max_frames
    assert recording.times[0] <= 0.42 * frames / fps
