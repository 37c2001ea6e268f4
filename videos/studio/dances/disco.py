"""Disco.

Point up and out, hip cocked the other way, other hand on the hip; point down across the body; four times, then roll the
forearms; the same mirrored.

Its silhouette: the straight diagonal from hand to opposite foot.
"""

import math
from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import BACKBEAT, FOUR, ONCE, Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CORAL, CREAM, MARIGOLD, PINK, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    for b in (0, 2):
        part.key(
            "hand_r",
            (b, (0.88, 0.78, 0.1), "snap", 0.3),
            (b + 0.6, (0.88, 0.78, 0.1)),
            (b + 1, (-0.44, -0.52, 0.26), "snap", 0.3),
            (b + 1.6, (-0.44, -0.52, 0.26)),
        )
    part.key("hand_l", (0, (-0.34, -0.48, 0.06)), (3.5, (-0.34, -0.48, 0.06)))
    for i in range(5):
        b = 4 + i * 0.2
        a = i * math.pi
        if i < 5:
            part.key("hand_r", (b, (0.05, -0.12 + 0.17 * math.cos(a), 0.36 + 0.1 * math.sin(a)))) if b < 4.9 else 0
            part.key("hand_l", (b, (-0.05, -0.12 - 0.17 * math.cos(a), 0.36 - 0.1 * math.sin(a)))) if b < 4.9 else 0
    part.key("elbow_r", (0, (0.6, -0.3, 0)), (3.4, (0.6, -0.3, 0)), (4, (1, -0.2, 0)), (4.6, (1, -0.2, 0)))
    part.key("elbow_l", (0, (-1, 0.2, -0.1)), (3.4, (-1, 0.2, -0.1)), (4, (-1, -0.2, 0)), (4.6, (-1, -0.2, 0)))
    part.key(
        "hip",
        (0, (-0.20, 1.02), "snap"),
        (0.5, (-0.18, 1.05)),
        (1, (0.12, 0.96), "snap"),
        (1.5, (0.12, 0.99)),
        (2, (-0.20, 1.02), "snap"),
        (2.5, (-0.18, 1.05)),
        (3, (0.12, 0.96), "snap"),
        (3.5, (0.1, 0.99)),
        (4, (-0.06, 0.96)),
        (4.25, (0.06, 1.01)),
        (4.5, (-0.06, 0.96)),
        (4.75, (0, 1)),
    )
    part.key("roll", (0, -14, "snap"), (1, 12, "snap"), (2, -14, "snap"), (3, 12, "snap"), (4, -6), (4.5, 6))
    part.key(
        "lean",
        (0, 10, "snap"),
        (0.6, 10),
        (1, -8, "snap"),
        (1.6, -8),
        (2, 10, "snap"),
        (2.6, 10),
        (3, -8, "snap"),
        (3.6, -8),
        (4, 0),
        (4.7, 0),
    )
    part.key(
        "head",
        (0, (0, 0, 8, 0.4), "snap"),
        (0.6, (0, 0, 8, 0.4)),
        (1, (0, -0.02, -8, -0.35), "snap"),
        (1.6, (0, -0.02, -8, -0.35)),
        (2, (0, 0, 8, 0.4), "snap"),
        (2.6, (0, 0, 8, 0.4)),
        (3, (0, -0.02, -8, -0.35), "snap"),
        (3.6, (0, -0.02, -8, -0.35)),
        (4, (0, 0, 0, 0)),
        (4.7, (0, 0, 0, 0)),
    )
    part.key("foot_r", (0, foot(0.42, 0, 0)), (4.7, foot(0.42)))
    part.key(
        "foot_l",
        (0, foot(-0.24, 0, 0)),
        (0.75, foot(-0.24, 0, 0)),
        (1, foot(-0.24, 0, 45)),
        (1.7, foot(-0.24, 0, 45)),
        (2, foot(-0.24)),
        (2.75, foot(-0.24)),
        (3, foot(-0.24, 0, 45)),
        (3.7, foot(-0.24, 0, 45)),
        (4, foot(-0.24)),
        (4.5, foot(-0.24)),
    )
    part.key("knee_l", (0, (-0.5, 0, 1)), (1, (0.3, 0, 1)), (2, (-0.5, 0, 1)), (3, (0.3, 0, 1)), (4, (-0.5, 0, 1)))
    part.key("knee_r", (0, (0.5, 0, 1)))
    part.mirror(5)
    part.wag(40, 20, 1)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    for b in range(4):
        q = 1 if b % 2 else -1
        part.key("hip", (b + 1, (0.22 * q, 0.96)), (b + 1.5, (0.2 * q, 1.03)))
        part.key("roll", (b + 1, 14 * q))
        part.key("lean", (b + 1, -6 * q))
        part.key("head", (b + 1, (0, 0, 8 * q, 0.25 * q)))
        part.key(
            "hand_r",
            (b + 1, (0.80, 0.78, 0.1) if q > 0 else (0.60, -0.40, 0.2), "snap"),
            (b + 1.5, (0.80, 0.78, 0.1) if q > 0 else (0.60, -0.40, 0.2)),
        )
        part.key(
            "hand_l",
            (b + 1, (-0.80, 0.78, 0.1) if q < 0 else (-0.60, -0.40, 0.2), "snap"),
            (b + 1.5, (-0.80, 0.78, 0.1) if q < 0 else (-0.60, -0.40, 0.2)),
        )
    part.key(
        "foot_l",
        (0.5, foot(-0.24)),
        (1, foot(-0.36)),
        (5, foot(-0.36)),
        (5.6, foot(-0.10)),
        (9.4, foot(-0.24), None, 0.4),
    )
    part.key(
        "foot_r", (0, foot(0.42)), (5.4, foot(0.42)), (6, foot(0.12)), (9, foot(0.12)), (9.7, foot(0.42), None, 0.4)
    )
    part.key("yaw", (5.5, 0), (8, 360, "smooth"), (8.9, 360))
    part.key("hip", (5.5, (0, 1.06)), (8, (0, 1.08)), (8.5, (0, 0.92)), (9.2, (0, 1.04)))
    part.key("roll", (5.5, 0), (8.6, 0))
    part.key("lean", (5.5, 0), (8.6, 0))
    part.key(
        "head", (5.6, (0, 0, 0, 0)), (6.4, (0, 0, 0, 0.3)), (7.2, (0, 0, 0, 3.7)), (8, (0, 0, 0, 4)), (9, (0, 0, 0, 4))
    )
    for i in range(7):
        a = i * math.pi
        b = 5.6 + i * 0.4
        part.key("hand_r", (b, (0.06, -0.12 + 0.17 * math.cos(a), 0.38)))
        part.key("hand_l", (b, (-0.06, -0.12 - 0.17 * math.cos(a), 0.38)))
    part.key("hand_r", (8.5, (0.80, 0.72, 0.1), "snap"), (9.2, (0.80, 0.72, 0.1)))
    part.key("hand_l", (8.5, (-0.80, 0.72, 0.1), "snap"), (9.2, (-0.80, 0.72, 0.1)))
    part.both("elbow", (0, (0.8, -0.3, 0)), (6, (1, -0.2, 0)))
    part.both("knee", (0, (0.5, 0, 1)))
    part.wag(40, 20, 1)
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture

    architecture.mirror_ball(canvas, 0.16, 0.2, 0.13, (PINK, SKY, CORAL, CREAM))


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Lean from side to side with bouncing hips, and turn over the last four beats."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import arc, bump, facing, pulse, steps

    side = steps(b, total, [1, -1])
    sway = steps(b, total, [1, 1, -1, -1])
    late = steps(b - 0.12, total, [1, 1, -1, -1])
    spin = facing(b, total, total - 4.4, 4.4) if total > 4 else np.ones_like(b)
    # Other movements are damped during a spin, or the picture would flicker.
    folded = np.minimum(1, 2 * bump(b, total, total - 5.4, 6.2)) if total > 4 else np.zeros_like(b)
    calm = 1 - 0.9 * folded
    return Poses.of(
        b,
        tx=0.04 * sway * calm,
        ty=0.03 * arc(b) * calm,
        rot=2.2 * sway * calm,
        stretch=0.02 - 0.04 * pulse(b) * calm,
        bend=0.07 * sway * calm,
        hip=-0.045 * side * calm,
        flip=spin,
        head=-6 * late * calm,
        turn=0.75 * sway * calm,
    )


