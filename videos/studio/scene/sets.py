"""The sixteen sets: the scenery, lights, floor and particles of each dance."""

from collections.abc import Callable
from dataclasses import dataclass, field

from videos.studio.raster.canvas import Canvas
from videos.studio.raster.colours import (
    CORAL,
    CREAM,
    CRIMSON,
    GOLD,
    MARIGOLD,
    MINT,
    NIGHT,
    PINK,
    SKY,
    WHITE,
    Bgr,
    mix_colours,
)
from videos.studio.scene import architecture, floor, scenery
from videos.studio.scene.particles import ParticleStyle


@dataclass(frozen=True, slots=True)
class Beams:
    """Moving spotlights from above: their colours, how far they swing (degrees), and how many swings a clip has."""

    colours: tuple[Bgr, ...] = ()
    swing: float = 18.0
    swings: int = 1
    strength: float = 0.4


@dataclass(frozen=True, slots=True)
class Set:
    """The stage of one dance.

    ``glow`` is the light behind the pet, and ``spots`` the number of a mirror ball's reflections. ``equaliser`` adds an
    equaliser on the wall that moves with the beat.
    """

    paint: Callable[[Canvas], None]
    pattern: floor.Pattern
    particles: ParticleStyle
    beams: Beams = field(default_factory=Beams)
    glow: float = 0.3
    spots: int = 0
    equaliser: bool = False


def _macarena(canvas: Canvas) -> None:
    scenery.rays(canvas, 0.5, 0.62, CREAM, 0.34, 15)
    scenery.halo(canvas, 0.5, 0.62, 0.5, mix_colours(MARIGOLD, WHITE, 0.3), 0.75)
    scenery.clouds(canvas, ((0.12, 0.2, 0.07), (0.88, 0.13, 0.085)))


def _salsa(canvas: Canvas) -> None:
    scenery.halo(canvas, 0.5, 0.7, 0.6, mix_colours(CORAL, MARIGOLD, 0.6), 0.7)
    scenery.foliage(canvas)
    architecture.bulbs(canvas, GOLD, 0.05, 0.16, 13)


def _hip_hop(canvas: Canvas) -> None:
    architecture.bricks(canvas, (44, 26, 24), 0.75)
    scenery.burst(canvas, 0.5, 0.42, 0.5, mix_colours(PINK, NIGHT, 0.25), 13, 0.75)
    scenery.burst(canvas, 0.5, 0.42, 0.42, mix_colours(SKY, NIGHT, 0.2), 13, 0.75)
    architecture.speakers(canvas, 0.1, (66, 50, 52), PINK)
    architecture.speakers(canvas, 0.9, (66, 50, 52), PINK)


def _robot(canvas: Canvas) -> None:
    scenery.grid(canvas, mix_colours(MINT, NIGHT, 0.2), 0.7)


def _ballet(canvas: Canvas) -> None:
    scenery.halo(canvas, 0.5, 0.45, 0.5, CREAM, 0.45)
    architecture.curtains(canvas, (120, 92, 206), 0.17)


def _disco(canvas: Canvas) -> None:
    architecture.mirror_ball(canvas, 0.16, 0.2, 0.13, (PINK, SKY, CORAL, CREAM))


def _breakdance(canvas: Canvas) -> None:
    scenery.dots(canvas, (96, 46, 20), 0.5)
    scenery.burst(canvas, 0.5, 0.5, 0.56, MARIGOLD, 11, 0.85)
    scenery.burst(canvas, 0.5, 0.5, 0.46, mix_colours(MARIGOLD, WHITE, 0.55), 11, 0.85)


def _waltz(canvas: Canvas) -> None:
    architecture.arches(canvas, CREAM, (150, 96, 60), 3)
    scenery.stars(canvas, 16, CREAM, 7, 0.6, 0.5)
    architecture.chandelier(canvas, 0.5, 0.07, 0.13)


def _tango(canvas: Canvas) -> None:
    architecture.blinds(canvas, MARIGOLD, 0.34)
    architecture.curtains(canvas, CRIMSON, 0.18, swag=False)


def _cha_cha(canvas: Canvas) -> None:
    scenery.rays(canvas, 0.5, 1.05, mix_colours(CORAL, WHITE, 0.62), 0.5, 24)
    architecture.scallops(canvas, (CORAL, CREAM))
    for x, y, size in ((0.1, 0.34, 0.06), (0.9, 0.3, 0.07), (0.2, 0.58, 0.04), (0.82, 0.6, 0.045)):
        scenery.burst(canvas, x, y, size, mix_colours(MINT, WHITE, 0.2), 8, 0.95)


