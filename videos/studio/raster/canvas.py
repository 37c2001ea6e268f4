"""Flat, antialiased shapes on a transparent layer, for scenery, hats and gloves."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from videos.studio.raster.colours import Bgr

SHIFT = 4
Points = Sequence[tuple[float, float]] | np.ndarray


class Canvas:
    """A layer over ``ground`` (BGR uint8). Later shapes cover earlier ones.

    ``colour`` has the ground's shape and type, and ``alpha`` is uint8. The layer begins with the ground's colours, so
    that soft edges never fade to black.
    """

    def __init__(self, ground: np.ndarray) -> None:
        self.height, self.width = ground.shape[:2]
        self.colour = ground.copy()
        self.alpha = np.zeros((self.height, self.width), np.uint8)

    def shapes(self, outlines: Iterable[Points], colour: Bgr, alpha: float = 1.0) -> None:
        """Fill polygons (points in pixels, x and y) with one colour."""
        fixed = [np.round(np.asarray(points, np.float64) * (1 << SHIFT)).astype(np.int32) for points in outlines]
        if fixed:
            cv2.fillPoly(self.colour, fixed, colour, cv2.LINE_AA, SHIFT)
            cv2.fillPoly(self.alpha, fixed, (round(255 * alpha),), cv2.LINE_AA, SHIFT)

    def shape(self, points: Points, colour: Bgr, alpha: float = 1.0) -> None:
        self.shapes([points], colour, alpha)

    def disc(self, x: float, y: float, radius: float, colour: Bgr, alpha: float = 1.0) -> None:
        self.shape(oval(x, y, radius, radius), colour, alpha)

    def stroke(self, points: Points, width: float, colour: Bgr, alpha: float = 1.0) -> None:
        """Draw a line with round ends."""
        line = np.round(np.asarray(points, np.float64) * (1 << SHIFT)).astype(np.int32)
        thick = max(1, round(width))
        cv2.polylines(self.colour, [line], False, colour, thick, cv2.LINE_AA, SHIFT)
        cv2.polylines(self.alpha, [line], False, (round(255 * alpha),), thick, cv2.LINE_AA, SHIFT)


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0.0, points: int = 40) -> np.ndarray:
    """Return an ellipse, turned by ``turn`` degrees, as a polygon."""
    return rotate_points(np.stack([rx * np.cos(_circle(points)), ry * np.sin(_circle(points))], 1), turn, x, y)


def star(x: float, y: float, outer: float, inner: float, arms: int, turn: float = 0.0) -> np.ndarray:
    """Return a star with ``arms`` points."""
    radius = np.where(np.arange(2 * arms) % 2, inner, outer)
    angle = _circle(2 * arms) - np.pi / 2
    return rotate_points(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), turn, x, y)


def heart(x: float, y: float, size: float, turn: float = 0.0, points: int = 28) -> np.ndarray:
    """Return a heart about ``size`` pixels across."""
    t = _circle(points)
    across = 16 * np.sin(t) ** 3
    down = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return rotate_points(np.stack([across, down], 1) * size / 32, turn, x, y)


def box(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)


def rotate_points(points: np.ndarray, degrees: float, x: float = 0.0, y: float = 0.0) -> np.ndarray:
    """Return ``points`` turned about the origin by ``degrees``, then moved by (x, y)."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return points @ turn + np.array([x, y])


def _circle(points: int) -> np.ndarray:
    return np.arange(points) * (2 * np.pi / points)
