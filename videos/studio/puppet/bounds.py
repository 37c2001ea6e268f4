"""Limits on a puppet's size and movement, so that no part of it leaves the frame."""

from dataclasses import fields, replace
from typing import Any

import cv2
import numpy as np

from videos.studio.choreography import Pose, Poses
from videos.studio.puppet.puppet import Puppet
from videos.studio.puppet.warp import Warp
from videos.studio.raster.scratch import Scratch
from videos.studio.segmentation.cutout import Mode

MARGIN = 0.012  # This share of the frame's longer side stays free at each edge.
MIN_SCALE = {Mode.FULL: 0.66, Mode.BUST: 0.86, Mode.PRINT: 0.74}
# A step or a leap may lose this much, in shares of the pet's height, before the pet is made smaller.
MAX_STEP_LOSS = {Mode.FULL: 0.12, Mode.BUST: 0.12, Mode.PRINT: 0.09}
MAX_LEAP_LOSS = {Mode.FULL: 0.08, Mode.BUST: 0.08, Mode.PRINT: 0.04}
BUST_FREE_HEIGHT = 0.5  # A bust may touch the sides below this height.
OUT, HIDDEN = 0.06, 0.85  # A pet at a side steps out of the frame by this share of its height; of its skirt, this much.


class Bounds:
    """The space in a frame (``width`` by ``height``) that a puppet can dance in."""

    def __init__(self, puppet: Puppet, width: int, height: int) -> None:
        self._puppet = puppet
        self._warp = Warp(puppet, width, height, Scratch())
        edge = round(MARGIN * max(width, height), 3)
        self._left, self._right = puppet.stand[0] - edge, width - edge - puppet.stand[0]
        self._above = puppet.stand[1] - edge
        self._x, self._y = _hull(puppet)
        # The line down the hidden part of a pet at a side, which must stay outside the frame.
        self._edge_y = np.linspace(0, puppet.height, 9)
        self._edge_x = np.full(9, puppet.side * (self._to_side() + HIDDEN * puppet.skirt))

    def _to_side(self) -> float:
        """Return how far the foot is from the side of the frame that the puppet stands at."""
        x, width = self._puppet.stand[0], self._warp.width
        return x if self._puppet.side < 0 else width - x

    def fit(self, poses: Poses) -> float:
        """Return the largest scale (at most 1) at which the puppet keeps its steps inside the frame."""
        low, high, top = self._extents(poses, self._x, self._y)
        h, side = self._puppet.height, self._puppet.side
        step_loss, leap_loss = MAX_STEP_LOSS[self._puppet.mode] * h, MAX_LEAP_LOSS[self._puppet.mode] * h
        for scale in np.arange(1, MIN_SCALE[self._puppet.mode], -0.02):
            # The puppet's middle stays where it is, and the foot approaches it.
            axis = self._puppet.axis
            lowest, highest = axis - (self._left + axis) / scale - low, axis + (self._right - axis) / scale - high
            if side:
                # The foot stays at the same distance from its side, in shares of the puppet.
                room = (self._warp.width - self._to_side() * scale) / scale
                lowest, highest = (low - h, room - high) if side < 0 else (-room - low, high + h)
            steps = np.maximum(lowest - poses.tx * h, poses.tx * h - highest)
            leaps = poses.ty * h - (self._above / scale - top)
            if (lowest <= highest).all() and steps.max() <= step_loss and leaps.max() <= leap_loss:
                return float(scale)
        return MIN_SCALE[self._puppet.mode]

    def clamp(self, poses: Poses) -> Poses:
        """Return the poses, stopped short of the edges. A puppet too wide for the frame stays in its middle.

        A puppet at a side of the frame keeps its cut edge outside.
        """
        low, high, top = self._extents(poses, self._x, self._y)
        h, side = self._puppet.height, self._puppet.side
        lowest, highest = (-self._left - low) / h, (self._right - high) / h
        if side:
            inner, outer, _ = self._extents(poses, self._edge_x, self._edge_y)
            if side < 0:
                highest = np.minimum(highest, (-self._to_side() - outer) / h)
                lowest = highest - OUT
            else:
                lowest = np.maximum(lowest, (self._to_side() - inner) / h)
                highest = lowest + OUT
        middle = (lowest + highest) / 2
        tx = np.clip(poses.tx, np.minimum(lowest, middle), np.maximum(highest, middle))
        return replace(poses, tx=tx, ty=np.minimum(poses.ty, np.maximum((self._above - top) / h, 0)))

    def _extents(self, poses: Poses, x: np.ndarray, y: np.ndarray) -> tuple[Any, Any, Any]:
        """Return how far left, right and up the points reach in each pose in pixels, without its steps and leaps."""
        columns = {field.name: getattr(poses, field.name)[:, None] for field in fields(poses)}
        still = Pose(**columns | {"tx": 0.0, "ty": 0.0})
        x, y = self._warp.frame_position(still, x, y)
        x, y = x - self._puppet.stand[0], self._puppet.stand[1] - y
        return x.min(axis=1), x.max(axis=1), y.max(axis=1)


def _hull(puppet: Puppet) -> tuple[np.ndarray, np.ndarray]:
    """Return the convex hull of the drawn puppet with its hat: right of the foot and up from it, in pixels."""
    drawn = puppet.texture.chroma[..., 2] > 128
    outline = cv2.convexHull(np.argwhere(drawn)[:, ::-1].astype(np.int32))[:, 0].astype(np.float64)
    x, y = 2 * outline[:, 0] + 0.5 - puppet.foot[0], puppet.foot[1] - 2 * outline[:, 1] - 0.5
    if puppet.mode is Mode.BUST and (y > BUST_FREE_HEIGHT * puppet.height).any():
        x, y = x[y > BUST_FREE_HEIGHT * puppet.height], y[y > BUST_FREE_HEIGHT * puppet.height]
    return x, y
