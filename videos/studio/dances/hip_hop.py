"""Hip hop.

Low wide bounce; arm wave from hand to hand; chest pops; lean back with folded arms (b-boy stance); dab.

Its silhouette: wide bent knees, the travelling wave in spread arms, folded-arm lean, dab.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import BACKBEAT, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CREAM, NIGHT, PINK, SKY, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(8)
    part.both("foot", (0, foot(0.38, 0, 0, 0, 40)))
    part.both("knee", (0, (0.8, 0, 1)))
    part.key(
        "hip",
        (0, (-0.08, 0.72)),
        (0.5, (0, 0.96)),
        (1, (0.08, 0.72)),
        (1.6, (0, 0.98)),
        (2.0, (-0.1, 0.9)),
        (2.8, (0, 0.98)),
        (3.6, (0.1, 0.9)),
        (4, (0.0, 0.76)),
        (4.25, (0, 0.94)),
        (4.5, (0, 0.76)),
        (4.75, (0, 0.94)),
        (5, (0, 0.76)),
        (5.5, (0.0, 0.94)),
        (6, (0.18, 0.80), "anticipate"),
        (6.7, (0.20, 0.78)),
        (7.1, (0.10, 0.72), "snap"),
        (7.6, (0.10, 0.72)),
    )
    part.key(
        "lean",
        (0, -8),
        (1, 8),
        (2, 4),
        (3.6, -4),
        (4, 0),
        (5.5, 0),
        (6, -20, "anticipate"),
        (6.7, -22),
        (7.1, 4, "snap"),
        (7.6, 4),
    )
    part.key("yaw", (0, 0), (3.7, 0), (4, 52, "snap"), (5.4, 52), (6, 0), (8, 0))
    part.key(
        "pitch",
        (0, 16),
        (0.5, 4),
        (1, 16),
        (1.6, 0),
        (3.7, 0),
        (4, -12, "snap"),
        (4.15, -12),
        (4.4, 16),
        (4.65, 16),
        (4.85, -12),
        (5.15, -12),
        (5.5, 8),
        (6, 0),
        (7.1, 8),
        (7.6, 8),
    )
    part.key(
        "chest",
        (3.7, (0, 0, 0)),
        (4, (0, 0.02, 0.16), "snap"),
        (4.15, (0, 0.02, 0.16)),
        (4.4, (0, -0.02, -0.08)),
        (4.65, (0, -0.02, -0.08)),
        (4.85, (0, 0.02, 0.16)),
        (5.15, (0, 0.02, 0.16)),
        (5.5, (0, 0, 0)),
    )
    part.key("roll", (0, -8), (1, 8), (2, -6), (3.6, 6), (4, 0), (6, 10), (7, -6))
    part.key(
        "hand_r",
        (0, (-0.02, -0.58, 0.3)),
        (0.5, (0.62, -0.28, 0.2)),
        (1, (0.26, -0.56, 0.3)),
        (1.5, (1.08, 0.02, 0.05)),
        (2.0, (1.08, 0.02, 0.05)),
        (2.8, (1.06, -0.02, 0.05)),
        (3.2, (0.74, -0.24, 0.05)),
        (3.6, (0.96, 0.40, 0.05)),
        (4, (0.34, -0.04, 0.30)),
        (5.2, (0.34, -0.04, 0.30)),
        (5.8, (-0.20, -0.08, 0.30)),
        (6.7, (-0.20, -0.08, 0.30)),
        (7.1, (1.0, 0.66, 0.1), "snap"),
        (7.65, (1.0, 0.66, 0.1)),
    )
    part.key(
        "hand_l",
        (0, (-0.26, -0.56, 0.3)),
        (0.5, (-0.62, -0.28, 0.2)),
        (1, (0.02, -0.58, 0.3)),
        (1.5, (-1.08, 0.02, 0.05)),
        (2.0, (-0.96, 0.40, 0.05)),
        (2.4, (-0.74, -0.24, 0.05)),
        (2.8, (-1.06, -0.02, 0.05)),
        (3.6, (-1.08, 0, 0.05)),
        (4, (-0.34, -0.04, 0.30)),
        (5.2, (-0.34, -0.04, 0.30)),
        (5.8, (0.20, 0.0, 0.34)),
        (6.7, (0.20, 0.0, 0.34)),
        (7.1, (-0.02, 0.24, 0.40), "snap"),
        (7.65, (-0.02, 0.24, 0.40)),
    )
    part.key(
        "elbow_r",
        (0, (1, -0.2, -0.2)),
        (2.6, (0.3, -1, 0)),
        (3.1, (0.2, 1, 0)),
        (3.6, (0.3, -1, 0)),
        (4, (1, 0.1, -0.5)),
        (5.5, (1, 0.1, -0.2)),
        (7, (1, 0, 0)),
    )
    part.key(
        "elbow_l",
        (0, (-1, -0.2, -0.2)),
        (1.6, (-0.3, -1, 0)),
        (2, (-0.3, -1, 0)),
        (2.35, (-0.2, 1, 0)),
        (2.9, (-0.3, -1, 0)),
        (4, (-1, 0.1, -0.5)),
        (5.5, (-1, 0.1, -0.2)),
        (7.1, (-1, 0.2, 0.1)),
        (7.65, (-1, 0.2, 0.1)),
    )
    part.key("shrug_l", (2, 0), (2.5, 0.12), (3, 0))
    part.key("shrug_r", (2.6, 0), (3, 0.12), (3.5, 0))
    part.key(
        "head",
        (0, (0, -0.05, -8, 0)),
        (0.5, (0, 0, 0, 0)),
        (1, (0, -0.05, 8, 0)),
        (2, (0, 0, -10, -0.3)),
        (3.6, (0, 0, 10, 0.3)),
        (4, (0, 0, 0, 0.5)),
        (4.25, (0.03, -0.05, 6, 0.5)),
        (4.5, (0, 0, 0, 0.5)),
        (4.75, (0.03, -0.05, 6, 0.5)),
        (5, (0, 0, 0, 0.5)),
        (6, (0, 0, -8, 0)),
        (6.7, (0, 0, -12, 0)),
        (7.1, (0.02, -0.08, -14, -0.3), "snap"),
        (7.65, (0.02, -0.08, -14, -0.3)),
    )
    part.wag(35, 30, 2)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(8)
    part.key("yaw", (0.4, 62), (6.4, 62), (7, 0))
    for b in range(1, 7):
        up = "r" if b % 2 else "l"
        z = {"l": 0.14, "r": -0.14}
        part.key(
            "foot_" + up,
            (b - 0.5, foot(0.34, 0.46, -10, z[up], 5)),
            (b, foot(0.22, 0, 0, z[up], 5)),
            (b + 0.45, foot(-0.42, 0, 45, z[up], 5), "slide"),
        )
        part.key("hip", (b, (0, 0.92)), (b - 0.5, (0.04, 1.04)))
        h1, h2 = (0.30, -0.12, 0.55), (0.34, -0.30, -0.38)
        part.key(
            "hand_" + up,
            (b - 0.5, (h2[0] * (1 if up == "r" else -1), h2[1], h2[2])),
            (b + 0.45, (h1[0] * (1 if up == "r" else -1), h1[1], h1[2])),
        )
    part.key("pitch", (0.5, 8), (1, 14), (6.4, 12), (7, 16))
    part.key("head", (0.5, (0, 0, 0, 0.5)), (6.4, (0, 0, 0, 0.5)), (7, (0, -0.04, 0, 0)))
    part.key("lean", (0.5, 0), (7, 0))
    part.key("roll", (0.5, 0), (7, 0))
    part.key("hip", (7, (0, 0.74)), (7.5, (0, 0.96)))
    part.key("foot_r", (7, foot(0.38, 0, 0, 0, 40)), (7.8, foot(0.38, 0, 0, 0, 40)))
    part.key("foot_l", (7, foot(-0.38, 0, 0, 0, 40)), (7.8, foot(-0.38, 0, 0, 0, 40)))
    part.key("hand_r", (7, (-0.18, -0.08, 0.32)), (7.5, (-0.18, -0.08, 0.32)))
    part.key("hand_l", (7, (0.18, 0.0, 0.34)), (7.5, (0.18, 0.0, 0.34)))
    part.both("elbow", (0.5, (0.5, -0.6, -1)), (6.4, (0.5, -0.6, -1)), (7, (1, 0.1, -0.2)))
    part.both("knee", (0.5, (0.1, 0, 1)), (6.4, (0.1, 0, 1)), (7, (0.8, 0, 1)))
    part.key("chest", (1, (0, 0, 0)))
    part.key("shrug_l", (1, 0))
    part.key("shrug_r", (1, 0))
    part.wag(35, 30, 2)
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    architecture.bricks(canvas, (44, 26, 24), 0.75)
    scenery.burst(canvas, 0.5, 0.42, 0.5, mix_colours(PINK, NIGHT, 0.25), 13, 0.75)
    scenery.burst(canvas, 0.5, 0.42, 0.42, mix_colours(SKY, NIGHT, 0.2), 13, 0.75)
    architecture.speakers(canvas, 0.1, (66, 50, 52), PINK)
    architecture.speakers(canvas, 0.9, (66, 50, 52), PINK)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Bend the knees deeply, nod, and change the lean every second beat."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import pulse, snap, steps

    lean = snap(np.sin(np.pi * b / 2))
    down = pulse(b)
    return Poses.of(
        b,
        tx=0.03 * lean,
        rot=4.5 * lean,
        stretch=0.02 - 0.125 * down,
        bend=0.075 * lean,
        hip=0.03 * snap(np.sin(np.pi * b / 2 + 0.7)),
        head=5 * steps(b, total, [1, 1, -1, -1]),
        turn=0.5 * lean,
        nod=-0.95 * down,
        zoom=0.03 * pulse(b / 2 + 0.5) ** 3,
    )


DANCE = Dance(
    slug="hip_hop",
    name="Hip hop",
    place=3,
    bpm=96,
    metre=4,
    colour="sky",
    line="low bounce, shoulder rolls, nods",
    best_photo="any stance",
    camera="handheld",
    mood="cool",
    prompt="Handheld camera. The pet bounces low on bent legs, rolls its shoulders and nods its head to a steady "
    "beat, front paws stepping out and back. The whole body stays centred in frame.",
    palette=Palette((72, 40, 34), (214, 150, 84), (SKY, PINK, CREAM), 0.70),
    set=Set(scenery, "checker", ParticleStyle(("note", "star"), 16, speed=-1, tumble=1, size=0.04), glow=0.2),
    score=Score(
        40,
        "0:m7 8:M7",
        {"kick": "x.....x.o.x.....", "snare": BACKBEAT, "hat": "x.o.x.o.x.o.x.oo"},
        "1.....1...5.7...",
        "x.....o.........",
        "rhodes organ",
        "0:27:.5 1:24:.5 2.5:31:.5 4:28:.5 5:31:1 6.5:24:.5",
        "marimba rhodes",
        "synth_bass finger_bass",
        "celesta",
        fill="snare",
        swing=0.18,
        steps=("stomp",),
        bass_beats=0.7,
    ),
    outfit="hip_hop",
    hat="snapback",
    choreography=Choreography(first_part, second_part, overlap=0.6),
    whole_pet=whole_pet,
)
