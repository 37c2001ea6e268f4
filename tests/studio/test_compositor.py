"""Turned sprites in the encoder's planes: their order, their places to a part of a pixel, and the rim around them."""

import cv2
import numpy as np
import pytest

from videos.studio.dancer.camera import Shot
from videos.studio.dancer.drawing.compositor import Matrix, Part, Texture, edges_of, paint
from videos.studio.raster.picture import Picture, colour_of
from videos.studio.raster.scratch import Scratch

RED, BLUE, BLACK = (40, 40, 230), (220, 60, 30), (0, 0, 0)
GROUND = (90, 100, 150)  # Y, U, V
UNIT = 100
STILL = Shot(scale=100.0, x=0.0, floor=300.0)


def picture(width: int = 400, height: int = 320) -> Picture:
    return Picture(*(np.full((height >> n, width >> n), GROUND[n + k], np.uint8) for n, k in ((0, 0), (1, 0), (1, 1))))


def block(colour: tuple[int, int, int], width: int = 60, height: int = 60) -> Texture:
    """Return a rectangle with four transparent pixels around it."""
    bgra = np.zeros((height + 8, width + 8, 4), np.uint8)
    bgra[4:-4, 4:-4] = (*colour, 255)
    return Texture.of(bgra)


def part(texture: Texture, x: float, y: float, degrees: float = 0.0) -> Part:
    """Return a part whose middle is at ``x``, ``y`` (U, y up)."""
    cos, sin = np.cos(np.radians(degrees)) / UNIT, np.sin(np.radians(degrees)) / UNIT
    rows, columns = texture.yuva.shape[:2]
    middle_x, middle_y = (columns - 1) / 2, (rows - 1) / 2
    x0, y0 = x - cos * middle_x + sin * middle_y, -y - sin * middle_x - cos * middle_y
    return Part(texture, Matrix(cos, -sin, sin, cos, x0, y0))


def painted(*parts: Part, shot: Shot = STILL, scratch: Scratch | None = None) -> Picture:
    onto = picture()
    paint(onto, parts, shot, scratch or Scratch())
    return onto


def at(picture: Picture, x: float, y: float) -> tuple[int, int, int]:
    """Return Y, U and V at ``x``, ``y`` (U, y up)."""
    column, row = round(200 + 100 * x), round(300 - 100 * y)
    return tuple(int(plane[row >> n, column >> n]) for plane, n in zip(picture, (0, 1, 1), strict=True))


def test_later_parts_cover_earlier_ones() -> None:
    red, blue = part(block(RED), 0, 1), part(block(BLUE), 0.3, 1)
    assert at(painted(red, blue), 0.2, 1) == pytest.approx(colour_of(BLUE), abs=1)
    assert at(painted(blue, red), 0.2, 1) == pytest.approx(colour_of(RED), abs=1)
    assert at(painted(blue, red), 0.5, 1) == pytest.approx(colour_of(BLUE), abs=1)


def test_a_half_transparent_part_mixes_with_what_is_below() -> None:
    veil = Texture.of(np.full((40, 40, 4), (0, 0, 0, 128), np.uint8))
    mixed = at(painted(part(block(RED), 0, 1), part(veil, 0, 1)), 0, 1)
    expected = [(one + other) / 2 for one, other in zip(colour_of(RED), colour_of(BLACK), strict=True)]
    assert mixed == pytest.approx(expected, abs=2)


def test_the_rim_surrounds_all_parts_together() -> None:
    pictured = painted(part(block(BLACK), 0, 1), part(block(BLACK), 0.4, 1))
    row = pictured.y[200, :]
    # From the left: ground, rim, black without a break, rim, ground.
    runs = [int(value) for value, before in zip(row[1:], row, strict=False) if value in (16, 235) and value != before]
    assert runs == [235, 16, 235]
    assert at(pictured, -0.325, 1) == (235, 128, 128)
    assert at(pictured, 0.725, 1) == (235, 128, 128)


def test_the_rim_is_a_twentieth_of_a_head_wide() -> None:
    row = painted(part(block(BLACK), 0, 1)).y[200, :200].astype(float)
    white = (np.clip(row, GROUND[0], 235) - GROUND[0]) / (235 - GROUND[0])
    assert white[:170].sum() == pytest.approx(0.05 * UNIT, abs=0.8)


def test_nothing_else_changes() -> None:
    pictured = painted(part(block(RED), 0, 1, 30))
    far = np.ones(pictured.y.shape, bool)
    far[200 - 60 : 200 + 60, 200 - 60 : 200 + 60] = False
    assert (pictured.y[far] == GROUND[0]).all()
    assert (pictured.u[far[::2, ::2]] == GROUND[1]).all()
    assert (pictured.v[far[::2, ::2]] == GROUND[2]).all()


