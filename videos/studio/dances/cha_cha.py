"""Cha cha.

New Yorker: the body opens to the side, one leg checks forward, arms fly out in a line; back, and cha-cha-cha (step-
close-step) to the side with rocking hips and bent arms; the other way; then a flick of the free leg.

Its silhouette: the opened side line, the quick triple with sideways travel, the flicked leg.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import FOUR, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CORAL, CREAM, MINT, WHITE, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    part.key("yaw", (0, 0), (0.02, 0), (0.28, 80), (1.1, 80), (1.5, 0), (4, 0))
    part.key(
        "hip",
        (0, (0.0, 1.06)),
        (0.3, (0.24, 0.96)),
        (1.1, (0.24, 0.98)),
        (1.5, (-0.02, 1.04)),
        (2, (-0.32, 0.99)),
        (2.5, (-0.12, 1.05)),
        (3, (-0.40, 0.99)),
        (3.2, (-0.40, 0.98)),
        (3.6, (-0.3, 1.04)),
        (3.95, (-0.10, 1.06)),
    )
    part.key(
        "foot_r",
        (0, foot(0.10, 0, 0)),
        (0.3, foot(0.74, 0, 0, 0.1, 0)),
        (1.1, foot(0.74, 0, 0, 0.1, 0)),
        (1.5, foot(0.12, 0, 0), None, 0.35),
        (2.1, foot(0.12)),
        (2.5, foot(-0.14), None, 0.35),
        (3.2, foot(-0.14, 0, 0)),
    )
    part.key(
        "foot_l",
        (0, foot(-0.12)),
        (0.1, foot(-0.12)),
        (0.3, foot(-0.12, 0, 55, 0, 0)),
        (1.1, foot(-0.12, 0, 50, 0, 0)),
        (1.4, foot(-0.12)),
        (1.65, foot(-0.12)),
        (2, foot(-0.46), None, 0.35),
        (2.65, foot(-0.46)),
        (3, foot(-0.66), None, 0.3),
        (3.55, foot(-0.66)),
        (3.95, foot(-0.34)),
    )
    part.key(
        "hand_r",
        (0, (0.60, -0.12, 0.25)),
        (0.3, (0.40, 0.34, -0.72)),
        (1.1, (0.40, 0.38, -0.72)),
        (1.5, (0.7, -0.1, 0.25)),
        (2, (0.94, 0.12, 0.15)),
        (2.5, (0.90, -0.14, 0.15)),
        (3, (0.92, 0.12, 0.15)),
        (3.6, (0.6, -0.12, 0.25)),
    )
    part.key(
        "hand_l",
        (0, (-0.60, -0.12, 0.25)),
        (0.3, (-0.25, 0.24, 0.90)),
        (1.1, (-0.25, 0.28, 0.90)),
        (1.5, (-0.7, -0.1, 0.25)),
        (2, (-0.90, -0.14, 0.15)),
        (2.5, (-0.94, 0.12, 0.15)),
        (3, (-0.90, -0.14, 0.15)),
        (3.6, (-0.6, -0.12, 0.25)),
    )
    part.both("elbow", (0, (1, -0.5, -0.4)), (0.5, (0.3, -1, 0)), (1, (0.3, -1, 0)), (1.5, (1, -0.5, -0.4)))
    part.key("roll", (0, 0), (0.5, 0), (1.2, 0), (1.5, 12), (2, -14), (2.5, 14), (3, -16), (3.6, 0))
    part.key("lean", (0, 0), (0.5, 0), (1.5, -4), (2, 7), (2.5, -7), (3, 9), (3.7, 0))
    part.key("pitch", (0, 0), (0.5, -6), (1, -6), (1.5, 0))
    part.key(
        "head",
        (0, (0, 0, 0, 0)),
        (0.3, (0, 0.02, -4, 0.85)),
        (1.1, (0, 0.02, -4, 0.85)),
        (1.5, (0, 0, 0, 0)),
        (2, (0, 0, 5, 0)),
        (2.5, (0, 0, -5, 0)),
        (3, (0, 0, 6, 0)),
        (3.8, (0, 0, 0, 0)),
    )
    part.both("knee", (0, (0.2, 0, 1)))
    part.mirror(4)
    # mirrored chasse ends with l foot at .14, r at .62; two flicks
    part.key(
        "foot_l",
        (7.5, foot(0.14)),
        (8.15, foot(0.14)),
        (8.45, foot(-0.72, 0.42, 30, 0.1), "snap"),
        (8.8, foot(-0.72, 0.42, 30, 0.1)),
        (9, foot(-0.12), None, 0.3),
    )
    part.key("foot_r", (9.1, foot(0.34)), (9.35, foot(0.80, 0.42, 30, 0.1), "snap"), (9.65, foot(0.80, 0.42, 30, 0.1)))
    part.key("hip", (8, (0.2, 1.04)), (8.5, (0.24, 1.02)), (9, (0.02, 1.03)), (9.5, (-0.06, 1.03)))
    part.key("roll", (8.5, 14), (9, -6), (9.5, -14))
    part.key("lean", (8, 0), (8.5, 8), (9.5, -8))
    part.key(
        "hand_r",
        (8, (0.6, -0.12, 0.25)),
        (8.5, (1.0, 0.34, 0.1), "snap"),
        (9, (0.6, -0.1, 0.25)),
        (9.5, (0.34, -0.12, 0.34), "snap"),
    )
    part.key(
        "hand_l",
        (8, (-0.6, -0.12, 0.25)),
        (8.5, (-0.34, -0.12, 0.34), "snap"),
        (9, (-0.6, -0.1, 0.25)),
        (9.5, (-1.0, 0.34, 0.1), "snap"),
    )
    part.key("head", (8.5, (0, 0, 7, 0)), (9.5, (0, 0, -7, 0)))
    part.wag(60, 10, 1)
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.rays(canvas, 0.5, 1.05, mix_colours(CORAL, WHITE, 0.62), 0.5, 24)
    architecture.scallops(canvas, (CORAL, CREAM))
    for x, y, size in ((0.1, 0.34, 0.06), (0.9, 0.3, 0.07), (0.2, 0.58, 0.04), (0.82, 0.6, 0.045)):
        scenery.burst(canvas, x, y, size, mix_colours(MINT, WHITE, 0.2), 8, 0.95)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Take two slow steps, then three quick ones, then the same the other way."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import arc, bump, pulse, snap, steps

    way = steps(b, total, [1, 1, -1, -1] * (total // 4) + [0, 0] * (total % 4 == 2), lead=0.25)
    quick = bump(b, 2, 1, 1.0)
    patter = snap(np.sin(4 * np.pi * b)) * quick
    return Poses.of(
        b,
        tx=0.07 * way,
        ty=0.012 * quick * arc(2 * b),
        rot=2 * way + patter,
        stretch=0.015 - 0.014 * pulse(b),
        hip=0.06 * steps(b, total, [1, -1]) + 0.015 * patter,
        bend=0.04 * way,
        head=-6 * way + 2 * patter,
        turn=0.7 * way,
    )


DANCE = Dance(
    slug="cha_cha",
    name="Cha cha",
    place=12,
    bpm=120,
    metre=4,
    colour="coral",
    line="two slow steps, three quick ones",
    best_photo="full body",
    camera="locked",
    mood="cheeky",
    prompt="Locked camera. The pet takes two slow side steps, then three quick little steps, then repeats the "
    "other way. Its head bobs and its tail flicks on the quick steps. The whole body stays centred in "
    "frame.",
    palette=Palette((110, 120, 236), (196, 220, 255), (CORAL, MINT, CREAM), 0.78),
    set=Set(scenery, "checker", ParticleStyle(("dot", "paper"), 36), glow=0.12),
    score=Score(
        45,
        "0:m7 5:7",
        {
            "cowbell": FOUR,
            "conga": "............xx..",
            "conga_mute": "..x...x...x.....",
            "guiro_long": "x...x...x...x...",
            "guiro": "..x...x...x...x.",
            "kick": "x.......x.......",
        },
        "1.....5.8.....5.",
        "..x...x.....x.x.",
        "piano",
        "1:24:.5 1.5:27:.5 3:31:.25 3.5:31:.25 4:33:.5 5.5:31:.5 7:27:.5 8:24:.5 9:31:.25 9.5:34:.25",
        "flute trumpet",
        "upright_bass",
        "muted_trumpet",
        fill="timbale conga_high",
        steps=("slide",),
    ),
    outfit="cha_cha",
    hat="fruit_hat",
    choreography=Choreography(first_part, overlap=0.6),
    whole_pet=whole_pet,
)
