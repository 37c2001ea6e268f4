"""Slow sway.

A hug: paws on the heart with the elbows out, the head laid on one shoulder, the weight far over one foot while the
other only touches the floor with its toes. With the breath it rises and opens its arms, and sways to the other side,
paws together under the cheek. At ten seconds it turns slowly round in the hug, nods off, and wakes with a start.

Its silhouette: wide elbows, head tilt, one heel up, the long slow pendulum.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance, Hands
from videos.studio.dance.choreography import Choreography, Part, around, foot
from videos.studio.dance.score import Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CREAM, GOLD, MINT, PINK, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

SIDES = (("l", -1), ("r", 1))
STANCE = 0.28
AT_HEART, OPEN = (0.12, 0.02, 0.34), (0.90, 0.04, 0.12)
ELBOW_OUT = (1, -0.3, 0.1)


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(6)
    for start, side in ((0, -1), (3, 1)):
        _sway(part, start, side)
    # Beats 0 to 1.3: the hug. Beat 2.1: the arms open.
    part.both("hand", (0, AT_HEART), (0.7, (0.10, 0.06, 0.34)), (1.3, AT_HEART), (2.1, OPEN))
    # Beats 3.1 to 4.3: paws together under the cheek. Beat 5.1: the arms open again.
    part.key("hand_r", (3.1, (0.66, 0.24, 0.30)), (3.7, (0.64, 0.30, 0.30)), (4.3, (0.66, 0.24, 0.30)))
    part.key("hand_l", (3.1, (0.40, 0.12, 0.36)), (3.7, (0.38, 0.18, 0.36)), (4.3, (0.40, 0.12, 0.36)))
    part.both("hand", (5.1, OPEN))
    part.both("elbow", (0, ELBOW_OUT))
    part.both("knee", (0, (0.3, 0, 1)))
    part.key("tail", (0, (70, 10)), (1.5, (40, 24)), (3, (-70, 10)), (4.5, (-40, 24)))
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(6)
    # Beats 0.3 to 3.6: the turn, in six steps.
    part.key("yaw", (0.3, 0), (0.6, 40), (3.3, 330), (3.75, 360))
    for step in range(6):
        side, sign = SIDES[(step + 1) % 2]
        beat = 0.75 + 0.55 * step
        x, z = around(0, 0, 60 * (step + 1), sign * 0.2, 0)
        if step < 4:
            part.key(f"foot_{side}", (beat, foot(x, 0, 0, z), None, 0.45))
        part.key("hip", (beat, (0.09 * sign, 1.02)), (beat + 0.27, (0, 1.07)))
        part.key("lean", (beat, 6 * sign))
        part.key("head", (beat, (0.05 * sign, -0.03, 12 * sign, 4 * (step + 1) / 6)))
    part.key("foot_r", (3.3, foot(STANCE), None, 0.45), (5.2, foot(STANCE)))
    part.key("foot_l", (3.75, foot(-STANCE), None, 0.45), (5.2, foot(-STANCE)))
    part.key("roll", (0.9, 0), (4.4, 0))
    part.both("hand", (0.7, AT_HEART), (3.6, AT_HEART))
    # Beats 3.8 to 5.2: it nods off.
    part.key("hip", (4.1, (0.05, 1.04)), (4.6, (0.10, 0.92)), (5.1, (0.12, 0.88)))
    part.key("lean", (4.1, 0), (5.1, 8))
    part.key("pitch", (3.8, 0), (4.6, 8), (5.1, 12))
    part.key("head", (4.1, (0, 0, 6, 4)), (4.6, (0.06, -0.12, 22, 4)), (4.75, (0.05, -0.09, 18, 4)))
    part.key("head", (5.12, (0.10, -0.20, 32, 4)))
    part.both("hand", (4.4, (0.30, -0.20, 0.34)), (5.1, (0.50, -0.52, 0.20)))
    # Beat 5.3: it wakes with a start.
    part.key("hip", (5.32, (0, 1.20)), (5.6, (-0.10, 1.03)))
    part.key("lean", (5.32, 0))
    part.key("pitch", (5.32, -4), (5.7, 0))
    part.key("head", (5.34, (0, 0.05, -6, 4)), (5.5, (0, 0.03, 4, 4)))
    part.both("hand", (5.32, (0.84, 0.10, 0.1)), (5.5, (0.80, 0.06, 0.1)))
    part.both("foot", (5.32, foot(STANCE, 0.06, 30)), (5.46, foot(STANCE)))
    part.both("elbow", (0, ELBOW_OUT))
    part.both("knee", (0, (0.3, 0, 1)))
    part.key("tail", (1.5, (40, 24)), (3.6, (50, 15)), (5.1, (20, -10)), (5.34, (80, 50)))
    return part


def _sway(part: Part, start: float, side: int) -> None:
    """Add three beats on one foot (1 is the right): the weight settles on it, and rises to go over to the other."""
    stands, touches = ("r", "l") if side > 0 else ("l", "r")
    part.key("hip", (start, (side * 0.18, 0.99)), (start + 0.6, (side * 0.21, 0.97)))
    part.key("hip", (start + 1.3, (side * 0.18, 1.02)), (start + 2.1, (-side * 0.02, 1.12)))
    part.key("lean", (start, side * 9), (start + 0.6, side * 11), (start + 1.3, side * 9), (start + 2.1, 0))
    part.key("roll", (start, side * 10), (start + 0.6, side * 13), (start + 2.1, 0))
    head = (side * 0.10, -0.06, side * 22, 0)
    part.key("head", (start, (side * 0.06, -0.02, side * 14, 0)), (start + 0.45, head))
    part.key("head", (start + 0.9, (side * 0.08, -0.04, side * 17, 0)), (start + 1.35, head))
    part.key("head", (start + 2.1, (0, 0.03, 0, 0)))
    part.key(f"foot_{stands}", (start, foot(side * STANCE)), (start + 1.5, foot(side * STANCE)))
    part.key(f"foot_{stands}", (start + 2.1, foot(side * STANCE, 0, 34)))
    part.key(f"foot_{touches}", (start, foot(-side * STANCE, 0, 30)), (start + 0.6, foot(-side * STANCE, 0, 50)))
    part.key(f"foot_{touches}", (start + 1.4, foot(-side * STANCE, 0, 46)), (start + 2.1, foot(-side * STANCE, 0, 34)))


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.hearts(canvas, mix_colours(PINK, CREAM, 0.5), 4, 9, 0.3)
    architecture.bulbs(canvas, CREAM, 0.02, 0.1, 14, 0.01)
    architecture.bulbs(canvas, GOLD, 0.06, 0.22, 12, 0.01)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Sway to one side and back over a bar while breathing. The head follows late."""
    import numpy as np

    from videos.studio.choreography.pose import Poses

    sway = np.sin(2 * np.pi * b / 3)
    return Poses.of(
        b,
        tx=0.025 * sway,
        rot=2.6 * sway,
        stretch=0.018 * np.sin(4 * np.pi * b / 3),
        bend=0.06 * sway,
        head=6 * np.sin(2 * np.pi * b / 3 - 0.8),
        turn=0.35 * np.sin(2 * np.pi * b / 3 - 0.4),
        nod=0.25 * np.sin(4 * np.pi * b / 3),
        zoom=0.025 * (0.5 - 0.5 * np.cos(2 * np.pi * b / total)),
    )


