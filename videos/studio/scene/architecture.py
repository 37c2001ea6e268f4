"""Built pieces of scenery: curtains, lanterns, houses, windows. They are drawn as in ``scenery``."""

import numpy as np

from videos.studio.raster.canvas import Canvas, box, oval
from videos.studio.raster.colours import CREAM, GOLD, INK, NIGHT, WHITE, Bgr, mix_colours
from videos.studio.scene.scenery import LINE, u_of


def curtains(canvas: Canvas, colour: Bgr, width: float = 0.2, swag: bool = True) -> None:
    """Draw heavy drapes in folds at both sides, with a swag along the top."""
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
            canvas.shape(points, mix_colours(colour, NIGHT, 0.12 + 0.34 * (fold % 2)), 0.96)
    if swag:
        for number in range(6):
            x0, x1 = (number - 0.15) / 6 * w, (number + 1.15) / 6 * w
            t = np.linspace(0, np.pi, 18)
            arc = np.stack([(x0 + x1) / 2 - (x1 - x0) / 2 * np.cos(t), 0.13 * u * np.sin(t) ** 0.8], 1)
            canvas.shape(
                np.concatenate([[(x0, -2)], arc, [(x1, -2)]]),
                mix_colours(colour, NIGHT, 0.1 + 0.22 * (number % 2)),
                0.97,
            )
            canvas.stroke(arc, 0.012 * u, GOLD, 0.95)


def lanterns(
    canvas: Canvas, colours: tuple[Bgr, ...], y: float, sag: float, count: int = 7, size: float = 0.05
) -> None:
    """Draw paper lanterns on a string."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    t = np.linspace(-0.04, 1.04, 40)
    canvas.stroke(np.stack([t * w, y * h + sag * u * (1 - (2 * t - 1) ** 2)], 1), 0.006 * u, INK, 0.9)
    for number in range(count):
        t0 = (number + 0.5) / count
        px, py = t0 * w, y * h + sag * u * (1 - (2 * t0 - 1) ** 2) + size * u
        colour = colours[number % len(colours)]
        canvas.disc(px, py, size * u * 1.7, colour, 0.28)
        canvas.shape(oval(px, py, size * u * 1.05, size * u * 0.9), colour, 0.97)
        canvas.shape(oval(px, py, size * u * 0.4, size * u * 0.86), mix_colours(colour, WHITE, 0.45), 0.97)
        canvas.shape(box(px - size * u * 0.4, py - size * u, px + size * u * 0.4, py - size * u * 0.8), INK, 0.97)


def bulbs(canvas: Canvas, colour: Bgr, y: float, sag: float, count: int = 15, size: float = 0.012) -> None:
    """Draw fairy lights on a string."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    t = np.linspace(0, 1, count)
    line = np.stack([t * w, y * h + sag * u * (1 - (2 * t - 1) ** 2)], 1)
    canvas.stroke(line, 0.004 * u, INK, 0.8)
    canvas.shapes([oval(x, yy + size * u, size * u * 2.4, size * u * 2.4) for x, yy in line], colour, 0.3)
    canvas.shapes([oval(x, yy + size * u, size * u, size * u) for x, yy in line], mix_colours(colour, WHITE, 0.5), 1.0)


def skyline(canvas: Canvas, colour: Bgr, window: Bgr, seed: int, top: float = 0.42) -> None:
    """Draw a row of houses with some windows lit."""
    random, w, h, u = np.random.default_rng(seed), canvas.width, canvas.height, u_of(canvas)
    x, lit = -0.02 * w, []
    while x < w:
        wide = random.uniform(0.09, 0.2) * u
        roof = h * random.uniform(top, top + 0.16)
        canvas.shape(box(x, roof, x + wide + 1, h * LINE), mix_colours(colour, NIGHT, random.uniform(0, 0.3)), 0.97)
        for row in np.arange(roof + 0.03 * u, h * LINE - 0.03 * u, 0.045 * u):
            for column in np.arange(x + 0.02 * u, x + wide - 0.03 * u, 0.04 * u):
                if random.random() < 0.4:
                    lit.append(box(column, row, column + 0.018 * u, row + 0.024 * u))
        x += wide
    canvas.shapes(lit, window, 0.95)


