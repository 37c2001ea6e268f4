"""The robot.

Joints at right angles that move one at a time and stop dead: a forearm is up like a lever while the other swings loose,
the head scans, two stiff steps go to the side. The battery runs out, and the machine folds up limb by limb and restarts
with a jerk; then the head turns all the way round. In the second half it marches with square knees, and its head tips
over until a paw knocks it straight.

Its silhouette: square corners at the elbows and knees, and nothing that moves between clicks.
"""

from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English
from videos.studio.dance.camera import CameraPlan
from videos.studio.dance.choreography import Choreography, Part, around, foot, mirrored
from videos.studio.dance.score import BACKBEAT, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import MINT, NIGHT, SKY, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

CLICK = 0.16  # beats that a joint takes to move; then it stops dead
# The right hand. The upper arm is level: the forearm up, down, swung in and out.
UP, DOWN = (0.70, 0.48, 0.02), (0.70, -0.38, 0.02)
IN, OUT = (0.56, -0.35, 0.02), (0.86, -0.35, 0.02)
# The elbow is at the body: the forearm ahead, and lifted.
AHEAD, LIFTED = (0.30, -0.38, 0.43), (0.30, -0.02, 0.32)
LIMP = (0.30, -0.86, 0.04)
ELBOWS: dict[tuple[float, ...], tuple[float, ...]] = {
    UP: (1, -1, 0),
    DOWN: (1, 1, 0),
    IN: (1, 1, 0),
    OUT: (1, 1, 0),
    AHEAD: (0.1, -0.6, -1),
    LIFTED: (0.1, -0.6, -1),
    LIMP: (0.1, -0.2, -1),
}
SIDES = (("l", -1), ("r", 1))


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(8)
    # Beats 0 to 2: one forearm is up and the other swings loose; then the other way. The head scans left and right.
    _arm(part, "r", (0, UP), (1, DOWN), (1.25, IN), (1.5, OUT), (1.75, IN))
    _arm(part, "l", (0, DOWN), (0.25, IN), (0.5, OUT), (0.75, IN), (1, UP))
    part.key("lean", (0, 0), (0.5, 6), (1, 0), (1.5, -6), (2, 0), ease="snap")
    # Beats 2 to 4: two stiff steps to the right, with forearms like a fork-lift's.
    _arm(part, "r", (2, AHEAD), (2.5, AHEAD), (3, LIFTED), (3.5, AHEAD))
    _arm(part, "l", (2, AHEAD), (2.5, LIFTED), (3, AHEAD), (3.5, LIFTED))
    part.key("yaw", (0, 0), (2, 80, "snap"), (6, 0, "snap"), (7.9, 0))
    for side, sign in SIDES:
        x, z = around(0, 0, 80, sign * 0.16, 0)
        later = 0.5 if side == "r" else 0
        part.key(f"foot_{side}", (0, foot(sign * 0.2, 0, 0, 0, 10)), (2, foot(x, 0, 0, z, 5)), ease="snap", move=0.2)
        part.key(f"foot_{side}", (2.5 + later, foot(x + 0.16 * sign, 0, 0, z, 5)), ease="snap", move=0.2)
        part.key(f"foot_{side}", (5.7, foot(x, 0, 0, z, 5)), ease="snap", move=0.2)
    # Beats 4 to 5.5: the battery runs out. Head, waist and arms drop one after the other and swing; then it restarts.
    _arm(part, "l", (4, AHEAD), (4.25, LIMP), (5.46, LIMP), (5.72, AHEAD))
    _arm(part, "r", (4.25, AHEAD), (4.5, LIMP), (5.46, LIMP), (5.72, LIFTED))
    for beat, swing in ((4.75, 0.14), (5, -0.12)):
        part.both("hand", (beat, (0.30, -0.84, 0.04 + swing)))
    part.key("pitch", (0, 0), (4, 12, "snap"), (4.25, 24, "snap"), (4.5, 40, "snap"), (5.25, 43), ease="snap")
    part.key("pitch", (5.32, 26, "snap"), (5.46, 42, "snap"), (5.74, 0, "snap"))
    part.key("hip", (0, (0, 1.11)), (2, (-0.05, 1.11)), (4, (-0.10, 1.10)), (4.25, (-0.14, 1.10)), ease="snap")
    part.key("hip", (4.5, (-0.20, 1.08)), (5.46, (-0.20, 1.07)), (5.72, (-0.05, 1.11)), ease="snap")
    # Beats 6 to 8: goal posts on straight legs; the head clicks all the way round, and the body tips as one piece.
    for side in "lr":
        _arm(part, side, (6, UP), (7, DOWN), (7.25, OUT if side == "r" else IN))
    _arm(part, "r", (7.5, UP))
    _arm(part, "l", (7.5, DOWN))
    part.both("foot", (6, foot(0.34, 0, 0, 0, 30)), (7.5, foot(0.34, 0, 0, 0, 30)), ease="snap", move=0.2)
    part.key("hip", (6, (0, 1.08)), (7, (0, 1.02)), (7.5, (0, 1.11)), ease="snap")
    part.key("lean", (6, 0), (7, 10), (7.25, -10), (7.5, 0), ease="snap")
    _head(part, (0, 0, 0), (0.5, 0, 0.55), (1, 0, 0), (1.5, 0, -0.55), (2, 0, 0.9), (3, 12, 0.9), (3.5, 0, 0.9))
    _head(part, (4, 30, 0.9), (5.46, 30, 0.9), (5.72, 0, 0.9), (6, 0, 0))
    _head(part, (6.25, 0, 1), (6.5, 0, 2), (6.75, 0, 3), (7, 0, 4), (7.25, 14, 4), (7.5, 0, 4))
    part.key("tail", *[(beat, (70 if beat % 2 else -70, 12)) for beat in (0, 1, 2, 3, 6, 7)], ease="snap")
    part.key("tail", (4.25, (0, 10)), (4.5, (0, -70)), (5.46, (0, -70)), (5.72, (0, 60)), ease="snap")
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(8)
    # Beats 0 to 2: both forearms click up and down like levers, and the knees with them.
    _arm(part, "l", (0.5, UP), (1, DOWN), (1.5, UP), (1.75, DOWN))
    _arm(part, "r", (0.5, UP), (1, DOWN), (1.25, UP), (1.75, DOWN))
    part.key("hip", (0.5, (0, 1.11)), (1, (0, 0.90)), (1.25, (0, 1.0)), (1.75, (0, 0.90)), (2, (0, 1.11)), ease="snap")
    part.key("lean", (1, 0), (1.25, -8), (1.5, 8), (1.75, 0), ease="snap")
    # Beats 2 to 5: a march to the left with square knees; the forearms cut up and down.
    part.key("yaw", (2, -80, "snap"), (5, 0, "snap"))
    places = {side: around(0, 0, -80, sign * 0.16, 0) for side, sign in SIDES}
    for side, (x, z) in places.items():
        part.key(f"foot_{side}", (2, foot(x, 0, 0, z, 5)), ease="snap", move=0.2)
    for beat, side, other in ((2.5, "r", "l"), (3.25, "l", "r"), (4, "r", "l")):
        x, z = places[side]
        part.key(f"foot_{side}", (beat, foot(x - 0.62, 0.46, 0, z, 5)), ease="snap", move=CLICK)
        part.key(f"foot_{side}", (beat + 0.5, foot(x, 0, 0, z, 5)), ease="snap", move=CLICK)
        part.key("hip", (beat, (0.05, 1.11)), (beat + 0.5, (-0.05, 1.06)), ease="snap")
        part.key("pitch", (beat, -8), (beat + 0.5, 6), ease="snap")
        _arm(part, other, (beat, LIFTED), (beat + 0.5, AHEAD))
        _arm(part, side, (beat, AHEAD))
    _arm(part, "r", (2, AHEAD))
    _arm(part, "l", (2, AHEAD))
    for side, sign in SIDES:
        part.key(f"foot_{side}", (5, foot(sign * 0.2, 0, 0, 0, 10)), ease="snap", move=0.2)
    part.key("hip", (5, (0, 1.11)), (6.9, (0, 1.11)), (7.1, (0, 1.04)), (7.3, (0, 1.11)), ease="snap")
    part.key("pitch", (5, 0))
    # Beats 5 to 7.5: the head tips over, click by click, until the right paw knocks it straight again.
    _arm(part, "r", (5, DOWN), (5.5, DOWN), (6.5, UP))
    _arm(part, "l", (5, DOWN), (5.25, IN), (5.5, OUT), (5.75, DOWN), (7.5, DOWN))
    part.key("hand_r", (6.75, (0.98, 0.56, 0.02)), (7, (0.72, 0.62, 0.02)), (7.5, UP), ease="snap", move=0.12)
    part.key("lean", (5.5, 0), (6, 5), (6.25, 7), (7, -5), (7.3, 0), ease="snap")
    _head(part, (0.5, 0, 0), (1, 0, 0.5), (1.5, 0, -0.5), (2, 0, -0.9), (4.8, 0, -0.9), (5, 0, 0))
    _head(part, (5.5, 12, 0), (5.75, 22, 0), (6, 34, 0), (6.5, 34, 0), (7, -8, 0), (7.25, 0, 0))
    part.key("tail", *[(beat, (70 if beat % 2 else -70, 12)) for beat in range(8)], ease="snap")
    return part


