"""A head without a mask is cut out by its oval, along the colours in it, and without the faces of people."""

import numpy as np
import pytest

from tests.studio.cut_heads import aligned, greens, painted, visible
from tests.studio.drawn_heads import SIDE, cat
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.head_cutout import CutBy, cut_head


def other_pet() -> np.ndarray:
    return np.pad(np.ones((60, 60), np.float32), ((0, SIDE - 60), (SIDE - 60, 0)))


@pytest.mark.parametrize("mask", [None, np.zeros((240, 240), np.float32), other_pet()], ids=["none", "empty", "other"])
def test_without_a_mask_of_the_head_its_oval_is_feathered_along_its_colours(mask: np.ndarray | None) -> None:
    animal = cat()
    result = cut_head(animal.bgr, mask, animal.head)
    alpha = result.bgra[..., 3] / 255
    distance = result.oval.distance(alpha.shape)
    assert result.cut_by is CutBy.OVAL
    assert alpha[distance < 0.5].min() > 0.97
    assert alpha[distance > 1.05].max(initial=0) < 0.03
    assert greens(result) < 0.04, "a disc with room in it"
    face = aligned(result, animal, animal.face)
    assert (visible(result) & face).sum() > 0.9 * face.sum()
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
    face = (x + 0.95 * radius, y - 0.6 * radius, x + 2.15 * radius, y + 0.9 * radius)
    plain, beside = (visible(cut_head(animal.bgr, None, animal.head, faces)) for faces in ((), [face]))
    assert 0.8 * plain.sum() < beside.sum() < 0.99 * plain.sum()


def test_face_around_the_middle_of_the_head_is_the_pets_own() -> None:
    animal = cat()
    x, y = animal.head.x, animal.head.y
    face = (x - 0.1, y - 0.1, x + 0.1, y + 0.1)
    expected = cut_head(animal.bgr, None, animal.head).bgra
    assert np.array_equal(cut_head(animal.bgr, None, animal.head, [face]).bgra, expected)
