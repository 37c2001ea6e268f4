"""Rendering from any photo to a clip: progress, cancellation, seeds, previews, memory."""

import itertools
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from tests.studio.conftest import LOOKS, TINY, Photo, each_dance, encoded, in_each_style
from videos.dances import BY_SLUG, DANCES, Dance
from videos.formats import FORMATS, Format
from videos.studio.contact_sheet import sheet
from videos.studio.encoding.mp4 import Probe, probe
from videos.studio.raster.picture import decode
from videos.studio.render import Scene, preview, render
from videos.studio.segmentation.cutout import Mode
from videos.styles import Style
from videos.subject import Subject

SLUGS = [dance.slug for dance in DANCES]
SALSA = BY_SLUG["salsa"]
ROOT = Path(__file__).parents[2]


def render_clip(
    photo: Photo,
    into: Path,
    style: Style,
    *,
    seed: int = 1,
    report: Callable[[float], None] = lambda progress: None,
    clock: Callable[[], float] = time.monotonic,
) -> Path:
    """Render one second of salsa."""
    options = {"dance": SALSA, "shape": TINY, "seconds": 1, "seed": seed, "clock": clock}
    render(Subject(*photo, **LOOKS[style]), into=into, report=report, **options)
    return into


def ticking_clock(step: float) -> Callable[[], float]:
    """Return a clock that advances ``step`` seconds each time it is read."""
    ticks = itertools.count()
    return lambda: next(ticks) * step


@in_each_style
def test_clip_depends_on_the_seed(dog: Photo, tmp_path: Path, style: Style) -> None:
    first, again, other = (
        render_clip(dog, tmp_path / f"{n}.mp4", style, seed=seed) for n, seed in enumerate((1, 1, 2))
    )
    assert first.read_bytes() == again.read_bytes()
    assert first.read_bytes() != other.read_bytes()


@in_each_style
def test_progress_rises_to_one(dog: Photo, tmp_path: Path, style: Style) -> None:
    """The clock advances half a second at each reading, so every frame is reported."""
    reports: list[float] = []
    render_clip(dog, tmp_path / "clip.mp4", style, report=reports.append, clock=ticking_clock(0.5))
    assert reports == sorted(reports)
    assert len(reports) >= 30
    assert (reports[0] < 0.05, reports[-1]) == (True, 1.0)


@in_each_style
def test_progress_is_reported_twice_a_second(dog: Photo, tmp_path: Path, style: Style) -> None:
    """The clock advances an eighth of a second at each of 32 readings. Every fourth is reported, and the end."""
    reports: list[float] = []
    render_clip(dog, tmp_path / "clip.mp4", style, report=reports.append, clock=ticking_clock(0.125))
    assert len(reports) == 8 + 1


@in_each_style
@pytest.mark.parametrize("at", [0.0, 0.5, 1.0])
def test_stopped_render_leaves_nothing(dog: Photo, tmp_path: Path, at: float, style: Style) -> None:
    class Stopped(Exception):
        pass

    def stop(progress: float) -> None:
        if progress >= at:
            raise Stopped

    with pytest.raises(Stopped):
        render_clip(dog, tmp_path / "clip.mp4", style, report=stop, clock=ticking_clock(1))
    assert list(tmp_path.iterdir()) == []


def test_owner_chooses_between_cutout_and_print(dog: Photo) -> None:
    size = {"width": 160, "height": 160}
    scenes = [Scene(Subject(*dog, cutout=cutout), dance=SALSA, seed=1, **size) for cutout in (True, False)]
    assert [scene.performer.puppet.mode for scene in scenes] == [Mode.FULL, Mode.PRINT]


def test_print_shows_the_whole_photo() -> None:
    """The frame of a wide photo may show only one eye of a face. Here it loses a green stripe at the left."""
    photo, mask = np.full((400, 600, 3), 128, np.uint8), np.zeros((400, 600), np.uint8)
    photo[:, 80:150], mask[:, 40:560] = (0, 220, 0), 255
    kept = slice(187, 412)
    frame, whole = encoded(photo[:, kept]), (encoded(photo), encoded(mask, "PNG"))
    seen = []
    for given in (None, whole):
        subject = Subject(frame, encoded(mask[:, kept], "PNG"), given, cutout=False)
        scene = Scene(subject, dance=BY_SLUG["tango"], width=144, height=256, seed=1)
        u, v, alpha, _ = cv2.split(scene.performer.puppet.texture.chroma)
        seen.append(float(((u < 80) & (v < 80) & (alpha > 128)).mean()))
    assert seen[0] == 0
    assert seen[1] > 0.03


