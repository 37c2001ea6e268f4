"""An equaliser of lamps on the back wall that moves with the beat."""

import numpy as np

from videos.studio.raster.canvas import box
from videos.studio.raster.colours import Bgr
from videos.studio.raster.fill import fill
from videos.studio.raster.picture import Picture, colour_of
from videos.studio.scene.floor import HORIZON

LAMPS = 9
BARS = 14


class Equaliser:
    """The bars on frames of ``width`` by ``height`` pixels. Lower and upper lamps differ in colour."""

    def __init__(self, width: int, height: int, low: Bgr, top: Bgr) -> None:
        step = width / BARS
        lamp = 0.055 * height
        self._lamps = [
            [
                box(x + 0.16 * step, y - 0.72 * lamp, x + 0.84 * step, y)
                for y in HORIZON * height - 0.03 * height - lamp * np.arange(LAMPS)
            ]
            for x in step * np.arange(BARS)
        ]
        self._yuv = (colour_of(low), colour_of(top))

    def draw(self, picture: Picture, beat: float) -> None:
        """Light the lamps of each bar according to the beat."""
        drop = np.exp(-1.5 * (beat % 1))
        number = np.arange(BARS)
        level = (
            0.25
            + 0.35 * (0.5 + 0.5 * np.sin(number * 2.3 + np.pi * np.floor(beat)))
            + 0.4 * drop * (0.5 + 0.5 * np.cos(number * 1.7 + np.pi / 2 * np.floor(beat)))
        )
        lit = np.clip(np.round(level * LAMPS), 1, LAMPS).astype(int).tolist()
        high = LAMPS - 3
        fill(
            picture,
            [lamp for bar, n in zip(self._lamps, lit, strict=True) for lamp in bar[: min(n, high)]],
            self._yuv[0],
        )
        fill(picture, [lamp for bar, n in zip(self._lamps, lit, strict=True) for lamp in bar[high:n]], self._yuv[1])
