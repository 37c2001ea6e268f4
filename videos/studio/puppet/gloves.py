"""White cartoon gloves that float next to the pet and dance along."""

from dataclasses import dataclass

import cv2
import numpy as np

from videos.studio.raster.canvas import Canvas, box, oval, rotate_points
from videos.studio.raster.colours import CORAL, CREAM, INK, MARIGOLD, WHITE, Bgr, mix_colours
from videos.studio.raster.layer import CLEAR, Layer, composite, make_layer
from videos.studio.raster.layer import WHITE as PAPER
from videos.studio.raster.mattes import grow_outline
from videos.studio.raster.picture import Picture
from videos.studio.raster.scratch import Scratch

# The gloves of each dance, left and right.
PAIRS: dict[str, tuple[str, str]] = {
    "macarena": ("open", "open"),
    "salsa": ("open", "open"),
    "hip_hop": ("point", "fist"),
    "robot": ("flat", "flat"),
    "ballet": ("open", "open"),
    "disco": ("fist", "point"),
    "breakdance": ("flat", "flat"),
    "waltz": ("open", "open"),
    "tango": ("flat", "open"),
    "cha_cha": ("maraca", "maraca"),
    "moonwalk": ("open", "point"),
    "floss": ("fist", "fist"),
    "conga": ("maraca", "maraca"),
    "tap": ("open", "open"),
    "happy_wiggle": ("open", "open"),
    "slow_sway": ("open", "open"),
}
DETAIL = 160


@dataclass(frozen=True, slots=True)
class Glove:
    """A glove as a square ``texture``, centred on it."""

    texture: Layer

    def draw(self, picture: Picture, x: float, y: float, angle: float, mirrored: bool, scratch: Scratch) -> None:
        """Lay the glove over ``picture`` around (x, y), turned clockwise by ``angle`` degrees."""
        side = len(self.texture.luma)
        reach = int(side * 0.56) + 2
        height, width = picture.y.shape
        left, top = max(0, int(x) - reach) & ~1, max(0, int(y) - reach) & ~1
        right, bottom = min(width, int(x) + reach) & ~1, min(height, int(y) + reach) & ~1
        if right - left < 2 or bottom - top < 2:
            return
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        matrix = np.array([[-cos, -sin] if mirrored else [cos, sin], [-sin, cos]])
        offset = matrix @ np.array([left + 0.5 - x, top + 0.5 - y]) + side / 2 - 0.5
        full = np.column_stack([matrix, offset])
        half = np.column_stack([matrix, (offset - 0.5) / 2 + matrix @ np.array([0.25, 0.25])])
        size = (right - left, bottom - top)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        luma = scratch.array("luma", size[::-1])
        chroma = scratch.array("chroma", (size[1] // 2, size[0] // 2, 4))
        cv2.warpAffine(self.texture.luma, full, size, dst=luma, flags=flags, borderValue=PAPER)
        small = (size[0] // 2, size[1] // 2)
        cv2.warpAffine(self.texture.chroma, half, small, dst=chroma, flags=flags, borderValue=CLEAR)
        composite(Layer(luma, chroma), picture, left, top, scratch)


def glove(kind: str, size: float, cuff: Bgr) -> Glove:
    """Return a right-hand glove of about ``size`` pixels with its fingers up; ``cuff`` is the colour of its band."""
    canvas = Canvas(np.full((DETAIL, DETAIL, 3), 255, np.uint8))
    _DRAWN[kind](canvas, cuff)
    alpha = canvas.alpha.astype(np.float32) / 255
    edge = np.maximum(grow_outline(alpha, 4), alpha)
    side = max(8, round(size))
    bgr = cv2.resize(canvas.colour, (side, side), interpolation=cv2.INTER_AREA)
    return Glove(make_layer(bgr, cv2.resize(edge, (side, side), interpolation=cv2.INTER_AREA)))


def _finger(canvas: Canvas, start: tuple[float, float], angle: float, length: float, width: float) -> None:
    """Draw a white capsule with a dark contour. ``angle`` is in degrees from straight up, clockwise."""
    tip = rotate_points(np.array([[0.0, -length]]), angle)[0] + start
    canvas.stroke([start, tuple(tip)], width + 7, INK)
    canvas.stroke([start, tuple(tip)], width, WHITE)


def _palm(canvas: Canvas, cuff: Bgr, x: float = 80, y: float = 96, rx: float = 33, ry: float = 31) -> None:
    canvas.shape(oval(x, y, rx + 3.5, ry + 3.5), INK)
    canvas.shape(oval(x, y, rx, ry), WHITE)
    canvas.shape(box(x - 27, y + 23, x + 27, y + 43), INK)
    canvas.shape(box(x - 23.5, y + 26.5, x + 23.5, y + 39.5), cuff)


def _seams(canvas: Canvas) -> None:
    for x in (66, 80, 94):
        canvas.stroke([(x, 88), (x, 104)], 3, mix_colours(INK, WHITE, 0.25))


def _open(canvas: Canvas, cuff: Bgr) -> None:
    _finger(canvas, (58, 98), -68, 32, 22)
    for start, angle, length in (((62, 84), -24, 36), ((80, 78), 0, 42), ((98, 84), 24, 36)):
        _finger(canvas, start, angle, length, 23)
    _palm(canvas, cuff)
    for start, angle, length in (((63, 86), -24, 30), ((80, 82), 0, 36), ((97, 86), 24, 30), ((60, 98), -68, 26)):
        tip = rotate_points(np.array([[0.0, -length]]), angle)[0] + start
        canvas.stroke([start, tuple(tip)], 22, WHITE)
    _seams(canvas)


def _flat(canvas: Canvas, cuff: Bgr) -> None:
    _finger(canvas, (58, 98), -58, 30, 20)
    for x in (60, 80, 100):
        _finger(canvas, (x, 86), 0, 40, 17)
    _palm(canvas, cuff)
    for x in (60, 80, 100):
        canvas.stroke([(x, 90), (x, 48)], 16, WHITE)
    canvas.stroke([(60, 98), (38, 84)], 19, WHITE)
    _seams(canvas)


def _fist(canvas: Canvas, cuff: Bgr) -> None:
    _palm(canvas, cuff, ry=35)
    for x in (60, 80, 100):
        _finger(canvas, (x, 72), 0, 8, 19)
    canvas.shape(oval(80, 98, 31, 20), WHITE)
    _finger(canvas, (56, 96), 62, 30, 17)


def _point(canvas: Canvas, cuff: Bgr) -> None:
    _finger(canvas, (66, 82), -4, 52, 21)
    _palm(canvas, cuff)
    canvas.stroke([(66, 92), (64, 40)], 20, WHITE)
    for x in (86, 104):
        _finger(canvas, (x, 82), 0, 4, 16)
    canvas.shape(oval(84, 100, 27, 16), WHITE)
    _finger(canvas, (58, 102), 60, 30, 16)


def _maraca(canvas: Canvas, cuff: Bgr) -> None:
    canvas.stroke([(80, 118), (80, 60)], 14, INK)
    canvas.stroke([(80, 116), (80, 60)], 8, (60, 110, 170))
    canvas.shape(oval(80, 36, 30, 34), INK)
    canvas.shape(oval(80, 36, 26.5, 30.5), CORAL)
    canvas.stroke([(55, 32), (80, 40), (105, 32)], 9, MARIGOLD)
    for x, y in ((68, 20), (92, 20), (68, 54), (92, 54)):
        canvas.disc(x, y, 4, CREAM)
    _fist(canvas, cuff)


_DRAWN = {"open": _open, "flat": _flat, "fist": _fist, "point": _point, "maraca": _maraca}
