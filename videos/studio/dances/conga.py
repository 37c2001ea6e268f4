"""Conga.

Conga line without the others: profile, both hands on the hips of an invisible one in front, one-two-three-KICK forwards
across the frame; hop about; the same back.

Its silhouette: profile march with arms held out low in front, every fourth step a kick.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import FOUR, Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import MARIGOLD, MINT, PINK, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    cx = -0.48
    part.key("yaw", (0, 80), (3.75, 80), (4.2, -80), (5, -80))
    part.key(
        "foot_l",
        (0, foot(cx + 0.18, 0, 0, 0.12, 5), None, 0.7),
        (1.9, foot(cx + 0.18, 0, 0, 0.12, 5)),
    )
    part.key(
        "foot_r",
        (0.3, foot(cx - 0.12, 0, 0, -0.12, 5)),
        (1, foot(cx + 0.48, 0, 0, -0.12, 5), None, 0.75),
        (2.6, foot(cx + 0.48, 0, 0, -0.12, 5)),
    )
    part.key(
        "foot_l",
        (1.3, foot(cx + 0.18, 0, 0, 0.12, 5)),
        (2, foot(cx + 0.80, 0, 0, 0.12, 5), None, 0.75),
        (3.6, foot(cx + 0.80, 0, 0, 0.12, 5)),
    )
    part.key("foot_r", (3, foot(cx + 1.74, 0.58, -20, -0.16, 5), "snap"), (3.35, foot(cx + 1.74, 0.58, -20, -0.16, 5)))
    # hop about: land facing left at beat 4 to 4.25
    X1 = 0.30
    part.key("foot_l", (3.95, foot(X1 + 0.05, 0.22, 20, 0, 5)), (4.2, foot(-cx - 0.06, 0, 0, -0.12, 5)))
    part.key("foot_r", (3.95, foot(X1 + 0.1, 0.24, 20, 0, 5)), (4.2, foot(-cx + 0.02, 0, 0, 0.12, 5)))
    part.key(
        "hip",
        (0, (cx + 0.10, 0.98)),
        (0.5, (cx + 0.22, 1.06)),
        (1, (cx + 0.38, 0.98)),
        (1.5, (cx + 0.52, 1.06)),
        (2, (cx + 0.68, 0.98)),
        (2.5, (cx + 0.76, 1.06)),
        (3, (cx + 0.74, 1.08)),
        (3.3, (cx + 0.76, 1.06)),
        (3.6, (cx + 0.8, 0.9)),
        (3.95, (0.36, 1.16)),
        (4.2, (0.42, 0.9)),
        (4.55, (0.44, 1.06)),
    )
    part.key("pitch", (0, 10), (2.5, 8), (3, -10), (3.4, -6), (3.7, 12), (4, 0), (4.3, 14))
    part.both(
        "hand",
        (0, (0.17, -0.34, 0.76)),
        (0.5, (0.17, -0.28, 0.78)),
        (1, (0.17, -0.34, 0.76)),
        (1.5, (0.17, -0.28, 0.78)),
        (2, (0.17, -0.34, 0.76)),
        (2.5, (0.17, -0.28, 0.78)),
        (3, (0.17, -0.16, 0.84)),
        (3.5, (0.17, -0.26, 0.78)),
        (3.95, (0.92, 0.02, 0.2)),
        (4.3, (0.17, -0.34, 0.74)),
        (4.6, (0.17, -0.24, 0.78)),
    )
    part.both("elbow", (0, (0.4, -1, 0)), (3.5, (0.4, -1, 0)), (4, (1, 0, 0)), (4.3, (1, 0, 0)))
    part.both("knee", (0, (0.05, 0, 1)))
    part.key(
        "head",
        (0, (0, 0, -4, 0.85)),
        (0.5, (0, 0, 5, 0.85)),
        (1, (0, 0, -4, 0.85)),
        (1.5, (0, 0, 5, 0.85)),
        (2, (0, 0, -4, 0.85)),
        (3, (-0.02, 0, -12, 0.6)),
        (3.5, (0, 0, 0, 0.5)),
        (4, (0, 0, 0, 0)),
        (4.4, (0, 0, 0, -0.7)),
    )
    part.mirror(5)
    part.key("tail", *[(b / 2, (30 * (1 if b % 2 else -1), 30)) for b in range(20)])
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    part.key("yaw", (0.1, 80), (0.8, 0), (9, 0), (9.8, 80))
    part.key(
        "foot_r",
        (0.15, foot(-0.60, 0, 0, -0.12, 5)),
        (0.8, foot(-0.12)),
        (2.2, foot(-0.12)),
        (2.9, foot(0.32)),
        (5.1, foot(0.32)),
        (5.95, foot(0.10), None, 0.7),
        (7.0, foot(0.10)),
        (7.5, foot(0.70, 0.46, 20, 0.1), "snap"),
        (7.8, foot(0.70, 0.46, 20, 0.1)),
        (8.4, foot(-0.10)),
        (9.2, foot(-0.10)),
        (9.9, foot(-0.60, 0, 0, -0.12, 5), None, 0.6),
    )
    part.key(
        "foot_l",
        (0.9, foot(-0.30, 0, 0, 0.12, 5)),
        (1.8, foot(-0.30)),
        (2, foot(-0.22), None, 0.6),
        (3.1, foot(-0.22)),
        (3.5, foot(-0.72, 0.46, 20, 0.1), "snap"),
        (3.8, foot(-0.72, 0.46, 20, 0.1)),
        (4.5, foot(-0.08)),
        (5.2, foot(-0.08)),
        (6.6, foot(-0.26), None, 0.7),
        (8.5, foot(-0.26)),
        (9.2, foot(-0.30, 0, 0, 0.12, 5), None, 0.5),
    )
    part.key(
        "hip",
        (1, (-0.20, 0.98)),
        (1.5, (-0.16, 1.06)),
        (2, (-0.10, 0.98)),
        (3, (0.22, 1.02)),
        (3.5, (0.28, 1.06)),
        (4.4, (0.16, 0.98)),
        (5, (0.1, 1.06)),
        (6, (0.0, 0.98)),
        (7, (-0.20, 1.02)),
        (7.5, (-0.26, 1.06)),
        (8.3, (-0.16, 0.98)),
        (9, (-0.2, 1.06)),
    )
    part.both("hand", (0.9, (0.60, 0.30, 0.2)), (2, (0.70, 0.50, 0.1)), (8, (0.70, 0.50, 0.1)), (9, (0.5, 0.0, 0.4)))
    part.key("hand_r", (3.5, (0.95, 0.30, 0.1), "snap"), (5, (0.70, 0.50, 0.1)), (7.5, (0.30, 0.1, 0.4), "snap"))
    part.key("hand_l", (3.5, (-0.30, 0.1, 0.4), "snap"), (5, (-0.70, 0.50, 0.1)), (7.5, (-0.95, 0.30, 0.1), "snap"))
    part.both("elbow", (0, (0.4, -1, 0)), (1, (1, -0.4, 0)), (9, (1, -0.6, 0)))
    part.both("knee", (0, (0.05, 0, 1)), (1, (0.4, 0, 1)), (9, (0.3, 0, 1)))
    part.key("lean", (2.6, 0), (3.5, 9), (4.4, 0), (6.6, 0), (7.5, -9), (8.4, 0))
    part.key("pitch", (1, 4), (9, 4))
    part.key(
        "head",
        (0.8, (0, 0, 0, 0)),
        (3.5, (0, 0, -8, -0.2)),
        (5.5, (0, 0, 0, 0)),
        (7.5, (0, 0, 8, 0.2)),
        (9, (0, 0, 0, 0)),
    )
    part.key("tail", *[(b / 2, (30 * (1 if b % 2 else -1), 30)) for b in range(20)])
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.halo(canvas, 0.5, 0.66, 0.56, MARIGOLD, 0.4)
    scenery.foliage(canvas, 0.75)
    architecture.lanterns(canvas, (PINK, MARIGOLD, MINT, SKY), 0.03, 0.13, 7)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """March, march, march, kick."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import arc, bump, pulse, steps

    foot = steps(b, total, [1, -1])
    kicks = [3] if total == 4 else [3, 7, 9]
    kick = sum(bump(b, total, at - 0.3, 1.1) for at in kicks)
    return Poses.of(
        b,
        tx=0.05 * np.sin(2 * np.pi * b / total),
        ty=0.05 * arc(b) + 0.05 * kick,
        rot=5.5 * foot - 13 * kick,
        stretch=0.03 - 0.06 * pulse(b),
        bend=0.05 * foot,
        hip=0.03 * foot + 0.07 * kick,
        head=7 * foot,
        turn=0.8 - 0.5 * kick,
    )


