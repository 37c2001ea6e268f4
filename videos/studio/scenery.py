"""Pieces of scenery: rays, curtains, moons, lanterns. Each draws itself on a canvas as large as the wall.

``u`` is the canvas's shorter side: sizes are shares of it, so that a piece looks alike in every format. Places are
shares of width and height.
"""

import numpy as np

from videos.studio.canvas import Canvas, box, heart, oval, star, turned
from videos.studio.colours import CREAM, GOLD, INK, LEAF, NIGHT, WHITE, Bgr, mixed

LINE = 0.745


def u_of(canvas: Canvas) -> float:
    return float(min(canvas.width, canvas.height))


def rays(canvas: Canvas, x: float, y: float, colour: Bgr, alpha: float, count: int = 14, turn: float = 0.0) -> None:
    """A sunburst from one point out to the frame's edges."""
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
    """A disc of light in rings, the brightest inside."""
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
    """A full moon with craters and a glow."""
    u, px, py = u_of(canvas), x * canvas.width, y * canvas.height
    halo(canvas, x, y, radius * 1.45, colour, 0.22)
    canvas.disc(px, py, radius * u, colour, alpha)
    dark = mixed(colour, NIGHT, 0.16)
    for dx, dy, size in (
        (-0.4, -0.3, 0.2),
        (0.3, 0.1, 0.27),
        (-0.15, 0.45, 0.16),
        (0.42, -0.42, 0.13),
        (-0.55, 0.2, 0.1),
    ):
        canvas.disc(px + dx * radius * u, py + dy * radius * u, size * radius * u, dark, alpha)


def stars(canvas: Canvas, count: int, colour: Bgr, seed: int, alpha: float = 0.8, below: float = 0.6) -> None:
    """Small four-pointed stars over the upper part of the wall."""
    random, u = np.random.default_rng(seed), u_of(canvas)
    for x, y, size in random.uniform((0.02, 0.03, 0.006), (0.98, below, 0.016), (count, 3)):
        canvas.shape(star(x * canvas.width, y * canvas.height, size * u, size * u * 0.3, 4), colour, alpha)


def curtains(canvas: Canvas, colour: Bgr, width: float = 0.2, swag: bool = True) -> None:
    """Heavy drapes at both sides, in folds, with a swag along the top."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    folds = 5
    for side in (0, 1):
        for fold in range(folds):
            near, far = fold / folds, (fold + 1) / folds
            edge = width * w * 0.9 + 0.04 * u
            t = np.linspace(0, 1, 16)
            pull = 1 - 0.42 * np.sin(np.pi * np.clip(t * 1.08, 0, 1)) ** 2
            inner, outer = edge * far * pull, edge * near * pull
            x = np.concatenate([inner, outer[::-1]])
            y = np.concatenate([t, t[::-1]]) * h * (LINE + 0.02)
            points = np.stack([x if side == 0 else w - x, y], 1)
            canvas.shape(points, mixed(colour, NIGHT, 0.12 + 0.34 * (fold % 2)), 0.96)
    if swag:
        for number in range(6):
            x0, x1 = (number - 0.15) / 6 * w, (number + 1.15) / 6 * w
            t = np.linspace(0, np.pi, 18)
            arc = np.stack([(x0 + x1) / 2 - (x1 - x0) / 2 * np.cos(t), 0.13 * u * np.sin(t) ** 0.8], 1)
            canvas.shape(
                np.concatenate([[(x0, -2)], arc, [(x1, -2)]]), mixed(colour, NIGHT, 0.1 + 0.22 * (number % 2)), 0.97
            )
            canvas.stroke(arc, 0.012 * u, GOLD, 0.95)


def bunting(canvas: Canvas, colours: tuple[Bgr, ...], y: float, sag: float, flags: int = 13) -> None:
    """A sagging string of pennants."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    t = np.linspace(-0.02, 1.02, flags + 1)
    line = np.stack([t * w, y * h + sag * u * (1 - (2 * t - 1) ** 2)], 1)
    for number, (a, b) in enumerate(zip(line[:-1], line[1:], strict=True)):
        tip = (a + b) / 2 + (0, 0.085 * u)
        canvas.shape([tuple(a), tuple(b), tuple(tip)], colours[number % len(colours)], 0.95)
    canvas.stroke(line, 0.006 * u, CREAM, 0.9)


