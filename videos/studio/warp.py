"""Bending the puppet: for each pose, which point of the texture is seen at each pixel of the frame."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from videos.studio.cutout import Mode
from videos.studio.moves.pose import Pose
from videos.studio.puppet import Puppet

GRID = 16
BAND = 4
COARSE = 8


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the frame, its sides multiples of the grid: the only pixels the puppet can touch."""

    left: int
    top: int
    right: int
    bottom: int


class Warp:
    """The map from the frame (width by height) to a puppet's texture."""

    def __init__(self, puppet: Puppet, width: int, height: int) -> None:
        self.puppet = puppet
        columns, rows = -(-width // GRID), -(-height // GRID)
        centre = (GRID - 1) / 2
        # One ring of points more than the frame has, so that every pixel lies between four of them.
        x = (np.arange(-1, columns + 1) * GRID + centre).astype(np.float32)
        y = (np.arange(-1, rows + 1) * GRID + centre).astype(np.float32)
        self._x, self._y = np.meshgrid(x, y)
        self.width, self.height = width, height
        drawn = (puppet.texture[..., 3] < 255).astype(np.uint8)
        reach = 2 * (GRID + COARSE) + 1
        self._drawn = cv2.dilate(drawn, np.ones((reach, reach), np.uint8))[::COARSE, ::COARSE] > 0
        self._room = max(0.0, (width - puppet.width) / 2 + 0.04 * width) / puppet.height

    def at(self, pose: Pose) -> Iterator[tuple[Region, np.ndarray]]:
        """The regions the puppet covers, one below the other, and for the pixels of each the map into the texture.

        Maps are float32 (h, w, 2), x and y in texture pixels. Nothing when the puppet is out of sight.
        """
        grid = self._texture_points(pose)
        hit = cv2.dilate(self._occupied(grid, pose), np.ones((3, 3), np.uint8))
        # Point k of the ring-extended grid is cell k - 1 of the frame.
        for top in range(0, grid.shape[0] - 2, BAND):
            bottom = min(top + BAND, grid.shape[0] - 2)
            columns = np.flatnonzero(hit[top : bottom + 2].any(axis=0))
            if not len(columns):
                continue
            left, right = max(int(columns[0]) - 1, 0), min(int(columns[-1]), grid.shape[1] - 2)
            if left >= right:
                continue
            edges = (left * GRID, top * GRID, min(right * GRID, self.width), min(bottom * GRID, self.height))
            region = Region(*edges)
            points = _enlarged(grid[top : bottom + 2, left : right + 2])
            yield region, points[: region.bottom - region.top, : region.right - region.left]

    def _occupied(self, grid: np.ndarray, pose: Pose) -> np.ndarray:
        """At which grid points something of the puppet is near; uint8."""
        u, v = grid[..., 0], grid[..., 1]
        rows, columns = self.puppet.texture.shape[:2]
        inside = (u > -1) & (u < columns) & (v > -1) & (v < rows)
        # Seen from the edge, the points lie further apart in the texture than its parts are wide.
        if abs(pose.flip) > 0.5:
            places = (
                np.clip(v, 0, rows - 1).astype(np.int32) // COARSE,
                np.clip(u, 0, columns - 1).astype(np.int32) // COARSE,
            )
            inside &= self._drawn[places]
        return inside.astype(np.uint8)

    def seen_at(self, pose: Pose, x: float, y: float) -> tuple[float, float]:
        """Where in the frame a point of the puppet's body is: ``x`` right of the foot and ``y`` up, in pixels."""
        h, v = self.puppet.height, y / self.puppet.height
        x = x * pose.flip + h * (pose.bend * v * abs(v) + pose.hip * np.exp(-(((v - 0.36) / 0.2) ** 2)))
        x += h * pose.snake * np.sin(np.pi * np.clip(v, 0, 1))
        grow = max(0.2, 1 + pose.stretch)
        x, y = x / grow**0.7, y * grow
        tx, ty, angle = self._carried(pose)
        x, y = x * np.cos(angle) + y * np.sin(angle) + tx, -x * np.sin(angle) + y * np.cos(angle) + ty
        cx, cy = self.width / 2, self.height * 0.55
        across, down = self.puppet.stand[0] + x, self.puppet.stand[1] - y
        return (across - cx) * (1 + pose.zoom) + cx, (down - cy) * (1 + pose.zoom) + cy

    def _carried(self, pose: Pose) -> tuple[float, float, float]:
        """How far the puppet is moved right and up (pixels) and turned (radians), kept in the frame and off the floor."""
        angle = float(np.radians(pose.rot))
        tx = float(np.clip(pose.tx, -self._room, self._room)) * self.puppet.height
        ty = pose.ty * self.puppet.height
        if self.puppet.mode is not Mode.BUST:
            # Turned about the middle of its feet, one foot would sink: it is lifted by as much.
            ty += abs(np.sin(angle)) * 0.5 * self.puppet.sole
        return tx, ty, angle + 2 * np.pi * pose.whirl

    def _texture_points(self, pose: Pose) -> np.ndarray:
        """Where in the texture each grid point lies; float32 (rows, columns, 2)."""
        puppet = self.puppet
        h = puppet.height
        tx, ty, angle = self._carried(pose)
        zoom = 1 + pose.zoom
        cx, cy = self.width / 2, self.height * 0.55
        x = (self._x - cx) / zoom + cx - puppet.stand[0] - tx
        y = puppet.stand[1] - ((self._y - cy) / zoom + cy) - ty
        x, y = x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)
        grow = max(0.2, 1 + pose.stretch)
        y = y / grow
        x = x * grow**0.7
        v = np.clip(y / h, -0.2, 1.3)
        x = x - h * (pose.bend * v * np.abs(v) + pose.snake * np.sin(np.pi * np.clip(v, 0, 1)))
        x = x - h * pose.hip * np.exp(-(((v - 0.36) / 0.2) ** 2))
        x = x / (pose.flip if abs(pose.flip) >= 0.12 else np.copysign(0.12, pose.flip))
        x, y = self._headed(x, y, v, pose)
        return np.dstack([x + puppet.foot[0] - 0.5, puppet.foot[1] - y - 0.5]).astype(np.float32)

    def _headed(self, x: np.ndarray, y: np.ndarray, v: np.ndarray, pose: Pose) -> tuple[np.ndarray, np.ndarray]:
        """Tilt, turn and nod of the head."""
        puppet = self.puppet
        h, w = puppet.height, puppet.width
        t = np.clip((v - 0.46) / 0.30, 0, 1)
        share = t * t * (3 - 2 * t)
        angle = np.radians(pose.head) * share
        hx, hy = x - puppet.head, y - 0.58 * h
        x = hx * np.cos(angle) - hy * np.sin(angle) + puppet.head
        y = hx * np.sin(angle) + hy * np.cos(angle) + 0.58 * h
        across = np.clip(1 - ((x - puppet.head) / (0.5 * w)) ** 2, 0, 1)
        ramp = np.clip((v - 0.3) / 0.4, 0, 1)
        x = x - pose.turn * w * 0.085 * across * ramp
        y = y + -pose.nod * h * 0.09 * np.exp(-(((v - 0.75) / 0.28) ** 2)) * across
        return x, y


def _enlarged(cells: np.ndarray) -> np.ndarray:
    """The values between the points, at each pixel of each cell; the outer ring is taken off."""
    size = (cells.shape[1] * GRID, cells.shape[0] * GRID)
    return cv2.resize(cells, size, interpolation=cv2.INTER_LINEAR)[GRID:-GRID, GRID:-GRID]