DANCE = Dance(
    slug="conga",
    name="Conga",
    place=14,
    bpm=120,
    metre=4,
    colour="marigold",
    line="march, march, march, kick",
    best_photo="side view",
    camera="truck right",
    mood="party",
    prompt="The camera trucks right beside the pet. The pet marches forward for three bouncy steps, then kicks "
    "one back leg out to the side, tail swinging. The whole body stays centred in frame.",
    palette=Palette((40, 40, 130), (70, 180, 250), (MARIGOLD, PINK, MINT, SKY), 0.72),
    set=Set(scenery, "checker", ParticleStyle(("paper", "petal"), 48, speed=1), Beams((PINK, MINT), 18, 1, 0.25)),
    score=Score(
        48,
        "0:M 7:7",
        {
            "kick": FOUR,
            "conga": "x..x..x.x..xx.x.",
            "conga_high": "..x..x....x.....",
            "snare": "............x.xx",
            "crash": "............x...",
        },
        "1...5...1...5...",
        "..x...x...x...x.",
        "brass piano",
        "0:24:.5 1:28:.5 2:31:.5 2.75:36:.75 4:35:.5 5:31:.5 6:29:.5 6.75:26:1 8:24:.5 8.75:36:.75",
        "trumpet brass",
        "finger_bass",
        "flute",
        fill="timbale conga_high",
        steps=("stomp",),
    ),
    outfit="conga",
    hat="party_hat",
    choreography=Choreography(first_part, second_part, step_lift=0.24),
    whole_pet=whole_pet,
    side_on=True,
)