DANCE = Dance(
    slug="slow_sway",
    name="Slow sway",
    place=15,
    bpm=72,
    metre=3,
    colour="mint",
    line="gentle sway, soft eyes",
    best_photo="any at all",
    camera="slow push-in",
    mood="tender",
    prompt="Slow push-in. The pet sways gently from side to side, breathing softly, eyes warm and relaxed. A "
    "light breeze moves through its fur. The light glows a little warmer. The pet stays centred in frame.",
    any_photo=True,
    palette=Palette((104, 70, 92), (186, 204, 160), (MINT, (190, 200, 250), CREAM), 0.8),
    set=Set(scenery, "calm", ParticleStyle(("heart",), 18, speed=-1, tumble=1, size=0.035), glow=0.4),
    score=Score(
        43,
        "0:M7 5:M7",
        {"kick": "x...........", "brush": "....o...x..."},
        "1.......5...",
        "x...x...x...",
        "rhodes nylon_guitar",
        "0:28:1 1:31:1 2:35:1 3:33:1.5 4.5:31:.5 5:29:1",
        "piano violin",
        "upright_bass finger_bass",
        "celesta",
        pad=0.09,
        levels={"kick": 0.5, "brush": 0.8},
        bass_beats=1.1,
    ),
    outfit="slow_sway",
    hat="wreath",
    hands=Hands(raised="mitten_open"),
    choreography=Choreography(first_part, second_part, highlight=1.4),
    whole_pet=whole_pet,
)
