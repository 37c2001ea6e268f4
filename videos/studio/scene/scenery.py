"""Pieces of scenery: rays, moons, stars, clouds. Each draws itself on a canvas as large as the wall.

``u`` is the canvas's shorter side. Sizes are shares of it, so that a piece looks alike in every format. Positions are
shares of width and height.
"""

import numpy as np

from videos.studio.raster.canvas import Canvas, heart, oval, rotate_points, star
from videos.studio.raster.colours import LEAF, NIGHT, WHITE, Bgr, mix_colours

LINE = 0.745


def u_of(canvas: Canvas) -> float:
    return float(min(canvas.width, canvas.height))


def rays(canvas: Canvas, x: float, y: float, colour: Bgr, alpha: float, count: int = 14, turn: float = 0.0) -> None:
    """Draw a sunburst from one point out to the frame's edges."""
    far = canvas.width + canvas.height
    px, py = x * canvas.width, y * canvas.height
    wedges = []
    for number in range(count):
        a = 2 * np.pi * number / count + np.radians(turn)
        b = a + np.pi / count
        wedges.append(
            [(px, py), (px + far * np.cos(a), py + far * np.sin(a)), (px + far * np.cos(b), py + far * np.sin(b))]
        )
    canvas.shapes(wedges, colour, alpha)


def halo(canvas: Canvas, x: float, y: float, radius: float, colour: Bgr, alpha: float = 0.5, rings: int = 3) -> None:
    """Draw a disc of light in rings, brightest inside."""
    u = u_of(canvas)
    for ring in range(rings, 0, -1):
        canvas.disc(
            x * canvas.width,
            y * canvas.height,
            radius * u * (0.6 + 0.4 * ring / rings),
            colour,
            alpha * (1 - 0.28 * (ring - 1)),
        )


def moon(canvas: Canvas, x: float, y: float, radius: float, colour: Bgr, alpha: float = 0.95) -> None:
    """Draw a full moon with craters and a glow."""
    u, px, py = u_of(canvas), x * canvas.width, y * canvas.height
    halo(canvas, x, y, radius * 1.45, colour, 0.22)
    canvas.disc(px, py, radius * u, colour, alpha)
    dark = mix_colours(colour, NIGHT, 0.16)
    for dx, dy, size in (
        (-0.4, -0.3, 0.2),
        (0.3, 0.1, 0.27),
        (-0.15, 0.45, 0.16),
        (0.42, -0.42, 0.13),
        (-0.55, 0.2, 0.1),
    ):
        canvas.disc(px + dx * radius * u, py + dy * radius * u, size * radius * u, dark, alpha)


def stars(canvas: Canvas, count: int, colour: Bgr, seed: int, alpha: float = 0.8, below: float = 0.6) -> None:
    """Draw small four-pointed stars over the upper part of the wall."""
    random, u = np.random.default_rng(seed), u_of(canvas)
    for x, y, size in random.uniform((0.02, 0.03, 0.006), (0.98, below, 0.016), (count, 3)):
        canvas.shape(star(x * canvas.width, y * canvas.height, size * u, size * u * 0.3, 4), colour, alpha)


def palm(canvas: Canvas, x: float, y: float, size: float, colour: Bgr, lean: float, alpha: float = 0.92) -> None:
    """Draw a fan of palm leaves that hang into the picture from one corner."""
    u = u_of(canvas)
    for number in range(6):
        angle = lean + (number - 2.5) * 27
        t = np.linspace(0, 1, 12)
        rib = np.stack([t * size * u, 0.30 * size * u * t**2], 1)
        wide = 0.085 * size * u * np.sin(np.pi * np.clip(t, 0.02, 1)) ** 0.7
        leaf = np.concatenate([rib + np.stack([0 * t, -wide], 1), (rib + np.stack([0 * t, wide], 1))[::-1]])
        place = (x * canvas.width, y * canvas.height)
        canvas.shape(rotate_points(leaf, angle, *place), mix_colours(colour, NIGHT, 0.12 * (number % 3)), alpha)
        canvas.stroke(rotate_points(rib, angle, *place), 0.004 * u, mix_colours(colour, WHITE, 0.3), alpha)


