"""A pet's head is cut out alone: with its ears, without its body, and upright. The drawn heads are known exactly."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from tests.studio import drawn_heads
from tests.studio.cut_heads import ANIMALS, aligned, drawn, greens, visible
from tests.studio.drawn_heads import FUR, SIDE, Animal, cat
from videos.photos import Normalised
from videos.photos.head import Head
from videos.studio.raster.picture import decode, decode_mask
from videos.studio.segmentation.head_cutout import CutBy, cut_head
from videos.studio.segmentation.head_view import MAX_RADIUS, MIN_RADIUS

CUT_OFF: dict[str, Callable[[], Animal]] = {
    "above": lambda: cat().cropped(0, 100),
    "left": lambda: cat().cropped(190, 0),
    "left, tilted": lambda: cat().turned(30).cropped(190, 0),
}
UPRIGHT_EARS = ("cat", "lying, tail up", "tilted to the right", "tilted to the left", "upside down")

every_animal = pytest.mark.parametrize("name", ANIMALS)


@every_animal
def test_head_is_cut_out_along_the_mask(name: str) -> None:
    animal, result = drawn(name)
    head = aligned(result, animal, animal.whole_head)
    assert result.cut_by is CutBy.MASK
    assert (visible(result) & head).sum() / (visible(result) | head).sum() > 0.88
    # The truth outside the result's picture counts as missing.
    assert (visible(result) & head).sum() > 0.93 * animal.whole_head.sum()


@every_animal
def test_ears_are_kept(name: str) -> None:
    animal, result = drawn(name)
    assert (visible(result) & aligned(result, animal, animal.ears)).sum() > 0.88 * animal.ears.sum()


@every_animal
def test_bodies_tails_and_other_pets_are_left_out(name: str) -> None:
    animal, result = drawn(name)
    others = visible(result) & aligned(result, animal, animal.body)
    assert others.sum() < 0.1 * visible(result).sum()
    # What remains is in the oval, or a narrow seam along the head.
    near = cv2.dilate(aligned(result, animal, animal.whole_head).astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    outside = result.oval.distance(near.shape) > 1.08
    assert (others & outside & ~near).sum() < 0.01 * visible(result).sum()


@every_animal
def test_neck_is_cut_along_the_oval(name: str) -> None:
    _, result = drawn(name)
    rows = np.flatnonzero(visible(result).any(axis=1))
    assert rows[-1] <= result.oval.y + 1.06 * result.oval.ry
    widths = visible(result).sum(axis=1)
    assert widths[rows[-1] - 1] < 0.75 * result.skull, "the neck ends in a straight line"


@every_animal
def test_no_lawn_shows_at_the_edge_or_between_the_ears(name: str) -> None:
    _, result = drawn(name)
    assert greens(result) < 0.002
    assert greens(result, above=2) < 0.002, "the colours below a soft edge are those of the lawn"


@pytest.mark.parametrize("name", UPRIGHT_EARS)
def test_gap_between_the_ears_is_clear(name: str) -> None:
    _, result = drawn(name)
    middle = round(result.oval.x)
    gap = result.bgra[: round(0.12 * result.bgra.shape[0]), middle - 12 : middle + 12, 3]
    assert gap.max() < 13
    for side in (slice(0, middle - 12), slice(middle + 12, None)):
        assert visible(result)[: gap.shape[0], side].any(), "no ear at this height"


@pytest.mark.parametrize("name", ["tilted to the right", "tilted to the left", "upside down"])
def test_tilted_head_is_turned_upright(name: str) -> None:
    upright, tilted = drawn("cat")[1], drawn(name)[1]
    move = np.array([[1, 0, upright.oval.x - tilted.oval.x], [0, 1, upright.oval.y - tilted.oval.y]], np.float32)
    size = (upright.bgra.shape[1], upright.bgra.shape[0])
    moved = cv2.warpAffine(visible(tilted).astype(np.uint8), move, size) > 0
    assert (moved & visible(upright)).sum() / (moved | visible(upright)).sum() > 0.95
    assert (tilted.oval.rx, tilted.oval.ry) == pytest.approx((upright.oval.rx, upright.oval.ry))


@pytest.mark.parametrize("name", [name for name in ANIMALS if name not in {"hanging ears", "two cats"}])
def test_skull_is_measured_without_the_ears(name: str) -> None:
    animal, result = drawn(name)
    assert result.skull == pytest.approx(animal.skull, rel=0.08)


@pytest.mark.parametrize("name", CUT_OFF)
@pytest.mark.parametrize("masked", [True, False], ids=["mask", "oval"])
def test_cut_by_the_photos_edge_is_rounded(name: str, masked: bool) -> None:
    """Wherever the photo's edge cuts the head off, it goes on in its own colours and ends in a curve."""
    animal = CUT_OFF[name]()
    result = cut_head(animal.bgr, animal.mask if masked else None, animal.head)
    beyond = ~aligned(result, animal, np.ones(animal.photo.shape[:2], bool), margin=2)[2:-2, 2:-2]
    added = beyond & visible(result)
    rows, columns = np.nonzero(added)
    turn = np.deg2rad(animal.head.tilt)
    # The direction towards the cropped edge, in the upright result.
    aim = (0.0, -1.0) if name == "above" else (-float(np.cos(turn)), float(np.sin(turn)))
    depths = columns * aim[0] + rows * aim[1]
    assert 0.04 < (depths.max() - depths.min()) / result.oval.radius < 0.3
    # A straight end would hold as many pixels in its last rows as in its first ones.
    first, last = (depths < depths.min() + 2).sum(), (depths > depths.max() - 2).sum()
    assert last < 0.7 * first
    if masked:
        colour = result.bgra[added][:, :3].mean(axis=0)
        assert np.abs(colour - FUR[::-1]).max() < 25


