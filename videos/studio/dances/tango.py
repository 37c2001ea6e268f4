"""Tango.

Profile, arms in a pointed hold: a long low lunge that stops dead, head snaps back over the shoulder, the rear leg drags
shut, hooks up behind; pivot, and the same the other way.

Its silhouette: the deep lunge with one straight leg, arms aimed like a bow, head against the direction.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CRIMSON, MARIGOLD, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    part.key("yaw", (0, 78), (4.4, 78), (5, 78 - 156, "snap"))
    part.key(
        "hip",
        (0, (-0.48, 1.12)),
        (0.6, (-0.50, 1.1)),
        (0.95, (0.06, 0.70), "snap"),
        (2.6, (0.08, 0.70)),
        (3, (0.40, 1.1)),
        (3.5, (0.44, 1.12)),
        (4.4, (0.44, 1.12)),
    )
    part.key(
        "foot_l",
        (0, foot(-0.56, 0, 0, 0.1, 5)),
        (2.6, foot(-0.56, 0, 55, 0.1, 5)),
        (3.1, foot(0.34, 0, 10, 0.1, 5), "slide"),
        (3.2, foot(0.34, 0, 10, 0.1, 5)),
        (3.5, foot(-0.06, 0.66, 120, 0.12, 5), "snap"),
        (4.2, foot(-0.06, 0.66, 120, 0.12, 5)),
        (4.6, foot(0.42, 0, 0, 0.1, 5), "snap"),
    )
    part.key("foot_l", (0.65, foot(-0.56, 0, 0, 0.1, 5)), (0.95, foot(-0.56, 0, 55, 0.1, 5), "snap"))
    part.key(
        "foot_r",
        (0, foot(-0.42, 0, 0, -0.1, 5)),
        (0.65, foot(-0.42, 0, 0, -0.1, 5)),
        (0.95, foot(0.50, 0, 0, -0.1, 5), "snap"),
        (4.62, foot(0.50, 0, 0, -0.1, 5)),
    )

    part.both("knee", (0, (0.1, 0, 1)))
    part.key("pitch", (0, -3), (1, 4, "snap"), (2.6, 4), (3.1, -4), (4.4, -6))
    part.key(
        "hand_l",
        (0, (-0.25, 0.16, 0.80)),
        (1, (-0.25, 0.22, 0.86), "snap"),
        (2.6, (-0.25, 0.22, 0.86)),
        (3.2, (-0.25, 0.3, 0.78)),
        (4.4, (-0.25, 0.30, 0.78)),
    )
    part.key("hand_r", (0, (0.10, -0.06, 0.48)), (4.4, (0.10, -0.06, 0.48)))
    part.key("elbow_l", (0, (-0.5, -1, 0)))
    part.key("elbow_r", (0, (1, 0.4, 0.1)))
    part.key(
        "head",
        (0, (0, 0.02, 0, 0.9)),
        (1.55, (0, 0.02, 0, 0.9)),
        (1.75, (-0.05, 0.02, -8, -0.95), "snap"),
        (2.7, (-0.05, 0.02, -8, -0.95)),
        (3, (0, 0.03, 0, 0.9), "snap"),
        (4.4, (0, 0.03, -6, 0.9)),
    )
    part.mirror(5)
    part.key(
        "tail",
        (0, (20, 20)),
        (1, (10, 45), "snap"),
        (2.5, (10, 45)),
        (3.5, (20, 5)),
        (5, (-20, 20)),
        (6, (-10, 45), "snap"),
        (7.5, (-10, 45)),
        (8.5, (-20, 5)),
    )
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    part.key("yaw", (0.5, 78))
    part.both("knee", (0, (0.1, 0, 1)))
    part.key(
        "hip",
        (0.65, (-0.46, 1.12)),
        (1, (-0.36, 0.66), "snap"),
        (2.7, (-0.36, 0.64)),
        (3.2, (-0.46, 1.12)),
        (3.8, (-0.40, 1.11)),
        (5.3, (-0.44, 1.12)),
        (5.65, (-0.20, 0.68), "snap"),
        (7.4, (-0.18, 0.68)),
        (8, (-0.46, 1.11)),
    )
    part.key(
        "pitch", (0.65, -3), (1, -20, "snap"), (2.7, -24), (3.2, -4), (5.4, -4), (5.65, 26, "snap"), (7.4, 28), (8, -3)
    )
    part.key(
        "foot_l",
        (0, foot(-0.56, 0, 0, 0.1, 5)),
        (5.2, foot(-0.56, 0, 0, 0.1, 5)),
        (5.65, foot(-1.0, 0, 55, 0.1, 5), "snap"),
        (7.6, foot(-1.0, 0, 55, 0.1, 5)),
        (8.3, foot(-0.56, 0, 0, 0.1, 5), "slide"),
    )
    part.key(
        "foot_r",
        (0.65, foot(-0.42, 0, 0, -0.1, 5)),
        (1, foot(0.42, 0, -20, -0.1, 5), "snap"),
        (2.7, foot(0.42, 0, -20, -0.1, 5)),
        (3.3, foot(-0.42, 0, 0, -0.1, 5), "slide"),
        (3.6, foot(-0.42, 0, 0, -0.1, 5)),
        (3.9, foot(0.16, 0.40, 40, -0.1, 5), "snap"),
        (4.3, foot(-0.62, 0.5, 110, -0.1, 5), "snap"),
        (4.7, foot(0.16, 0.40, 40, -0.1, 5), "snap"),
        (5.1, foot(-0.42, 0, 0, -0.1, 5)),
        (8, foot(-0.30, 0, 0, -0.1, 5)) if False else (9, foot(-0.42, 0, 0, -0.1, 5)),
    )
    part.key(
        "hand_l",
        (1, (-0.25, 0.40, 0.74), "snap"),
        (2.7, (-0.25, 0.42, 0.74)),
        (3.2, (-0.25, 0.2, 0.8)),
        (5.65, (-0.25, -0.04, 0.86), "snap"),
        (7.4, (-0.25, -0.06, 0.86)),
        (8.2, (-0.25, 0.16, 0.8)),
    )
    part.key("hand_r", (0.5, (0.10, -0.06, 0.48)))
    part.key("elbow_l", (0, (-0.5, -1, 0)))
    part.key("elbow_r", (0, (1, 0.4, 0.1)))
    part.key(
        "head",
        (1.4, (0, 0.02, 0, 0.9)),
        (1.6, (-0.05, 0.02, -10, -0.9), "snap"),
        (2.7, (-0.05, 0.02, -10, -0.9)),
        (3, (0, 0.02, 0, 0.9), "snap"),
        (6, (0, 0.02, 0, 0.9)),
        (6.2, (0, 0, -10, -0.9), "snap"),
        (7.4, (0, 0, -10, -0.9)),
        (7.7, (0, 0.02, 0, 0.9), "snap"),
    )
    part.key("tail", (1, (10, 45), "snap"), (3, (20, 10)), (5.65, (10, 50), "snap"), (8, (20, 20)))
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture

    architecture.blinds(canvas, MARIGOLD, 0.34)
    architecture.curtains(canvas, CRIMSON, 0.18, swag=False)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Take long low strides to one side, stop, snap the head sharply, and go back."""
    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import arc, steps

    stride = steps(b, total, [-1, -0.2, 0.6, 1, 1] if total % 5 == 0 else [-1, -0.3, 1, 1], lead=0.3)
    head = steps(b, total, [1, 1, 1, -1, -1] if total % 5 == 0 else [1, 1, -1, -1], lead=0.06)
    low = 0.06 * arc(b / 2)
    return Poses.of(
        b,
        tx=0.11 * stride,
        rot=-3.5 * stride,
        stretch=-0.03 - low,
        bend=-0.06 * stride,
        head=10 * head,
        turn=1.0 * head,
    )


