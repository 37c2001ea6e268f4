"""The MP4 files that the studio writes, and the files that it rejects."""

from pathlib import Path

import av
import numpy as np
import pytest

from tests.studio.conftest import LOOKS, TINY, Photo, in_each_style
from videos.dances import BY_SLUG
from videos.studio.encoding.mp4 import InvalidVideo, Probe, Writer, add_soundtrack, probe
from videos.studio.render import render
from videos.styles import Style
from videos.subject import Subject


def boxes(data: bytes) -> list[bytes]:
    names, at = [], 0
    while at < len(data):
        names.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4])
    return names


def write_silent_clip(into: Path, frames: int = 31, fps: int = 24) -> Path:
    with Writer(into, 64, 48, fps) as writer:
        for number in range(frames):
            writer.picture.y[:] = 40 + number
            writer.picture.u[:], writer.picture.v[:] = 110, 140
            writer.push()
    return into


def video_packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(container.streams.video[0]) if packet.size]


@in_each_style
def test_clip_has_the_requested_duration(tiny_clips: dict[Style, Path], style: Style) -> None:
    clip = tiny_clips[style]
    assert probe(clip) == Probe(5.0, 160, 160, 30.0, "h264", "aac", clip.stat().st_size)


@pytest.mark.slow
@in_each_style
def test_long_clip_has_the_requested_duration(dog: Photo, tmp_path: Path, style: Style) -> None:
    into = tmp_path / "long.mp4"
    render(
        Subject(*dog, **LOOKS[style]),
        dance=BY_SLUG["macarena"],
        shape=TINY,
        seconds=10,
        seed=1,
        into=into,
        report=lambda progress: None,
    )
    result = probe(into)
    with av.open(str(into)) as container:
        sound = container.streams.audio[0]
        assert (result.seconds, sound.duration * sound.time_base) == (10.0, 10)


@in_each_style
def test_sound_and_picture_end_together(tiny_clips: dict[Style, Path], style: Style) -> None:
    with av.open(str(tiny_clips[style])) as container:
        assert [float(stream.duration * stream.time_base) for stream in container.streams] == [5.0, 5.0]


def test_moov_comes_first(tiny_clip: Path) -> None:
    names = boxes(tiny_clip.read_bytes())
    assert names.index(b"moov") < names.index(b"mdat")


def test_every_browser_can_play_the_streams(tiny_clip: Path) -> None:
    with av.open(str(tiny_clip)) as container:
        picture, sound = container.streams.video[0].codec_context, container.streams.audio[0].codec_context
        assert (picture.profile, picture.pix_fmt) == ("High", "yuv420p")
        assert (picture.colorspace, picture.color_primaries, picture.color_trc, picture.color_range) == (1, 1, 1, 1)
        assert (sound.profile, sound.sample_rate, sound.layout.name) == ("LC", 44100, "stereo")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.999])
def test_truncated_file_is_no_video(tiny_clip: Path, tmp_path: Path, share: float) -> None:
    data = tiny_clip.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InvalidVideo):
        probe(tmp_path / "cut.mp4")


@pytest.mark.parametrize("data", [b"", b"GIF89a" * 20, b"#EXTM3U\n/etc/passwd\n", b"<html>not found</html>"])
def test_other_files_are_no_videos(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "other.mp4").write_bytes(data)
    with pytest.raises(InvalidVideo):
        probe(tmp_path / "other.mp4")


def test_a_missing_file_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(InvalidVideo):
        probe(tmp_path / "gone.mp4")


def test_corrupt_frame_is_no_video(tmp_path: Path) -> None:
    path = write_silent_clip(tmp_path / "silent.mp4", frames=3)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"mdat") + 4
    data[at:] = bytes(len(data) - at)
    path.write_bytes(data)
    with pytest.raises(InvalidVideo):
        probe(path)


def test_soundtrack_does_not_change_the_picture(tmp_path: Path) -> None:
    before = write_silent_clip(tmp_path / "silent.mp4")
    after = tmp_path / "loud.mp4"
    add_soundtrack(before, np.zeros((100, 2), np.float32), after)
    assert video_packets(after) == video_packets(before)
    assert (probe(before).audio_codec, probe(after).audio_codec) == (None, "aac")
    with av.open(str(after)) as container:
        lengths = [float(stream.duration * stream.time_base) for stream in container.streams]
    assert lengths == pytest.approx([31 / 24, 31 / 24], abs=1e-4)
    names = boxes(after.read_bytes())
    assert names.index(b"moov") < names.index(b"mdat")


def test_soundtrack_needs_a_video(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(InvalidVideo):
        add_soundtrack(tmp_path / "text.mp4", np.zeros((10, 2), np.float32), tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


def test_interrupted_writer_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> None:
        with Writer(tmp_path / "clip.mp4", 64, 48, 24) as writer:
            writer.push()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert list(tmp_path.iterdir()) == []