@pytest.mark.parametrize("cutout", [True, False], ids=["pet", "print"])
def test_dark_photo_is_brightened(dog: Photo, cutout: bool) -> None:
    def shown(light: float) -> float:
        frame = (np.asarray(Image.open(BytesIO(dog.frame))) * light).astype(np.uint8)
        puppet = Scene(
            Subject(encoded(frame), dog.mask, cutout=cutout), dance=SALSA, width=160, height=160, seed=1
        ).performer.puppet
        return float(np.median(puppet.texture.luma[::2, ::2][puppet.texture.chroma[..., 2] > 250]))

    assert shown(0.25) > 0.5 * shown(1.0)


@in_each_style
@pytest.mark.parametrize("dance", each_dance(every=8))
def test_a_preview_is_small_and_silent(dog: Photo, tmp_path: Path, dance: Dance, style: Style) -> None:
    into = tmp_path / "preview.mp4"
    preview(Subject(*dog, **LOOKS[style]), dance=dance, shape=FORMATS[2], seed=1, into=into)
    size = into.stat().st_size
    assert probe(into) == Probe(2.0, 426, 240, 15.0, "h264", None, size)
    assert size <= 130_000


@in_each_style
@pytest.mark.parametrize(
    ("part", "seconds", "max_bytes"), [(2, 1, 280_000), pytest.param(1, 5, 3_500_000, marks=pytest.mark.slow)]
)
def test_clip_is_smaller_than_3_5_megabytes(
    dog: Photo, tmp_path: Path, style: Style, part: int, seconds: int, max_bytes: int
) -> None:
    """Conga has the most confetti. The quick case renders one second at half the size, with its own limit."""
    into = tmp_path / "conga.mp4"
    shape = Format("tall", "Tall", 720 // part, 1280 // part)
    render(
        Subject(*dog, **LOOKS[style]),
        dance=BY_SLUG["conga"],
        shape=shape,
        seconds=seconds,
        seed=1,
        into=into,
        report=lambda progress: None,
    )
    result = probe(into)
    assert (result.width, result.height, result.seconds) == (shape.width, shape.height, seconds)
    assert result.size <= max_bytes


@pytest.mark.slow
def test_memory_is_released() -> None:
    """Fifty clips with sound, each with its own seed, leave at most eight megabytes behind in a fresh process.

    They are of dancers and of whole pets in turn.
    """
    command = [sys.executable, "-m", "tests.studio.memory_probe"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 8_000_000


@pytest.mark.parametrize(
    "colour",
    [
        pytest.param((200, 40, 30), id="red"),
        pytest.param((40, 60, 220), id="blue", marks=pytest.mark.slow),
        pytest.param((60, 190, 70), id="green", marks=pytest.mark.slow),
    ],
)
def test_the_colours_are_those_of_the_photo(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    """A red print has the same red in the video: the matrix in the file's tags is the one that was used."""
    plain = encoded(np.broadcast_to(np.array(colour, np.uint8), (240, 240, 3)).copy())
    into = tmp_path / "plain.mp4"
    preview(Subject(plain, None, cutout=False), dance=BY_SLUG["slow_sway"], shape=FORMATS[1], seed=1, into=into)
    with av.open(str(into)) as container:
        frame = next(container.decode(video=0))
    shown = frame.to_ndarray(format="rgb24")[100:120, 112:128].reshape(-1, 3).mean(axis=0)
    assert shown == pytest.approx(colour, abs=7)


def test_a_sheet_shows_a_row_of_stills_for_each_dance(dog: Photo) -> None:
    picture = decode(sheet(Subject(*dog), dances=DANCES[:3], shape=TINY, stills=4, columns=4, side=96))
    assert picture.shape == (3 * 102, 4 * 102, 3)
    rows = picture.reshape(3, 102, -1, 3).mean(axis=(1, 2))
    assert len({tuple(row.round()) for row in rows}) == 3
