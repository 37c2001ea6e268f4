"""What a dance's file says about its stage: scenery, floor, lights and particles."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from videos.studio.raster.colours import Bgr

if TYPE_CHECKING:
    from videos.studio.raster.canvas import Canvas

PatternName = Literal["calm", "chase", "checker", "columns", "rings", "sweep", "twinkle", "zigzag"]


@dataclass(frozen=True, slots=True)
class Beams:
    """Moving spotlights from above: their colours, how far they swing (degrees), and how many swings a clip has."""

    colours: tuple[Bgr, ...] = ()
    swing: float = 18.0
    swings: int = 1
    strength: float = 0.4


@dataclass(frozen=True, slots=True)
class ParticleStyle:
    """The look and movement of the particles.

    ``speed`` is how often each crosses the frame in five seconds; negative values rise. ``sway`` is the sideways
    movement as a share of the width, and ``tumble`` the number of turns at most.
    """

    shapes: tuple[str, ...] = ("paper",)
    count: int = 46
    speed: int = 1
    sway: float = 0.03
    tumble: int = 2
    size: float = 0.022


@dataclass(frozen=True, slots=True)
class Set:
    """The stage of one dance.

    ``paint`` draws the scenery on the wall, and ``pattern`` lights the floor. ``glow`` is the light behind the pet, and
    ``spots`` the number of a mirror ball's reflections. ``equaliser`` adds an equaliser on the wall that moves with the
    beat.
    """

    paint: Callable[["Canvas"], None]
    pattern: PatternName
    particles: ParticleStyle
    beams: Beams = field(default_factory=Beams)
    glow: float = 0.3
    spots: int = 0
    equaliser: bool = False
