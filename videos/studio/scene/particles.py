"""Particles that fall, rise or drift through the picture: paper, hearts, petals, stars, bubbles of light."""

import numpy as np

from videos.studio.dance.set import ParticleStyle
from videos.studio.raster.canvas import SHIFT, heart, oval, star
from videos.studio.raster.colours import Bgr
from videos.studio.raster.fill import fill_fixed
from videos.studio.raster.picture import Picture, colour_of

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


class Particles:
    """The particles of a clip, on paths that loop over the clip.

    Three quarters fly behind the pet and a quarter in front of it.
    """

    def __init__(self, width: int, height: int, style: ParticleStyle, colours: tuple[Bgr, ...], seed: int) -> None:
        random = np.random.default_rng(seed)
        count = style.count
        self._size = (width, height)
        self._style = style
        self._x, self._y = random.uniform(0, 1, count), random.uniform(0, 1, count)
        self._phase, self._spin = random.uniform(0, 2 * np.pi, count), random.choice([-1, 1], count)
        self._waves, self._turns = random.integers(1, 3, count), random.integers(1, style.tumble + 1, count)
        self._scale = random.uniform(0.6, 1.3, count) * style.size * min(width, height)
        front = np.arange(count) % 4 == 3
        self._scale[front] *= 1.5
        # The front layer flies only at the sides, so that nothing crosses the pet's face.
        near = self._x[front] * 0.5
        self._x[front] = np.where(near < 0.25, near, 0.5 + near)
        self._speed = style.speed * (1 + front)
        self._shapes = _same_length([SHAPES[name] for name in style.shapes])
        self._kind = (np.arange(count) // len(colours)) % len(style.shapes)
        self._layers = [
            [
                (colour_of(colour), np.flatnonzero((np.arange(count) % len(colours) == index) & (front == near)))
                for index, colour in enumerate(colours)
            ]
            for near in (False, True)
        ]
        self._outlines = np.zeros((count, 0, 2), np.int32)

    def move(self, cycle: float, phrases: int) -> None:
        """Move the particles to ``cycle`` (0 to 1 over the clip, which holds ``phrases`` times five seconds)."""
        style, (width, height) = self._style, self._size
        angle = 2 * np.pi * cycle * phrases
        y = np.mod(self._y + self._speed * (cycle * phrases), 1.0) * 1.12 - 0.06
        x = self._x + style.sway * np.sin(self._waves * angle + self._phase)
        spin = self._spin * self._turns * angle + self._phase
        shapes = self._shapes[self._kind] * self._scale[:, None, None]
        across, down = shapes[..., 0], shapes[..., 1]
        if style.tumble > 1:
            down = down * (0.35 + 0.65 * np.abs(np.cos(self._turns * angle + 2 * self._phase)))[:, None]
        cos, sin = np.cos(spin)[:, None], np.sin(spin)[:, None]
        px = across * cos - down * sin + (x * width)[:, None]
        py = across * sin + down * cos + (y * height)[:, None]
        self._outlines = (np.stack([px, py], 2) * (1 << SHIFT)).astype(np.int32)

    def draw(self, picture: Picture, *, front: bool) -> None:
        """Draw the front or the back layer at the position of the last ``move``."""
        for yuv, chosen in self._layers[front]:
            if len(chosen):
                fill_fixed(picture, self._outlines[chosen], yuv)


def _same_length(outlines: list[np.ndarray]) -> np.ndarray:
    """Return polygons as one array (n, points, 2), with the last point of shorter ones repeated."""
    longest = max(len(points) for points in outlines)
    return np.stack([np.concatenate([points, np.repeat(points[-1:], longest - len(points), 0)]) for points in outlines])
