"""Drawing of a figure from turned sprites into the encoder's planes, with a white rim around all of them together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import cv2
import numpy as np

from videos.studio.dancer.camera import Shot
from videos.studio.raster.picture import Picture, to_yuv
from videos.studio.raster.scratch import Scratch

RIM = 0.05  # U; the width of the white rim
CLOSE = 0.034  # U; gaps in the rim up to twice as wide are filled
WHITE, NEUTRAL = 235, 128  # the rim's luma and chroma
# At half size, a blurred edge rises from 0 to 255 over 3 pixels. It is made this many times as steep.
EDGE_WIDTH, STEEP = 3.0, 3.0
# A hull has at least this alpha (0 to 255) inside and this many pixels around it.
SEEN, MARGIN = 2, 1.5


@dataclass(frozen=True, slots=True)
class Texture:
    """A sprite in the encoder's colours.

    ``yuva`` is uint8 (h, w, 4): Y, U and V, multiplied by alpha, and alpha. ``hull`` (n, 2) are the corners of the
    convex region that holds everything visible. Points are in pixels; the centre of the first pixel is (0, 0).
    """

    yuva: np.ndarray
    hull: np.ndarray

    @classmethod
    def of(cls, bgra: np.ndarray) -> Self:
        """Return the texture of a premultiplied picture (uint8, (h, w, 4))."""
        corners = _corners(bgra[..., 3] > SEEN)
        away = np.array([(-MARGIN, -MARGIN), (MARGIN, -MARGIN), (-MARGIN, MARGIN), (MARGIN, MARGIN)])
        grown = (corners[:, None] + away).reshape(-1, 2).astype(np.float32)
        return cls(cv2.transform(bgra, _premultiplied_yuv()), cv2.convexHull(grown).reshape(-1, 2).astype(float))


def _corners(seen: np.ndarray) -> np.ndarray:
    """Return the corners (n, 2) of the convex hull of a bool mask (h, w), from both ends of its rows."""
    rows = np.flatnonzero(seen.any(axis=1))
    if not rows.size:
        return np.zeros((1, 2))
    filled = seen[rows]
    left, right = filled.argmax(axis=1), seen.shape[1] - 1 - filled[:, ::-1].argmax(axis=1)
    ends = np.concatenate([np.stack([left, rows], axis=1), np.stack([right, rows], axis=1)])
    return cv2.convexHull(ends.astype(np.int32)).reshape(-1, 2).astype(float)


class Matrix(NamedTuple):
    """The affine map x' = a x + b y + x0, y' = c x + d y + y0."""

    a: float
    b: float
    c: float
    d: float
    x0: float
    y0: float

    def apply(self, points: np.ndarray) -> np.ndarray:
        """Map points (n, 2)."""
        return points @ np.array([[self.a, self.c], [self.b, self.d]]) + (self.x0, self.y0)


class Edges(NamedTuple):
    """A rectangle in U, y down."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Part:
    """A texture and where it lies. ``place`` maps its pixels to U in the picture plane, x right and y **down**."""

    texture: Texture
    place: Matrix

    @cached_property
    def edges(self) -> Edges:
        """The rectangle around the outline."""
        outline = self.outline()
        return Edges(*outline.min(axis=0).tolist(), *outline.max(axis=0).tolist())

    def outline(self) -> np.ndarray:
        """Return the corners (n, 2) of the region it covers, in U, y down."""
        return self.place.apply(self.texture.hull)


class Box(NamedTuple):
    """A rectangle of pixels, without its right and bottom edge."""

    left: int
    top: int
    right: int
    bottom: int


def edges_of(parts: Sequence[Part]) -> np.ndarray:
    """Return the edges of parts (n, 4), as ``Part.edges`` has them, in one call."""
    counts = [len(part.texture.hull) for part in parts]
    starts = np.cumsum([0, *counts[:-1]])
    hulls = np.concatenate([part.texture.hull for part in parts])
    a, b, c, d, x0, y0 = np.repeat(np.array([part.place for part in parts]), counts, axis=0).T
    x, y = a * hulls[:, 0] + b * hulls[:, 1] + x0, c * hulls[:, 0] + d * hulls[:, 1] + y0
    lowest, highest = np.minimum.reduceat, np.maximum.reduceat
    return np.stack([lowest(x, starts), lowest(y, starts), highest(x, starts), highest(y, starts)], axis=1)


