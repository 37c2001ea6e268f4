"""Jaws, tongues and hanging ears leave the oval, and a body does not enter it: colours and edges tell them apart."""

import cv2
import numpy as np
import pytest

from tests.studio.cut_heads import aligned, visible
from tests.studio.drawn_heads import TONGUE, Animal, cat, dog, head_at, oval, polygon, tail
from videos.studio.segmentation.head_cutout import CutBy, HeadCutout, cut_head

COAT, COLLAR, CHEST = (40, 90, 200), (210, 30, 40), (235, 230, 225)


def cut(animal: Animal) -> HeadCutout:
    result = cut_head(animal.bgr, animal.mask, animal.head)
    assert result.cut_by is CutBy.MASK
    return result


def shown(result: HeadCutout, animal: Animal, part: np.ndarray) -> float:
    """Return the share of a part of the photo that the cut-out head shows."""
    return float((visible(result) & aligned(result, animal, part)).sum() / part.sum())


def panting_cat() -> tuple[Animal, np.ndarray]:
    """Return a cat whose tongue hangs out of its oval, over its body."""
    animal = cat()
    tongue = oval(240, 250, 17, 34)
    animal.paint(tongue, TONGUE)
    animal.face |= tongue
    animal.body &= ~tongue
    return animal, tongue


def dog_in_profile(*, down: bool) -> tuple[Animal, np.ndarray]:
    """Return a dog whose muzzle leaves its oval to the left, straight or down, and the end of the muzzle."""
    animal = Animal(head_at(260, 170, 80, 80), skull=140)
    animal.add_body(oval(330, 380, 90, 140))
    end = oval(170, 235, 34, 30) if down else oval(158, 190, 38, 28)
    bridge = polygon((200, 140), (270, 240), (200, 250), (150, 215), (150, 170))
    animal.add_head(oval(260, 170, 70, 72) | end | bridge, [oval(310, 180, 22, 50)])
    return animal, end & (np.hypot(*np.subtract(np.indices(end.shape), [[[170]], [[260]]])) > 82)


def spaniel() -> Animal:
    """Return a dog whose ears begin at its eyes, and hang down beside its oval over its body."""
    animal = Animal(head_at(240, 170, 75, 80), skull=130)
    animal.add_body(oval(240, 370, 120, 150))
    animal.paint(animal.body, CHEST)
    animal.add_head(oval(240, 168, 66, 74), [oval(160, 215, 26, 66, 8), oval(320, 215, 26, 66, -8)])
    return animal


def test_tongue_that_hangs_out_of_the_oval_is_kept() -> None:
    animal, tongue = panting_cat()
    assert shown(cut(animal), animal, tongue) > 0.9
    assert shown(cut(animal), animal, animal.body) < 0.06


def test_red_collar_below_the_oval_is_no_tongue() -> None:
    animal = cat()
    collar = polygon((160, 235), (320, 235), (320, 262), (160, 262)) & ~animal.face
    animal.paint(collar, COLLAR)
    animal.body |= collar
    result = cut(animal)
    assert shown(result, animal, collar) < 0.1
    assert shown(result, animal, animal.face) > 0.95


@pytest.mark.parametrize("down", [False, True], ids=["to the side", "down"])
def test_muzzle_that_leaves_the_oval_is_kept(down: bool) -> None:
    animal, end = dog_in_profile(down=down)
    result = cut(animal)
    assert end.sum() > 400
    assert shown(result, animal, end) > 0.85
    assert shown(result, animal, animal.body) < 0.05


def test_ears_that_hang_beside_the_oval_are_kept_and_the_chest_is_not() -> None:
    animal = spaniel()
    result = cut(animal)
    assert shown(result, animal, animal.ears) > 0.85
    assert (visible(result) & aligned(result, animal, animal.body)).sum() < 0.08 * visible(result).sum()


def test_neck_in_the_same_colour_ends_round_at_the_oval() -> None:
    """Nothing tells the neck from the head, and no corner is left beside it."""
    animal = cat(ears=False)
    neck = polygon((185, 200), (295, 200), (320, 480), (160, 480)) & ~animal.face
    animal.paint(neck, (215, 130, 60))
    animal.body |= neck
    result = cut(animal)
    rows = np.flatnonzero(visible(result).any(axis=1))
    assert rows[-1] < result.oval.y + 1.2 * result.oval.ry
    widths = visible(result).sum(axis=1)
    assert widths[rows[-1] - 2] < 0.75 * result.skull


def test_whiskers_are_dropped() -> None:
    animal = cat()
    whiskers = tail((200, 195), (90, 180), width=5) | tail((200, 200), (95, 215), width=5)
    animal.add_body(whiskers & ~animal.whole_head)
    far = whiskers & (np.abs(np.arange(480) - 240) > 95)[None]
    assert far.sum() > 200
    assert shown(cut(animal), animal, far) < 0.05


def test_scrap_on_a_thread_is_dropped() -> None:
    animal = cat()
    scrap = oval(120, 150, 14, 14)
    animal.add_body((scrap | tail((130, 150), (180, 160), width=6)) & ~animal.whole_head)
    result = cut(animal)
    assert shown(result, animal, scrap) < 0.05
    count, _ = cv2.connectedComponents(visible(result).astype(np.uint8), connectivity=8)
    assert count == 2, "more than one piece"


def test_post_that_rises_behind_the_head_is_no_ear() -> None:
    animal = cat(240, 350, ears=False)
    post = polygon((265, 300), (300, 320), (300, 0), (265, 0)) & ~animal.face
    animal.add_body(post)
    assert shown(cut(animal), animal, post) < 0.2


def test_back_that_has_other_colours_is_no_ear() -> None:
    animal = cat(ears=False)
    back = (oval(330, 190, 80, 100) & ~animal.face) | polygon((300, 250), (410, 200), (430, 400), (300, 400))
    animal.add_body(back & ~animal.face)
    assert shown(cut(animal), animal, back & ~animal.face) < 0.06


def test_coat_in_a_colour_of_no_fur_is_left_out() -> None:
    animal = dog()
    coat = (oval(240, 330, 130, 110) | polygon((300, 170), (350, 150), (360, 300), (290, 300))) & ~animal.whole_head
    animal.paint(coat, COAT)
    animal.body |= coat
    result = cut(animal)
    blue = result.bgra[..., 0].astype(int) > result.bgra[..., 2].astype(int) + 40
    assert (blue & visible(result)).sum() < 0.01 * visible(result).sum()


def test_face_where_the_mask_is_unsure_has_no_holes() -> None:
    animal = cat()
    animal.add_face()
    mask = animal.mask
    mask[60:110, 95:145] = np.minimum(mask[60:110, 95:145], 0.56)
    mask[85:92, 104:110] = 0.2  # An eye.
    result = cut_head(animal.bgr, mask, animal.head)
    inner = result.oval.distance(visible(result).shape) < 0.5
    assert result.bgra[..., 3][inner].min() > 250


def test_ear_at_the_photos_edge_is_kept() -> None:
    """The mask goes on beyond the photo, but nothing of the pet does."""
    animal = cat().cropped(175, 0)
    assert shown(cut(animal), animal, animal.ears) > 0.85
