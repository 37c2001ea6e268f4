"""The outline's guess at a pet's head, and the parts of the pet that move with the head."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from videos.studio.choreography import Pose, Poses
from videos.studio.puppet.puppet import assemble_puppet
from videos.studio.puppet.warp import Warp
from videos.studio.raster.scratch import Scratch
from videos.studio.segmentation.cutout import Mode
from videos.studio.segmentation.outline import Head, find_head

REST = next(Poses.of(np.zeros(1)).frames())


def outline(width: int, height: int, *ovals: tuple[int, int, int, int, int]) -> np.ndarray:
    """Return a mask of ovals (x, y, half width, half height, turn), cropped to them."""
    mask = np.zeros((height, width), np.uint8)
    for x, y, rx, ry, turn in ovals:
        cv2.ellipse(mask, (x, y), (rx, ry), turn, 0, 360, 1, -1)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] > 0


def sitting_pet() -> np.ndarray:
    """Return a pet with ears as far apart as its body is wide, and a tail to the right that moves the middle."""
    ears = ((110, 60, 14, 60, -12), (230, 60, 14, 60, 12))
    return outline(400, 500, (170, 160, 90, 80, 0), (170, 350, 110, 150, 0), *ears, (290, 420, 60, 12, 0))


def lying_pet(*ovals: tuple[int, int, int, int, int]) -> np.ndarray:
    """Return a pet with its head at the left and a level back far to the right of it."""
    return outline(800, 500, (150, 210, 90, 90, 0), (400, 360, 380, 90, 0), *ovals)


def test_the_outline_shows_the_skull_between_the_ears() -> None:
    pet = sitting_pet()
    head = find_head(pet)
    left = 60  # The left edge of the body, which is the leftmost part.
    assert head.x == pytest.approx(170 - left, abs=12)
    assert head.top == pytest.approx(80 - 2, abs=12)  # The tips of the ears are at 2.
    assert 100 < head.width < 220
    assert head.is_distinct


def test_raised_tail_is_no_head() -> None:
    pet = lying_pet((700, 170, 16, 170, 8))
    head = find_head(pet)
    assert head.x == pytest.approx(150 - 20, abs=15)
    assert head.top == pytest.approx(120, abs=12)
    assert head.is_distinct


def test_back_is_no_distinct_head() -> None:
    assert not find_head(outline(800, 300, (400, 150, 380, 140, 0))).is_distinct
    assert find_head(outline(800, 300, (400, 150, 380, 140, 0)), cut_off=True).is_distinct


def texture_points(pose: Pose) -> tuple[np.ndarray, np.ndarray]:
    """Return the texture point of each grid point, for a pet three times as wide as high, its head at the left."""
    flat, alpha = np.zeros((200, 620, 3), np.float32), np.ones((200, 620), np.float32)
    head = Head(90.0, 20.0, 80.0)
    puppet = assemble_puppet(Mode.FULL, flat, alpha, (310.0, 200.0), (600, 200), 500.0, head, (480, 640))
    return Warp(puppet, 640, 480, Scratch()).texture_points(pose)


@pytest.mark.parametrize("field", ["head", "turn", "nod"])
def test_head_movements_leave_the_rump_in_place(field: str) -> None:
    """The rump of a lying pet does not fly up when its head tilts, and is not smeared when it turns."""
    still, moved = texture_points(REST), texture_points(replace(REST, **{field: 12.0 if field == "head" else 1.0}))
    apart = np.hypot(moved[0] - still[0], moved[1] - still[1])
    inside = (still[1] > 0) & (still[1] < 200)
    rump, face = inside & (still[0] > 90 + 1.75 * 80), inside & (np.abs(still[0] - 90) < 40) & (still[1] < 60)
    assert apart[rump].max() < 0.01
    assert apart[face].max() > 5
