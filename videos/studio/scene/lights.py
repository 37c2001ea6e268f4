"""Soft light on the wall: a glow behind the pet, swinging beams and the spots of a mirror ball.

The light is computed at a sixteenth of the frame's size. It is added to the picture, so it is stored as differences: Y
from 0, U and V around 128.
"""

import cv2
import numpy as np

from videos.studio.dance.set import Set
from videos.studio.raster.colours import Bgr
from videos.studio.raster.picture import to_yuv
from videos.studio.scene.floor import HORIZON

SHRINK = 16


class Lights:
    """The light of one set for frames of ``width`` by ``height`` pixels. ``wall`` is the luma that it falls on."""

    def __init__(self, width: int, height: int, stage: Set, light: Bgr, wall: np.ndarray, seed: int) -> None:
        self._stage = stage
        self._size = (-(-width // SHRINK), -(-height // SHRINK))
        columns, rows = self._size
        self._x = ((np.arange(columns, dtype=np.float32) + 0.5) * SHRINK / height)[None] - width / height / 2
        self._y = ((np.arange(rows, dtype=np.float32) + 0.5) * SHRINK / height)[:, None]
        # More light would only bleach the bright parts of the wall.
        small = cv2.resize(wall, self._size, interpolation=cv2.INTER_AREA).astype(np.float32)
        self._headroom = np.clip((218 - small) / 130, 0, 1)[..., None]
        above_floor = np.clip((HORIZON + 0.06 - self._y) / 0.1, 0, 1)
        near = 0.46 * min(width / height, 1.0)
        glow = np.exp(-((self._x / near) ** 2) - ((self._y - 0.5) / 0.42) ** 2) * stage.glow
        self._glow = glow[..., None] * _added_yuv(light) * self._headroom
        self._fade = np.clip(1.05 - 0.75 * self._y, 0, 1) * (0.35 + 0.65 * above_floor)
        # The beams' colours, (rows, columns, 3) each, where they are as bright as can be.
        self._beam_colours = [
            self._fade[..., None] * self._headroom * (_added_yuv(colour) * stage.beams.strength)
            for colour in stage.beams.colours
        ]
        random = np.random.default_rng(seed)
        self._spots = random.uniform((0, 0.02, 0.5), (1, HORIZON - 0.03, 1.3), (stage.spots, 3))
        self._light = np.empty((rows, columns, 3), np.float32)

    def at(self, cycle: float, beat: float, phrases: int) -> np.ndarray:
        """Return the light at a moment as uint8 (h/16, w/16, 3), or at twice that resolution for small spots."""
        light = self._light
        throb = 0.75 + 0.25 * np.cos(2 * np.pi * beat)
        np.multiply(self._glow, np.float32(throb), out=light)
        for number, colour in enumerate(self._beam_colours):
            light += self._beam(number, cycle * phrases)[..., None] * colour
        light[..., 1:] += 128
        np.clip(light, 0, 255, out=light)
        result = light.astype(np.uint8)
        if not len(self._spots):
            return result
        fine = cv2.resize(result, (2 * result.shape[1], 2 * result.shape[0]))
        self._sprinkle(fine, cycle)
        return cv2.GaussianBlur(fine, (3, 3), 0)

    def _beam(self, number: int, cycle: float) -> np.ndarray:
        """Return a swinging cone of light from above the frame, 1 in its middle."""
        beams, count = self._stage.beams, len(self._beam_colours)
        reach = self._x[0, -1]
        x0 = (number + 0.5) / count * 2 * reach - reach
        phase = 2 * np.pi * (beams.swings * cycle + number / max(count, 1))
        lean = np.tan(np.radians(beams.swing * np.sin(phase))) - x0 * 0.55
        off: np.ndarray = (self._x - (x0 + lean * (self._y + 0.15))) / (0.05 + 0.13 * (self._y + 0.1))
        off *= off
        off *= off
        off += 1
        return np.divide(1, off, out=off)

    def _sprinkle(self, light: np.ndarray, cycle: float) -> None:
        rows, columns = light.shape[:2]
        x = np.mod(self._spots[:, 0] + cycle * np.where(self._spots[:, 1] > 0.35, 1, -1), 1) * columns
        y = self._spots[:, 1] * rows
        for px, py, size in zip(x, y, self._spots[:, 2], strict=True):
            centre = (round(px * 16), round(py * 16))
            axes = (round(columns * 0.009 * size * 16), round(rows * 0.011 * size * 16))
            cv2.circle(light, centre, max(axes), (92, 128, 128), -1, cv2.LINE_AA, 4)


def _added_yuv(colour: Bgr) -> np.ndarray:
    """Return what this light adds to Y, U and V."""
    lit, dark = to_yuv(np.array([[colour, (0, 0, 0)]], np.float32))[0]
    return (lit - dark).astype(np.float32)