def _arm(part: Part, side: str, *entries: tuple[float, tuple[float, ...]]) -> None:
    """Add the positions of a hand, each with the elbow that belongs to it. The forearm swings loose, or clicks."""
    for beat, value in entries:
        hand, elbow = value, ELBOWS[value]
        if side == "l":
            hand, elbow = mirrored("hand_r", hand), mirrored("elbow_r", elbow)
        loose = value in (IN, OUT, LIMP)
        part.key(f"hand_{side}", (beat, hand), ease="smooth" if loose else "snap", move=None if loose else CLICK)
        part.key(f"elbow_{side}", (beat, elbow), ease="hold", move=0.08)


def _head(part: Part, *entries: tuple[float, float, float]) -> None:
    """Add positions of the head: the beat, the tilt and the turn."""
    for beat, tilt, turn in entries:
        part.key("head", (beat, (0, 0, tilt, turn)), ease="snap", move=CLICK)


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
    english=English(
        name=mark.gettext("The robot"),
        in_sentence=mark.pgettext("in a sentence", "the robot"),
        noun=mark.pgettext("in a sentence", "robot"),
        line=mark.gettext("stiff steps, clicking head turns"),
        best_photo=mark.gettext("front-on"),
    ),
    place=4,
    bpm=96,
    metre=4,
    colour="mint",
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
        steps=("step",),
    ),
    outfit="robot",
    hat="antenna",
    choreography=Choreography(first_part, second_part, overlap=0, highlight=6, camera=CameraPlan(push_in=0)),
    whole_pet=whole_pet,
)
