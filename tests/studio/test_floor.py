"""The floor of lit tiles under a moving camera: a foot that stands still does so on its tile."""

import cv2
import numpy as np
import pytest

from videos.studio.dancer.camera import Shot, grounds
from videos.studio.raster.picture import Picture
from videos.studio.scene.floor import VANISHING, Floor, Ground, checker

WIDTH, HEIGHT = 360, 640
FOOT = 590.0  # the row on which the dancer stands
COLOURS = ((200, 120, 40), (40, 200, 220))


def floor(*, moves: bool = True) -> Floor:
    made = Floor(WIDTH, HEIGHT, COLOURS, checker, moves=moves)
    made.light(0.0, 0.3)
    return made


def drawn(ground: Ground | None, *, moves: bool = True) -> Picture:
    picture = Picture(*(np.zeros((HEIGHT >> n, WIDTH >> n), np.uint8) for n in (0, 1, 1)))
    floor(moves=moves).draw(picture, ground)
    return picture


def moved(one: np.ndarray, other: np.ndarray) -> float:
    """Return by how many pixels a row lies further to the right in ``other``."""
    first, second = (cv2.GaussianBlur(row[None].astype(np.float64), (0, 0), 1.5) for row in (one, other))
    at, steps = np.arange(first.shape[1]), np.arange(-30, 30.25, 0.25)
    errors = [float(((np.interp(at - step, at, first[0]) - second[0]) ** 2)[30:-30].mean()) for step in steps]
    return float(steps[int(np.argmin(errors))])


def test_a_camera_that_stands_still_sees_the_plain_floor() -> None:
    still = drawn(Ground(1.0, 0.0, FOOT))
    for plane, plain in zip(still, drawn(None, moves=False), strict=True):
        assert np.abs(plane.astype(int) - plain).mean() < 1


@pytest.mark.parametrize("shift", [-14.0, 6.0, 17.0])
def test_a_camera_to_the_side_moves_near_tiles_more_than_far_ones(shift: float) -> None:
    """At the feet, the floor moves exactly with the dancer."""
    plain, seen = drawn(Ground(1.0, 0.0, FOOT)).y, drawn(Ground(1.0, shift, FOOT)).y
    vanishing = VANISHING * HEIGHT
    for row in (500, int(FOOT), 630):
        expected = -shift * (row + 0.5 - vanishing) / (FOOT - vanishing)
        assert moved(plain[row], seen[row]) == pytest.approx(expected, abs=0.5)


def test_the_colours_move_with_the_brightness() -> None:
    plain, seen = drawn(Ground(1.0, 0.0, FOOT)), drawn(Ground(1.0, 16.0, FOOT))
    for before, after in ((plain.u, seen.u), (plain.v, seen.v)):
        assert moved(before[int(FOOT) // 2], after[int(FOOT) // 2]) == pytest.approx(-8, abs=0.75)


@pytest.mark.parametrize("shift", [0.0, 5.0])
def test_a_camera_that_comes_closer_sees_wider_tiles(shift: float) -> None:
    plain, seen = drawn(Ground(1.0, shift, FOOT)).y, drawn(Ground(1.2, 1.2 * shift, FOOT)).y
    row = plain[int(FOOT)].astype(np.float64)
    at = np.arange(WIDTH)
    wider = np.interp((at + 0.5 - WIDTH / 2) / 1.2 + WIDTH / 2 - 0.5, at, row)
    error = np.abs(wider - seen[int(FOOT)]).mean()
    assert error < 0.15 * np.abs(row - seen[int(FOOT)]).mean()


def test_the_ground_follows_the_shots() -> None:
    """A point on the floor is where the same point of the tiles is."""
    shown = [Shot(100, 0.0, FOOT), Shot(120, 0.3, FOOT), Shot(100, -0.2, FOOT), Shot(150, 0.0, FOOT + 80)]
    seen = grounds(shown)
    usual = np.median([shot.scale for shot in shown])
    for shot, ground in zip(shown, seen, strict=True):
        assert ground.row == FOOT
        assert ground.zoom * usual * 0.7 - ground.shift == pytest.approx((0.7 - shot.x) * shot.scale)
