"""The sprites of a dancer as textures: made when they are first drawn, and stretched along their bones."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from videos.studio.dancer.drawing.compositor import Matrix, Part, Texture
from videos.studio.dancer.sprite import Sprite

# A bone up to this many times as long stretches its sprite evenly. Beyond that only its middle grows, in steps.
EVENLY, STEP, MAX_STEPS = 1.2, 0.04, 15
CAP = 0.14  # U at both ends of a bone that are never stretched alone.
HEADS_KEPT = 24  # textures of heads, of about 0.4 MB each

Point = np.ndarray


@dataclass(frozen=True, slots=True)
class Drawn:
    """A texture with its joint in pixels and the length of its bone in U."""

    texture: Texture
    joint: tuple[float, float]
    length: float


class Textures:
    """The textures of a dancer's sprites, which have ``unit`` pixels to a U."""

    def __init__(self, sprites: Mapping[str, Sprite], unit: float) -> None:
        self._sprites, self._unit = sprites, unit
        self._drawn: dict[str, Drawn] = {}
        self._stretched: dict[tuple[str, int], Drawn] = {}
        self._heads: dict[int, tuple[Sprite, Drawn]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._sprites

    def __getitem__(self, name: str) -> Drawn:
        found = self._drawn.get(name)
        if found is None:
            found = self._drawn[name] = _drawn(self._sprites[name])
        return found

    def of_head(self, sprite: Sprite) -> Drawn:
        """Return a sprite of the head as it is drawn. The last few are kept."""
        found = self._heads.pop(id(sprite), None)
        drawn = found[1] if found is not None else _drawn(sprite)
        self._heads[id(sprite)] = sprite, drawn  # The reference keeps the id from being given again.
        if len(self._heads) > HEADS_KEPT:
            del self._heads[next(iter(self._heads))]
        return drawn

    def first(self, *names: str) -> str:
        """Return the first of the names that has a sprite, or an empty string."""
        return next((name for name in names if name in self), "")

    def outline(self, name: str) -> np.ndarray:
        """Return the corners (n, 2) of a sprite in U from its joint, y down."""
        drawn = self[name]
        return (drawn.texture.hull - drawn.joint) / self._unit

    def stretched(self, name: str, factor: float) -> tuple[Drawn, float]:
        """Return a sprite and how much to stretch it along its bone, so that it is ``factor`` times as long."""
        steps = min(round((factor / EVENLY - 1) / STEP), MAX_STEPS)
        if steps <= 0:
            return self[name], factor
        found = self._stretched.get((name, steps))
        if found is None:
            found = self._stretched[name, steps] = self._grown(name, 1 + STEP * steps)
        return found, factor * self[name].length / found.length

    def _grown(self, name: str, factor: float) -> Drawn:
        """Return a sprite whose bone is ``factor`` times as long, by stretching the rows between its caps."""
        drawn, unit = self[name], self._unit
        rows = drawn.texture.yuva.shape[0]
        start = min(max(round(drawn.joint[1] + CAP * unit), 1), rows - 3)
        end = min(max(round(drawn.joint[1] + (drawn.length - CAP) * unit), start + 2), rows - 1)
        more = round((factor - 1) * drawn.length * unit)
        bgra = self._sprites[name].bgra
        middle = cv2.resize(bgra[start:end], (bgra.shape[1], end - start + more), interpolation=cv2.INTER_LINEAR)
        tall = np.vstack([bgra[:start], middle, bgra[end:]])
        return Drawn(Texture.of(tall), drawn.joint, drawn.length + more / unit)

    def place(self, drawn: Drawn, at: Point, angle: float, across: float = 1.0, along: float = 1.0) -> Part:
        """Return a sprite with its joint at a point (x, y up, in U), turned clockwise by ``angle`` degrees."""
        cos, sin = math.cos(math.radians(angle)) / self._unit, math.sin(math.radians(angle)) / self._unit
        a, b, c, d = cos * across, -sin * along, sin * across, cos * along
        x, y = drawn.joint
        return Part(drawn.texture, Matrix(a, b, c, d, float(at[0]) - a * x - b * y, -float(at[1]) - c * x - d * y))


def _drawn(sprite: Sprite) -> Drawn:
    return Drawn(Texture.of(sprite.bgra), sprite.joint, sprite.length)
