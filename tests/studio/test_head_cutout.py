"""A pet's head is cut out alone: with its ears, without its body, and upright. The drawn heads are known exactly."""

import functools
from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.studio import drawn_heads
from tests.studio.conftest import encoded
from tests.studio.drawn_heads import FUR, SIDE, Animal, bat_eared_dog, cat, dog, head_at, lying_cat, rabbit, two_cats
from videos.photos import Normalised
from videos.photos.head import Head
from videos.studio.raster.picture import InvalidImage, decode, decode_mask
from videos.studio.segmentation.cutout import Cutout
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.head_cutout import (
    CutBy,
    HeadCutout,
    cut_head,
    head_of,
    place_of,
    sticker_of,
)
from videos.studio.segmentation.head_view import MAX_RADIUS, MIN_RADIUS
from videos.studio.segmentation.pet_side import FACE

ANIMALS: dict[str, Callable[[], Animal]] = {
    "cat": cat,
    "hanging ears": dog,
    "long ears in the oval": lambda: rabbit(around_face=False),
    "long ears outside the oval": lambda: rabbit(around_face=True),
    "ears that stick out sideways": bat_eared_dog,
    "lying, tail up": lying_cat,
    "tail behind the head": lambda: lying_cat(tail_behind_head=True),
    "two cats": two_cats,
    "tilted to the right": lambda: cat().turned(35),
    "tilted to the left": lambda: cat().turned(-70),
    "upside down": lambda: cat().turned(180),
}
CUT_OFF: dict[str, Callable[[], Animal]] = {
    "above": lambda: cat().cropped(0, 100),
    "left": lambda: cat().cropped(190, 0),
    "left, tilted": lambda: cat().turned(30).cropped(190, 0),
}
UPRIGHT_EARS = ("cat", "lying, tail up", "tilted to the right", "tilted to the left", "upside down")


def aligned(result: HeadCutout, animal: Animal, truth: np.ndarray, margin: int = 0) -> np.ndarray:
    """Return a bool mask of the animal's photo as the result shows it: upright, with the same centre.

    ``margin`` adds pixels on all sides.
    """
    rows, columns = animal.photo.shape[:2]
    x, y = animal.head.x * columns, animal.head.y * rows
    turn = cv2.getRotationMatrix2D((x, y), animal.head.tilt, 1)
    turn[:, 2] += [result.oval.x - x + margin, result.oval.y - y + margin]
    height, width = result.bgra.shape[:2]
    return cv2.warpAffine(truth.astype(np.uint8), turn, (width + 2 * margin, height + 2 * margin)) > 0


def visible(result: HeadCutout) -> np.ndarray:
    return result.bgra[..., 3] > 127


def greens(result: HeadCutout, above: int = 127) -> float:
    """Return the share of lawn among the visible pixels."""
    blue, green, red = (result.bgra[..., channel].astype(int) for channel in range(3))
    lawn = (green > red + 15) & (green > blue + 15)
    return float(lawn[result.bgra[..., 3] > above].mean())


@functools.cache
def drawn(name: str) -> tuple[Animal, HeadCutout]:
    """Return an animal, and its head cut out by its mask."""
    animal = ANIMALS[name]()
    return animal, cut_head(animal.bgr, animal.mask, animal.head)


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


def other_pet() -> np.ndarray:
    return np.pad(np.ones((60, 60), np.float32), ((0, SIDE - 60), (SIDE - 60, 0)))


@pytest.mark.parametrize("mask", [None, np.zeros((240, 240), np.float32), other_pet()], ids=["none", "empty", "other"])
def test_without_a_mask_of_the_head_its_oval_is_feathered(mask: np.ndarray | None) -> None:
    animal = cat()
    result = cut_head(animal.bgr, mask, animal.head)
    alpha = result.bgra[..., 3] / 255
    distance = result.oval.distance(alpha.shape)
    assert result.cut_by is CutBy.OVAL
    assert alpha[distance < 0.75].min() > 0.97
    assert alpha[distance > 1.02].max(initial=0) < 0.03
    fade = alpha[round(result.oval.y), : round(0.25 * result.oval.rx)]
    assert (np.diff(fade) >= 0).all()
    assert ((fade > 0.05) & (fade < 0.95)).sum() > 0.08 * result.oval.rx
    assert result.skull == pytest.approx(animal.skull, rel=0.1)


