"""Hats, drawn from simple shapes. A dance names the one that it wears.

A hat is drawn in its own units: 1 is about the skull's width, the origin is where the hat sits, x runs right and y
down.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from videos.studio.raster.canvas import Canvas, box, heart, oval, rotate_points, star
from videos.studio.raster.colours import (
    CORAL,
    CREAM,
    CRIMSON,
    GOLD,
    INK,
    LEAF,
    MARIGOLD,
    MINT,
    PINK,
    SKY,
    WHITE,
    Bgr,
    mix_colours,
)


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws on a canvas in a hat's own units, tilted by ``tilt`` degrees."""

    canvas: Canvas
    x: float
    y: float
    unit: float
    tilt: float = 0.0

    def fill(self, points: Sequence[tuple[float, float]] | np.ndarray, colour: Bgr) -> None:
        self.canvas.shape(self._placed(points), colour)

    def disc(self, x: float, y: float, radius: float, colour: Bgr) -> None:
        self.fill(oval(x, y, radius, radius), colour)

    def line(self, points: Sequence[tuple[float, float]] | np.ndarray, width: float, colour: Bgr) -> None:
        self.canvas.stroke(self._placed(points), max(1.0, width * self.unit), colour)

    def _placed(self, points: Sequence[tuple[float, float]] | np.ndarray) -> np.ndarray:
        return rotate_points(np.asarray(points, np.float64) * self.unit, self.tilt, self.x, self.y)


def _dome(width: float, height: float, base: float = 0.0) -> np.ndarray:
    """Return the upper half of an ellipse that stands on ``base``."""
    t = np.linspace(np.pi, 2 * np.pi, 30)
    return np.stack([width / 2 * np.cos(t), base + height * np.sin(t)], 1)


def straw_hat(pen: Pen) -> None:
    straw = (168, 226, 250)
    pen.fill(oval(0, 0, 0.86, 0.17), mix_colours(straw, INK, 0.3))
    pen.fill(oval(0, -0.03, 0.86, 0.15), straw)
    pen.fill(_dome(0.86, 0.48, -0.02), straw)
    pen.fill(np.concatenate([_dome(0.86, 0.17, -0.02), oval(0, -0.02, 0.43, 0.05)[:21]]), PINK)
    pen.fill(_dome(0.84, 0.05, -0.02), straw)


def hibiscus(pen: Pen) -> None:
    for angle in (150, 215):
        pen.fill(rotate_points(oval(0.2, 0, 0.18, 0.085), angle, -0.1, -0.02), LEAF)
    for petal in range(5):
        shape = rotate_points(oval(0.165, 0, 0.155, 0.115), petal * 72 - 90, 0.0, -0.02)
        pen.fill(shape, mix_colours(CORAL, PINK, 0.15 + 0.5 * (petal % 2)))
    pen.disc(0, -0.02, 0.07, CRIMSON)
    pen.line([(0, -0.02), (0.12, -0.15)], 0.028, MARIGOLD)
    pen.disc(0.13, -0.16, 0.032, MARIGOLD)


def snapback(pen: Pen) -> None:
    blue, shade = SKY, mix_colours(SKY, INK, 0.45)
    pen.fill(_dome(0.98, 0.52, 0.02), blue)
    pen.fill(_dome(0.36, 0.53, 0.02), WHITE)
    pen.fill([(-0.49, 0.02), (0.49, 0.02), (0.49, -0.06), (-0.49, -0.06)], mix_colours(SKY, INK, 0.25))
    pen.fill(oval(0.52, 0.03, 0.42, 0.085, 8), shade)
    pen.fill(oval(0.52, 0.0, 0.42, 0.075, 8), mix_colours(PINK, WHITE, 0.1))
    pen.fill(star(0, -0.25, 0.13, 0.055, 5), PINK)
    pen.disc(0, -0.5, 0.045, shade)


def antenna(pen: Pen) -> None:
    steel = (196, 190, 176)
    pen.line([(0, -0.1), (0.0, -0.42)], 0.055, mix_colours(steel, INK, 0.35))
    pen.disc(0, -0.48, 0.12, CORAL)
    pen.disc(-0.035, -0.52, 0.04, WHITE)
    pen.fill(_dome(0.86, 0.27, 0.04), steel)
    pen.fill(box(-0.47, -0.04, 0.47, 0.07), mix_colours(steel, INK, 0.3))
    for x in (-0.36, -0.12, 0.12, 0.36):
        pen.disc(x, 0.015, 0.032, mix_colours(MINT, WHITE, 0.3))


