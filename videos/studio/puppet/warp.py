"""Bending the puppet: for each pose, which point of the texture is seen at each pixel of the frame."""

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

# x and y in texture pixels, two float32 arrays (h, w): OpenCV takes them twice as fast as one of two channels.
Maps = tuple[np.ndarray, np.ndarray]
# One number or an array of them.
type Values = Any


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the frame, its sides multiples of the grid: the only pixels the puppet can touch."""

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
        # One ring of points more than the frame has, so that every pixel lies between four of them.
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
        """The regions the puppet covers, one below the other, and for the pixels of each the maps into luma and chroma.

        Nothing when it is out of sight.
        """
        grid = self.texture_points(pose)
        hit = self._occupied(*grid, pose)
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
            full = self._enlarged("u", u, region, 1), self._enlarged("v", v, region, 1)
            half = self._enlarged("u/2", (u - 0.5) / 2, region, 2), self._enlarged("v/2", (v - 0.5) / 2, region, 2)
            yield region, full, half

    def _enlarged(self, name: str, cells: np.ndarray, region: Region, step: int) -> np.ndarray:
        """The values between the points, at every ``step``-th pixel of the region; the outer ring is taken off."""
        cell = GRID // step
        size = (cells.shape[0] * cell, cells.shape[1] * cell)
        whole = self._scratch.array(name, size, np.float32)
        cv2.resize(cells, size[::-1], dst=whole, interpolation=cv2.INTER_LINEAR)
        rows, columns = (region.bottom - region.top) // step, (region.right - region.left) // step
        return whole[cell : cell + rows, cell : cell + columns]

    def _occupied(self, u: np.ndarray, v: np.ndarray, pose: Pose) -> np.ndarray:
        """Around which grid points, half a cell each way, something of the puppet may be seen; bool."""
        rows, columns = self.puppet.texture.luma.shape
        if abs(pose.flip) > 0.5 and pose.stretch > -0.3:
            places = (
                np.clip(v, 0, rows - 1).astype(np.int32) // COARSE,
                np.clip(u, 0, columns - 1).astype(np.int32) // COARSE,
            )
            near = (u > -GRID) & (u < columns + GRID) & (v > -GRID) & (v < rows + GRID)
            return near & self._drawn[places]
        # Seen from the edge, the points lie further apart in the texture than its parts are wide.
        inside = (u > -1) & (u < columns) & (v > -1) & (v < rows)
        return cv2.dilate(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0

    def seen_at(self, pose: Pose, x: Values, y: Values) -> tuple[Values, Values]:
        """Where in the frame a point of the puppet is: ``x`` right of the foot and ``y`` up, in pixels.

        Of many poses and points at once when the fields of ``pose`` and the points are arrays.
        """
        h, v = self.puppet.height, y / self.puppet.height
        x, y = self._nodded(x, y, v, pose)
        x = x * pose.flip + h * (pose.bend * v * abs(v) + pose.hip * np.exp(-(((v - 0.36) / 0.2) ** 2)))
        x = x + h * pose.snake * np.sin(np.pi * np.clip(v, 0, 1))
        grow = np.maximum(0.2, 1 + pose.stretch)
        x, y = self._whirled(x / grow**0.7, y * grow, pose.whirl)
        tx, ty, angle = self._carried(pose)
        cos, sin = np.cos(angle), np.sin(angle)
        x, y = x * cos + y * sin + tx, -x * sin + y * cos + ty
        return self.puppet.stand[0] + x * (1 + pose.zoom), self.puppet.stand[1] - y * (1 + pose.zoom)

    def _nodded(self, x: Values, y: Values, v: Values, pose: Pose) -> tuple[Values, Values]:
        """The way back from ``_headed``, nearly."""
        h, neck = self.puppet.height, self._neck
        across = np.clip(1 - ((x - neck) / self._reach) ** 2, 0, 1)
        angle = np.radians(pose.head) * _smooth((v - 0.46) / 0.30) * self._beside(x, v)
        hx = x - neck + pose.turn * self._reach * 0.17 * across * np.clip((v - 0.3) / 0.4, 0, 1)
        hy = y - 0.58 * h + pose.nod * h * 0.09 * np.exp(-(((v - 0.75) / 0.28) ** 2)) * across
        cos, sin = np.cos(angle), np.sin(angle)
        return hx * cos + hy * sin + neck, -hx * sin + hy * cos + 0.58 * h

    def _whirled(self, x: Values, y: Values, turns: Values) -> tuple[Values, Values]:
        """A point turned clockwise about the puppet's middle."""
        cos, sin, middle = np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns), 0.5 * self.puppet.height
        return x * cos + (y - middle) * sin, -x * sin + (y - middle) * cos + middle

    def _carried(self, pose: Pose) -> tuple[Values, Values, Values]:
        """How far the puppet is moved right and up (pixels) and turned (radians), no foot through the floor."""
        angle = np.radians(pose.rot)
        tx, ty = pose.tx * self.puppet.height, pose.ty * self.puppet.height
        if self.puppet.mode is not Mode.BUST:
            # Turned about the middle of its feet, one foot would sink: it is lifted by as much.
            ty = ty + abs(np.sin(angle)) * 0.5 * self.puppet.sole
        return tx, ty, angle

    def texture_points(self, pose: Pose) -> Maps:
        """Where in the texture each grid point lies."""
        puppet = self.puppet
        h = puppet.height
        tx, ty, angle = (float(value) for value in self._carried(pose))
        zoom = 1 + pose.zoom
        x = (self._x - puppet.stand[0]) / zoom - tx
        y = (puppet.stand[1] - self._y) / zoom - ty
        cos, sin = math.cos(angle), math.sin(angle)
        x, y = x * cos - y * sin, x * sin + y * cos
        if pose.whirl:
            x, y = (points.astype(np.float32) for points in self._whirled(x, y, -pose.whirl))
        grow = max(0.2, 1 + pose.stretch)
        y = y / grow
        x = x * grow**0.7
        v = np.clip(y / h, -0.2, 1.3)
        x = x - h * (pose.bend * v * np.abs(v) + pose.snake * np.sin(np.pi * np.clip(v, 0, 1)))
        x = x - h * pose.hip * np.exp(-(((v - 0.36) / 0.2) ** 2))
        x = x / (pose.flip if abs(pose.flip) >= 0.12 else math.copysign(0.12, pose.flip))
        x, y = self._headed(x, y, v, pose)
        return x + (puppet.foot[0] - 0.5), (puppet.foot[1] - 0.5) - y

    def _headed(self, x: np.ndarray, y: np.ndarray, v: np.ndarray, pose: Pose) -> tuple[np.ndarray, np.ndarray]:
        """Tilt, turn and nod of the head; a rump or a second head beside it stays where it is."""
        h, neck = self.puppet.height, self._neck
        angle = math.radians(pose.head) * _smooth((v - 0.46) / 0.30) * self._beside(x, v)
        hx, hy = x - neck, y - 0.58 * h
        x = hx * np.cos(angle) - hy * np.sin(angle) + neck
        y = hx * np.sin(angle) + hy * np.cos(angle) + 0.58 * h
        across = np.clip(1 - ((x - neck) / self._reach) ** 2, 0, 1)
        ramp = np.clip((v - 0.3) / 0.4, 0, 1)
        x = x - pose.turn * self._reach * 0.17 * across * ramp
        y = y + -pose.nod * h * 0.09 * np.exp(-(((v - 0.75) / 0.28) ** 2)) * across
        return x, y

    def _beside(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """1 at the head and all that is above it, 0 further than about its own width beside it."""
        far = _smooth((np.abs(x - self._neck) / self._across - 0.75) / 0.95)
        return 1 - far * (1 - _smooth((v - 0.98) / 0.12))


def _smooth(t: np.ndarray) -> np.ndarray:
    """0 below 0, 1 above 1, with a soft start and end."""
    t = np.clip(t, 0, 1)
    return t * t * (3 - 2 * t)