def bricks(canvas: Canvas, colour: Bgr, alpha: float = 0.5) -> None:
    """Draw the joints of a brick wall."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    high, wide = 0.062 * u, 0.15 * u
    for row in range(int(h * LINE / high) + 1):
        y = row * high
        canvas.stroke([(0, y), (w, y)], 0.006 * u, colour, alpha)
        for column in np.arange((row % 2) * wide / 2, w, wide):
            canvas.stroke([(column, y), (column, y + high)], 0.006 * u, colour, alpha)


def speakers(canvas: Canvas, x: float, colour: Bgr, cone: Bgr, size: float = 0.2) -> None:
    """Draw a stack of two loudspeakers on the floor line."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    for level in range(2):
        bottom = h * (LINE + 0.02) - level * size * u * 1.18
        left = x * w - size * u / 2
        canvas.shape(
            box(left, bottom - size * u * 1.14, left + size * u, bottom), mix_colours(colour, NIGHT, 0.3 * level), 0.98
        )
        for dy, radius in ((0.42, 0.36), (0.92, 0.16)):
            y = bottom - dy * size * u
            canvas.disc(x * w, y, radius * size * u, mix_colours(colour, WHITE, 0.35), 0.98)
            canvas.disc(x * w, y, radius * size * u * 0.84, NIGHT, 0.98)
            canvas.disc(x * w, y, radius * size * u * 0.45, cone, 0.98)


def mirror_ball(canvas: Canvas, x: float, y: float, radius: float, colours: tuple[Bgr, ...]) -> None:
    """Draw a mirror ball on a string."""
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
            tint = mix_colours(colours[random.integers(len(colours))], WHITE, random.uniform(0.25, 0.95))
            canvas.shape(
                box(px + x0, py + y0, px + x1, py + y1), mix_colours(tint, NIGHT, random.uniform(0, 0.4)), 0.98
            )


def arches(canvas: Canvas, frame: Bgr, pane: Bgr, count: int = 3) -> None:
    """Draw tall ballroom windows with round tops."""
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
    """Draw a chandelier with candles."""
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


def scallops(canvas: Canvas, colours: tuple[Bgr, ...], count: int = 9) -> None:
    """Draw an awning's scalloped edge along the top."""
    w, u = canvas.width, u_of(canvas)
    wide = w / count
    for number in range(count):
        colour, x = colours[number % len(colours)], (number + 0.5) * wide
        canvas.shape(box(x - wide / 2, 0, x + wide / 2 + 1, 0.07 * u), colour, 0.96)
        canvas.shape(oval(x, 0.07 * u, wide / 2, 0.055 * u), colour, 0.96)


def marquee(canvas: Canvas, colour: Bgr, lamp: Bgr) -> None:
    """Draw a theatre's arch with a row of lamps."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    t = np.linspace(np.pi, 2 * np.pi, 40)
    rx, ry = min(0.46 * w, 0.62 * u), 0.52 * h
    for grow, shade in (
        (0.055, mix_colours(colour, NIGHT, 0.35)),
        (0.04, colour),
        (-0.02, mix_colours(colour, NIGHT, 0.5)),
    ):
        arch = np.stack([w / 2 + (rx + grow * u) * np.cos(t), h * 0.62 + (ry + grow * u) * np.sin(t)], 1)
        canvas.shape(np.concatenate([[(arch[0][0], h * LINE)], arch, [(arch[-1][0], h * LINE)]]), shade, 0.92)
    ring = [
        (w / 2 + (rx + 0.01 * u) * np.cos(a), h * 0.62 + (ry + 0.01 * u) * np.sin(a))
        for a in np.linspace(np.pi, 2 * np.pi, 23)
    ]
    canvas.shapes([oval(x, y, 0.03 * u, 0.03 * u) for x, y in ring], lamp, 0.4)
    canvas.shapes([oval(x, y, 0.014 * u, 0.014 * u) for x, y in ring], mix_colours(lamp, WHITE, 0.6), 1.0)


def blinds(canvas: Canvas, colour: Bgr, alpha: float = 0.28) -> None:
    """Draw street light that falls through a slatted window and slants across the wall."""
    w, h, u = canvas.width, canvas.height, u_of(canvas)
    for number in range(7):
        y = h * (0.08 + 0.085 * number)
        canvas.shape(
            [(0.12 * w, y), (0.88 * w, y - 0.12 * u), (0.88 * w, y - 0.12 * u + 0.045 * h), (0.12 * w, y + 0.045 * h)],
            colour,
            alpha,
        )
