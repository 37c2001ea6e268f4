"""Slow sway.

Both arms sway overhead as at a slow song, far over one foot and far over the other, while the free foot only touches
the floor with its toes. Then the arms open and close to a hug of its own, the head laid on one shoulder and on the
other. At ten seconds it turns slowly round in the hug and pats its own back, nods off, and wakes with a start.

Its silhouette: arms up and the long slow pendulum; wide elbows, head tilt, one heel up.
"""

from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.camera import CameraPlan
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
SWAY = 1.5  # beats
# The right hand: overhead while the body sways to its side, to the other side, and in between; and opened for the hug.
FAR_UP, NEAR_UP, BOTH_UP, OPEN = (0.94, 0.36, 0.1), (0.64, 0.92, 0.1), (0.78, 0.80, 0.1), (0.96, 0.12, 0.12)
HUG, AROUND = (0.22, -0.20, 0.36), (0.46, -0.10, 0.14)
ELBOW_UP, ELBOW_OUT = (1, -0.5, -0.2), (1, -0.3, 0.1)


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(6)
    for number in range(4):
        _sway(part, number * SWAY, 1 if number % 2 else -1, nestle=1 if number > 1 else 0.2)
    # Beats 0 to 2: the arms sway overhead.
    for beat, side in ((0, -1), (0.5, -1), (1.5, 1), (2, 1)):
        far, near = ("r", "l") if side > 0 else ("l", "r")
        part.key(f"hand_{far}", (beat, (side * FAR_UP[0], *FAR_UP[1:])))
        part.key(f"hand_{near}", (beat, (-side * NEAR_UP[0], *NEAR_UP[1:])))
    part.both("hand", (1, BOTH_UP), (2.5, OPEN), (5.4, OPEN))
    # Beats 3 to 5: the hug, with a squeeze on each side.
    part.both("shrug", (2.6, 0), (3.2, 0.08), (3.8, 0), (4.7, 0.08), (5.2, 0))
    _hug(part, 3, 3.9, 4.9)
    part.both("elbow", (0, ELBOW_UP), (2, ELBOW_UP), (2.6, ELBOW_OUT), (5.3, ELBOW_OUT))
    part.both("knee", (0, (0.3, 0, 1)))
    part.key("tail", (0, (70, 10)), (0.75, (40, 24)), (1.5, (-70, 10)), (3, (70, 10)), (4.5, (-70, 10)))
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
    _hug(part, 0.8, 3.6)
    # From behind, the paws reach round and rub its back, as if they were somebody else's.
    for number in range(5):
        beat, rub = 1.3 + 0.35 * number, 0.10 if number % 2 else -0.10
        part.key("hand_r", (beat, (-AROUND[0], AROUND[1] + rub, AROUND[2])))
        part.key("hand_l", (beat, (AROUND[0], AROUND[1] - rub, AROUND[2])))
    # Beats 3.8 to 5.2: it nods off.
    part.key("hip", (4.1, (0.05, 1.04)), (4.6, (0.10, 0.92)), (5.1, (0.12, 0.88)))
    part.key("lean", (4.1, 0), (5.1, 8))
    part.key("pitch", (3.8, 0), (4.6, 8), (5.1, 12))
    part.key("head", (4.1, (0, 0, 6, 4)), (4.6, (0.06, -0.12, 22, 4)), (4.75, (0.05, -0.09, 18, 4)))
    part.key("head", (5.12, (0.10, -0.20, 32, 4)))
    part.both("hand", (4.2, (0.58, -0.40, 0.20)), (4.6, (0.46, -0.80, 0.10)), (5.1, (0.44, -0.84, 0.10)))
    # Beat 5.3: it wakes with a start.
    part.key("hip", (5.32, (0, 1.20)), (5.6, (-0.10, 1.03)))
    part.key("lean", (5.32, 0))
    part.key("pitch", (5.32, -4), (5.7, 0))
    part.key("head", (5.34, (0, 0.05, -6, 4)), (5.5, (0, 0.03, 4, 4)))
    part.both("hand", (5.32, (0.90, 0.30, 0.1)), (5.5, (0.86, 0.34, 0.1)))
    part.both("elbow", (4, ELBOW_OUT), (4.5, (1, 0, -0.6)), (5.1, (1, 0, -0.6)), (5.4, ELBOW_UP))
    part.both("foot", (5.32, foot(STANCE, 0.06, 30)), (5.46, foot(STANCE)))
    part.both("elbow", (0.7, ELBOW_OUT))
    part.both("knee", (0, (0.3, 0, 1)))
    part.key("tail", (1.5, (40, 24)), (3.6, (50, 15)), (5.1, (20, -10)), (5.34, (80, 50)))
    return part


def _sway(part: Part, beat: float, side: int, nestle: float) -> None:
    """Add a sway to one foot (1 is the right): the weight settles on it, and rises to go over to the other.

    ``nestle`` is how far the head is laid on the shoulder, at most 1.
    """
    stands, touches = ("r", "l") if side > 0 else ("l", "r")
    part.key("hip", (beat, (side * 0.24, 0.98)), (beat + 0.45, (side * 0.27, 0.95)), (beat + 1, (side * 0.02, 1.12)))
    part.key("lean", (beat, side * 12), (beat + 0.45, side * 14), (beat + 1, side * 2))
    part.key("roll", (beat, side * 11), (beat + 0.45, side * 14), (beat + 1, 0))
    to = side * nestle
    part.key("head", (beat, (0.06 * to, -0.02, 14 * to, 0)), (beat + 0.45, (0.10 * to, -0.06, 22 * to, 0)))
    part.key("head", (beat + 1, (0, 0.03, 0, 0)))
    part.key(f"foot_{stands}", (beat, foot(side * STANCE)), (beat + 0.6, foot(side * STANCE)))
    part.key(f"foot_{stands}", (beat + 1.05, foot(side * STANCE, 0, 34)))
    part.key(f"foot_{touches}", (beat, foot(-side * STANCE, 0, 36)), (beat + 0.45, foot(-side * STANCE, 0, 52)))
    part.key(f"foot_{touches}", (beat + 1.05, foot(-side * STANCE, 0, 34)))


def _hug(part: Part, *beats: float) -> None:
    """Add the paws on the opposite sides of the chest, one above the other."""
    for beat in beats:
        part.key("hand_r", (beat, (-HUG[0], HUG[1] + 0.13, HUG[2])))
        part.key("hand_l", (beat, (HUG[0], HUG[1] - 0.13, HUG[2])))


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
    english=English(
        name=mark.gettext("Slow sway"),
        in_sentence=mark.pgettext("in a sentence", "slow sway"),
        line=mark.gettext("gentle sway, soft eyes"),
        best_photo=mark.gettext("any photo"),
    ),
    place=15,
    bpm=72,
    metre=3,
    colour="mint",
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
    choreography=Choreography(first_part, second_part, camera=CameraPlan(push_in=0.08)),
    whole_pet=whole_pet,
)