def test_narrow_gaps_between_parts_are_white() -> None:
    """A sliver of the stage between an arm and the body would flicker."""
    apart = painted(part(block(BLACK), -0.38, 1), part(block(BLACK), 0.38, 1))
    assert at(apart, 0, 1) == (235, 128, 128)
    wide = painted(part(block(BLACK), -0.5, 1), part(block(BLACK), 0.5, 1))
    assert at(wide, 0, 1) == GROUND


@pytest.mark.parametrize("degrees", [0, 33])
def test_parts_move_by_parts_of_a_pixel(degrees: float) -> None:
    """A slow limb does not jitter: its middle is where it should be within a twentieth of a pixel."""

    def middle(x: float) -> float:
        drawn = painted(part(block(BLACK), x, 1, degrees)).y
        weight = np.clip(235 - drawn[150:250].astype(float), 0, 235) * (drawn[150:250] != GROUND[0])
        core = cv2.erode((drawn[150:250] < 60).astype(np.uint8), np.ones((3, 3))) + 0.0
        near = cv2.dilate(core, np.ones((7, 7)))
        weight = weight * near
        return float((weight.sum(axis=0) * np.arange(weight.shape[1])).sum() / weight.sum())

    steps = np.linspace(0, 0.03, 13)
    moved = np.array([middle(x) for x in steps]) - middle(0)
    assert moved == pytest.approx(100 * steps, abs=0.05)


def test_a_slow_zoom_widens_the_rim_smoothly() -> None:
    box = part(block(BLACK), 0, 1)

    def white(scale: float) -> float:
        drawn = painted(box, shot=Shot(scale, 0, 300)).y.astype(float)
        return float(np.clip((drawn - GROUND[0]) / (235 - GROUND[0]), 0, 1).sum())

    areas = np.array([white(scale) for scale in np.linspace(90, 130, 81)])
    steps = np.diff(areas)
    assert steps.max() < 90  # A step of one pixel of the half-size rim would add 700.
    assert steps.min() > -60


@pytest.mark.parametrize(("x", "y"), [(1.62, 1), (-1.62, 1), (0, 2.62), (0, 0.18)])
def test_a_rim_near_the_edge_of_the_picture_does_not_flow_into_it(x: float, y: float) -> None:
    """It ends three pixels before the edge, which is nearer than the gaps that are closed."""
    onto = painted(part(block(RED), x, y))
    assert onto.y.max() > GROUND[0]
    edges = (onto.y[0], onto.y[-1], onto.y[:, 0], onto.y[:, -1])
    assert {value for edge in edges for value in edge.tolist()} == {GROUND[0]}


def test_parts_that_are_out_of_the_picture_are_skipped() -> None:
    assert painted(part(block(RED), 9, 1)).y.tobytes() == picture().y.tobytes()
    half = painted(part(block(BLACK), -2, 1))
    assert half.y[200, 0] == 16
    assert half.y[200, 60] == GROUND[0]


def test_the_same_parts_give_the_same_bytes_whatever_was_drawn_before() -> None:
    scratch = Scratch()
    parts = [part(block(RED), 0.1, 1.2, 20), part(block(BLUE), 0.2, 1, 50)]
    first = painted(*parts, scratch=scratch)
    painted(part(block(BLUE, 200, 150), 0, 1.4, 10), scratch=scratch)
    again = painted(*parts, scratch=scratch)
    assert [plane.tobytes() for plane in again] == [plane.tobytes() for plane in first]


def test_the_hull_holds_all_that_is_seen() -> None:
    """It is tighter than the picture's box, which spares the corners of a turned limb."""
    bgra = np.zeros((90, 60, 4), np.uint8)
    cv2.line(bgra, (20, 20), (40, 70), (255, 255, 255, 255), 5, cv2.LINE_AA)
    texture = Texture.of(bgra)
    seen = cv2.findNonZero(bgra[..., 3]).reshape(-1, 2).astype(np.float32)
    hull = texture.hull.astype(np.float32)
    assert all(cv2.pointPolygonTest(hull, (float(x), float(y)), False) >= 0 for x, y in seen)
    assert cv2.contourArea(hull) < 0.2 * 90 * 60


def test_edges_are_the_same_one_by_one_and_together() -> None:
    parts = [part(block(RED), 0.1, 1.2, 20), part(block(BLUE, 90, 30), -0.4, 0.6, 50), part(block(BLACK), 0, 2)]
    assert edges_of(parts) == pytest.approx(np.array([one.edges for one in parts]))
