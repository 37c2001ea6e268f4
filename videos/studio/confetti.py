"""What falls, rises or drifts through the picture: paper, hearts, petals, stars, bubbles of light."""

from dataclasses import dataclass

import numpy as np

from videos.studio.canvas import SHIFT, heart, oval, star
from videos.studio.colours import Bgr
from videos.studio.frames import Picture, colour_of
from videos.studio.inks import fill_fixed

SHAPES: dict[str, np.ndarray] = {
    "paper": np.array([(-0.5, -0.32), (0.5, -0.32), (0.5, 0.32), (-0.5, 0.32)]),
    "heart": heart(0, 0, 1.0, points=20),
    "petal": oval(0, 0, 0.5, 0.26, points=12),
    "star": star(0, 0, 0.55, 0.24, 5),
    "spark": star(0, 0, 0.5, 0.13, 4),
    "dot": oval(0, 0, 0.4, 0.4, points=14),
    "note": np.array(
        [(0.1, -0.5), (0.42, -0.3), (0.38, -0.12), (0.18, -0.22), (0.18, 0.3)]
        + [(0.06 + 0.2 * np.cos(a) - 0.14, 0.33 + 0.15 * np.sin(a)) for a in np.linspace(0, np.pi * 1.6, 8)]
        + [(0.08, 0.2)]
    ),
}


@dataclass(frozen=True, slots=True)
class Weather:
    """What is in the air: its shapes, how many pieces, how often each crosses the frame in five seconds (negative:
    upwards), how far it sways and how much it tumbles."""

    shapes: tuple[str, ...] = ("paper",)
    count: int = 46
    falls: int = 1
    sway: float = 0.03
    tumble: int = 2
    size: float = 0.022


class Confetti:
    """The pieces; three quarters fly behind the pet and a quarter in front. Their way closes over the clip."""

    def __init__(self, width: int, height: int, weather: Weather, colours: tuple[Bgr, ...], seed: int) -> None:
        random = np.random.default_rng(seed)
        count = weather.count
        self._size = (width, height)
        self._weather = weather
        self._x, self._y = random.uniform(0, 1, count), random.uniform(0, 1, count)
        self._phase, self._spin = random.uniform(0, 2 * np.pi, count), random.choice([-1, 1], count)
        self._waves, self._turns = random.integers(1, 3, count), random.integers(1, weather.tumble + 1, count)
        self._scale = random.uniform(0.6, 1.3, count) * weather.size * min(width, height)
        self._front = np.arange(count) % 4 == 3
        self._scale[self._front] *= 1.5
        # In front only at the sides: nothing flies across the pet's face.
        near = self._x[self._front] * 0.5
        self._x[self._front] = np.where(near < 0.25, near, 0.5 + near)
        self._inks = [colour_of(colour) for colour in colours]
        self._ink = np.arange(count) % len(colours)
        self._kind = (np.arange(count) // len(colours)) % len(weather.shapes)

    def draw(self, picture: Picture, cycle: float, rounds: int, *, front: bool) -> None:
        """Draw one of the two layers at ``cycle`` (0 to 1 over the clip, which holds ``rounds`` times five seconds)."""
        outlines = self._outlines(cycle, rounds, front)
        for ink, pieces in zip(self._inks, outlines, strict=True):
            fill_fixed(picture, pieces, ink)

    def _outlines(self, cycle: float, rounds: int, front: bool) -> list[list[np.ndarray]]:
        """For each ink the polygons, in fixed point."""
        weather, (width, height) = self._weather, self._size
        angle = 2 * np.pi * cycle * rounds
        y = np.mod(self._y + weather.falls * cycle * rounds * (1 + self._front), 1.0) * 1.12 - 0.06
        x = self._x + weather.sway * np.sin(self._waves * angle + self._phase)
        spin = self._spin * self._turns * angle + self._phase
        flat = 0.35 + 0.65 * np.abs(np.cos(self._turns * angle + 2 * self._phase)) if weather.tumble > 1 else 1.0
        cos, sin = np.cos(spin) * self._scale, np.sin(spin) * self._scale
        result: list[list[np.ndarray]] = [[] for _ in self._inks]
        for kind, name in enumerate(weather.shapes):
            chosen = np.flatnonzero((self._kind == kind) & (self._front == front))
            shape = SHAPES[name]
            thin = np.broadcast_to(flat, spin.shape)[chosen, None]
            across, down = shape[None, :, 0] * np.ones_like(thin), shape[None, :, 1] * thin
            c, s = cos[chosen, None], sin[chosen, None]
            px = across * c - down * s + x[chosen, None] * width
            py = across * s + down * c + y[chosen, None] * height
            fixed = np.round(np.stack([px, py], 2) * (1 << SHIFT)).astype(np.int32)
            for piece, ink in zip(fixed, self._ink[chosen].tolist(), strict=True):
                result[ink].append(piece)
        return result