def paint(
    picture: Picture, parts: Sequence[Part], shot: Shot, scratch: Scratch, edges: np.ndarray | None = None
) -> None:
    """Lay ``parts``, from back to front, and a rim around their union over ``picture``.

    ``edges`` are those of the parts, if they are known.
    """
    rows, columns = picture.y.shape
    boxes = _boxes(edges_of(parts) if edges is None else edges, shot, rows, columns)
    seen = (boxes[:, 0] < boxes[:, 2]) & (boxes[:, 1] < boxes[:, 3])
    if not seen.any():
        return
    whole = _around(boxes[seen], math.ceil((RIM + CLOSE) * shot.scale) + 4, rows, columns)
    memory = _Memory(scratch, rows * columns * 4)
    canvas = memory.array("figure", whole.bottom - whole.top, whole.right - whole.left, 4)
    canvas.fill(0)
    inverses = _inverses(parts, boxes, shot, columns)
    for part, box, inverse in zip(parts, boxes.tolist(), inverses, strict=True):
        if inverse is not None:
            _lay(canvas, whole, part.texture.yuva, inverse, Box(*box), memory)
    _composite(canvas, picture, whole, shot.scale, memory)


def in_pixels(place: Matrix, shot: Shot, columns: int) -> Matrix:
    """Return the map from a texture to a picture with ``columns``, for which the first pixel's centre is (0, 0)."""
    s = shot.scale
    x, y = columns / 2 + (place.x0 - shot.x) * s - 0.5, shot.floor + place.y0 * s - 0.5
    return Matrix(place.a * s, place.b * s, place.c * s, place.d * s, x, y)


class _Memory:
    """Reused arrays of any size up to ``most`` bytes."""

    def __init__(self, scratch: Scratch, most: int) -> None:
        self._scratch, self._most = scratch, most
        self._flat: dict[str, np.ndarray] = {}

    def array(self, name: str, rows: int, columns: int, channels: int = 1) -> np.ndarray:
        flat = self._flat.get(name)
        if flat is None:
            flat = self._flat[name] = self._scratch.array(name, (self._most,))
        shape = (rows, columns, channels) if channels > 1 else (rows, columns)
        return flat[: rows * columns * channels].reshape(shape)


def _boxes(edges: np.ndarray, shot: Shot, rows: int, columns: int) -> np.ndarray:
    """Return the boxes (n, 4) of a picture's pixels between edges."""
    at = edges * shot.scale + np.tile((columns / 2 - shot.x * shot.scale - 0.5, shot.floor - 0.5), 2)
    first = np.maximum(np.floor(at[:, :2]), 0)
    last = np.minimum(np.ceil(at[:, 2:]) + 1, (columns, rows))
    return np.concatenate([first, last], axis=1).astype(int)


def _inverses(parts: Sequence[Part], boxes: np.ndarray, shot: Shot, columns: int) -> list[np.ndarray | None]:
    """Return the maps from the pixels of each box to its texture, or None if nothing of it is seen."""
    places = np.array([in_pixels(part.place, shot, columns) for part in parts])
    a, b, c, d, x, y = places.T
    x, y = x - boxes[:, 0], y - boxes[:, 1]
    size = a * d - b * c
    flat = np.abs(size) < 1e-6
    size = np.where(flat, 1, size)
    inverses = np.stack([d, -b, b * y - d * x, -c, a, c * x - a * y], axis=1) / size[:, None]
    empty = flat | (boxes[:, 0] >= boxes[:, 2]) | (boxes[:, 1] >= boxes[:, 3])
    return [None if none else inverse for none, inverse in zip(empty, inverses.reshape(-1, 2, 3), strict=True)]