def lanterns(
    canvas: Canvas, colours: tuple[Bgr, ...], y: float, sag: float, count: int = 7, size: float = 0.05
) -> None:
    """Paper lanterns on a string."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    t = np.linspace(-0.04, 1.04, 40)
    canvas.stroke(np.stack([t * w, y * h + sag * u * (1 - (2 * t - 1) ** 2)], 1), 0.006 * u, INK, 0.9)
    for number in range(count):
        t0 = (number + 0.5) / count
        px, py = t0 * w, y * h + sag * u * (1 - (2 * t0 - 1) ** 2) + size * u
        colour = colours[number % len(colours)]
        canvas.disc(px, py, size * u * 1.7, colour, 0.28)
        canvas.shape(oval(px, py, size * u * 1.05, size * u * 0.9), colour, 0.97)
        canvas.shape(oval(px, py, size * u * 0.4, size * u * 0.86), mixed(colour, WHITE, 0.45), 0.97)
        canvas.shape(box(px - size * u * 0.4, py - size * u, px + size * u * 0.4, py - size * u * 0.8), INK, 0.97)


def bulbs(canvas: Canvas, colour: Bgr, y: float, sag: float, count: int = 15, size: float = 0.012) -> None:
    """Fairy lights on a string."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    t = np.linspace(0, 1, count)
    line = np.stack([t * w, y * h + sag * u * (1 - (2 * t - 1) ** 2)], 1)
    canvas.stroke(line, 0.004 * u, INK, 0.8)
    canvas.shapes([oval(x, yy + size * u, size * u * 2.4, size * u * 2.4) for x, yy in line], colour, 0.3)
    canvas.shapes([oval(x, yy + size * u, size * u, size * u) for x, yy in line], mixed(colour, WHITE, 0.5), 1.0)


def palm(canvas: Canvas, x: float, y: float, size: float, colour: Bgr, lean: float, alpha: float = 0.92) -> None:
    """A fan of palm leaves that hang into the picture from one corner."""
    u = u_of(canvas)
    for number in range(6):
        angle = lean + (number - 2.5) * 27
        t = np.linspace(0, 1, 12)
        rib = np.stack([t * size * u, 0.30 * size * u * t**2], 1)
        wide = 0.085 * size * u * np.sin(np.pi * np.clip(t, 0.02, 1)) ** 0.7
        leaf = np.concatenate([rib + np.stack([0 * t, -wide], 1), (rib + np.stack([0 * t, wide], 1))[::-1]])
        place = (x * canvas.width, y * canvas.height)
        canvas.shape(turned(leaf, angle) + place, mixed(colour, NIGHT, 0.12 * (number % 3)), alpha)
        canvas.stroke(turned(rib, angle) + place, 0.004 * u, mixed(colour, WHITE, 0.3), alpha)


def skyline(canvas: Canvas, colour: Bgr, window: Bgr, seed: int, top: float = 0.42) -> None:
    """A row of houses with some windows lit."""
    random, w, h, u = np.random.default_rng(seed), canvas.width, canvas.height, u_of(canvas)
    x, lit = -0.02 * w, []
    while x < w:
        wide = random.uniform(0.09, 0.2) * u
        roof = h * random.uniform(top, top + 0.16)
        canvas.shape(box(x, roof, x + wide + 1, h * LINE), mixed(colour, NIGHT, random.uniform(0, 0.3)), 0.97)
        for row in np.arange(roof + 0.03 * u, h * LINE - 0.03 * u, 0.045 * u):
            for column in np.arange(x + 0.02 * u, x + wide - 0.03 * u, 0.04 * u):
                if random.random() < 0.4:
                    lit.append(box(column, row, column + 0.018 * u, row + 0.024 * u))
        x += wide
    canvas.shapes(lit, window, 0.95)


def bricks(canvas: Canvas, colour: Bgr, alpha: float = 0.5) -> None:
    """A wall of bricks, drawn as its joints."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    high, wide = 0.062 * u, 0.15 * u
    for row in range(int(h * LINE / high) + 1):
        y = row * high
        canvas.stroke([(0, y), (w, y)], 0.006 * u, colour, alpha)
        for column in np.arange((row % 2) * wide / 2, w, wide):
            canvas.stroke([(column, y), (column, y + high)], 0.006 * u, colour, alpha)


def speakers(canvas: Canvas, x: float, colour: Bgr, cone: Bgr, size: float = 0.2) -> None:
    """A stack of two loudspeakers on the floor line."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    for level in range(2):
        bottom = h * (LINE + 0.02) - level * size * u * 1.18
        left = x * w - size * u / 2
        canvas.shape(
            box(left, bottom - size * u * 1.14, left + size * u, bottom), mixed(colour, NIGHT, 0.3 * level), 0.98
        )
        for dy, radius in ((0.42, 0.36), (0.92, 0.16)):
            y = bottom - dy * size * u
            canvas.disc(x * w, y, radius * size * u, mixed(colour, WHITE, 0.35), 0.98)
            canvas.disc(x * w, y, radius * size * u * 0.84, NIGHT, 0.98)
            canvas.disc(x * w, y, radius * size * u * 0.45, cone, 0.98)