DANCE = Dance(
    slug="tango",
    name="Tango",
    place=11,
    bpm=120,
    metre=4,
    colour="marigold",
    line="long strides, sharp head snap, pause",
    best_photo="side or three-quarter",
    camera="slow push-in",
    mood="dramatic",
    prompt="Slow push-in. The pet takes long, low, deliberate strides, snaps its head to one side, pauses, then "
    "strides again. Its gaze stays intense and steady. The whole body stays centred in frame.",
    palette=Palette((24, 12, 46), (60, 120, 226), (MARIGOLD, CRIMSON, (40, 60, 120)), 0.76),
    set=Set(scenery, "calm", ParticleStyle(("petal",), 22, sway=0.05), Beams((MARIGOLD,), 9, 1, 0.5), glow=0.35),
    score=Score(
        45,
        "0:m 7:7",
        {"kick": "x...x...x...x.o.", "castanets": "x..ox...x..ox.oo"},
        "1...5...1...5.7.",
        "x...x...x...x.x.",
        "piano strings",
        "0:24:.75 .75:26:.25 1:27:1 2:31:.5 3:32:.75 4:31:1 6:29:.5 7:26:1 8:27:.5 8.5:26:.5 9:24:.75",
        "bandoneon violin",
        "upright_bass",
        "clarinet",
        steps=("stomp",),
        comp_beats=0.45,
    ),
    outfit="tango",
    hat="rose_fedora",
    choreography=Choreography(first_part, second_part, overlap=0.4),
    whole_pet=whole_pet,
    side_on=True,
)
