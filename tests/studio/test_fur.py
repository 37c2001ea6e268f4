"""The dancer's colours come from the fur of the head, never from its eyes, nose, tongue, or what is behind it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.studio import drawn_heads
from videos.studio.dancer.art.fur import Fur, Pattern, fur_of
from videos.studio.raster.colours import Bgr
from videos.studio.segmentation.head_cutout import CutBy, HeadCutout, cut_head
from videos.studio.segmentation.head_shape import Oval

FOX, BLACK, WHITE, GREY = (60, 130, 215), (30, 26, 28), (232, 236, 240), (150, 154, 160)
SIZE, MIDDLE, RADIUS = 240, 120, 100


def face(fur: Bgr, *discs: tuple[int, int, int, Bgr]) -> HeadCutout:
    """Return a round head with eyes, a nose and ``discs`` (x, y, radius, colour) below them."""
    picture = np.full((SIZE, SIZE, 4), (*fur, 255), np.uint8)
    for x, y, radius, colour in (*discs, (85, 95, 9, BLACK), (155, 95, 9, BLACK), (MIDDLE, 150, 14, BLACK)):
        cv2.circle(picture, (x, y), radius, (*colour, 255), -1, cv2.LINE_AA)
    return finished(picture)


def finished(picture: np.ndarray) -> HeadCutout:
    noise = np.random.default_rng(2).normal(0, 7, (SIZE, SIZE, 1))
    picture[..., :3] = np.clip(picture[..., :3] + noise, 0, 255)
    picture[..., 3] = cv2.circle(np.zeros((SIZE, SIZE), np.uint8), (MIDDLE, MIDDLE), RADIUS, 255, -1, cv2.LINE_AA)
    return HeadCutout(picture, Oval(MIDDLE, MIDDLE, RADIUS, RADIUS), 2.0 * RADIUS, CutBy.MASK)


def is_near(one: Bgr, other: Bgr, within: int = 14) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= within


def lightness(colour: Bgr) -> float:
    lab = cv2.cvtColor(np.float32([[colour]]) / 255, cv2.COLOR_BGR2LAB)
    return float(lab[0, 0, 0])


def tabby(*, parallel: bool = False) -> HeadCutout:
    """Return a head with dark marks in rows, the same on both sides: stripes in many directions, or locks in one."""
    picture = np.full((SIZE, SIZE, 4), (96, 120, 150, 255), np.uint8)
    for row in range(10):
        for column in range(-6, 7):
            turn = 0 if parallel else np.sign(column) * (30 + 65 * (row + abs(column)))
            centre = (MIDDLE + 16 * column, 24 + 20 * row)
            cv2.ellipse(picture, (centre, (6, 22), float(turn)), (40, 56, 76, 255), -1, cv2.LINE_AA)
    return finished(picture)


def spotted() -> HeadCutout:
    spots = [(x, y, 6, BLACK) for x in (60, 95, 145, 180) for y in (55, 85, 120, 160, 185)]
    return face(WHITE, *spots)


def test_drawn_cat_has_the_colour_of_its_fur() -> None:
    animal = drawn_heads.cat()
    fur = fur_of(cut_head(animal.bgr, animal.mask, animal.head))
    red, green, blue = drawn_heads.FUR
    assert is_near(fur.main, (blue, green, red))
    assert fur.pattern is Pattern.PLAIN


@pytest.mark.parametrize("colour", [FOX, GREY, (70, 90, 120)])
def test_one_tone_pet_has_a_slightly_lighter_second(colour: Bgr) -> None:
    fur = fur_of(face(colour))
    assert is_near(fur.main, colour)
    assert 4 < lightness(fur.second) - lightness(fur.main) < 16


@pytest.mark.parametrize("main", [BLACK, FOX, (60, 60, 66)], ids=["tuxedo", "fox", "husky"])
def test_two_tone_pet_keeps_both(main: Bgr) -> None:
    fur = fur_of(face(main, (MIDDLE, 180, 52, WHITE)))
    assert is_near(fur.second, WHITE)
    assert lightness(fur.main) < 65
    assert fur.pattern is Pattern.PLAIN


@pytest.mark.parametrize("other", [(40, 170, 60), (150, 120, 235), (200, 90, 20)], ids=["grass", "tongue", "collar"])
def test_what_is_no_fur_gives_no_colour(other: Bgr) -> None:
    fur = fur_of(face(FOX, (MIDDLE, 185, 60, other)))
    assert is_near(fur.main, FOX)
    assert not is_near(fur.second, other, 40)


def test_head_without_any_fur_colour_still_has_colours_of_fur() -> None:
    fur = fur_of(face((40, 200, 40)))
    blue, green, red = fur.main
    assert max(blue, green, red) - min(blue, green, red) < 40


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255)])
def test_ink_and_rim_stay_visible(colour: Bgr) -> None:
    fur = fur_of(face(colour))
    for shade in (fur.main, fur.second, fur.pattern_colour):
        assert 27 < lightness(shade) < 95


def test_spotted_fur_has_spots() -> None:
    fur = fur_of(spotted())
    assert fur.pattern is Pattern.SPOTS
    assert is_near(fur.main, WHITE)
    assert lightness(fur.pattern_colour) < 40


def test_tabby_has_darker_stripes() -> None:
    fur = fur_of(tabby())
    assert fur.pattern is Pattern.STRIPES
    assert lightness(fur.pattern_colour) < lightness(fur.main) - 10


def test_locks_in_one_direction_are_no_stripes() -> None:
    assert fur_of(tabby(parallel=True)).pattern is Pattern.PLAIN


def test_patches_lie_on_white_fur() -> None:
    fur = fur_of(face(WHITE, (60, 80, 66, (40, 70, 120))))
    assert (fur.pattern, is_near(fur.main, WHITE)) == (Pattern.PATCHES, True)
    assert is_near(fur.pattern_colour, (40, 70, 120))


def test_dark_mask_of_a_siamese_is_no_patch() -> None:
    assert fur_of(face((190, 205, 215), (MIDDLE, 130, 55, (50, 60, 75)))).pattern is not Pattern.PATCHES


def test_background_at_the_soft_edge_of_an_oval_is_no_patch() -> None:
    head = face(WHITE, (60, 80, 66, (40, 70, 120)))
    assert fur_of(replace(head, cut_by=CutBy.OVAL)).pattern is not Pattern.PATCHES


def test_toe_beans_are_rose_below_light_fur_and_dark_below_dark_fur() -> None:
    light, dark = fur_of(face(WHITE)).pad, fur_of(face(BLACK)).pad
    assert light[2] > light[1] + 40
    assert max(dark) < 80


def test_same_head_gives_the_same_colours() -> None:
    first: Fur = fur_of(spotted())
    cv2.setRNGSeed(99)
    assert fur_of(spotted()) == first