def tiara(pen: Pen) -> None:
    spikes = [(-0.46, 0.04), (-0.5, -0.2), (-0.29, -0.08), (-0.22, -0.32), (-0.1, -0.13), (0, -0.44)]
    pen.fill(spikes + [(-x, y) for x, y in spikes[-2::-1]], GOLD)
    pen.line([(-0.46, 0.02), (0.46, 0.02)], 0.07, mix_colours(GOLD, WHITE, 0.45))
    for x, y, colour in ((-0.5, -0.22, CREAM), (0.5, -0.22, CREAM), (-0.22, -0.34, CREAM), (0.22, -0.34, CREAM)):
        pen.disc(x, y, 0.05, colour)
    pen.fill(heart(0, -0.18, 0.17), PINK)
    pen.disc(0, -0.46, 0.06, CREAM)


def afro(pen: Pen) -> None:
    """Draw the hair behind the head."""
    random = np.random.default_rng(8)
    dark = (38, 26, 30)
    for angle in np.linspace(0, 2 * np.pi, 26, endpoint=False):
        pen.disc(0.53 * np.cos(angle), 0.14 + 0.5 * np.sin(angle), 0.16, dark)
    pen.fill(oval(0, 0.14, 0.58, 0.54), dark)
    for turn, far in random.uniform((0, 0), (2 * np.pi, 1), (90, 2)):
        x, y = 0.57 * np.sqrt(far) * np.cos(turn), 0.54 * np.sqrt(far) * np.sin(turn)
        pen.disc(x, 0.14 + y, 0.03, mix_colours(dark, (150, 110, 130), random.uniform(0.1, 0.45)))


def _band(top: float, bottom: float, width: float = 0.95) -> np.ndarray:
    """Return a strip across the forehead, curved like the head. It is wider than the head, which ends it."""
    x = np.linspace(-1, 1, 15)
    curve = 0.07 * (1 - x**2)
    upper = np.stack([x * width / 2, top + curve], 1)
    lower = np.stack([x * width / 2 * 1.02, bottom + curve], 1)
    return np.concatenate([upper, lower[::-1]])


def headband(pen: Pen) -> None:
    pen.fill(_band(0.02, 0.21, 1.06), CORAL)
    pen.fill(_band(0.085, 0.145, 1.06), WHITE)


def bandana(pen: Pen) -> None:
    pen.fill([(0.42, -0.04), (0.82, -0.2), (0.74, -0.02), (0.46, 0.06)], mix_colours(CORAL, INK, 0.25))
    pen.fill([(0.42, 0.0), (0.8, 0.14), (0.64, 0.2), (0.44, 0.1)], mix_colours(CORAL, INK, 0.15))
    pen.fill(_dome(0.98, 0.36, 0.08), CORAL)
    for x, y in ((-0.3, -0.06), (-0.1, -0.16), (0.12, -0.14), (0.3, -0.04), (0.0, 0.0), (-0.2, 0.03), (0.2, 0.03)):
        pen.disc(x, y, 0.032, WHITE)
    pen.fill(box(-0.5, 0.04, 0.5, 0.12), mix_colours(CORAL, INK, 0.18))


def crown(pen: Pen) -> None:
    peaks = [(-0.46, 0.06), (-0.52, -0.34), (-0.26, -0.14), (0, -0.44), (0.26, -0.14), (0.52, -0.34), (0.46, 0.06)]
    pen.fill(peaks, GOLD)
    for (x, y), colour in zip(((-0.52, -0.36), (0, -0.46), (0.52, -0.36)), (CORAL, SKY, CORAL), strict=True):
        pen.disc(x, y, 0.065, colour)
    pen.fill(box(-0.46, -0.07, 0.46, 0.07), mix_colours(GOLD, INK, 0.16))
    for x, colour in ((-0.28, MINT), (0, PINK), (0.28, MINT)):
        pen.disc(x, 0, 0.05, colour)


def fedora(pen: Pen, felt: Bgr, ribbon: Bgr) -> None:
    pen.fill([(-0.42, 0.0), (-0.36, -0.4), (-0.14, -0.5), (0.02, -0.43), (0.2, -0.5), (0.37, -0.38), (0.42, 0.0)], felt)
    pen.fill([(-0.42, 0.0), (-0.4, -0.14), (0.4, -0.14), (0.42, 0.0)], ribbon)
    pen.fill(oval(0, 0.01, 0.74, 0.115), mix_colours(felt, INK, 0.35))
    pen.fill(oval(0, -0.015, 0.74, 0.095), felt)
    pen.fill([(-0.41, -0.03), (-0.4, -0.14), (0.4, -0.14), (0.41, -0.03)], ribbon)


