"""The dance floor: rounded tiles in perspective that light up with the beat."""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np

from videos.studio.dance.set import PatternName
from videos.studio.raster.colours import NIGHT, Bgr, mix_colours
from videos.studio.raster.picture import Picture, to_yuv

# The upper edge and the vanishing line of the floor, as shares of the frame's height.
HORIZON = 0.745
VANISHING = 0.42
ROWS = 4

# How much wider than the frame the floor is painted, for a camera that moves along it: in a tall frame and in others.
TALL_MARGIN, MARGIN = 1.9, 1.2
STRAIGHT = 0.25  # A floor that is moved by fewer pixels is only made larger or smaller, which is cheaper.
SWEPT = 8  # columns to each side, at most, over which a band of light moves


class Ground(NamedTuple):
    """How a camera sees the floor: how many times as large, and how many pixels further left at ``row``."""

    zoom: float
    shift: float
    row: float


Pattern = Callable[[np.ndarray, np.ndarray, float, float], np.ndarray]


class Floor:
    """The tiles of the floor, lit by ``pattern(column, row, cycle, beat)`` in 0 to 1.

    ``column`` counts from the middle and ``row`` from the front. ``cycle`` runs from 0 to 1 over the clip. A floor that
    ``moves`` is painted beyond the frame's sides, for a camera that moves along it.
    """

    def __init__(
        self, width: int, height: int, colours: tuple[Bgr, ...], pattern: Pattern, *, moves: bool = False
    ) -> None:
        self.top = round(HORIZON * height) // 2 * 2
        self._vanishing, self._width = VANISHING * height - self.top, width
        if moves:
            width = round(width * (TALL_MARGIN if height > width else MARGIN)) // 4 * 4
        columns, rows, index, shine = _tiles(width, height, self.top, 0.17 * min(self._width, height))
        self._columns, self._rows, self._pattern = columns, rows, pattern
        self._index = index
        self._half_index = np.ascontiguousarray(index[::2, ::2])
        self._shine = (shine * 255).astype(np.uint8)
        self._half_shine = cv2.resize(
            self._shine, (width // 2, self._index.shape[0] // 2), interpolation=cv2.INTER_AREA
        )
        which = (columns + rows * 2) % len(colours)
        lit = np.array([mix_colours(colour, (255, 255, 255), 0.12) for colour in colours], np.float32)[which]
        dark = np.array([mix_colours(colour, NIGHT, 0.72) for colour in colours], np.float32)[which]
        self._lit, self._dark = _as_yuv(lit), _as_yuv(dark)
        grout = _as_yuv(np.array([mix_colours(NIGHT, (0, 0, 0), 0.2)], np.float32))[0]
        self._grout = [
            ((255 - shade.astype(np.float32)) * value / 255).astype(np.uint8)
            for shade, value in zip((self._shine, self._half_shine, self._half_shine), grout, strict=True)
        ]
        self._painted = [np.empty_like(grout) for grout in self._grout]

    def draw(self, picture: Picture, ground: Ground | None = None) -> None:
        """Draw the floor into the lower part of ``picture``, as it was lit last and as the camera sees it."""
        for channel, (plane, painted) in enumerate(zip(picture, self._painted, strict=True)):
            by = 1 if channel == 0 else 2
            under = plane[self.top // by :]
            if ground is None:
                under[:] = painted
                continue
            wide = 2 * round(under.shape[1] / ground.zoom / 2)
            if abs(ground.shift) < STRAIGHT and wide <= painted.shape[1]:
                left = (painted.shape[1] - wide) // 2
                cv2.resize(painted[:, left : left + wide], under.shape[::-1], dst=under)
            else:
                self._slide(painted, under, ground, by)

    def _slide(self, painted: np.ndarray, under: np.ndarray, ground: Ground, by: int) -> None:
        """Lay a plane of the floor, at one ``by``-th of the size, over ``under`` as a camera sees it that has moved."""
        # A point moves aside in proportion to its distance from the vanishing line.
        aside = ground.shift / (ground.row - self.top - self._vanishing) / ground.zoom
        middle = (painted.shape[1] - 1) / 2 - (under.shape[1] - 1) / 2 / ground.zoom
        across = middle + aside * (0.5 - self._vanishing / by)
        matrix = np.array([[1 / ground.zoom, aside, across], [0, 1, 0]])
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cv2.warpAffine(painted, matrix, under.shape[::-1], dst=under, flags=how, borderMode=cv2.BORDER_REPLICATE)

    def light(self, cycle: float, beat: float) -> None:
        """Light the tiles as they are at a moment."""
        light = np.clip(self._pattern(self._columns, self._rows, cycle, beat), 0, 1)[:, None]
        colours = np.clip(self._dark + (self._lit - self._dark) * light, 0, 255).astype(np.uint8)
        table = np.zeros((256, 3), np.uint8)
        table[: len(colours)] = colours
        for channel, (index, shine) in enumerate(
            ((self._index, self._shine), (self._half_index, self._half_shine), (self._half_index, self._half_shine))
        ):
            painted = self._painted[channel]
            cv2.LUT(index, np.ascontiguousarray(table[:, channel]), dst=painted)
            cv2.multiply(painted, shine, dst=painted, scale=1 / 255)
            cv2.add(painted, self._grout[channel], dst=painted)


def _tiles(width: int, height: int, top: int, front: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the column and row of each tile, the map from pixels to tiles, and the tile's share of each pixel.

    The map is uint8. A tile at the lower edge is ``front`` pixels wide.
    """
    y = (np.arange(top, height, dtype=np.float32) + 0.5 - VANISHING * height)[:, None]
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2)[None]
    size = front / (height * (1 - VANISHING))
    across = x / (y * size) + 0.5
    near, far = 1 / (height * (1 - VANISHING)), 1 / (height * (HORIZON - VANISHING))
    deep = np.broadcast_to((1 / y - near) / (far - near) * ROWS, across.shape)
    column, row = np.floor(across), np.clip(np.floor(deep), 0, ROWS - 1)
    first, count = column.min(), int(column.max() - column.min()) + 1
    index = (row * count + column - first).astype(np.uint8)
    wide = 1 / (y * size)
    tall = np.abs(np.gradient(deep[:, 0]))[:, None]
    inside = _rounded(across - column - 0.5, deep - row - 0.5, wide, tall)
    gloss = 1 - 0.18 * np.abs(deep - row - 0.5) - 0.12 * np.abs(across - column - 0.5)
    fade = np.clip((y[:, :1] / height - (HORIZON - VANISHING)) / 0.05 + 0.45, 0, 1)
    numbers = np.arange(ROWS * count)
    return numbers % count + int(first), numbers // count, index, inside * gloss * fade


def _rounded(x: np.ndarray, y: np.ndarray, wide: np.ndarray, tall: np.ndarray) -> np.ndarray:
    """Return 1 inside a unit tile's rounded square and 0 in the gap, with an edge one pixel soft."""
    half, radius = 0.465, 0.16
    over_x, over_y = np.abs(x) - (half - radius), np.abs(y) - (half - radius)
    far = np.sqrt(np.maximum(over_x, 0) ** 2 + np.maximum(over_y, 0) ** 2) - radius
    return np.clip(0.5 - far / np.maximum(np.maximum(wide, tall), 1e-6), 0, 1)


def _as_yuv(colours: np.ndarray) -> np.ndarray:
    return to_yuv(colours[None].astype(np.float32))[0]


def checker(column: np.ndarray, row: np.ndarray, cycle: float, beat: float) -> np.ndarray:
    """Light every other tile, changing places with each beat."""
    swing = 0.5 + 0.5 * np.tanh(2.5 * np.cos(np.pi * beat))
    return 0.15 + 0.75 * np.where((column + row) % 2 == 0, swing, 1 - swing)


def rings(column: np.ndarray, row: np.ndarray, cycle: float, beat: float) -> np.ndarray:
    """Run waves out from under the pet, one every two beats."""
    far = np.hypot(column, (row - 1) * 1.2)
    return 0.12 + 0.8 * (0.5 + 0.5 * np.cos(2 * np.pi * (far / 4 - beat / 2))) ** 2


def sweep(column: np.ndarray, row: np.ndarray, cycle: float, beat: float) -> np.ndarray:
    """Move a band of light across and back, once per clip."""
    span = min(np.abs(column).max() + 1, SWEPT)
    return 0.15 + 0.8 * np.exp(-(((column + row * 0.6 - span * np.sin(2 * np.pi * cycle)) / 2.0) ** 2))


def columns(column: np.ndarray, row: np.ndarray, cycle: float, beat: float) -> np.ndarray:
    """Raise and lower bars like an equaliser."""
    level = 0.5 + 0.5 * np.sin(2.4 * column + np.pi * np.floor(beat)) * np.exp(-2.2 * (beat % 1))
    return np.where(row < 0.7 + ROWS * level * 0.8, 0.75, 0.08)


def twinkle(column: np.ndarray, row: np.ndarray, cycle: float, beat: float) -> np.ndarray:
    """Let each tile pulse at its own time."""
    own = (column * 37 + row * 91) % 17 / 17
    return 0.15 + 0.75 * (0.5 + 0.5 * np.cos(2 * np.pi * (own + beat / 2))) ** 3


def calm(column: np.ndarray, row: np.ndarray, cycle: float, beat: float) -> np.ndarray:
    """Light a soft pool under the pet."""
    return 0.1 + 0.55 * np.exp(-(column**2 + (row - 1) ** 2) / 7) * (0.9 + 0.1 * np.cos(2 * np.pi * 3 * cycle))


def chase(column: np.ndarray, row: np.ndarray, cycle: float, beat: float) -> np.ndarray:
    """Run light from both sides to the middle."""
    return 0.12 + 0.8 * (0.5 + 0.5 * np.cos(2 * np.pi * (np.abs(column) / 3 + beat / 2))) ** 3


def zigzag(column: np.ndarray, row: np.ndarray, cycle: float, beat: float) -> np.ndarray:
    """Light slanted stripes, two tiles wide, that change places on each beat."""
    return np.where(((column + row) % 4 < 2) ^ (int(beat) % 2 == 1), 0.8, 0.15)


PATTERNS: dict[PatternName, Pattern] = {
    "calm": calm,
    "chase": chase,
    "checker": checker,
    "columns": columns,
    "rings": rings,
    "sweep": sweep,
    "twinkle": twinkle,
    "zigzag": zigzag,
}
