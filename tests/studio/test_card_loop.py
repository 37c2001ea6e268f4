"""The dancer on a card: a strip of moments on a transparent ground."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.studio.conftest import LOOKS, Photo, each_dance
from videos.dances import BY_SLUG, DANCES, Dance
from videos.studio.card_loop import SIDE, card_loop
from videos.studio.contact_sheet import blank
from videos.studio.dancer.art.body_fur import WhiteParts
from videos.studio.raster.picture import to_bgra, to_yuv
from videos.studio.render import cut_dancer
from videos.studio.segmentation.head_cutout import HeadCutout
from videos.styles import Body, Style
from videos.subject import Subject


@pytest.fixture(scope="module")
def dancer(dog: Photo) -> tuple[HeadCutout, Body, WhiteParts]:
    subject = Subject(*dog, **LOOKS[Style.DANCER])
    assert subject.head is not None
    return cut_dancer(subject, subject.head)


def moments(strip: bytes) -> np.ndarray:
    """Return the pictures of a strip as (number, side, side, RGBA)."""
    with Image.open(BytesIO(strip)) as image:
        pixels = np.asarray(image.convert("RGBA"))
    return pixels.reshape(SIDE, -1, SIDE, 4).swapaxes(0, 1)


@pytest.mark.parametrize("dance", each_dance(every=6))
def test_each_moment_shows_the_whole_dancer(dancer: tuple[HeadCutout, Body], dance: Dance) -> None:
    strip = card_loop(*dancer, dance=dance, seed=1)
    pictures = moments(strip)
    assert len(pictures) == dance.loop_frames
    assert len(strip) <= 60_000
    for picture in pictures:
        alpha = picture[..., 3]
        assert 0.1 < (alpha > 200).mean() < 0.6
        assert max(edge.max() for edge in (alpha[0], alpha[:, 0], alpha[:, -1], alpha[-1])) < 60
    still = np.abs(pictures[0].astype(int) - pictures[dance.loop_frames // 2]).mean()
    assert still > 1


def test_all_strips_together_are_small(dancer: tuple[HeadCutout, Body]) -> None:
    assert sum(len(card_loop(*dancer, dance=dance, seed=1)) for dance in DANCES[::4]) <= 5 * 45_000


def test_the_same_dancer_gives_the_same_bytes(dancer: tuple[HeadCutout, Body]) -> None:
    first, again = (card_loop(*dancer, dance=BY_SLUG["disco"], seed=1) for _ in range(2))
    assert first == again


def test_progress_is_reported_after_each_moment(dancer: tuple[HeadCutout, Body]) -> None:
    reports: list[float] = []
    card_loop(*dancer, dance=BY_SLUG["tap"], seed=1, report=reports.append)
    assert reports == [pytest.approx(number / 12) for number in range(1, 13)]


def test_loops_have_at_least_two_moments_to_a_beat() -> None:
    assert {(dance.loop_beats, dance.loop_frames) for dance in DANCES} == {(3, 12), (4, 12), (8, 16)}


@pytest.mark.parametrize("alpha", [0.3, 1.0])
def test_colours_and_opacity_are_those_that_were_drawn(alpha: float) -> None:
    bgr = np.array([40, 120, 200], np.float32)
    on = []
    for ground in (0, 255):
        yuv = to_yuv(np.broadcast_to(bgr * alpha + ground * (1 - alpha), (8, 8, 3)).astype(np.float32))
        picture = blank(8, 8)
        for plane, values in zip(picture, np.moveaxis(yuv, -1, 0), strict=True):
            plane[:] = np.round(values[: plane.shape[0], : plane.shape[1]])
        on.append(picture)
    seen = to_bgra(*on)
    assert seen[4, 4, 3] == pytest.approx(255 * alpha, abs=2)
    assert seen[4, 4, :3] == pytest.approx(bgr, abs=8)


def test_what_is_hardly_seen_is_transparent() -> None:
    pictures = blank(8, 8), blank(8, 8)
    for picture, luma in zip(pictures, (16, 229), strict=True):
        picture.y[:], picture.u[:], picture.v[:] = luma, 128, 128
    assert not to_bgra(*pictures)[..., 3].any()