def mirror_ball(canvas: Canvas, x: float, y: float, radius: float, colours: tuple[Bgr, ...]) -> None:
    """A ball of mirrors on a string."""
    u, px, py = u_of(canvas), x * canvas.width, y * canvas.height
    canvas.stroke([(px, 0), (px, py)], 0.006 * u, CREAM, 0.9)
    r = radius * u
    canvas.disc(px, py, r * 1.6, colours[0], 0.2)
    canvas.disc(px, py, r, (120, 96, 110), 0.98)
    random = np.random.default_rng(3)
    for row in range(-4, 5):
        y0, y1 = r * np.sin(np.pi * (row - 0.43) / 9.6), r * np.sin(np.pi * (row + 0.43) / 9.6)
        reach = np.sqrt(max(r * r - max(abs(y0), abs(y1)) ** 2, 0))
        for column in range(-5, 6):
            x0, x1 = reach * np.sin(np.pi * (column - 0.43) / 11.5), reach * np.sin(np.pi * (column + 0.43) / 11.5)
            tint = mixed(colours[random.integers(len(colours))], WHITE, random.uniform(0.25, 0.95))
            canvas.shape(box(px + x0, py + y0, px + x1, py + y1), mixed(tint, NIGHT, random.uniform(0, 0.4)), 0.98)


def arches(canvas: Canvas, frame: Bgr, pane: Bgr, count: int = 3) -> None:
    """Tall ballroom windows with round tops."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    wide = min(0.22 * u, 0.8 * w / count)
    for number in range(count):
        x = w * (number + 0.5) / count
        for grow, colour in ((0.018, frame), (0.0, pane)):
            half, top = wide / 2 + grow * u, h * 0.2 - grow * u
            t = np.linspace(np.pi, 2 * np.pi, 20)
            dome = np.stack([x + half * np.cos(t), top + half + half * np.sin(t)], 1)
            canvas.shape(np.concatenate([dome, [(x + half, h * 0.66), (x - half, h * 0.66)]]), colour, 0.85)
        for dx in (-0.17, 0.17):
            canvas.stroke([(x + dx * wide, h * 0.2), (x + dx * wide, h * 0.66)], 0.006 * u, frame, 0.85)
        for y in (0.34, 0.5):
            canvas.stroke([(x - wide / 2, h * y), (x + wide / 2, h * y)], 0.006 * u, frame, 0.85)


def chandelier(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A chandelier with candles."""
    u, px, py = u_of(canvas), x * canvas.width, y * canvas.height
    s = size * u
    canvas.stroke([(px, 0), (px, py)], 0.006 * u, GOLD, 0.95)
    for reach, drop in ((1.0, 0.0), (0.55, 0.3)):
        t = np.linspace(-1, 1, 21)
        canvas.stroke(np.stack([px + t * s * reach, py + s * (drop + 0.25 * (1 - t**2))], 1), 0.012 * u, GOLD, 0.95)
        for k in np.linspace(-1, 1, 5):
            cx, cy = px + k * s * reach, py + s * (drop + 0.25 * (1 - k**2))
            canvas.disc(cx, cy - 0.13 * s, 0.16 * s, CREAM, 0.25)
            canvas.shape(oval(cx, cy - 0.12 * s, 0.05 * s, 0.09 * s), WHITE, 0.98)


def grid(canvas: Canvas, colour: Bgr, alpha: float = 0.6, cells: int = 12) -> None:
    """A wireframe back wall."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    step = max(w, h) / cells
    for x in np.arange(w / 2 % step, w, step):
        canvas.stroke([(x, 0), (x, h * LINE)], 0.004 * u, colour, alpha)
    for y in np.arange(h * LINE % step, h * LINE, step):
        canvas.stroke([(0, y), (w, y)], 0.004 * u, colour, alpha)


def burst(canvas: Canvas, x: float, y: float, radius: float, colour: Bgr, arms: int = 16, alpha: float = 0.9) -> None:
    """A comic-book burst."""
    u = u_of(canvas)
    canvas.shape(star(x * canvas.width, y * canvas.height, radius * u, radius * u * 0.72, arms, 6), colour, alpha)


def dots(canvas: Canvas, colour: Bgr, alpha: float = 0.4, step: float = 0.055) -> None:
    """Halftone: rows of dots that grow towards the floor."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    circles = []
    for row, y in enumerate(np.arange(0, h * LINE, step * u)):
        radius = step * u * (0.1 + 0.33 * y / (h * LINE))
        circles += [oval(x, y, radius, radius, points=12) for x in np.arange((row % 2) * step * u / 2, w, step * u)]
    canvas.shapes(circles, colour, alpha)


