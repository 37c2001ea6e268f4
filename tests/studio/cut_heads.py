"""Heads that are cut out of drawn photos, and what is seen of them."""

import functools
from collections.abc import Callable

import cv2
import numpy as np

from tests.studio.drawn_heads import SIDE, Animal, bat_eared_dog, cat, dog, lying_cat, rabbit, two_cats
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.head_cutout import HeadCutout, cut_head
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


def painted(animal: Animal, face: Box) -> np.ndarray:
    """Return the photo (BGR) with a purple ellipse in the box of a person's face, which is a little wider."""
    bgr = animal.bgr
    centre = ((face[0] + face[2]) / 2 * SIDE, (face[1] + face[3]) / 2 * SIDE)
    axes = (FACE * (face[2] - face[0]) * SIDE, FACE * (face[3] - face[1]) * SIDE)
    cv2.ellipse(bgr, (centre, axes, 0), (200, 40, 200), -1)
    return bgr
