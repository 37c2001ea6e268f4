"""Hats, drawn from simple shapes. A dance names the one that it wears.

A hat is drawn in its own units: 1 is about the skull's width, the origin is the middle between the ends of its opening,
which lie on the outline of the head, x runs right and y down. The lower edge hangs below the origin: it goes round the
head.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from videos.studio.raster.canvas import Canvas, heart, oval, rotate_points, star
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


def _dome(width: float, height: float, base: float = 0.0, sag: float = 0.0) -> np.ndarray:
    """Return the upper half of an ellipse on ``base``, with a lower edge that hangs down by ``sag`` in its middle."""
    t = np.linspace(np.pi, 2 * np.pi, 30)
    upper = np.stack([width / 2 * np.cos(t), base + height * np.sin(t)], 1)
    return np.concatenate([upper, _edge(width, base, sag)]) if sag else upper


def _edge(width: float, y: float, sag: float) -> np.ndarray:
    """Return an edge that goes round the head, from right to left: its ends at ``y``, its middle lower by ``sag``."""
    t = np.linspace(0, np.pi, 21)
    return np.stack([width / 2 * np.cos(t), y + sag * np.sin(t)], 1)


def _band(top: float, bottom: float, width: float, sag: float) -> np.ndarray:
    """Return a strip that goes round the head, its ends from ``top`` to ``bottom``."""
    return np.concatenate([_edge(width, top, sag), _edge(width, bottom, sag)[::-1]])


def _cup(top: float, wide: float, width: float, sag: float) -> np.ndarray:
    """Return a crown with straight sides: ``wide`` at ``top``, and ``width`` at its lower, round edge."""
    return np.concatenate([[(-wide / 2, top), (wide / 2, top)], _edge(width, 0, sag)])


def straw_hat(pen: Pen) -> None:
    straw = (168, 226, 250)
    pen.fill(oval(0, 0.01, 0.88, 0.21), mix_colours(straw, INK, 0.3))
    pen.fill(oval(0, -0.02, 0.88, 0.19), straw)
    pen.fill(_dome(1.06, 0.52, -0.06, 0.12), straw)
    pen.fill(_band(-0.18, -0.05, 1.05, 0.12), PINK)


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
    pen.fill(_dome(0.98, 0.56, 0, 0.1), blue)
    pen.fill(_dome(0.36, 0.57, 0.06, 0.04), WHITE)
    pen.fill(_band(-0.08, 0, 0.98, 0.1), mix_colours(SKY, INK, 0.25))
    pen.fill(oval(0.54, 0.055, 0.4, 0.085, 10), shade)
    pen.fill(oval(0.54, 0.02, 0.4, 0.08, 10), mix_colours(PINK, WHITE, 0.1))
    pen.fill(star(0, -0.24, 0.13, 0.055, 5), PINK)
    pen.disc(0, -0.55, 0.045, shade)


def antenna(pen: Pen) -> None:
    steel = (196, 190, 176)
    pen.line([(0, -0.2), (0.0, -0.52)], 0.055, mix_colours(steel, INK, 0.35))
    pen.disc(0, -0.58, 0.12, CORAL)
    pen.disc(-0.035, -0.62, 0.04, WHITE)
    pen.fill(_dome(0.9, 0.36, -0.04, 0.12), steel)
    pen.fill(_band(-0.1, 0.02, 0.96, 0.12), mix_colours(steel, INK, 0.3))
    for x in (-0.4, -0.22, 0, 0.22, 0.4):
        pen.disc(x, -0.04 + 0.12 * np.sqrt(1 - (x / 0.48) ** 2), 0.03, mix_colours(MINT, WHITE, 0.3))


def tiara(pen: Pen) -> None:
    spikes = [(-0.48, 0.0), (-0.52, -0.2), (-0.3, -0.03), (-0.23, -0.28), (-0.11, -0.06), (0, -0.4)]
    pen.fill(np.concatenate([spikes + [(-x, y) for x, y in spikes[-2::-1]], _edge(0.96, 0, 0.11)]), GOLD)
    pen.line(_edge(0.96, -0.01, 0.11), 0.07, mix_colours(GOLD, WHITE, 0.45))
    for x, y, colour in ((-0.52, -0.22, CREAM), (0.52, -0.22, CREAM), (-0.23, -0.3, CREAM), (0.23, -0.3, CREAM)):
        pen.disc(x, y, 0.05, colour)
    pen.fill(heart(0, -0.12, 0.17), PINK)
    pen.disc(0, -0.42, 0.06, CREAM)


def plumes(pen: Pen) -> None:
    """Draw curled ostrich plumes beside a velvet band with a brooch."""
    pen.fill(_band(-0.1, 0.0, 0.98, 0.12), CRIMSON)
    pen.line(_edge(0.96, -0.085, 0.12), 0.025, GOLD)
    pen.line(_edge(0.96, -0.012, 0.12), 0.025, GOLD)
    for lean, tall, colour in ((0.3, 0.5, MARIGOLD), (0.2, 0.68, PINK), (0.02, 0.8, CREAM)):
        t = np.linspace(0, 1, 15)
        spine = np.stack([0.26 + lean * t**2 + 0.16 * t**5, -tall * np.sin(0.62 * np.pi * t)], 1)
        dark = mix_colours(colour, INK, 0.18)
        for shade, size in ((dark, 1.0), (colour, 0.82)):
            for step, (x, y) in enumerate(spine[1:]):
                pen.disc(x, y, size * 0.11 * (0.75 + 0.25 * (step % 2)) * np.sin(0.35 + 0.16 * step) ** 0.5, shade)
        pen.line(spine[:13], 0.018, mix_colours(colour, INK, 0.25))
    pen.disc(0.3, 0.02, 0.085, GOLD)
    pen.disc(0.3, 0.02, 0.05, mix_colours(CRIMSON, PINK, 0.3))


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


def headband(pen: Pen) -> None:
    pen.fill(_band(-0.085, 0.085, 1.0, 0.1), CORAL)
    pen.fill(_band(-0.03, 0.03, 1.0, 0.1), WHITE)


def bandana(pen: Pen) -> None:
    pen.fill([(0.42, -0.08), (0.82, -0.24), (0.74, -0.06), (0.46, 0.02)], mix_colours(CORAL, INK, 0.25))
    pen.fill([(0.42, -0.04), (0.8, 0.1), (0.64, 0.16), (0.44, 0.06)], mix_colours(CORAL, INK, 0.15))
    pen.fill(_dome(0.98, 0.46, 0, 0.13), CORAL)
    for x, y in (
        (-0.33, -0.11),
        (-0.12, -0.24),
        (0.12, -0.22),
        (0.33, -0.1),
        (0.0, -0.08),
        (-0.2, -0.02),
        (0.2, -0.02),
    ):
        pen.disc(x, y, 0.032, WHITE)
    pen.fill(_band(-0.09, 0, 1.0, 0.13), mix_colours(CORAL, INK, 0.18))


def crown(pen: Pen) -> None:
    peaks = [(-0.48, 0.0), (-0.54, -0.38), (-0.27, -0.14), (0, -0.46), (0.27, -0.14), (0.54, -0.38), (0.48, 0.0)]
    pen.fill(np.concatenate([peaks, _edge(0.96, 0, 0.13)]), GOLD)
    for (x, y), colour in zip(((-0.54, -0.4), (0, -0.48), (0.54, -0.4)), (CORAL, SKY, CORAL), strict=True):
        pen.disc(x, y, 0.065, colour)
    pen.fill(_band(-0.13, 0, 0.98, 0.13), mix_colours(GOLD, INK, 0.16))
    for x, colour in ((-0.3, MINT), (0, PINK), (0.3, MINT)):
        pen.disc(x, -0.065 + 0.13 * np.sqrt(1 - (x / 0.49) ** 2), 0.05, colour)


def fedora(pen: Pen, felt: Bgr, ribbon: Bgr) -> None:
    pen.fill(oval(0, 0.0, 0.74, 0.17), mix_colours(felt, INK, 0.35))
    pen.fill(oval(0, -0.03, 0.74, 0.15), felt)
    top = [(-0.48, -0.06), (-0.4, -0.42), (-0.16, -0.54), (0.02, -0.46), (0.22, -0.54), (0.41, -0.4), (0.48, -0.06)]
    pen.fill(np.concatenate([top, _edge(0.96, -0.06, 0.1)]), felt)
    pen.fill(_band(-0.17, -0.05, 0.95, 0.1), ribbon)


def black_fedora(pen: Pen) -> None:
    fedora(pen, (62, 44, 50), WHITE)


def rose_fedora(pen: Pen) -> None:
    fedora(pen, (46, 30, 66), CRIMSON)
    pen.fill(rotate_points(oval(0.13, 0, 0.13, 0.06), 200, 0.34, -0.06), LEAF)
    for radius, share in ((0.13, 0.0), (0.095, 0.3), (0.055, 0.0)):
        pen.disc(0.36, -0.1, radius, mix_colours((40, 20, 214), INK, share))


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
    pen.fill(_band(-0.12, 0.02, 1.0, 0.13), PINK)
    pen.line(_edge(0.92, -0.05, 0.12), 0.04, mix_colours(PINK, WHITE, 0.45))


def sweatband(pen: Pen) -> None:
    pen.fill(_band(-0.095, 0.095, 1.0, 0.1), WHITE)
    pen.fill(_band(-0.06, -0.015, 1.0, 0.1), PINK)
    pen.fill(_band(0.015, 0.06, 1.0, 0.1), SKY)


def party_hat(pen: Pen) -> None:
    def ring(low: float, high: float) -> np.ndarray:
        lower, upper = 0.96 * (low + 0.84) / 0.84, 0.96 * (high + 0.84) / 0.84
        return np.concatenate([_edge(lower, low, 0.13 * lower), _edge(upper, high, 0.13 * upper)[::-1]])

    pen.fill(np.concatenate([[(0, -0.84)], _edge(0.96, 0, 0.125)]), PINK)
    for low, colour in ((0.0, MARIGOLD), (-0.29, MINT), (-0.57, SKY)):
        pen.fill(ring(low, low - 0.11), colour)
    pen.fill(star(0, -0.85, 0.17, 0.08, 8), MARIGOLD)
    pen.disc(0, -0.85, 0.085, CREAM)


def top_hat(pen: Pen) -> None:
    black = (54, 36, 42)
    pen.fill(oval(0, 0.0, 0.7, 0.16), mix_colours(black, INK, 0.6))
    pen.fill(oval(0, -0.025, 0.7, 0.14), black)
    pen.fill(_cup(-0.7, 0.94, 0.88, 0.09), black)
    pen.fill(oval(0, -0.7, 0.47, 0.075), mix_colours(black, WHITE, 0.16))
    pen.fill(_band(-0.2, -0.04, 0.895, 0.1), CORAL)
    pen.line([(-0.32, -0.3), (-0.345, -0.58)], 0.035, mix_colours(black, WHITE, 0.28))


def propeller(pen: Pen) -> None:
    slices = np.linspace(-0.5, 0.5, 6)
    for number, colour in enumerate((CORAL, MARIGOLD, MINT, SKY, PINK)):
        a, b = slices[number], slices[number + 1]
        t = np.linspace(0, 1, 12)
        left = np.stack([a * np.sqrt(1 - t**2), -0.48 * t], 1)
        right = np.stack([b * np.sqrt(1 - t**2), -0.48 * t], 1)
        x = np.linspace(b, a, 8)
        lower = np.stack([x, 0.12 * np.sqrt(np.clip(1 - 4 * x**2, 0, 1))], 1)
        pen.fill(np.concatenate([left, right[::-1], lower]), colour)
    pen.fill(_band(-0.07, 0.0, 1.0, 0.12), mix_colours(CORAL, INK, 0.2))
    pen.line([(0, -0.43), (0, -0.57)], 0.05, INK)
    pen.fill(oval(-0.24, -0.6, 0.25, 0.07, 12), MARIGOLD)
    pen.fill(oval(0.24, -0.56, 0.25, 0.07, 12), CORAL)
    pen.disc(0, -0.58, 0.055, CREAM)


def wreath(pen: Pen) -> None:
    pen.line(_edge(1.0, -0.03, 0.12), 0.06, LEAF)
    spots = (
        (-0.48, -0.02, CREAM),
        (-0.26, 0.065, PINK),
        (0.0, 0.09, CREAM),
        (0.26, 0.065, CORAL),
        (0.48, -0.02, CREAM),
    )
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
    to the right. ``headroom`` is how far it rises above the point where it sits, and ``reach`` how far it extends to
    either side. ``mouth`` is the width of its opening, whose ends lie on the head's outline; 0 for a flower. ``inside``
    is the colour seen in the opening where the head does not fill it. ``drop`` is how far its lower edge is below the
    point where it sits. That edge is at most the share ``lowest`` of the way down to the eyes. A hat that ``fits`` is
    as wide as the head, and ends with its outline. Ears stay before a hat unless it is ``over_ears``. ``on_dancer`` is
    its size on a dancer, whose head is small against its body: there, a tall hat would be a third of the figure.
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
    lowest: float = 0.57
    over_ears: bool = False
    mouth: float = 0.96
    inside: Bgr | None = None

    def for_dancer(self) -> "Hat":
        """Return the hat at the size at which a dancer wears it."""
        return replace(self, width=self.width / self.on_dancer)


def _dark(colour: Bgr) -> Bgr:
    return mix_colours(colour, INK, 0.6)


HATS: dict[str, Hat] = {
    "straw_hat": Hat(straw_hat, -7, reach=0.95, width=1.65, drop=0.22, mouth=1.06),
    "hibiscus": Hat(hibiscus, 0, 0.36, 0.45, width=1.25, drop=0.3, over_ears=True, mouth=0),
    "snapback": Hat(snapback, 7, reach=1.0, on_dancer=0.87, mouth=0.98, inside=_dark(SKY)),
    "antenna": Hat(antenna, 0, 0, 0.75, on_dancer=0.86, drop=0.14, inside=_dark((196, 190, 176))),
    "tiara": Hat(tiara, 0, width=1.1, drop=0.14, inside=_dark(GOLD)),
    "plumes": Hat(plumes, 0, headroom=1.0, reach=0.8, on_dancer=0.86, drop=0.12, inside=_dark(CRIMSON)),
    "afro": Hat(headband, 0, 0, 0.62, afro, 0.8, fits=True, on_dancer=0.8, drop=0.185, lowest=0.72, mouth=1.0),
    "bandana": Hat(bandana, -6, 0, 0.55, reach=0.9, drop=0.13, on_dancer=0.86, mouth=1.0, inside=_dark(CORAL)),
    "crown": Hat(crown, 5, 0, 0.6, width=1.12, drop=0.13, inside=_dark(GOLD)),
    "rose_fedora": Hat(rose_fedora, -9, reach=0.82, width=1.4, drop=0.17),
    "fruit_hat": Hat(fruit_hat, 4, 0, 1.1, width=1.14, on_dancer=0.76, drop=0.15, mouth=1.0, inside=_dark(PINK)),
    "black_fedora": Hat(black_fedora, 9, reach=0.82, width=1.4, drop=0.17),
    "sweatband": Hat(sweatband, 0, 0, 0.2, fits=True, drop=0.195, lowest=0.72, mouth=1.0),
    "party_hat": Hat(party_hat, 9, 0, 1.1, on_dancer=0.78, drop=0.13, inside=_dark(PINK)),
    "top_hat": Hat(top_hat, -8, 0, 0.85, reach=0.75, width=1.3, on_dancer=0.95, drop=0.16, mouth=0.88),
    "propeller": Hat(propeller, 5, 0, 0.75, on_dancer=0.88, drop=0.12, mouth=1.0, inside=_dark(CORAL)),
    "wreath": Hat(wreath, 0, 0, 0.4, width=1.2, drop=0.24, lowest=0.7, over_ears=True, mouth=1.0),
}
