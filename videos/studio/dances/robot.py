"""The robot.

Right-angle joints, dead stops, one joint at a time: upper arms level with the shoulders, forearms flip up and down like
levers and swing loose; profile with forearms out like a fork-lift; stiff bow and rise; goal-post arms.

Its silhouette: square corners at the elbows and nothing moving between clicks.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, around, foot, mirrored
from videos.studio.dance.score import BACKBEAT, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import MINT, NIGHT, SKY, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(8)
    UP, DN, IN, OUT = (0.70, 0.48, 0.02), (0.70, -0.38, 0.02), (0.56, -0.35, 0.02), (0.86, -0.35, 0.02)
    FWD = (0.30, -0.38, 0.43)
    part.key(
        "hand_r",
        (0, UP),
        (1, DN),
        (1.25, IN, "smooth"),
        (1.5, OUT, "smooth"),
        (1.75, IN, "smooth"),
        (2, FWD),
        (2.5, FWD),
        (3, (0.30, -0.02, 0.32)),
        (3.5, FWD),
        (4, FWD),
        (5, FWD),
        (5.5, (0.30, -0.02, 0.32)),
        (6, UP),
        (6.5, DN),
        (6.75, OUT, "smooth"),
        (7, IN, "smooth"),
        (7.25, DN, "smooth"),
        (7.5, UP),
        ease="snap",
        move=0.16,
    )
    part.key(
        "hand_l",
        (0, mirrored("hand_r", DN)),
        (0.25, mirrored("hand_r", IN), "smooth"),
        (0.5, mirrored("hand_r", OUT), "smooth"),
        (0.75, mirrored("hand_r", IN), "smooth"),
        (1, mirrored("hand_r", UP)),
        (2, mirrored("hand_r", FWD)),
        (2.5, (-0.30, -0.02, 0.32)),
        (3, mirrored("hand_r", FWD)),
        (3.5, (-0.30, -0.02, 0.32)),
        (4, mirrored("hand_r", FWD)),
        (5, mirrored("hand_r", FWD)),
        (5.5, mirrored("hand_r", FWD)),
        (6, mirrored("hand_r", UP)),
        (6.5, mirrored("hand_r", DN)),
        (6.75, mirrored("hand_r", OUT), "smooth"),
        (7, mirrored("hand_r", IN), "smooth"),
        (7.25, mirrored("hand_r", DN), "smooth"),
        ease="snap",
        move=0.16,
    )
    eu, ed, ef = (1, -1, 0), (1, 1, 0), (0.1, -0.6, -1)
    part.key(
        "elbow_r",
        (0, eu),
        (0.99, eu),
        (1, ed, "hold"),
        (1.95, ed),
        (2, ef, "hold"),
        (5.9, ef),
        (6, eu, "hold"),
        (6.45, eu),
        (6.5, ed, "hold"),
        (7.45, ed),
        (7.5, eu, "hold"),
    )
    part.key(
        "elbow_l",
        (0, mirrored("elbow_r", ed), "hold"),
        (0.95, mirrored("elbow_r", ed)),
        (1, mirrored("elbow_r", eu), "hold"),
        (1.95, mirrored("elbow_r", eu)),
        (2, mirrored("elbow_r", ef), "hold"),
        (5.9, mirrored("elbow_r", ef)),
        (6, mirrored("elbow_r", eu), "hold"),
        (6.45, mirrored("elbow_r", eu)),
        (6.5, mirrored("elbow_r", ed), "hold"),
        (7.9, mirrored("elbow_r", ed)),
    )
    part.key("yaw", (0, 0), (2, 80, "snap"), (6, 0, "snap"), (7.9, 0))
    part.key("pitch", (0, 0), (4, 26, "snap"), (4.5, 52, "snap"), (5, 26, "snap"), (5.5, 0, "snap"))
    part.key(
        "head",
        (0, (0, 0, 0, 0)),
        (0.5, (0, 0, 0, 0.55)),
        (1, (0, 0, 0, 0)),
        (1.5, (0, 0, 0, -0.55)),
        (2, (0, 0, 0, 0.9)),
        (3, (0, 0, 12, 0.9)),
        (3.5, (0, 0, 0, 0.9)),
        (6, (0, 0, 0, 0)),
        (6.5, (0, 0, 16, 0)),
        (7, (0, 0, -16, 0)),
        (7.5, (0, 0, 0, 0)),
        ease="snap",
        move=0.16,
    )
    part.key("lean", (0, 0), (0.5, 6), (1, 0), (1.5, -6), (2, 0), (6, 0), (6.75, 8), (7.25, -8), (7.75, 0), ease="snap")
    part.key(
        "hip",
        (0, (0, 1.11)),
        (2, (-0.05, 1.11)),
        (4, (-0.12, 1.11)),
        (4.5, (-0.25, 1.10)),
        (5, (-0.12, 1.11)),
        (5.5, (-0.05, 1.11)),
        (6, (0, 1.11)),
        ease="snap",
    )
    for s, q in (("l", -1), ("r", 1)):
        x1, z1 = around(0, 0, 80, q * 0.16, 0)
        st = 0.1 if s == "l" else -0.1
        part.key(
            "foot_" + s,
            (0, foot(q * 0.2)),
            (2, foot(x1 + (st if 0 else 0), 0, 0, z1, 5)),
            (2.5 + (s == "r") * 0.5, foot(x1 + 0.14 * q, 0, 0, z1, 5)),
            (5.5, foot(x1, 0, 0, z1, 5)),
            (6, foot(q * 0.2, 0, 0, 0, 10)),
            ease="snap",
            move=0.2,
        )
    part.key("tail", *[(b, (45 if b % 2 else 5, 40)) for b in range(8)], ease="snap")
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import scenery

    scenery.grid(canvas, mix_colours(MINT, NIGHT, 0.2), 0.7)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Hold each pose still, then jerk into the next one."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import ease

    def click(seq: list[float], every: float = 1.0) -> "np.ndarray":
        position = np.mod(b, total) / every
        here = np.floor(position).astype(int)
        goals = np.array(seq, float)
        now, before = goals[here % len(goals)], goals[(here - 1) % len(goals)]
        return before + (now - before) * ease((position - here) * every / 0.16)

    return Poses.of(
        b,
        tx=0.05 * click([0, 1, 1, 0, 0, -1, -1, 0]),
        rot=7 * click([0, 1, -1, 0, 0, -1, 1, 0]),
        stretch=0.02 * click([0, -2, 1, 0, -2, 1, -3, 0]),
        bend=0.05 * click([0, -1, 1, 0]),
        head=11 * click([1, 0, -1, 0], 0.5),
        turn=0.9 * click([1, 1, -1, -1, 0, 0, 1, -1], 0.5),
    )


DANCE = Dance(
    slug="robot",
    name="The robot",
    place=4,
    bpm=96,
    metre=4,
    colour="mint",
    line="stiff steps, clicking head turns",
    best_photo="front-on",
    camera="locked",
    mood="deadpan",
    prompt="Locked camera. The pet moves in stiff, separate clicks: its head turns in small steps, one front paw "
    "lifts and lowers like a lever, then the other. Each pose holds for a moment. The whole body stays "
    "centred in frame.",
    palette=Palette((44, 30, 16), (150, 170, 60), (MINT, SKY, (200, 240, 190)), 0.80),
    set=Set(scenery, "columns", ParticleStyle(("dot",), 26, speed=-1, sway=0.0, tumble=1, size=0.012), equaliser=True),
    score=Score(
        40,
        "0:m",
        {
            "kick_electro": "x.....x.x.......",
            "snare_electro": BACKBEAT,
            "rim": "..x..x....x..x.x",
            "hat": "x.x.x.x.x.x.x.x.",
        },
        "1.1.8.1.1.1.8.7.",
        "x...............",
        "square",
        "0:24:.2 .5:31:.2 1:36:.2 1.5:27:.2 2:34:.2 2.5:31:.2 3:39:.2 3.5:36:.2 "
        "4:24:.2 4.5:31:.2 5:36:.2 5.5:27:.2 6:34:.2 6.25:34:.2 6.5:34:.2 7:36:.2 7.5:24:.4",
        "square",
        "synth_bass finger_bass",
        "celesta",
        fill="snare_electro rim",
        steps=("stomp",),
    ),
    outfit="robot",
    hat="antenna",
    choreography=Choreography(first_part, overlap=0),
    whole_pet=whole_pet,
)
