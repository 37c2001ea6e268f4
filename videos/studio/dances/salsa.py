"""Salsa.

Quick-quick-quick-pause side breaks with fast hip rolls and bent cuban arms; then one arm goes up and the body spins
under it, ending in an arched pose, arm high, hip out.

Its silhouette: hip shifted far over one leg, bent elbows, single raised arm with a spin.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, around, foot, mirrored
from videos.studio.dance.score import Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CORAL, GOLD, MARIGOLD, PINK, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(16)
    hx = [-0.26, 0.20, -0.20, 0.16, 0.26, -0.20, 0.20, -0.16]
    part.key(
        "hip",
        *[(b, (hx[b], 0.98)) for b in range(8)],
        *[(b + 0.3, (hx[b], 0.96)) for b in range(8)],
        (8, (-0.1, 0.98)),
        (9, (0, 1.06)),
        (11, (0, 1.08)),
        (12, (-0.26, 1.04)),
        (13.2, (-0.26, 1.01)),
        (14, (0.18, 1.02)),
        (15, (-0.1, 1.03)),
    )
    part.key(
        "roll", *[(b, 75 * hx[b]) for b in range(8)], (8.5, 0), (11, 0), (12, -20), (13.2, -18), (14, 14), (15, -8)
    )
    part.key("lean", *[(b, -45 * hx[b]) for b in range(8)], (8.5, 0), (11, 0), (12, 4), (13.2, 4), (14, -8), (15, 5))
    part.key("twist", *[(b, 70 * hx[b]) for b in range(8)], (8.5, 0), (12, 0), (14, 10), (15, -8))
    part.key("yaw", (0, 0), (8.2, -30), (8.6, -40), (11.3, 360, "smooth"), (12, 360), (12.001, 0, "wrap"), (15, 0))
    part.key(
        "head",
        (0, (0, 0, -4, 0)),
        (2, (0, 0, 4, 0)),
        (4, (0, 0, 6, 0)),
        (6, (0, 0, -4, 0)),
        (8.6, (0, 0, 0, -0.2)),
        (9.3, (0, 0, 0, 0)),
        (10.3, (0, 0, 0, 3.6)),
        (11.2, (0, 0, 0, 4)),
        (12, (0, 0, -12, 4)),
        (12.001, (0, 0, -12, 0), "wrap"),
        (13, (0, 0, -10, 0)),
        (14, (0, 0, 4, 0)),
    )
    part.key(
        "foot_l",
        (0, foot(-0.56), None, 0.6),
        (1.4, foot(-0.56)),
        (2, foot(-0.12), None, 0.6),
        (7.4, foot(-0.12)),
        (8, foot(-0.22), None, 0.6),
        (9.6, foot(*around(0, 0, 120, -0.12, 0)[:1], 0, 20, around(0, 0, 120, -0.12, 0)[1])),
        (10.4, foot(-0.12, 0, 20)),
        (12, foot(-0.32, 0, 0), None, 0.5),
        (13.4, foot(-0.32)),
        (14, foot(-0.14), None, 0.6),
        (15.4, foot(-0.14)),
    )
    part.key(
        "foot_r",
        (0, foot(0.14)),
        (3.4, foot(0.14)),
        (4, foot(0.56), None, 0.6),
        (5.4, foot(0.56)),
        (6, foot(0.12), None, 0.6),
        (8.6, foot(0.12)),
        (9, foot(*around(0, 0, 60, 0.12, 0)[:1], 0, 20, around(0, 0, 60, 0.12, 0)[1]), None, 0.4),
        (9.9, foot(*around(0, 0, 200, 0.12, 0)[:1], 0, 20, around(0, 0, 200, 0.12, 0)[1]), None, 0.4),
        (11, foot(0.14, 0, 20), None, 0.5),
        (12, foot(0.46, 0, 50), None, 0.5),
        (13.4, foot(0.46, 0, 50)),
        (14.6, foot(0.14), None, 0.6),
    )
    ha, hb = (0.72, 0.04, 0.25), (0.42, -0.24, 0.36)
    part.key(
        "hand_r",
        *[(b, ha if b % 2 else hb) for b in range(8)],
        (8.4, (0.35, 0.25, 0.35)),
        (9, (0.62, 1.04, 0.05)),
        (11.4, (0.62, 1.04, 0.05)),
        (12, (0.82, 0.98, 0)),
        (13.2, (0.82, 0.98, 0)),
        (13.9, (0.8, 0.4, 0.1)),
        (15, hb),
    )
    part.key(
        "hand_l",
        *[(b, mirrored("hand_r", hb if b % 2 else ha)) for b in range(8)],
        (8.5, (-0.5, -0.15, 0.3)),
        (9.3, (-0.15, -0.2, 0.36)),
        (11, (-0.3, -0.2, 0.3)),
        (12, (-0.92, -0.26, 0.1)),
        (13.2, (-0.92, -0.22, 0.1)),
        (14, (-0.55, -0.1, 0.25)),
        (15, (-0.4, -0.28, 0.3)),
    )
    part.key(
        "elbow_r",
        (0, (1, -0.6, -0.5)),
        (8, (1, -0.6, -0.3)),
        (9, (1, 0.3, 0)),
        (13, (1, 0.3, 0)),
        (14, (1, -0.6, -0.5)),
    )
    part.key("elbow_l", (0, (-1, -0.6, -0.5)))
    part.wag(60, 10, 2)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(16)
    for b in range(1, 8):
        q = 1 if b % 2 else -1
        part.key("hip", (b, (0.20 * q, 1)), (b + 0.3, (0.2 * q, 0.98)))
        part.key("roll", (b, 16 * q))
        part.key("lean", (b, -8 * q))
        part.key("twist", (b, 18 * q))
        part.key("head", (b, (0, 0, 5 * q, 0)))
        part.key("hand_r", (b, (0.62, -0.04, 0.25) if q > 0 else (0.30, -0.20, 0.36)))
        part.key("hand_l", (b, (-0.30, -0.20, 0.36) if q > 0 else (-0.62, -0.04, 0.25)))
    part.key(
        "foot_l",
        (0.5, foot(-0.46)),
        (1, foot(-0.12)),
        (1.5, foot(-0.12)),
        (2, foot(0.16, 0, 10, 0.16, -20)),
        (2.5, foot(0.16, 0, 10, 0.16, -20)),
        (3, foot(-0.30)),
        (5.5, foot(-0.30)),
        (6, foot(-0.14)),
        (15.3, foot(-0.14)),
    )
    part.key(
        "foot_r",
        (0, foot(0.14)),
        (3.5, foot(0.14)),
        (4, foot(-0.18, 0, 10, 0.16, -20)),
        (4.5, foot(-0.18, 0, 10, 0.16, -20)),
        (5, foot(0.30)),
        (7.5, foot(0.30)),
        (8, foot(0.40)),
        (15.2, foot(0.40)),
        (15.8, foot(0.14)),
    )
    part.key(
        "hand_r",
        (8, (0.70, 0.30, 0.2)),
        (8.8, (0.62, 0.80, 0.1)),
        (10, (0.70, 1.0, 0.0)),
        (11, (0.85, 0.3, 0.1)),
        (12, (0.64, 1.02, 0)),
        (14, (0.64, 1.02, 0)),
        (15, (0.6, 0, 0.2)),
    )
    part.key(
        "hand_l",
        (8.5, (-0.34, -0.48, 0.05)),
        (11.2, (-0.34, -0.48, 0.05)),
        (12, (-0.64, 1.02, 0)),
        (14, (-0.64, 1.02, 0)),
        (15, (-0.6, 0, 0.2)),
    )
    part.key("elbow_r", (8, (1, -0.6, -0.3)), (9, (1, 0.3, 0)), (14, (1, 0.3, 0)))
    part.key("elbow_l", (8.5, (-1, 0.2, -0.2)), (11, (-1, 0.2, -0.2)), (12, (-1, 0.3, 0)), (14, (-1, 0.3, 0)))
    for i, b in enumerate((8, 9, 10, 11, 12, 12.5, 13, 13.5, 14, 15)):
        q = 1 if i % 2 else -1
        part.key("hip", (b, (0.10 + 0.20 * q, 0.96 if b >= 12 else 1.01)))
        part.key("roll", (b, 16 * q))
        part.key("lean", (b, -8 * q))
        part.key("head", (b, (0, 0, 6 * q, 0)))
    part.key("twist", (8, 0), (15, 0))
    part.wag(60, 10, 2)
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.halo(canvas, 0.5, 0.7, 0.6, mix_colours(CORAL, MARIGOLD, 0.6), 0.7)
    scenery.foliage(canvas)
    architecture.bulbs(canvas, GOLD, 0.05, 0.16, 13)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Take quick side steps with rolling hips, and turn at the end."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import bump, facing, pulse, snap

    roll = snap(np.sin(np.pi * b / 2))
    spin = facing(b, total, total - 6, 6)
    folded = bump(b, total, total - 6.6, 7.2)
    calm = 1 - 0.9 * folded
    return Poses.of(
        b,
        tx=0.075 * np.sin(2 * np.pi * b / 8),
        rot=2.5 * roll * calm,
        stretch=0.015 - 0.02 * pulse(b / 2) * calm,
        hip=0.085 * roll * calm,
        snake=-0.028 * roll * calm,
        flip=spin,
        head=6 * np.sin(np.pi * b / 2 - 0.5),
        turn=0.5 * np.sin(2 * np.pi * b / 8 + 1),
    )


DANCE = Dance(
    slug="salsa",
    name="Salsa",
    place=2,
    bpm=192,
    metre=4,
    colour="coral",
    line="quick side steps, rolling hips",
    best_photo="full body",
    camera="slow push-in",
    mood="hot",
    prompt="Slow push-in. The pet takes quick side steps forward and back, hips rolling, tail swishing from side "
    "to side. Its head tips with every step. The whole body stays centred in frame.",
    palette=Palette((52, 14, 62), (84, 96, 250), (CORAL, MARIGOLD, PINK), 0.72),
    set=Set(scenery, "rings", ParticleStyle(("petal",), 34, sway=0.06), Beams((CORAL, MARIGOLD), 14, 2, 0.3)),
    score=Score(
        43,
        "0:m7 5:7",
        {
            "clave": "..x.x...x..x..x.",
            "conga": "......xx",
            "conga_mute": "..x.....",
            "cowbell": "x...x...x.x.x...",
            "maracas": "x.o.",
            "kick": "x...x...",
        },
        "...5..8.",
        "x.x..x.xx..x.x.x",
        "piano",
        "0:24:.5 1.5:27:.5 3:31:1 5:33:.5 6:29:1 8:24:.5 9.5:27:.5 11:31:1 13:33:.5 14:28:1",
        "trumpet brass flute",
        "upright_bass",
        "muted_trumpet",
        fill="timbale conga_high",
        grid=2,
        steps=("slide",),
    ),
    outfit="salsa",
    hat="hibiscus",
    choreography=Choreography(first_part, second_part, arms=1.18),
    whole_pet=whole_pet,
)