def _around(boxes: np.ndarray, margin: int, rows: int, columns: int) -> Box:
    """Return a box of even edges around all of them, with a margin where the picture has room."""
    left, top = (max(0, int(side) - margin) // 2 * 2 for side in boxes[:, :2].min(axis=0))
    right, bottom = (int(side) + margin for side in boxes[:, 2:].max(axis=0))
    return Box(left, top, min(columns, -(-right // 2) * 2), min(rows, -(-bottom // 2) * 2))


def _lay(canvas: np.ndarray, whole: Box, yuva: np.ndarray, inverse: np.ndarray, box: Box, memory: _Memory) -> None:
    """Lay a turned texture over the canvas, whose corner is that of ``whole``."""
    rows, columns = box.bottom - box.top, box.right - box.left
    turned = memory.array("turned", rows, columns, 4)
    cv2.warpAffine(yuva, inverse, (columns, rows), dst=turned, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    alpha = cv2.extractChannel(turned, 3, dst=memory.array("through", rows, columns))
    through = cv2.bitwise_not(alpha, dst=alpha)
    each = cv2.merge((through, through, through, through), dst=memory.array("each", rows, columns, 4))
    under = canvas[box.top - whole.top : box.bottom - whole.top, box.left - whole.left : box.right - whole.left]
    cv2.multiply(under, each, dst=under, scale=1 / 255)
    cv2.add(under, turned, dst=under)


def _composite(canvas: np.ndarray, picture: Picture, whole: Box, scale: float, memory: _Memory) -> None:
    """Lay the figure and its rim over the planes."""
    rows, columns = canvas.shape[:2]
    half = (columns // 2, rows // 2)
    full = [
        cv2.extractChannel(canvas, at, dst=memory.array(name, rows, columns)) for name, at in (("y", 0), ("alpha", 3))
    ]
    quarter = memory.array("half", rows // 2, columns // 2, 4)
    cv2.resize(canvas, half, dst=quarter, interpolation=cv2.INTER_AREA)
    small = [
        cv2.extractChannel(quarter, at, dst=memory.array(f"half {at}", rows // 2, columns // 2)) for at in (1, 2, 3)
    ]
    rim = _rim(small[2], scale / 2)
    wide = cv2.resize(rim, (columns, rows), dst=memory.array("rim", rows, columns), interpolation=cv2.INTER_LINEAR)
    inside = (slice(whole.top // 2, whole.bottom // 2), slice(whole.left // 2, whole.right // 2))
    clear = _cover(full[1], wide)
    _blend(full[0], wide, clear, WHITE, picture.y[whole.top : whole.bottom, whole.left : whole.right])
    clear = _cover(small[2], rim)
    _blend(small[0], rim, clear, NEUTRAL, picture.u[inside])
    _blend(small[1], rim, clear, NEUTRAL, picture.v[inside])


def _cover(alpha: np.ndarray, rim: np.ndarray) -> np.ndarray:
    """Return how much is seen through both. ``rim`` becomes how much of it is seen. Overwrites both."""
    through, clear = cv2.bitwise_not(alpha, dst=alpha), cv2.bitwise_not(rim)
    cv2.multiply(through, clear, dst=clear, scale=1 / 255)
    cv2.subtract(through, clear, dst=rim)
    return clear


def _blend(figure: np.ndarray, rim: np.ndarray, clear: np.ndarray, white: int, under: np.ndarray) -> None:
    """Lay one plane of the figure (multiplied by alpha) and its rim over ``under``. Overwrites ``figure``."""
    cv2.addWeighted(figure, 1, rim, white / 255, 0, dst=figure)
    cv2.multiply(under, clear, dst=under, scale=1 / 255)
    cv2.add(under, figure, dst=under)


def _rim(alpha: np.ndarray, scale: float) -> np.ndarray:
    """Return a rim around and under ``alpha`` (both uint8, at ``scale`` pixels to a U), its narrow gaps closed."""
    reach, close = RIM * scale, max(1, round(CLOSE * scale))
    whole = max(1, round(reach))
    # What is shrunk at the picture's edge must have grown beyond it.
    beyond = cv2.copyMakeBorder(alpha, close, close, close, close, cv2.BORDER_REPLICATE)
    closed = _shrink(_grow(beyond, whole + close), close)[close:-close, close:-close]
    soft = cv2.blur(closed, (3, 3))
    # What the rounding took from the width moves the edge's middle, so that a slow zoom changes it smoothly.
    moved = np.arange(256) + 255 * (reach - whole) / EDGE_WIDTH
    table = np.clip((moved - 127.5) * STEEP + 127.5, 0, 255)
    return cv2.LUT(soft, np.round(table).astype(np.uint8))


def _grow(mask: np.ndarray, radius: int) -> np.ndarray:
    """Dilate by an octagon: a square, then crosses. A disc takes four times as long."""
    square = round(radius * 0.414)
    grown = cv2.dilate(mask, np.ones((2 * square + 1, 2 * square + 1), np.uint8)) if square else mask
    return cv2.dilate(grown, _CROSS, iterations=radius - square)


def _shrink(mask: np.ndarray, radius: int) -> np.ndarray:
    square = round(radius * 0.414)
    shrunk = cv2.erode(mask, np.ones((2 * square + 1, 2 * square + 1), np.uint8)) if square else mask
    return cv2.erode(shrunk, _CROSS, iterations=radius - square)


_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def _premultiplied_yuv() -> np.ndarray:
    """Return the matrix from premultiplied B, G, R, A to premultiplied Y, U, V, A."""
    black, *rest = to_yuv(np.array([[(0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)]], np.float32))[0]
    matrix = np.zeros((4, 4), np.float32)
    matrix[:3, :3] = np.stack([(colour - black) / 255 for colour in rest], axis=1)
    matrix[:3, 3], matrix[3, 3] = black / 255, 1
    return matrix