def _moonwalk(canvas: Canvas) -> None:
    scenery.stars(canvas, 46, CREAM, 11)
    scenery.moon(canvas, 0.5, 0.4, 0.36, (226, 236, 240))
    architecture.skyline(canvas, (92, 46, 34), GOLD, 5, 0.52)


def _floss(canvas: Canvas) -> None:
    scenery.dots(canvas, mix_colours(MINT, WHITE, 0.55), 0.5, 0.07)
    scenery.memphis(canvas, (PINK, MARIGOLD, SKY, CORAL), 2)


def _conga(canvas: Canvas) -> None:
    scenery.halo(canvas, 0.5, 0.66, 0.56, MARIGOLD, 0.4)
    scenery.foliage(canvas, 0.75)
    architecture.lanterns(canvas, (PINK, MARIGOLD, MINT, SKY), 0.03, 0.13, 7)


def _tap(canvas: Canvas) -> None:
    architecture.marquee(canvas, CRIMSON, GOLD)
    architecture.curtains(canvas, CRIMSON, 0.12, swag=False)


def _happy_wiggle(canvas: Canvas) -> None:
    scenery.rainbow(canvas, (CORAL, MARIGOLD, MINT, SKY, PINK))
    scenery.clouds(canvas, ((0.1, 0.3, 0.08), (0.9, 0.22, 0.09), (0.22, 0.7, 0.1), (0.79, 0.7, 0.1)))


def _slow_sway(canvas: Canvas) -> None:
    scenery.hearts(canvas, mix_colours(PINK, CREAM, 0.5), 4, 9, 0.3)
    architecture.bulbs(canvas, CREAM, 0.02, 0.1, 14, 0.01)
    architecture.bulbs(canvas, GOLD, 0.06, 0.22, 12, 0.01)


SETS: dict[str, Set] = {
    "macarena": Set(_macarena, floor.sweep, ParticleStyle(("paper", "dot"), 40), glow=0.2),
    "salsa": Set(_salsa, floor.rings, ParticleStyle(("petal",), 34, sway=0.06), Beams((CORAL, MARIGOLD), 14, 2, 0.3)),
    "hip_hop": Set(
        _hip_hop, floor.checker, ParticleStyle(("note", "star"), 16, speed=-1, tumble=1, size=0.04), glow=0.2
    ),
    "robot": Set(
        _robot, floor.columns, ParticleStyle(("dot",), 26, speed=-1, sway=0.0, tumble=1, size=0.012), equaliser=True
    ),
    "ballet": Set(
        _ballet, floor.calm, ParticleStyle(("petal",), 30, sway=0.05), Beams((CREAM, CREAM), 7, 1, 0.42), glow=0.25
    ),
    "disco": Set(
        _disco,
        floor.twinkle,
        ParticleStyle(("spark", "paper"), 34),
        Beams((CORAL, SKY, MARIGOLD, PINK), 24, 1, 0.4),
        spots=34,
    ),
    "breakdance": Set(
        _breakdance, floor.sweep, ParticleStyle(("spark",), 20, size=0.03), Beams((SKY, CREAM), 20, 2, 0.25)
    ),
    "waltz": Set(_waltz, floor.sweep, ParticleStyle(("dot",), 30, speed=-1, tumble=1, size=0.014), glow=0.35),
    "tango": Set(
        _tango, floor.calm, ParticleStyle(("petal",), 22, sway=0.05), Beams((MARIGOLD,), 9, 1, 0.5), glow=0.35
    ),
    "cha_cha": Set(_cha_cha, floor.checker, ParticleStyle(("dot", "paper"), 36), glow=0.12),
    "moonwalk": Set(_moonwalk, floor.chase, ParticleStyle(("spark",), 22, size=0.02, tumble=1), glow=0.1),
    "floss": Set(_floss, floor.zigzag, ParticleStyle(("star", "paper", "dot"), 36, size=0.028), glow=0.1),
    "conga": Set(
        _conga, floor.checker, ParticleStyle(("paper", "petal"), 48, speed=1), Beams((PINK, MINT), 18, 1, 0.25)
    ),
    "tap": Set(_tap, floor.chase, ParticleStyle(("star",), 18, size=0.028), Beams((CREAM, GOLD), 12, 1, 0.4)),
    "happy_wiggle": Set(_happy_wiggle, floor.twinkle, ParticleStyle(("star", "dot", "heart"), 32, size=0.03), glow=0.1),
    "slow_sway": Set(_slow_sway, floor.calm, ParticleStyle(("heart",), 18, speed=-1, tumble=1, size=0.035), glow=0.4),
}
