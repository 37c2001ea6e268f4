"""The stage behind the puppet: a wall painted over the photo's background, light on it, and a floor of lit tiles."""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np

from videos.studio.dance import Dance
from videos.studio.raster.canvas import Canvas
from videos.studio.raster.colours import Palette
from videos.studio.raster.layer import Layer, composite
from videos.studio.raster.mattes import extend_colours
from videos.studio.raster.picture import Picture, to_yuv
from videos.studio.raster.scratch import Scratch
from videos.studio.scene.equaliser import Equaliser
from videos.studio.scene.floor import HORIZON, PATTERNS, Floor, Ground
from videos.studio.scene.lights import Lights
from videos.studio.scene.particles import Particles

# The floor is drawn again between two changes of the light if the camera moves it by so many pixels.
STEP = 0.7


class Podium(NamedTuple):
    """What a low pet stands on: a picture with even sides, and the even point of the frame where its corner lies."""

    layer: Layer
    left: int
    top: int


class Stage:
    """Everything in the picture except the puppet.

    ``frame`` is BGR, and ``alpha`` is the pet's mask or None. ``podium`` stands on the floor.
    A camera that moves sees the floor of ``draw``'s ``ground``.
    """

    def __init__(
        self,
        frame: np.ndarray,
        alpha: np.ndarray | None,
        dance: Dance,
        seed: int,
        podium: Podium | None = None,
        *,
        camera_moves: bool = False,
    ) -> None:
        height, width = frame.shape[:2]
        stage, palette = dance.set, dance.palette
        self._full, self._half = (width, height), (width // 2, height // 2)
        self._backdrop = _planes(_painted(frame, alpha, palette, stage.paint), self._full)
        self._lights = Lights(width, height, stage, palette.light, self._backdrop.y, seed)
        self._floor = Floor(width, height, palette.tiles, PATTERNS[stage.pattern], moves=camera_moves)
        self._equaliser = Equaliser(width, height, palette.tiles[0], palette.tiles[1]) if stage.equaliser else None
        self._particles = Particles(width, height, stage.particles, (*palette.tiles, (255, 255, 255)), seed)
        self._lit = Picture(*(np.empty_like(plane) for plane in self._backdrop))
        self._lit_for = -1
        self._ground: Ground | None = None
        self._podium, self._scratch = podium, Scratch()

    def draw(
        self, picture: Picture, number: int, cycle: float, beat: float, phrases: int, ground: Ground | None = None
    ) -> None:
        """Draw the wall, the floor and the particles behind the pet as they are in frame ``number``.

        ``cycle`` runs from 0 to 1 over the clip, which holds ``phrases`` times five seconds. ``beat`` counts beats. The
        light changes only with every second frame.
        """
        if self._lit_for != number // 2:
            self._light(cycle, beat, phrases)
            self._lit_for = number // 2
            self._lay_floor(ground)
        elif self._has_moved(ground):
            self._lay_floor(ground)
        for plane, lit in zip(picture, self._lit, strict=True):
            plane[:] = lit
        self._particles.move(cycle, phrases)
        self._particles.draw(picture, front=False)

    def _light(self, cycle: float, beat: float, phrases: int) -> None:
        light = self._lights.at(cycle, beat, phrases)
        wall, lit = self._backdrop, self._lit
        for channel, (width, height) in ((0, self._full), (1, self._half), (2, self._half)):
            # The floor, drawn next, covers what lies below its edge.
            edge = self._floor.top * height // self._full[1]
            rows = min(len(light), -(-len(light) * edge // height))
            glow = cv2.resize(light[:rows, :, channel], (width, rows * height // len(light)))[:edge]
            if channel == 0:
                cv2.add(wall.y[:edge], glow, dst=lit.y[:edge])
            else:
                cv2.addWeighted(wall[channel][:edge], 1, glow, 1, -128, dst=lit[channel][:edge])
        if self._equaliser is not None:
            self._equaliser.draw(lit, beat)
        self._floor.light(cycle, beat)

    def _lay_floor(self, ground: Ground | None) -> None:
        """Draw the floor, and what stands on it, into the lit stage."""
        self._ground, lit = ground, self._lit
        self._floor.draw(lit, ground)
        if self._podium is not None:
            # The layer is overwritten when it is laid.
            layer, left, top = self._podium
            composite(Layer(layer.luma.copy(), layer.chroma), lit, left, top, self._scratch)

    def _has_moved(self, ground: Ground | None) -> bool:
        """Whether the floor has moved by a visible part of a pixel since it was drawn."""
        if ground is None or self._ground is None:
            return ground is not self._ground
        grown = abs(ground.zoom / self._ground.zoom - 1) * self._full[0] / 2
        return grown + abs(ground.shift - self._ground.shift) > STEP

    def draw_front(self, picture: Picture) -> None:
        """Draw what flies in front of the pet, after ``draw``."""
        self._particles.draw(picture, front=True)


def shade(picture: Picture, shadow: np.ndarray, left: int, top: int) -> None:
    """Darken the luma under ``shadow`` (uint8; 255 leaves it unchanged), whose corner lies at (left, top)."""
    rows, columns = shadow.shape
    height, width = picture.y.shape
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + columns, width), min(top + rows, height)
    if x0 < x1 and y0 < y1:
        part = picture.y[y0:y1, x0:x1]
        part[:] = cv2.multiply(part, shadow[y0 - top : y1 - top, x0 - left : x1 - left], scale=1 / 255)


def _painted(
    frame: np.ndarray, alpha: np.ndarray | None, palette: Palette, paint: Callable[[Canvas], None]
) -> np.ndarray:
    """Return the wall at half size as BGR uint8.

    It is the photo's background in the dance's colours, with the scenery on it.
    """
    height, width = frame.shape[0] // 2, frame.shape[1] // 2
    wall = cv2.resize(_background(frame, alpha, palette), (width, height), interpolation=cv2.INTER_LINEAR)
    canvas = Canvas(np.clip(wall, 0, 255).astype(np.uint8))
    paint(canvas)
    cover = cv2.GaussianBlur(canvas.alpha, (0, 0), 0.8).astype(np.float32)[..., None] / 255
    wall = wall + (cv2.GaussianBlur(canvas.colour, (0, 0), 0.8) - wall) * cover
    return np.clip(wall * _vignette(width, height), 0, 255).astype(np.uint8)


def _background(frame: np.ndarray, alpha: np.ndarray | None, palette: Palette) -> np.ndarray:
    """Return the photo without its pet at a quarter of its size, blurred and blended with the palette by its depth."""
    size = (max(2, frame.shape[1] // 4), max(2, frame.shape[0] // 4))
    small: np.ndarray = cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    if alpha is not None:
        pet = cv2.dilate(cv2.resize(alpha, size), np.ones((9, 9), np.uint8))
        small = extend_colours(small, 1 - np.clip(pet * 1.2, 0, 1))
    small = cv2.GaussianBlur(small, (0, 0), max(size) / 40)
    tone = small @ np.array([0.114, 0.587, 0.299], np.float32)
    spread = max(float(tone.std()) * 4, 40.0)
    tone = np.clip(0.5 + (tone - tone.mean()) / spread, 0, 1)[..., None]
    tone = 0.65 * tone + 0.35 * np.linspace(1, 0.1, size[1], dtype=np.float32)[:, None, None]
    toned = np.array(palette.shade, np.float32) * (1 - tone) + np.array(palette.light, np.float32) * tone
    return small * (1 - palette.depth) + toned * palette.depth


def _vignette(width: int, height: int) -> np.ndarray:
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    edge = 1 - 0.32 * np.clip(x**2 * 0.9 + y**2 * 0.6 - 0.35, 0, 1)
    near = np.clip((HORIZON - (y + 1) / 2) / 0.07, 0, 1) * 0.25 + 0.75
    return (edge * near)[..., None]


def _planes(bgr: np.ndarray, size: tuple[int, int]) -> Picture:
    """Convert a half-size BGR picture to full-size planes."""
    yuv = to_yuv(bgr)
    return Picture(
        cv2.resize(np.ascontiguousarray(yuv[..., 0]), size, interpolation=cv2.INTER_CUBIC),
        np.ascontiguousarray(yuv[..., 1]),
        np.ascontiguousarray(yuv[..., 2]),
    )
