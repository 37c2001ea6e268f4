"""What belongs to a head in small drawn masks, where each rule can be tried alone."""

import cv2
import numpy as np
import pytest

from videos.studio.segmentation.head_shape import Oval, head_shape, linked_part
from videos.studio.segmentation.head_skull import USUAL_SKULL, skull_width

SHAPE = (150, 180)
OVAL = Oval(80, 80, 36, 36)


def disc(x: float, y: float, radius: float) -> np.ndarray:
    return np.hypot(np.arange(SHAPE[1])[None] - x, np.arange(SHAPE[0])[:, None] - y) < radius


def polygon(*points: tuple[int, int]) -> np.ndarray:
    shape = np.zeros(SHAPE, np.uint8)
    cv2.fillPoly(shape, [np.array(points, np.int32)], 1)
    return shape > 0


def kept(mask: np.ndarray) -> np.ndarray:
    return mask & (head_shape(mask.astype(np.float32), OVAL) > 0.5)


def far_from_oval(mask: np.ndarray, by: float) -> int:
    return int((mask & (OVAL.distance(SHAPE) > by)).sum())


@pytest.mark.parametrize(("x", "y", "radius"), [(84, 88, 60), (96, 82, 42), (66, 88, 48)])
def test_rim_of_a_body_around_the_head_is_no_ear(x: float, y: float, radius: float) -> None:
    assert far_from_oval(kept(disc(80, 80, 36) | disc(x, y, radius)), 1.1) < 12


def test_rump_that_rises_above_the_head_is_no_ear() -> None:
    rump = disc(115, 30, 28)
    assert far_from_oval(kept(disc(80, 80, 36) | rump), 1.15) < 12


def test_strip_between_the_head_and_the_body_is_no_ear() -> None:
    ring = disc(80, 80, 41) & ~disc(80, 80, 36)
    strip = ring & polygon((80, 80), (179, 80), (179, 20), (110, 20))
    body = polygon((112, 70), (179, 70), (179, 149), (90, 149))
    assert far_from_oval(kept(disc(80, 80, 36) | body | strip), 1.1) < 12


def test_paw_that_a_thin_line_links_to_the_head_is_left_out() -> None:
    paw = disc(100, 100, 9)
    head = disc(70, 72, 24)
    bridge = polygon((80, 90), (96, 98), (95, 100), (79, 92))
    assert (kept(head | bridge | paw) & paw).sum() < 0.15 * paw.sum()
    assert (kept(head | bridge | paw) & head).sum() == head.sum()


def test_ear_reaches_further_up_than_aside() -> None:
    up, aside = polygon((70, 50), (74, 0), (84, 0), (90, 50)), polygon((105, 60), (179, 55), (179, 65), (105, 76))
    assert kept(disc(80, 80, 36) | up)[1, 78]
    assert not kept(disc(80, 80, 36) | aside)[60, 170]


def test_part_that_does_not_touch_the_head_is_left_out() -> None:
    apart = disc(80, 20, 10)
    assert not (kept(disc(80, 80, 36) | apart) & apart).any()


def test_linked_part_is_the_one_in_the_oval() -> None:
    small, large = disc(80, 80, 20), disc(150, 80, 29)
    assert np.array_equal(linked_part(small | large, OVAL), small)
    assert not linked_part(disc(150, 20, 20), OVAL).any()


def test_ears_at_the_height_of_the_eyes_do_not_widen_the_skull() -> None:
    ears = polygon((22, 76), (138, 76), (138, 86), (22, 86))
    head = (disc(80, 80, 30) | ears).astype(np.float32)
    assert skull_width(head, Oval(80, 80, 60, 34)) == pytest.approx(60, abs=4)


def test_nothing_to_measure_gives_the_usual_skull() -> None:
    assert skull_width(np.zeros(SHAPE, np.float32), OVAL) == pytest.approx(USUAL_SKULL * 72)


def test_ears_that_hang_beside_the_crown_do_not_widen_the_skull() -> None:
    head = np.zeros(SHAPE, np.uint8)
    for x, y, rx, ry in ((80, 80, 28, 34), (54, 90, 10, 24), (106, 90, 10, 24)):
        cv2.ellipse(head, (x, y), (rx, ry), 0, 0, 360, 1, -1)
    assert skull_width(head.astype(np.float32), Oval(80, 80, 38, 36)) == pytest.approx(56, abs=5)


def test_tilted_oval_turns_around_its_middle() -> None:
    quarter = Oval(60, 40, 30, 15, 90).distance((80, 120))
    assert quarter == pytest.approx(Oval(60, 40, 15, 30).distance((80, 120)), abs=1e-4)
    turned = Oval(60, 40, 30, 15, 30)
    cos, sin = np.cos(np.radians(30)), np.sin(np.radians(30))
    tip = turned.distance((80, 120))[round(40 + 30 * sin), round(60 + 30 * cos)]
    assert tip == pytest.approx(1, abs=0.03)