DANCE = Dance(
    slug="disco",
    name="Disco",
    place=7,
    bpm=120,
    metre=4,
    colour="coral",
    line="paw points, bouncing hips, sweeping lights",
    best_photo="full body",
    camera="low angle, locked",
    mood="glittery",
    prompt="Low angle, locked camera. The pet points one front paw up, then down across its body, hips bouncing "
    "side to side. Coloured light sweeps slowly across the floor. The whole body stays centred in frame.",
    palette=Palette((70, 18, 60), (150, 70, 220), (CORAL, PINK, SKY, MARIGOLD), 0.72),
    set=Set(
        scenery,
        "twinkle",
        ParticleStyle(("spark", "paper"), 34),
        Beams((CORAL, SKY, MARIGOLD, PINK), 24, 1, 0.4),
        spots=34,
    ),
    score=Score(
        45,
        "0:m7 5:m7",
        {"kick": FOUR, "open": "..x.", "clap": BACKBEAT, "hat": "o.o.", "crash": ONCE},
        "1.8.1.8.1.8.1.8.",
        "..x..x....x..x..",
        "strings piano",
        "0:24:.5 .75:27:.25 1.5:31:.5 3:29:.5 4:24:.5 5.5:29:.5 7:32:.75 8:31:.5 8.75:29:.25 9.25:27:.5",
        "brass trumpet",
        "slap_bass finger_bass",
        "flute",
        fill="snare tom",
    ),
    outfit="disco",
    hat="afro",
    choreography=Choreography(first_part, second_part, overlap=0.2),
    whole_pet=whole_pet,
)
