"""Macarena.

Two moves a beat, one arm after the other: out, palm up, opposite shoulder, behind the head (elbows wide), opposite hip,
own rump; hips swing three times; quarter-turn hop and back.

Its silhouette: arms that repeat each other half a beat apart, elbow triangles beside the head, hands crossed on hips,
rump circle.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, around, foot, mirrored
from videos.studio.dance.score import BACKBEAT, FOUR, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CREAM, MARIGOLD, SKY, WHITE, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(9)
    M = [
        ((1.02, 0.02, 0.22), (0.3, -1, 0)),
        ((0.84, 0.36, 0.25), (0.6, -1, 0.1)),
        ((-0.26, 0.02, 0.25), (1, -0.5, 0.4)),
        ((0.46, 0.60, -0.16), (1, 0.2, 0)),
        ((-0.20, -0.50, 0.22), (1, 0.1, 0.3)),
        ((0.33, -0.46, -0.16), (1, 0.1, -0.2)),
    ]
    for k, (v, e) in enumerate(M):
        for s, o in (("l", 0), ("r", 0.5)):
            hand, elbow = (v, e) if s == "r" else (mirrored("hand_r", v), mirrored("elbow_r", e))
            part.key(f"hand_{s}", (k + o, hand), move=0.38)
            part.key(f"elbow_{s}", (k + o, elbow), move=0.38)
    hip = [(b, (0.09 * (-1 if b % 2 else 1), 0.98)) for b in range(6)] + [(b + 0.5, (0, 1.09)) for b in range(5)]
    part.key(
        "hip",
        *hip,
        (5.5, (0.0, 1.04)),
        (6, (0.25, 0.94)),
        (6.24, (0.25, 0.92)),
        (6.5, (-0.25, 0.94)),
        (6.8, (-0.25, 0.92)),
        (7.05, (0.25, 0.94)),
        (7.36, (0.25, 0.92)),
        (7.65, (0, 0.94)),
        (8, (0, 0.82)),
        (8.25, (0, 1.2)),
        (8.5, (0, 0.92)),
        (8.75, (0, 1.15)),
    )
    part.key(
        "roll",
        *[(b, 7 * (-1 if b % 2 else 1)) for b in range(6)],
        (6, 18),
        (6.24, 18),
        (6.5, -18),
        (6.8, -18),
        (7.05, 18),
        (7.36, 18),
        (7.65, 0),
        (8, 0),
        (8.75, 0),
    )
    part.key(
        "lean",
        (0, -3),
        (1, 3),
        (2, -3),
        (3, 3),
        (4, -3),
        (5, 3),
        (6, -10),
        (6.24, -10),
        (6.5, 10),
        (6.8, 10),
        (7.05, -10),
        (7.36, -10),
        (7.65, 0),
        (8, 0),
        (8.75, 0),
    )
    part.key("yaw", (0, 0), (8.02, 0), (8.45, 78), (8.55, 78), (8.98, 0))
    part.key("pitch", (7.6, 0), (8, 16), (8.25, 0), (8.5, 18), (8.75, 0))
    part.key(
        "head",
        *[(b, (0, 0, 7 * (-1 if b % 2 else 1), 0)) for b in range(6)],
        (6.1, (0, 0, -12, 0)),
        (6.65, (0, 0, 12, 0)),
        (7.2, (0, 0, -12, 0)),
        (7.65, (0, 0, 0, 0)),
        (8, (0, 0, 0, 0)),
        (8.5, (0, 0, 0, 0.8)),
        (8.9, (0, 0, 0, 0)),
    )
    for s, q in (("l", -1), ("r", 1)):
        x1, z1 = around(0, 0, 78, q * 0.22, 0)
        part.key(
            "foot_" + s,
            (0, foot(q * 0.28)),
            (8.02, foot(q * 0.28)),
            (8.23, foot((q * 0.28 + x1) / 2, 0.24, 25, z1 / 2)),
            (8.45, foot(x1, 0, 0, z1)),
            (8.55, foot(x1, 0, 0, z1)),
            (8.77, foot((q * 0.28 + x1) / 2, 0.24, 25, z1 / 2)),
            (8.98, foot(q * 0.28)),
            ease="smooth",
        )
    part.wag(45, 20, 1)
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import scenery

    scenery.rays(canvas, 0.5, 0.62, CREAM, 0.34, 15)
    scenery.halo(canvas, 0.5, 0.62, 0.5, mix_colours(MARIGOLD, WHITE, 0.3), 0.75)
    scenery.clouds(canvas, ((0.12, 0.2, 0.07), (0.88, 0.13, 0.085)))


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Swing the hips on each beat and the shoulders on every second one. The last beat is a hop to the side."""
    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import bump, pulse, steps

    last = [] if total == 4 else [0.0]
    side = steps(b, total, [1, 1, -1, -1] * (total // 4) + last)
    sway = steps(b, total, [1, -1] * (total // 2) + last)
    up = bump(b, total, total - 1.2, 1.2)
    # Other movements are damped in the air, or the picture would flicker.
    calm = 1 - 0.9 * bump(b, total, total - 1.6, 2.0)
    return Poses.of(
        b,
        ty=0.11 * up,
        rot=2.5 * side * calm,
        stretch=0.03 * sway * calm - 0.01 * pulse(b),
        bend=0.05 * side * calm,
        hip=0.07 * sway * calm,
        head=7 * side * calm,
        turn=0.6 * side * calm + 0.8 * up,
    )


DANCE = Dance(
    slug="macarena",
    name="Macarena",
    place=1,
    bpm=108,
    metre=4,
    colour="marigold",
    line="paws up, hips sway, quarter-turn hop",
    best_photo="front-on, sitting",
    camera="locked",
    mood="sunny",
    prompt="Locked camera. The pet lifts one front paw, then the other, sways its hips left and right, and hops "
    "a quarter turn. Its ears bounce and its tail wags in time. The whole body stays centred in frame.",
    palette=Palette((40, 96, 196), (120, 214, 255), (MARIGOLD, SKY, CREAM), 0.74),
    set=Set(scenery, "sweep", ParticleStyle(("paper", "dot"), 40), glow=0.2),
    score=Score(
        44,
        "0:m 10:M",
        {"kick": FOUR, "snare": "...x..x.....x...", "shaker": "o.oxo.oxo.oxo.ox", "clap": BACKBEAT},
        "1..1..5.1..1..7.",
        "x..x..x...x.x...",
        "nylon_guitar piano organ",
        "0:31:.5 .75:29:.25 1.5:27:.5 2.5:24:.5 3:27:.5 4:29:.5 4.75:26:.25 5.5:22:.5 6.5:26:.5 7:29:.5 8:31:.4",
        "trumpet brass",
        "finger_bass",
        "flute",
        fill="snare timbale",
        steps=("clap",),
    ),
    outfit="macarena",
    hat="straw_hat",
    choreography=Choreography(first_part),
    whole_pet=whole_pet,
)