def test_mask_of_less_than_half_the_oval_is_not_used() -> None:
    animal = cat()
    share = {}
    for lowest in (140, 190):
        mask = animal.mask.copy()
        mask[lowest // 2 :] = 0
        share[lowest] = cut_head(animal.bgr, mask, animal.head).cut_by
    assert share == {140: CutBy.OVAL, 190: CutBy.MASK}


def painted(animal: Animal, face: Box) -> np.ndarray:
    """Return the photo (BGR) with a purple ellipse in the box of a person's face, which is a little wider."""
    bgr = animal.bgr
    centre = ((face[0] + face[2]) / 2 * SIDE, (face[1] + face[3]) / 2 * SIDE)
    axes = (FACE * (face[2] - face[0]) * SIDE, FACE * (face[3] - face[1]) * SIDE)
    cv2.ellipse(bgr, (centre, axes, 0), (200, 40, 200), -1)
    return bgr


@pytest.mark.parametrize(
    "face", [(0.58, 0.2, 0.74, 0.4), (0.27, 0.3, 0.47, 0.55), (0.51, 0.05, 0.95, 0.6)], ids=["right", "left", "large"]
)
def test_a_persons_face_is_left_out_of_the_oval(face: Box) -> None:
    animal = cat()
    result = cut_head(painted(animal, face), None, animal.head, [face])
    blue, green = (result.bgra[..., channel].astype(int) for channel in range(2))
    assert visible(result).sum() > 0.2 * np.pi * result.oval.rx * result.oval.ry
    assert not ((blue > green + 60) & visible(result)).any()


def test_fur_beside_a_persons_hair_is_kept() -> None:
    """A face beside the head takes only the edge of the oval, and leaves no corner of it."""
    animal = cat()
    x, y, radius = animal.head.x, animal.head.y, animal.head.rx
    face = (x + 1.1 * radius, y - 0.6 * radius, x + 2.3 * radius, y + 0.9 * radius)
    plain, beside = (visible(cut_head(animal.bgr, None, animal.head, faces)) for faces in ((), [face]))
    assert 0.8 * plain.sum() < beside.sum() < 0.99 * plain.sum()


def test_face_around_the_middle_of_the_head_is_the_pets_own() -> None:
    animal = cat()
    x, y = animal.head.x, animal.head.y
    face = (x - 0.1, y - 0.1, x + 0.1, y + 0.1)
    expected = cut_head(animal.bgr, None, animal.head).bgra
    assert np.array_equal(cut_head(animal.bgr, None, animal.head, [face]).bgra, expected)


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


def test_head_sticker_has_a_white_outline_on_a_transparent_ground() -> None:
    animal = cat().turned(35)
    mask = (animal.mask * 255).astype(np.uint8)
    data = sticker_of(head_of(encoded(animal.photo), Cutout(encoded(mask, "PNG"), parts=1), animal.head))
    with Image.open(BytesIO(data)) as image:
        assert image.format == "WEBP"
        pixels = np.asarray(image.convert("RGBA")).astype(int)
    alpha = pixels[..., 3]
    assert [alpha[0, 0], alpha[0, -1], alpha[-1, 0], alpha[-1, -1]] == [0, 0, 0, 0]
    assert alpha[3, alpha.shape[1] // 2] == 0, "the gap between the ears"
    row = pixels[pixels.shape[0] // 2]
    left = np.flatnonzero(row[:, 3] > 200)[0]
    assert row[left, :3].min() > 215, "no white outline"
    assert row[row.shape[0] // 2, :3].min() < 150
    assert len(data) < 30_000


@pytest.mark.parametrize("name", ["cat", "tilted to the right"])
def test_place_of_the_skull_is_known_in_the_sticker(name: str) -> None:
    """The white outline and the trimming move the head in its picture."""
    animal, head = drawn(name)
    with Image.open(BytesIO(sticker_of(head))) as image:
        width, height = image.size
        pixels = np.asarray(image.convert("RGBA")).astype(int)
    place = place_of(head)
    assert place.height == pytest.approx(height / width, abs=0.02)
    assert place.skull * width == pytest.approx(animal.skull, rel=0.12)
    # The axis of a drawn head is the middle of its sticker, which ends a little below the chin.
    assert place.x == pytest.approx(0.5, abs=0.05)
    seen = np.flatnonzero((pixels[..., 3] > 127)[:, round(place.x * width)])
    assert place.chin * width == pytest.approx(seen[-1], abs=0.06 * height)
    assert place.crown * width == pytest.approx(seen[0], abs=0.03 * height)
    # The ears are higher.
    assert np.flatnonzero((pixels[..., 3] > 127).any(axis=1))[0] < place.crown * width - 0.1 * height


def test_even_noise_makes_a_small_head_sticker() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1600, 1600, 3), dtype=np.uint8)
    assert len(sticker_of(head_of(encoded(noise), Cutout(mask=None), Head(0.5, 0.5, 0.75, 0.75)))) <= 100_000


def test_sticker_leaves_out_the_faces_of_the_cutout() -> None:
    animal, face = cat(), (0.58, 0.2, 0.74, 0.4)
    photo = encoded(np.ascontiguousarray(painted(animal, face)[..., ::-1]), "PNG")
    sizes = []
    for faces in ((), (face,)):
        with Image.open(BytesIO(sticker_of(head_of(photo, Cutout(mask=None, faces=faces), animal.head)))) as image:
            sizes.append((np.asarray(image.convert("RGBA"))[..., 3] > 127).sum())
    assert sizes[1] < 0.9 * sizes[0]


def test_invalid_bytes_have_no_head() -> None:
    with pytest.raises(InvalidImage):
        head_of(b"no picture at all", Cutout(mask=None), head_at(100, 100, 50, 50))


def test_drawn_truth_is_consistent() -> None:
    for name in ANIMALS:
        animal, _ = drawn(name)
        assert not (animal.whole_head & animal.body).any()
        assert animal.mask.shape == (drawn_heads.SIDE // 2, drawn_heads.SIDE // 2)