def black_fedora(pen: Pen) -> None:
    fedora(pen, (62, 44, 50), WHITE)


def rose_fedora(pen: Pen) -> None:
    fedora(pen, (46, 30, 66), CRIMSON)
    pen.fill(rotate_points(oval(0.13, 0, 0.13, 0.06), 200, 0.34, -0.1), LEAF)
    for radius, share in ((0.13, 0.0), (0.095, 0.3), (0.055, 0.0)):
        pen.disc(0.36, -0.14, radius, mix_colours((40, 20, 214), INK, share))


def fruit_hat(pen: Pen) -> None:
    for angle in (-65, -90, -115):
        pen.fill(rotate_points(oval(0.3, 0, 0.3, 0.075), angle, 0, -0.45), LEAF)
    pen.fill(oval(0, -0.36, 0.19, 0.25), MARIGOLD)
    for row in range(3):
        pen.line([(-0.15, -0.47 + 0.12 * row), (0.15, -0.4 + 0.12 * row)], 0.018, mix_colours(MARIGOLD, INK, 0.4))
    t = np.linspace(0.15, 1.5, 14)
    for side in (-1, 1):
        arc = np.stack([side * (0.05 + 0.42 * np.sin(t)), -0.02 - 0.38 * np.cos(t) * 0.9], 1)
        pen.line(arc, 0.13, mix_colours(MARIGOLD, (120, 255, 255), 0.55))
        pen.disc(side * 0.34, -0.1, 0.13, CORAL)
    pen.disc(-0.14, -0.12, 0.12, (60, 40, 220))
    pen.disc(0.12, -0.13, 0.12, mix_colours(MINT, LEAF, 0.3))
    pen.fill(oval(0, 0.04, 0.52, 0.14), PINK)
    pen.line([(-0.44, 0.0), (0, 0.1), (0.44, 0.0)], 0.04, mix_colours(PINK, WHITE, 0.45))


def sweatband(pen: Pen) -> None:
    pen.fill(_band(0.0, 0.2), WHITE)
    pen.fill(_band(0.04, 0.085), PINK)
    pen.fill(_band(0.115, 0.16), SKY)


def party_hat(pen: Pen) -> None:
    pen.fill([(-0.46, 0.06), (0, -0.78), (0.46, 0.06)], PINK)
    for low, colour in ((0.0, MARIGOLD), (-0.27, MINT), (-0.53, SKY)):
        high, half = low - 0.11, lambda y: 0.46 * (y + 0.78) / 0.84
        pen.fill([(-half(low), low), (half(low), low), (half(high), high), (-half(high), high)], colour)
    pen.fill(star(0, -0.8, 0.17, 0.08, 8), MARIGOLD)
    pen.disc(0, -0.8, 0.085, CREAM)


def top_hat(pen: Pen) -> None:
    black = (54, 36, 42)
    pen.fill([(-0.38, 0.0), (-0.42, -0.66), (0.42, -0.66), (0.38, 0.0)], black)
    pen.fill(oval(0, -0.66, 0.42, 0.06), mix_colours(black, WHITE, 0.16))
    pen.fill([(-0.385, -0.04), (-0.395, -0.2), (0.395, -0.2), (0.385, -0.04)], CORAL)
    pen.line([(-0.28, -0.28), (-0.31, -0.58)], 0.035, mix_colours(black, WHITE, 0.28))
    pen.fill(oval(0, 0.02, 0.68, 0.1), mix_colours(black, INK, 0.6))
    pen.fill(oval(0, -0.01, 0.68, 0.085), black)


def propeller(pen: Pen) -> None:
    slices = np.linspace(-0.5, 0.5, 6)
    for number, colour in enumerate((CORAL, MARIGOLD, MINT, SKY, PINK)):
        a, b = slices[number], slices[number + 1]
        t = np.linspace(0, 1, 12)
        left = np.stack([a * np.sqrt(1 - t**2), 0.05 - 0.42 * t], 1)
        right = np.stack([b * np.sqrt(1 - t**2), 0.05 - 0.42 * t], 1)
        pen.fill(np.concatenate([left, right[::-1]]), colour)
    pen.line([(0, -0.36), (0, -0.5)], 0.05, INK)
    pen.fill(oval(-0.24, -0.53, 0.25, 0.07, 12), MARIGOLD)
    pen.fill(oval(0.24, -0.49, 0.25, 0.07, 12), CORAL)
    pen.disc(0, -0.51, 0.055, CREAM)