@pytest.mark.parametrize("masked", [True, False], ids=["mask", "oval"])
@pytest.mark.parametrize(("scale", "radius"), [(0.1, MIN_RADIUS), (1, None), (4, MAX_RADIUS)])
def test_size_of_the_head_is_limited(scale: float, radius: float | None, masked: bool) -> None:
    animal = cat()
    bgr = cv2.resize(animal.bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    result = cut_head(bgr, animal.mask if masked else None, animal.head)
    expected = radius or SIDE * np.sqrt(animal.head.rx * animal.head.ry)
    assert result.oval.radius == pytest.approx(expected, rel=0.02)
    assert result.cut_by is (CutBy.MASK if masked else CutBy.OVAL)


@pytest.mark.parametrize("tilt", [0.0, 140.0])
@pytest.mark.parametrize("place", [(0.0, 0.0), (1.0, 1.0), (0.5, 1.0)])
@pytest.mark.parametrize("radii", [(0.02, 0.02), (0.75, 0.75), (0.2, 0.6)])
def test_any_oval_gives_a_head(tilt: float, place: tuple[float, float], radii: tuple[float, float]) -> None:
    animal = cat()
    for mask in (animal.mask, np.ones((240, 240), np.float32), None):
        result = cut_head(animal.bgr[:200], mask, Head(*place, *radii, tilt))
        assert visible(result).any()
        assert 0 < result.skull <= 2 * result.oval.rx + 1


def test_sample_pet_keeps_both_ears_and_no_lawn(sample: tuple[Normalised, bytes]) -> None:
    picture, mask = sample
    head = Head(590 / 1200, 410 / 1500, 280 / 1500, 260 / 1500)
    result = cut_head(decode(picture.jpeg), decode_mask(mask), head)
    top = visible(result)[round(0.1 * result.bgra.shape[0])]
    runs = np.flatnonzero(np.diff(np.pad(top.astype(int), 1)) == 1)
    assert (result.cut_by, len(runs)) == (CutBy.MASK, 2)
    assert greens(result) < 0.002


def test_an_oval_that_is_too_small_keeps_ears_and_cheeks(sample: tuple[Normalised, bytes]) -> None:
    """The fur beside the oval links the ears to the body."""
    picture, mask = sample
    large, small = Head(0.492, 0.273, 0.187, 0.173), Head(0.51, 0.3275, 0.1353, 0.1425)
    whole, result = (cut_head(decode(picture.jpeg), decode_mask(mask), head) for head in (large, small))
    top = visible(result)[round(0.1 * result.bgra.shape[0])]
    assert len(np.flatnonzero(np.diff(np.pad(top.astype(int), 1)) == 1)) == 2
    areas = [visible(cut).sum() / (cut.oval.rx / head.rx) ** 2 for cut, head in ((whole, large), (result, small))]
    assert areas[1] > 0.75 * areas[0]


def test_drawn_truth_is_consistent() -> None:
    for name in ANIMALS:
        animal, _ = drawn(name)
        assert not (animal.whole_head & animal.body).any()
        assert animal.mask.shape == (drawn_heads.SIDE // 2, drawn_heads.SIDE // 2)
