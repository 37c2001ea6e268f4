"""GIFs of finished clips: within their limit, as long as the clip, and repeating."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.studio.conftest import LOOKS, Photo
from videos.dances import BY_SLUG
from videos.formats import BY_SLUG as SHAPES
from videos.formats import Format
from videos.studio.encoding import gif as encoding
from videos.studio.encoding.gif import TooLarge, gif
from videos.studio.encoding.mp4 import InvalidVideo
from videos.studio.encoding.poster import poster, still
from videos.studio.render import render
from videos.styles import Style
from videos.subject import Subject

LIMIT = 4_980_000
SMALL = Format("small", "Small", 180, 320)


def clip_of(dog: Photo, slug: str, shape: Format, seconds: int, into: Path) -> Path:
    subject = Subject(*dog, **LOOKS[Style.DANCER])
    options = {"dance": BY_SLUG[slug], "shape": shape, "seconds": seconds, "seed": 5}
    render(subject, into=into, report=lambda progress: None, **options)
    return into


def seconds_of(image: Image.Image) -> float:
    total = 0
    for number in range(image.n_frames):
        image.seek(number)
        total += image.info["duration"]
    return total / 1000


@pytest.fixture(scope="module")
def small_clip(dog: Photo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip_of(dog, "disco", SMALL, 5, tmp_path_factory.mktemp("gif") / "clip.mp4")


@pytest.mark.parametrize(
    ("slug", "shape", "seconds"),
    [
        ("disco", "tall", 5),
        pytest.param("breakdance", "square", 5, marks=pytest.mark.slow),
        pytest.param("conga", "wide", 10, marks=pytest.mark.slow),
        pytest.param("robot", "tall", 10, marks=pytest.mark.slow),
    ],
)
def test_it_is_within_the_limit(dog: Photo, slug: str, shape: str, seconds: int, tmp_path: Path) -> None:
    data = gif(clip_of(dog, slug, SHAPES[shape], seconds, tmp_path / "clip.mp4"), limit=LIMIT)
    image = Image.open(BytesIO(data))
    assert len(data) <= LIMIT
    assert image.width / image.height == pytest.approx(SHAPES[shape].ratio, abs=0.01)
    assert min(image.size) >= 200
    assert seconds_of(image) == pytest.approx(seconds, abs=0.15)
    assert image.info["loop"] == 0


def test_size_gives_way_to_the_limit(small_clip: Path) -> None:
    large = gif(small_clip, limit=LIMIT)
    small = gif(small_clip, limit=len(large) // 3)
    assert len(small) <= len(large) // 3
    widths = [Image.open(BytesIO(data)).width for data in (small, large)]
    assert widths[0] < widths[1] == 180
    assert seconds_of(Image.open(BytesIO(small))) == pytest.approx(5, abs=0.15)
    with pytest.raises(TooLarge):
        gif(small_clip, limit=500)


def test_it_shows_the_clip(small_clip: Path) -> None:
    image = Image.open(BytesIO(gif(small_clip, limit=LIMIT)))
    image.seek(0)
    shown = np.asarray(image.convert("RGB")).astype(float)
    with encoding.open_container(small_clip) as container:
        first = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(float)
    assert np.abs(shown - first).mean() < 12


def test_same_clip_gives_the_same_bytes(small_clip: Path) -> None:
    assert gif(small_clip, limit=LIMIT) == gif(small_clip, limit=LIMIT)


def test_what_is_no_video_gives_none(tmp_path: Path) -> None:
    file = tmp_path / "no.mp4"
    file.write_bytes(b"no video")
    with pytest.raises(InvalidVideo):
        gif(file, limit=LIMIT)


def test_still_is_the_frame_of_the_poster(small_clip: Path) -> None:
    image = Image.open(BytesIO(still(small_clip)))
    assert (image.format, image.size) == ("PNG", (180, 320))
    jpeg = np.asarray(Image.open(BytesIO(poster(small_clip)))).astype(float)
    assert np.abs(np.asarray(image) - jpeg).mean() < 5