def grid(canvas: Canvas, colour: Bgr, alpha: float = 0.6, cells: int = 12) -> None:
    """Draw a wireframe back wall."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    step = max(w, h) / cells
    for x in np.arange(w / 2 % step, w, step):
        canvas.stroke([(x, 0), (x, h * LINE)], 0.004 * u, colour, alpha)
    for y in np.arange(h * LINE % step, h * LINE, step):
        canvas.stroke([(0, y), (w, y)], 0.004 * u, colour, alpha)


def burst(canvas: Canvas, x: float, y: float, radius: float, colour: Bgr, arms: int = 16, alpha: float = 0.9) -> None:
    """Draw a comic-book burst."""
    u = u_of(canvas)
    canvas.shape(star(x * canvas.width, y * canvas.height, radius * u, radius * u * 0.72, arms, 6), colour, alpha)


def dots(canvas: Canvas, colour: Bgr, alpha: float = 0.4, step: float = 0.055) -> None:
    """Draw a halftone: rows of dots that grow towards the floor."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    circles = []
    for row, y in enumerate(np.arange(0, h * LINE, step * u)):
        radius = step * u * (0.1 + 0.33 * y / (h * LINE))
        circles += [oval(x, y, radius, radius, points=12) for x in np.arange((row % 2) * step * u / 2, w, step * u)]
    canvas.shapes(circles, colour, alpha)


def memphis(canvas: Canvas, colours: tuple[Bgr, ...], seed: int) -> None:
    """Draw triangles, rings and squiggles, as on a school bag of 1988."""
    random, w, h, u = np.random.default_rng(seed), canvas.width, canvas.height, u_of(canvas)
    spots = [
        (0.09, 0.14),
        (0.29, 0.09),
        (0.7, 0.1),
        (0.9, 0.18),
        (0.07, 0.42),
        (0.93, 0.47),
        (0.18, 0.62),
        (0.83, 0.64),
    ]
    for number, (x, y) in enumerate(spots):
        px, py, colour = x * w, y * h, colours[number % len(colours)]
        size, turn = random.uniform(0.05, 0.075) * u, random.uniform(-40, 40)
        if number % 3 == 0:
            t = np.linspace(-1.6, 1.6, 9)
            canvas.stroke(
                rotate_points(np.stack([t * size, 0.45 * size * (-1.0) ** np.arange(9)], 1), turn, px, py),
                0.02 * u,
                colour,
            )
        elif number % 3 == 1:
            canvas.shape(star(px, py, size * 1.25, size * 0.62, 3, turn), colour)
        else:
            canvas.disc(px, py, size, colour)
            canvas.disc(px, py, size * 0.5, mix_colours(colour, WHITE, 0.7))


def rainbow(canvas: Canvas, colours: tuple[Bgr, ...], radius: float = 0.62) -> None:
    """Draw a wide rainbow behind the pet."""
    u = u_of(canvas)
    for number, colour in enumerate((*colours, colours[0])):
        r = (radius - 0.062 * number) * u
        alpha = 0.85 if number < len(colours) else 0.0
        canvas.disc(canvas.width / 2, canvas.height * LINE, r, colour, alpha)


def clouds(
    canvas: Canvas, spots: tuple[tuple[float, float, float], ...], colour: Bgr = WHITE, alpha: float = 0.92
) -> None:
    """Draw round clouds at each (x, y, size)."""
    u = u_of(canvas)
    for x, y, size in spots:
        px, py, s = x * canvas.width, y * canvas.height, size * u
        puffs = [(-1.0, 0.15, 0.5), (-0.4, -0.2, 0.68), (0.35, -0.1, 0.6), (0.95, 0.2, 0.44), (0.0, 0.25, 0.62)]
        for dx, dy, r in puffs:
            canvas.disc(px + dx * s, py + dy * s, r * s, colour, alpha)


def hearts(canvas: Canvas, colour: Bgr, seed: int, count: int = 14, alpha: float = 0.5) -> None:
    """Draw soft hearts over the wall."""
    random, u = np.random.default_rng(seed), u_of(canvas)
    for x, y, size, turn in random.uniform((0.03, 0.05, 0.05, -25), (0.97, 0.62, 0.13, 25), (count, 4)):
        canvas.shape(heart(x * canvas.width, y * canvas.height, size * u, turn), colour, alpha)


def foliage(canvas: Canvas, alpha: float = 0.9) -> None:
    """Draw palm leaves in both upper corners."""
    palm(canvas, -0.02, -0.02, 0.5, LEAF, 40, alpha)
    palm(canvas, 1.02, -0.02, 0.5, LEAF, 125, alpha)
