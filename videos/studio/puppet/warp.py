"""Bending of the puppet: for each pose, the point of the texture that is seen at each pixel of the frame."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from videos.studio.choreography.pose import Pose
from videos.studio.puppet.puppet import Puppet
from videos.studio.raster.scratch import Scratch
from videos.studio.segmentation.cutout import Mode

GRID = 16
BAND = 20
COARSE = 8
# A puppet is squashed to this share of its height at most, and is then this many times as wide.
LOWEST, WIDEST = 0.5, 1.1

# x and y in texture pixels, as two float32 arrays (h, w). OpenCV is twice as fast with them as with two channels.
Maps = tuple[np.ndarray, np.ndarray]
# One number, or an array of numbers.
type Values = Any


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the frame that the puppet can touch. Its sides are multiples of the grid."""

    left: int
    top: int
    right: int
    bottom: int


class Warp:
    """The map from the frame (width by height) to a puppet's texture."""

    def __init__(self, puppet: Puppet, width: int, height: int, scratch: Scratch) -> None:
        self.puppet = puppet
        self._scratch = scratch
        columns, rows = -(-width // GRID), -(-height // GRID)
        centre = (GRID - 1) / 2
        # The grid extends one ring beyond the frame, so that every pixel lies between four points.
        x = (np.arange(-1, columns + 1) * GRID + centre).astype(np.float32)
        y = (np.arange(-1, rows + 1) * GRID + centre).astype(np.float32)
        self._x, self._y = np.meshgrid(x, y)
        self.width, self.height = width, height
        drawn = cv2.resize(puppet.texture.chroma[..., 2], puppet.texture.luma.shape[::-1]) > 0
        reach = 2 * GRID + COARSE + 1
        self._drawn = cv2.dilate(drawn.astype(np.uint8), np.ones((reach, reach), np.uint8))[::COARSE, ::COARSE] > 0
        self._neck, self._across = puppet.head.x - puppet.foot[0], puppet.head.width
        self._reach = min(0.5 * puppet.width, 1.2 * self._across)

    def at(self, pose: Pose) -> Iterator[tuple[Region, Maps, Maps]]:
        """Yield the regions that the puppet covers, from top to bottom, each with its maps into luma and chroma.

        Yields nothing if the puppet is out of sight.
        """
        grid = self.texture_points(pose)
        hit = self._covered(*grid, pose)
        last = hit.shape[0] - 2
        # Point k of the ring-extended grid is cell k - 1 of the frame.
        for top in range(0, last, BAND):
            bottom = min(top + BAND, last)
            columns = np.flatnonzero(hit[top + 1 : bottom + 1, 1:-1].any(axis=0))
            if not len(columns):
                continue
            left, right = int(columns[0]), int(columns[-1]) + 1
            edges = (left * GRID, top * GRID, min(right * GRID, self.width), min(bottom * GRID, self.height))
            region = Region(*edges)
            u, v = (points[top : bottom + 2, left : right + 2] for points in grid)
            full = self._interpolate("u", u, region, 1), self._interpolate("v", v, region, 1)
            half = (
                self._interpolate("u/2", (u - 0.5) / 2, region, 2),
                self._interpolate("v/2", (v - 0.5) / 2, region, 2),
            )
            yield region, full, half

    def _interpolate(self, name: str, cells: np.ndarray, region: Region, step: int) -> np.ndarray:
        """Interpolate between the grid points at every ``step``-th pixel of the region, and remove the outer ring."""
        cell = GRID // step
        size = (cells.shape[0] * cell, cells.shape[1] * cell)
        whole = self._scratch.array(name, size, np.float32)
        cv2.resize(cells, size[::-1], dst=whole, interpolation=cv2.INTER_LINEAR)
        rows, columns = (region.bottom - region.top) // step, (region.right - region.left) // step
        return whole[cell : cell + rows, cell : cell + columns]

    def _covered(self, u: np.ndarray, v: np.ndarray, pose: Pose) -> np.ndarray:
        """Return whether some part of the puppet may be seen within half a cell around each grid point; bool."""
        rows, columns = self.puppet.texture.luma.shape
        places = (
            np.clip(v, 0, rows - 1).astype(np.int32) // COARSE,
            np.clip(u, 0, columns - 1).astype(np.int32) // COARSE,
        )
        near = (u > -GRID) & (u < columns + GRID) & (v > -GRID) & (v < rows + GRID)
        hit: np.ndarray = near & self._drawn[places]
        if pose.stretch > -0.3:
            return hit
        # The points of a squashed puppet are further apart in the texture.
        return cv2.dilate(hit.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0

    def frame_position(self, pose: Pose, x: Values, y: Values) -> tuple[Values, Values]:
        """Return where a point of the puppet appears in the frame. ``x`` is right of the foot and ``y`` up, in pixels.

        If the fields of ``pose`` and the points are arrays, all poses and points are computed at once.
        """
        h, v = self.puppet.height, y / self.puppet.height
        x, y = self._apply_head(x, y, v, pose)
        x = x * pose.flip + h * (pose.bend * v * abs(v) + pose.hip * np.exp(-(((v - 0.36) / 0.2) ** 2)))
        x = x + h * pose.snake * np.sin(np.pi * np.clip(v, 0, 1))
        grow = np.maximum(LOWEST, 1 + pose.stretch)
        x, y = self._rotate(x / np.maximum(grow**0.7, 1 / WIDEST), y * grow, pose.whirl)
        tx, ty, angle = self._movement(pose)
        cos, sin = np.cos(angle), np.sin(angle)
        x, y = x * cos + y * sin + tx, -x * sin + y * cos + ty
        return self.puppet.stand[0] + x * (1 + pose.zoom), self.puppet.stand[1] - y * (1 + pose.zoom)

    def _apply_head(self, x: Values, y: Values, v: Values, pose: Pose) -> tuple[Values, Values]:
        """Apply the tilt, turn and nod of the head: approximately the inverse of ``_undo_head``."""
        h, neck = self.puppet.height, self._neck
        across = np.clip(1 - ((x - neck) / self._reach) ** 2, 0, 1)
        angle = np.radians(pose.head) * _smooth((v - 0.46) / 0.30) * self._head_weight(x, v)
        hx = x - neck + pose.turn * self._reach * 0.17 * across * np.clip((v - 0.3) / 0.4, 0, 1)
        hy = y - 0.58 * h + pose.nod * h * 0.09 * np.exp(-(((v - 0.75) / 0.28) ** 2)) * across
        cos, sin = np.cos(angle), np.sin(angle)
        return hx * cos + hy * sin + neck, -hx * sin + hy * cos + 0.58 * h

    def _rotate(self, x: Values, y: Values, turns: Values) -> tuple[Values, Values]:
        """Turn a point clockwise about the puppet's middle."""
        cos, sin, middle = np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns), 0.5 * self.puppet.height
        return x * cos + (y - middle) * sin, -x * sin + (y - middle) * cos + middle

    def _movement(self, pose: Pose) -> tuple[Values, Values, Values]:
        """Return the puppet's movement right and up (pixels) and its turn (radians), with no foot below the floor."""
        angle = np.radians(pose.rot)
        tx, ty = pose.tx * self.puppet.height, pose.ty * self.puppet.height
        if self.puppet.mode is not Mode.BUST:
            # A turn about the middle of the feet would push one foot into the floor. Lift the puppet by that much.
            ty = ty + abs(np.sin(angle)) * 0.5 * self.puppet.sole
        return tx, ty, angle

    def texture_points(self, pose: Pose) -> Maps:
        """Return the position in the texture of each grid point."""
        puppet = self.puppet
        h = puppet.height
        tx, ty, angle = (float(value) for value in self._movement(pose))
        zoom = 1 + pose.zoom
        x = (self._x - puppet.stand[0]) / zoom - tx
        y = (puppet.stand[1] - self._y) / zoom - ty
        cos, sin = math.cos(angle), math.sin(angle)
        x, y = x * cos - y * sin, x * sin + y * cos
        if pose.whirl:
            x, y = (points.astype(np.float32) for points in self._rotate(x, y, -pose.whirl))
        grow = max(LOWEST, 1 + pose.stretch)
        y = y / grow
        x = x * max(grow**0.7, 1 / WIDEST)
        v = np.clip(y / h, -0.2, 1.3)
        x = x - h * (pose.bend * v * np.abs(v) + pose.snake * np.sin(np.pi * np.clip(v, 0, 1)))
        x = x - h * pose.hip * np.exp(-(((v - 0.36) / 0.2) ** 2))
        x = x * pose.flip
        x, y = self._undo_head(x, y, v, pose)
        return x + (puppet.foot[0] - 0.5), (puppet.foot[1] - 0.5) - y

    def _undo_head(self, x: np.ndarray, y: np.ndarray, v: np.ndarray, pose: Pose) -> tuple[np.ndarray, np.ndarray]:
        """Undo the tilt, turn and nod of the head. A rump or a second head next to it stays in place."""
        h, neck = self.puppet.height, self._neck
        angle = math.radians(pose.head) * _smooth((v - 0.46) / 0.30) * self._head_weight(x, v)
        hx, hy = x - neck, y - 0.58 * h
        x = hx * np.cos(angle) - hy * np.sin(angle) + neck
        y = hx * np.sin(angle) + hy * np.cos(angle) + 0.58 * h
        across = np.clip(1 - ((x - neck) / self._reach) ** 2, 0, 1)
        ramp = np.clip((v - 0.3) / 0.4, 0, 1)
        x = x - pose.turn * self._reach * 0.17 * across * ramp
        y = y + -pose.nod * h * 0.09 * np.exp(-(((v - 0.75) / 0.28) ** 2)) * across
        return x, y

    def _head_weight(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Return 1 at the head and above it, and 0 further than about its own width to either side."""
        far = _smooth((np.abs(x - self._neck) / self._across - 0.75) / 0.95)
        return 1 - far * (1 - _smooth((v - 1) / 0.12))


def _smooth(t: np.ndarray) -> np.ndarray:
    """Return 0 below 0, 1 above 1, with a soft start and end."""
    t = np.clip(t, 0, 1)
    return t * t * (3 - 2 * t)
