"""A clip that was made elsewhere is decoded to its last frame before it is accepted."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from videos.studio.encoding import inspection
from videos.studio.encoding.inspection import ClipShape, inspect
from videos.studio.encoding.mp4 import InvalidVideo

ORDERED = ClipShape(160, 288, 2)
RATE = 12


def noise(width: int, height: int, count: int) -> Iterator[np.ndarray]:
    """Yield frames that compress badly, so that every part of the file matters."""
    random = np.random.default_rng(7)
    for _ in range(count):
        small = random.integers(0, 255, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
        yield np.repeat(np.repeat(small, 8, 0), 8, 1)[:height, :width]


def make(
    path: Path,
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    size: tuple[int, int] = (160, 288),
    seconds: float = 2,
    sound: str = "aac",
    sound_seconds: float = 2,
    pixel_shape: Fraction | None = None,
    rotation: int = 0,
    rate: int = RATE,
    missing: range = range(0),
) -> Path:
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        if pixel_shape:
            stream.codec_context.sample_aspect_ratio = pixel_shape
        if rotation:
            stream.set_display_rotation(rotation)
        audio = container.add_stream(sound, rate=48000, layout="stereo") if sound else None
        for number, picture in enumerate(noise(*size, round(seconds * rate))):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            if number not in missing:
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if audio:
            size_of_block = audio.codec_context.frame_size or 1024
            for number in range(round(sound_seconds * 48000 / size_of_block)):
                form = audio.codec_context.format.name
                data = np.zeros((2, size_of_block), np.float32)
                block = av.AudioFrame.from_ndarray(data, format="fltp", layout="stereo")
                block.sample_rate, block.pts, block.time_base = 48000, number * size_of_block, Fraction(1, 48000)
                if form != "fltp":
                    block = av.AudioResampler(form, "stereo", 48000).resample(block)[0]
                container.mux(audio.encode(block))
            container.mux(audio.encode())
    return path


def media_span(data: bytes) -> tuple[int, int]:
    """Return where the coded media begin and end."""
    start = data.index(b"mdat") + 4
    return start, start - 8 + int.from_bytes(data[start - 8 : start - 4])


def overwrite(path: Path, first: float, last: float, value: int = 0) -> Path:
    """Overwrite a share of the coded media."""
    data = bytearray(path.read_bytes())
    start, end = media_span(bytes(data))
    low, high = start + int((end - start) * first), start + int((end - start) * last)
    data[low:high] = bytes([value]) * (high - low)
    path.write_bytes(bytes(data))
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make(tmp_path / "clip.mp4")


def test_good_clip_is_accepted_with_its_sound(clip: Path) -> None:
    assert inspect(clip, ORDERED)


@pytest.mark.parametrize("size", [(160, 288), (158, 288), (162, 292)])
def test_size_may_differ_by_two_percent(tmp_path: Path, size: tuple[int, int]) -> None:
    assert inspect(make(tmp_path / "clip.mp4", size=size), ORDERED)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"codec": "libx265"}, "the codec is hevc, not h264"),
        ({"codec": "mpeg4"}, "the codec is mpeg4, not h264"),
        ({"pixels": "yuv444p"}, "the pixel format is yuv444p"),
        ({"pixels": "yuv420p10le"}, "the pixel format is yuv420p10le"),
        ({"size": (288, 160)}, "the frame is 288x160, 160x288 were ordered"),
        ({"size": (80, 144)}, "the frame is 80x144"),
        ({"size": (164, 288)}, "the frame is 164x288"),
        ({"size": (160, 296)}, "the frame is 160x296"),
        ({"size": (320, 576)}, "the frame is 320x576"),
        ({"pixel_shape": Fraction(2, 1)}, "the frame is 320x288"),
        ({"rotation": 90}, "it is rotated by"),
        ({"seconds": 1}, "the pictures last 1.0"),
        ({"seconds": 3}, "the pictures last 3.0"),
        ({"rate": 240}, "it has too many frames"),
        ({"missing": range(6, 20)}, "frames are missing after 0.[56]"),
        ({"missing": range(14)}, "frames are missing after 0.0"),
    ],
    ids=str,
)
def test_clip_that_was_not_ordered_is_refused(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    try:
        path = make(tmp_path / "clip.mp4", **changes)
    except (av.error.FFmpegError, ValueError):
        pytest.skip("this PyAV cannot make such a clip")
    with pytest.raises(InvalidVideo, match=reason):
        inspect(path, ORDERED)


def test_mirrored_clip_is_refused(clip: Path) -> None:
    data = bytearray(clip.read_bytes())
    # The matrix in the header of the first track, whose fifth number scales the height.
    at = data.index(b"tkhd") + 4 + 40 + 16
    assert data[at : at + 4] == b"\x00\x01\x00\x00"
    data[at : at + 4] = b"\xff\xff\x00\x00"
    clip.write_bytes(data)
    with pytest.raises(InvalidVideo, match="mirrored"):
        inspect(clip, ORDERED)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: overwrite(path, 0.8, 1.0),
        lambda path: overwrite(path, 0.85, 0.9, 255),
        lambda path: overwrite(path, 0.45, 0.55),
        lambda path: overwrite(path, 0.5, 0.52, 170),
        lambda path: path.write_bytes(path.read_bytes()[: len(path.read_bytes()) * 4 // 5]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(5000)),
    ],
)
def test_damaged_clip_is_refused(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    path = make(tmp_path / "clip.mp4", sound="")
    damage(path)
    with pytest.raises(InvalidVideo):
        inspect(path, ORDERED)


def test_small_damage_is_mostly_noticed(tmp_path: Path) -> None:
    """The decoder takes some of it for other pictures. With several threads, it would notice none."""
    path = make(tmp_path / "clip.mp4", sound="")
    good, random, found = path.read_bytes(), np.random.default_rng(1), 0
    start, end = media_span(good)
    for at in random.integers(start + 1000, end - 20, 12):
        path.write_bytes(good[:at] + random.bytes(16) + good[at + 16 :])
        with suppress(InvalidVideo):
            inspect(path, ORDERED)
            continue
        found += 1
    assert found >= 6


@pytest.mark.parametrize("changes", [{"sound": ""}, {"sound": "ac3"}, {"sound": "libopus"}, {"sound_seconds": 0.5}])
def test_unusable_sound_is_no_reason_to_refuse_the_picture(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert not inspect(make(tmp_path / "clip.mp4", **changes), ORDERED)


def test_huge_frame_is_refused_before_it_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "clip.mp4", size=(4096, 2304), seconds=0.25)
    monkeypatch.setattr(inspection._Decoding, "run", lambda *arguments: pytest.fail("it was decoded"))
    with pytest.raises(InvalidVideo, match="4096x2304"):
        inspect(path, ORDERED)


def test_inspection_ends_at_its_time_limit(clip: Path) -> None:
    with pytest.raises(InvalidVideo, match="too long to decode"):
        inspect(clip, ORDERED, limit=0.0)


def test_progress_is_reported_and_may_stop_it(clip: Path) -> None:
    seen: list[float] = []

    def stop(progress: float) -> None:
        seen.append(progress)
        if progress > 0.5:
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        inspect(clip, ORDERED, stop)
    assert seen == sorted(seen)
    assert len(seen) > 5