def wreath(pen: Pen) -> None:
    pen.line(np.stack([np.linspace(-0.5, 0.5, 15), 0.05 - 0.17 * (1 - np.linspace(-1, 1, 15) ** 2)], 1), 0.06, LEAF)
    spots = ((-0.48, 0.04, CREAM), (-0.25, -0.09, PINK), (0.0, -0.13, CREAM), (0.25, -0.09, CORAL), (0.48, 0.04, CREAM))
    for number, (x, y, colour) in enumerate(spots):
        pen.fill(rotate_points(oval(0.13, 0, 0.12, 0.055), 60 + 50 * number, x, y), LEAF)
        size = 0.13 if number % 2 else 0.155
        for petal in range(5):
            angle = np.radians(72 * petal + 20 * number)
            pen.disc(x + 0.62 * size * np.cos(angle), y + 0.62 * size * np.sin(angle), 0.55 * size, colour)
        pen.disc(x, y, 0.42 * size, MARIGOLD)


@dataclass(frozen=True, slots=True)
class Hat:
    """A hat, tilted by ``tilt`` degrees. ``front`` is drawn over the head and ``back`` behind it.

    The other values are in the hat's units. ``width`` is that of the whole hat with its brim. ``aside`` moves the hat
    to the right. ``headroom`` is how far it rises above the head, and ``reach`` how far it extends to either side.
    ``drop`` is how far its lower edge is below the point where it sits. Where the eyes are known, that edge is at most
    the share ``lowest`` of the way down to them. A hat that ``fits`` ends with the outline of the head. Ears stay
    before a hat unless it is ``over_ears``. ``on_dancer`` is its size on a dancer, whose head is small against its
    body: there, a tall hat would be a third of the figure.
    """

    front: Callable[[Pen], None] | None
    tilt: float = 0.0
    aside: float = 0.0
    headroom: float = 0.6
    back: Callable[[Pen], None] | None = None
    reach: float = 0.62
    width: float = 1.0
    fits: bool = False
    on_dancer: float = 1.0
    drop: float = 0.1
    lowest: float = 0.28
    over_ears: bool = False

    def for_dancer(self) -> "Hat":
        """Return the hat at the size at which a dancer wears it."""
        return replace(self, width=self.width / self.on_dancer)


HATS: dict[str, Hat] = {
    "straw_hat": Hat(straw_hat, -7, reach=0.95, width=1.65, drop=0.17),
    "hibiscus": Hat(hibiscus, 0, 0.36, 0.45, width=1.25, drop=0.3, lowest=0.5, over_ears=True),
    "snapback": Hat(snapback, 7, reach=1.0, on_dancer=0.87, drop=0.05),
    "antenna": Hat(antenna, 0, 0, 0.7, on_dancer=0.86, drop=0.07),
    "tiara": Hat(tiara, 0, width=1.1, drop=0.055),
    "afro": Hat(headband, 0, 0, 0.62, afro, 0.8, fits=True, on_dancer=0.8, drop=0.28, lowest=0.78),
    "bandana": Hat(bandana, -6, 0, 0.5, reach=0.9, drop=0.12, on_dancer=0.86),
    "crown": Hat(crown, 5, 0, 0.6, width=1.12, drop=0.07),
    "rose_fedora": Hat(rose_fedora, -9, reach=0.82, width=1.4, drop=0.125),
    "fruit_hat": Hat(fruit_hat, 4, 0, 1.1, width=1.14, on_dancer=0.67, drop=0.18),
    "black_fedora": Hat(black_fedora, 11, reach=0.82, width=1.4, drop=0.125),
    "sweatband": Hat(sweatband, 0, 0, 0.2, fits=True, drop=0.27, lowest=0.78),
    "party_hat": Hat(party_hat, 9, 0, 1.1, on_dancer=0.7, drop=0.06),
    "top_hat": Hat(top_hat, -8, 0, 0.85, reach=0.75, width=1.3, on_dancer=0.95, drop=0.12),
    "propeller": Hat(propeller, 5, 0, 0.7, on_dancer=0.88, drop=0.05),
    "wreath": Hat(wreath, 0, 0, 0.4, width=1.25, drop=0.1),
}