def memphis(canvas: Canvas, colours: tuple[Bgr, ...], seed: int) -> None:
    """Triangles, rings and squiggles, as on a school bag of 1988."""
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
                turned(np.stack([t * size, 0.45 * size * (-1.0) ** np.arange(9)], 1), turn) + (px, py), 0.02 * u, colour
            )
        elif number % 3 == 1:
            canvas.shape(star(px, py, size * 1.25, size * 0.62, 3, turn), colour)
        else:
            canvas.disc(px, py, size, colour)
            canvas.disc(px, py, size * 0.5, mixed(colour, WHITE, 0.7))


def rainbow(canvas: Canvas, colours: tuple[Bgr, ...], radius: float = 0.62) -> None:
    """A wide rainbow behind the pet."""
    u = u_of(canvas)
    for number, colour in enumerate((*colours, colours[0])):
        r = (radius - 0.062 * number) * u
        alpha = 0.85 if number < len(colours) else 0.0
        canvas.disc(canvas.width / 2, canvas.height * LINE, r, colour, alpha)


def clouds(
    canvas: Canvas, spots: tuple[tuple[float, float, float], ...], colour: Bgr = WHITE, alpha: float = 0.92
) -> None:
    """Round clouds at (x, y, size)."""
    u = u_of(canvas)
    for x, y, size in spots:
        px, py, s = x * canvas.width, y * canvas.height, size * u
        puffs = [(-1.0, 0.15, 0.5), (-0.4, -0.2, 0.68), (0.35, -0.1, 0.6), (0.95, 0.2, 0.44), (0.0, 0.25, 0.62)]
        for dx, dy, r in puffs:
            canvas.disc(px + dx * s, py + dy * s, r * s, colour, alpha)


def hearts(canvas: Canvas, colour: Bgr, seed: int, count: int = 14, alpha: float = 0.5) -> None:
    """Soft hearts over the wall."""
    random, u = np.random.default_rng(seed), u_of(canvas)
    for x, y, size, turn in random.uniform((0.03, 0.05, 0.05, -25), (0.97, 0.62, 0.13, 25), (count, 4)):
        canvas.shape(heart(x * canvas.width, y * canvas.height, size * u, turn), colour, alpha)


def scallops(canvas: Canvas, colours: tuple[Bgr, ...], count: int = 9) -> None:
    """An awning's scalloped edge along the top."""
    w, u = canvas.width, u_of(canvas)
    wide = w / count
    for number in range(count):
        colour, x = colours[number % len(colours)], (number + 0.5) * wide
        canvas.shape(box(x - wide / 2, 0, x + wide / 2 + 1, 0.07 * u), colour, 0.96)
        canvas.shape(oval(x, 0.07 * u, wide / 2, 0.055 * u), colour, 0.96)


def marquee(canvas: Canvas, colour: Bgr, lamp: Bgr) -> None:
    """A theatre's arch with a row of lamps."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    t = np.linspace(np.pi, 2 * np.pi, 40)
    rx, ry = min(0.46 * w, 0.62 * u), 0.52 * h
    for grow, shade in ((0.055, mixed(colour, NIGHT, 0.35)), (0.04, colour), (-0.02, mixed(colour, NIGHT, 0.5))):
        arch = np.stack([w / 2 + (rx + grow * u) * np.cos(t), h * 0.62 + (ry + grow * u) * np.sin(t)], 1)
        canvas.shape(np.concatenate([[(arch[0][0], h * LINE)], arch, [(arch[-1][0], h * LINE)]]), shade, 0.92)
    ring = [
        (w / 2 + (rx + 0.01 * u) * np.cos(a), h * 0.62 + (ry + 0.01 * u) * np.sin(a))
        for a in np.linspace(np.pi, 2 * np.pi, 23)
    ]
    canvas.shapes([oval(x, y, 0.03 * u, 0.03 * u) for x, y in ring], lamp, 0.4)
    canvas.shapes([oval(x, y, 0.014 * u, 0.014 * u) for x, y in ring], mixed(lamp, WHITE, 0.6), 1.0)


def foliage(canvas: Canvas, alpha: float = 0.9) -> None:
    """Palm leaves in both upper corners."""
    palm(canvas, -0.02, -0.02, 0.5, LEAF, 40, alpha)
    palm(canvas, 1.02, -0.02, 0.5, LEAF, 125, alpha)


def blinds(canvas: Canvas, colour: Bgr, alpha: float = 0.28) -> None:
    """Street light through a slatted window, slanting across the wall."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    for number in range(7):
        y = h * (0.08 + 0.085 * number)
        canvas.shape(
            [(0.12 * w, y), (0.88 * w, y - 0.12 * u), (0.88 * w, y - 0.12 * u + 0.045 * h), (0.12 * w, y + 0.045 * h)],
            colour,
            alpha,
        )
