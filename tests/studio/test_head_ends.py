"""Ears, smiles, backs and paws leave the oval: what ends in the background, and how, tells which are the head's."""

import numpy as np
import pytest

from tests.studio.cut_heads import aligned, visible
from tests.studio.drawn_heads import DARK, FUR, SIDE, TONGUE, Animal, cat, head_at, oval, polygon
from tests.studio.test_head_shape import OVAL, disc, kept
from tests.studio.test_head_shape import polygon as small_polygon
from videos.studio.segmentation.head_cutout import HeadCutout, cut_head
from videos.studio.segmentation.head_shape import head_shape

RED_FUR, BROWN, PALE = (190, 85, 40), (150, 95, 50), (200, 200, 195)
LIPS, COAT = (200, 140, 150), (190, 25, 45)


def shown(animal: Animal, part: np.ndarray) -> float:
    """Return the share of a part of the photo that the cut-out head shows."""
    result: HeadCutout = cut_head(animal.bgr, animal.mask, animal.head)
    return float((visible(result) & aligned(result, animal, part)).sum() / part.sum())


def kept_in_colours(mask: np.ndarray, alike: np.ndarray) -> np.ndarray:
    return mask & (head_shape(mask.astype(np.float32), OVAL, alike=alike) > 0.5)


def below(part: np.ndarray) -> np.ndarray:
    return part & (np.arange(part.shape[0])[:, None] > 215)


def test_ear_in_the_colour_of_the_body_is_kept_if_it_ends_in_the_background() -> None:
    ear = small_polygon((52, 62), (50, 14), (58, 14), (76, 48))
    free = disc(80, 80, 36) | ear
    alike = np.where(ear, -0.9, 0.5).astype(np.float32)
    tip = ear & ~disc(80, 80, 40)
    assert (kept_in_colours(free, alike) & tip).sum() > 0.9 * tip.sum()


def test_part_in_the_colour_of_the_body_that_reaches_too_far_is_no_ear() -> None:
    tail = small_polygon((70, 50), (74, 2), (88, 2), (90, 50))
    alike = np.where(tail, -0.9, 0.5).astype(np.float32)
    tip = tail & ~disc(80, 80, 42)
    assert not (kept_in_colours(disc(80, 80, 36) | tail, alike) & tip).any()


def test_ear_that_points_aside_is_kept_where_a_neck_wider_than_the_oval_holds_it() -> None:
    ear = small_polygon((46, 76), (46, 60), (14, 58), (32, 84))
    neck = small_polygon((30, 80), (60, 80), (70, 149), (30, 149))
    tip = ear & (np.arange(180) < 30)[None]
    assert (kept(disc(80, 80, 36) | ear | neck) & tip).sum() > 0.8 * tip.sum()


def test_body_that_becomes_wider_further_down_holds_no_ear() -> None:
    body = small_polygon((46, 60), (26, 66), (8, 100), (8, 149), (80, 149))
    assert not (kept(disc(80, 80, 36) | body) & (np.arange(180) < 24)[None]).any()


def test_back_behind_the_head_of_a_pet_from_above_is_no_ear() -> None:
    back = disc(58, 56, 31) & ~disc(80, 80, 36)
    far = back & (OVAL.distance(back.shape) > 1.25)
    assert far.sum() > 300
    assert (kept(disc(80, 80, 36) | back) & far).sum() < 0.05 * far.sum()


def test_tongue_that_a_shadow_divides_is_kept_to_its_end() -> None:
    animal = cat()
    tongue, shadow = oval(240, 255, 17, 46), polygon((215, 243), (265, 243), (265, 246), (215, 246))
    animal.paint(tongue, TONGUE)
    animal.paint(tongue & shadow, DARK)
    animal.face |= tongue
    animal.body &= ~tongue
    assert shown(animal, below(tongue)) > 0.85


def test_tongue_of_a_pet_with_red_fur_is_kept() -> None:
    animal = cat()
    animal.paint(animal.whole_head, BROWN)
    animal.paint(oval(240, 225, 50, 25) | animal.body, RED_FUR)
    tongue = oval(240, 250, 17, 34)
    animal.paint(tongue, (225, 60, 130))
    animal.face |= tongue
    animal.body &= ~tongue
    assert shown(animal, below(tongue)) > 0.85


@pytest.mark.parametrize(("colour", "least", "most"), [(LIPS, 0.8, 1), (COAT, 0, 0.3)], ids=["smile", "coat"])
def test_smile_that_is_turned_aside_is_kept_and_a_bright_coat_is_not(
    colour: tuple[int, int, int], least: float, most: float
) -> None:
    animal = cat()
    animal.paint(animal.whole_head | animal.body, PALE)
    smile = polygon((298, 180), (314, 186), (306, 225), (285, 275), (255, 275), (270, 250), (294, 222))
    animal.add_body(smile & ~animal.face)
    animal.paint(smile, colour)
    assert least <= shown(animal, below(smile)) <= most


@pytest.mark.parametrize("sides", [1, 2])
def test_paw_beside_the_chin_is_left_out_and_ears_on_both_sides_are_not(sides: int) -> None:
    animal = Animal(head_at(240, 155, 84, 92), skull=150)
    animal.add_body(oval(240, 400, 45, 115))
    animal.add_head(oval(240, 175, 75, 70), [])
    left = oval(156, 248, 30, 30) | polygon((190, 195), (212, 228), (171, 274), (130, 236))
    paws = left if sides == 1 else left | left[:, ::-1]
    animal.paint(paws, FUR)
    animal.ears |= paws & ~animal.face
    end = paws & (np.arange(SIDE) > 250)[:, None]
    assert (shown(animal, end) > 0.5) == (sides == 2)
