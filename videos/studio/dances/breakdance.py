"""Breakdance.

Top rock with kicks; a drop; low on one hand with a leg stretched out, to one side and the other; a cartwheel into a
handstand, which spins once with the legs in a V; a freeze on one hand, in which a hind leg scratches the air; down and
up. Later: one leg sweeps round under the hands, a hover on both hands with the legs to the sides, a jump, and a proud
stance with folded arms.

Its silhouette: hands on the floor, legs in the air, the upside-down freeze.
"""

import math
from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.camera import CameraPlan
from videos.studio.dance.choreography import Choreography, Part, around, foot
from videos.studio.dance.score import Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CORAL, CREAM, MARIGOLD, SKY, WHITE, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


OPEN = (0.78, 0.28, 0.1)
FOLDED = (0.02, -0.12, 0.34)
PALM = 0.12  # the height of a wrist over a hand on the floor
SPIN_X = 0.05  # where the handstand starts to spin, and then:
FREEZE_X = 0.0
SPIN = (5.6, 7.7)
HANDSTAND = 2.02  # the hip's height
TUCKED = 0.24  # how far the head is pulled in upside down, so that the ears clear the floor
V_X = 0.72  # the feet's distance from the middle in the V


def on_floor(x: float, z: float = 0.15, *, cover: bool = False) -> tuple[str, float, float, float]:
    """Return a hand's place on the floor."""
    return ("floor+cover" if cover else "floor", x, PALM, z)


def high_foot(x: float, z: float = 0) -> tuple[float, ...]:
    """Return a foot's place in the handstand, its toes pointed up."""
    return foot(x, 3.10, 262, z, 60)


def spun(b: float) -> float:
    """Return how much of the spin is done at ``b``, from 0 to 1."""
    share = min(max((b - SPIN[0]) / (SPIN[1] - SPIN[0]), 0), 1)
    return 0.5 * share + 0.5 * share * share * (3 - 2 * share)


def top_rock(part: Part) -> None:
    """Add beats 0 to 2: a kick to the right and one to the left, with crossed steps between."""
    for b, side in ((0, 1), (1, -1)):
        kicking, standing = ("r", "l") if side > 0 else ("l", "r")
        part.key("hip", (b, (-0.13 * side, 0.98)), (b + 0.5, (0, 0.92)))
        part.key("lean", (b, -12 * side), (b + 0.5, 4 * side))
        part.key("head", (b, (0, 0.02, -8 * side, 0.3 * side)), (b + 0.5, (0, -0.03, 6 * side, 0)))
        part.key(f"foot_{kicking}", (b, foot(0.88 * side, 0.44, -15)), (b + 0.14, foot(0.86 * side, 0.40, -15)))
        part.key(f"foot_{kicking}", (b + 0.45, foot(0.12 * side, 0, 0, 0.16)), (b + 0.6, foot(0.12 * side, 0, 0, 0.16)))
        part.key(f"foot_{standing}", (b, foot(-0.26 * side)), (b + 0.3, foot(-0.26 * side)))
    part.both("hand", (0, OPEN), (0.15, OPEN), (0.5, FOLDED), (1, OPEN), (1.15, OPEN), (1.5, (0.86, -0.36, 0.2)))
    part.both("elbow", (0, (0.6, -1, -0.2)), (0.5, (1, 0.2, 0)), (1, (0.6, -1, -0.2)), (2, (1, -0.2, -0.2)))


def squat(part: Part, b: float, until: float) -> None:
    """Crouch with both hands on the floor, outside the feet."""
    part.key("hip", (b, (0, 0.54)), (until, (0, 0.56)))
    part.key("lean", (b, 0), (until, 0))
    part.key("pitch", (b, 34), (until, 34))
    part.both("hand", (b, on_floor(0.58, 0.30)), (until, on_floor(0.58, 0.30)))
    part.both("foot", (b, foot(0.24, 0, 30, 0, 30)), (until, foot(0.24, 0, 30, 0, 30)))
    part.both("knee", (b, (0.6, 0.3, 0.8)), (until, (0.6, 0.3, 0.8)))
    part.key("head", (b, (0, 0, 0, 0)), (until, (0, 0.02, 0, 0)))


def low_kick(part: Part, b: float, until: float, side: int) -> None:
    """Lean on one hand, and stretch the leg of the other ``side`` out."""
    out, under = ("r", "l") if side > 0 else ("l", "r")
    part.key("hip", (b, (0.25 * side, 0.54)), (until, (0.27 * side, 0.57)))
    part.key("lean", (b, -36 * side), (until, -40 * side))
    part.key("pitch", (b, 0), (until, 0))
    part.key(f"hand_{under}", (b, on_floor(-0.42 * side)), (until, on_floor(-0.42 * side)))
    part.key(f"hand_{out}", (b, (0.62 * side, 0.62, 0)), (until, (0.50 * side, 0.74, 0)))
    part.key(f"foot_{out}", (b, foot(1.06 * side, 0.02, -40, 0.2)), (until, foot(1.08 * side, 0.18, -30, 0.2)))
    part.key(f"foot_{under}", (b, foot(0.06 * side, 0, 35, 0.1)), (until, foot(0.06 * side, 0, 35, 0.1)))
    part.key(f"knee_{under}", (b, (-0.8 * side, 0.3, 0.7)), (until, (-0.8 * side, 0.3, 0.7)))
    part.key(f"knee_{out}", (b, (0.5 * side, 0.8, 0.5)), (until, (0.5 * side, 0.8, 0.5)))
    part.key("head", (b, (0, 0.04, 14 * side, 0)), (until, (0, 0.06, 18 * side, 0)))


def spin(part: Part) -> None:
    """Add beats 5 to 8: the handstand, legs in a V, and its whole turn."""
    moments = [SPIN[0] + number * (SPIN[1] - SPIN[0]) / 20 for number in range(21)]
    part.key("yaw", *[(b, 360 * spun(b), "linear") for b in moments])
    part.key("head", (5.1, (0, TUCKED, 0, 0)), (6.0, (0, TUCKED, 0, 0.3)), (7.3, (0, TUCKED, 0, 3.7)))
    part.key("head", (7.7, (0, TUCKED, 0, 4)), (9.0, (0, TUCKED, 0, 4)))
    for b in moments:
        middle = SPIN_X + (FREEZE_X + 0.08 - SPIN_X) * spun(b)
        part.key("hip", (b, (middle, HANDSTAND), "linear"))
        # Side-on, one leg bends, so that they do not lie behind each other.
        bent = math.sin(math.radians(360 * spun(b))) ** 2
        x, z = around(middle, 0, -360 * spun(b), -V_X, 0)
        part.key("foot_r", (b, high_foot(x, z), "linear"))
        x, z = around(middle, 0, -360 * spun(b), V_X * (1 - 0.5 * bent), -0.50 * bent)
        part.key("foot_l", (b, foot(x, 3.10 - 0.55 * bent, 262, z, 60), "linear"))
    for name, right in (("r", 0.66), ("l", -0.66)):
        part.key(f"hand_{name}", (5.4, ("body+cover", right, 1.26, 0.05)), (7.75, ("body+cover", right, 1.26, 0.05)))


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    part.key("yaw", (0, 0))
    part.both("knee", (0, (0.5, 0, 1)), (1.6, (0.5, 0, 1)))
    top_rock(part)
    # Beats 2 to 4: the drop, and low on one hand to either side.
    squat(part, 2, 2.1)
    low_kick(part, 2.5, 2.85, 1)
    squat(part, 3.15, 3.2)
    low_kick(part, 3.6, 3.9, -1)
    # Beats 4 to 5: a cartwheel over the right hand, with the legs tucked.
    part.key("hip", (4.25, (-0.76, 0.84)), (4.6, (-0.72, 1.36)), (5.1, (SPIN_X, HANDSTAND)))
    part.key("lean", (4.25, 58), (4.6, 112), (5.1, 180), (7.75, 180))
    part.key("hand_r", (4.25, ("floor+cover", 0.06, 0.30, 0.2)), (4.55, on_floor(-0.32, cover=True)))
    part.key("hand_r", (5.1, on_floor(SPIN_X - 0.60, 0.05, cover=True)))
    part.key("hand_l", (4.25, ("body+cover", -0.46, 1.06, -0.2)), (5.1, ("body+cover", -0.66, 1.26, 0.05)))
    part.key("foot_l", (4.25, foot(-1.00, 0.66, 30)), (4.6, foot(-0.86, 1.72, 110)), (5.15, high_foot(SPIN_X + V_X)))
    part.key("foot_r", (4.25, foot(-0.76, 0.26, 60)), (4.6, foot(-1.02, 1.36, 110)), (5.15, high_foot(SPIN_X - V_X)))
    part.both("knee", (4.3, (0.4, 0.4, 1)), (5.0, (0.6, 0.1, 0.4)), (7.7, (0.6, 0.1, 0.4)))
    part.key("head", (4.3, (0, 0.08, 0, 0)), (4.6, (0, 0.16, 0, 0)))
    spin(part)
    # Beats 8 and 9: the freeze on one hand. A hind leg kicks as if the belly were scratched.
    part.key("hip", (8.05, (FREEZE_X, 1.98)), (9.0, (FREEZE_X, 1.98)))
    part.key("lean", (8.05, 160), (9.0, 162))
    part.key("hand_r", (8.0, on_floor(FREEZE_X, 0.05, cover=True)), (9.4, on_floor(FREEZE_X, 0.05, cover=True)))
    part.key("hand_l", (8.1, ("floor+cover", 1.08, 1.52, 0.1)), (8.5, ("floor+cover", 1.04, 1.70, 0.1)))
    part.key("hand_l", (9.0, ("floor+cover", 1.08, 1.52, 0.1)))
    part.key("elbow_l", (7.75, (-1, -0.2, -0.2)), (8.0, (-0.4, 1, -0.2)), (9.0, (-0.4, 1, -0.2)))
    part.key("elbow_l", (9.3, (-1, -0.2, -0.2)))
    part.key("foot_r", (8.05, foot(-0.74, 2.98, 250, 0, 60)), (9.0, foot(-0.74, 2.98, 250, 0, 60)))
    for number in range(5):
        x, height = (0.66, 2.72) if number % 2 else (0.32, 2.98)
        part.key("foot_l", (8.1 + 0.2 * number, foot(x, height, 250, 0.1, 60)))
    part.key("knee_l", (8.05, (1, 0.2, 0.2)), (9.0, (1, 0.2, 0.2)), (9.3, (-0.2, 0.4, 1)))
    part.key("knee_r", (9.0, (0.6, 0.1, 0.4)), (9.3, (0.5, 0.4, 1)), (9.7, (0.5, 0, 1)))
    # Beats 9 to 10: down to the left, and up.
    part.key("hip", (9.3, (-0.84, 1.16)), (9.55, (-0.60, 0.78)), (9.75, (-0.40, 0.86)))
    part.key("lean", (9.3, 92), (9.55, 42), (9.75, 12))
    part.key("head", (9.3, (0, 0.12, 0, 4)), (9.6, (0, 0.04, 0, 4)))
    part.key("foot_l", (9.15, foot(-0.86, 1.70, 140, 0.1)), (9.3, foot(-1.12, 0.76, 50, 0.1)))
    part.key("foot_l", (9.52, foot(-0.80, 0, 20, 0.1)), (9.68, foot(-0.80, 0, 0, 0.1)))
    part.key("foot_r", (9.15, foot(-1.04, 1.90, 160)), (9.3, foot(-1.00, 0.90, 70)))
    part.key("foot_r", (9.56, foot(-0.34, 0, 30)), (9.75, foot(-0.34, 0, 30)))
    part.key("hand_r", (9.55, on_floor(FREEZE_X)), (9.8, (0.7, -0.2, 0.2)))
    part.key("hand_l", (9.3, ("floor+cover", -0.1, 1.62, 0.1)), (9.55, (-0.7, 0.3, 0.1)), (9.8, (-0.8, 0, 0.1)))
    part.key("pitch", (0, 0), (1.6, 4), (4.2, 0), (9.4, 0))
    for b in (0, 1, 2.2, 3.2, 4.2):
        part.key("tail", (b, (55, 10)), (b + 0.5, (-55, 10)))
    part.key("tail", (5.2, (30, 20)), (6.4, (-30, 20)), (7.6, (30, 20)))
    for number in range(8):
        part.key("tail", (8.1 + 0.13 * number, (70 if number % 2 else 20, 10)))
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    # Beat 1: the drop.
    part.key("foot_r", (0.14, foot(0.86, 0.40, -15)), (0.5, foot(0.24)))
    part.key("foot_l", (0.5, foot(-0.26)))
    part.both("hand", (0.15, OPEN), (0.6, (0.7, 0.5, 0.2)))
    squat(part, 1, 1.2)
    part.both("elbow", (0.6, (1, -0.2, -0.2)), (7.0, (1, -0.2, -0.2)), (7.9, (1, 0.1, 0.1)), (9.2, (1, 0.1, 0.1)))
    # Beats 1.5 to 4.5: the right leg sweeps round twice, under the hands, and the left one hops over it.
    for number in range(25):
        b, angle = 1.5 + number / 8, 2 * math.pi * number / 12
        part.key("hip", (b, (0.08 * math.cos(angle), 0.60 + 0.04 * math.sin(angle)), "linear"))
        part.key("foot_r", (b, foot(0.10 + 0.98 * math.cos(angle), 0.04, 0, 0.80 * math.sin(angle), 10), "linear"))
        part.key("lean", (b, -18 * math.cos(angle)))
    for b in (1.5, 3.0):
        under, lifted = on_floor(0.50, 0.40), ("floor", 0.62, 0.46, 0.40)
        part.both("hand", (b, under), (b + 0.15, under), (b + 0.38, lifted), (b + 0.6, under))
        part.key("foot_l", (b, foot(-0.16, 0, 35)), (b + 0.52, foot(-0.16, 0, 35)), (b + 0.78, foot(-0.16, 0.12, 45)))
        part.key("foot_l", (b + 1.0, foot(-0.16, 0, 35)))
    part.key("pitch", (1.5, 30), (4.5, 34), (5, 52), (6.3, 52))
    part.key("head", (1.5, (0, 0.02, -8, 0)), (2.25, (0, 0, 8, 0)), (3, (0, 0.02, -8, 0)), (3.75, (0, 0, 8, 0)))
    # Beats 5 and 6: a hover on both hands, the legs to the sides.
    hovering = on_floor(0.50, 0.50)
    part.both("hand", (4.6, hovering), (6.4, hovering))
    part.key("hip", (4.75, (0, 0.56)), (5, (0, 0.70)), (5.25, (0, 0.62)), (5.75, (0, 0.70)), (6.25, (0, 0.62)))
    part.key("lean", (5, 0), (5.4, 5), (5.9, -5), (6.3, 0))
    part.both("foot", (4.72, foot(0.34, 0, 30)), (5.05, foot(1.15, 0.96, 30, 0.1, 60)))
    part.both("foot", (5.3, foot(1.16, 0.78, 30, 0.1, 60)), (5.75, foot(1.15, 0.96, 30, 0.1, 60)))
    part.both("foot", (6.2, foot(1.16, 0.82, 30, 0.1, 60)), (6.55, foot(0.30, 0, 30)))
    part.both("knee", (1.5, (0.6, 0.5, 0.6)), (6.3, (0.6, 0.5, 0.6)), (6.6, (1, 0.3, 0.5)))
    part.key("head", (5, (0, 0.06, 0, 0)), (5.4, (0, 0.06, -14, 0)), (5.9, (0, 0.06, 14, 0)), (6.4, (0, 0, 0, 0)))
    # Beat 7: a jump.
    part.key("hip", (6.6, (0, 0.58)), (7.05, (0, 1.55)), (7.4, (0, 0.94)), (7.8, (0.06, 1.06)), (9.3, (0.04, 1.05)))
    part.key("pitch", (6.6, 26), (7, 0), (7.5, 8), (7.9, -4), (9.3, -4))
    part.both("foot", (6.72, foot(0.30, 0, 50)), (7.05, foot(0.76, 0.50, 70, 0.1, 60)), (7.35, foot(0.34, 0, 0)))
    part.both("hand", (6.65, (0.7, -0.3, 0.3)), (7.05, (0.96, 0.76, 0.1)), (7.4, (0.9, 0, 0.2)))
    part.both("knee", (7.05, (1, 0.2, 0.5)), (7.5, (0.5, 0, 1)))
    part.key("head", (7.05, (0, 0.04, 0, 0)), (7.4, (0, -0.05, 0, 0)))
    # Beats 8 and 9: a proud stance with folded arms, nodding.
    part.key("foot_r", (7.6, foot(0.34)), (7.9, foot(0.52, 0, -22)), (9.3, foot(0.52, 0, -22)))
    part.key("foot_l", (9.7, foot(-0.34)))
    part.key("lean", (7.4, 0), (7.9, -11), (9.3, -11))
    part.key("hand_r", (7.9, FOLDED), (9.3, FOLDED))
    part.key("hand_l", (7.9, (-0.02, 0.02, 0.40)), (9.3, (-0.02, 0.02, 0.40)))
    for b in (8, 8.5, 9):
        part.key("head", (b, (-0.03, 0.03, -12, 0.45)), (b + 0.2, (0, -0.05, -2, 0.45)))
    for number in range(10):
        part.key("tail", (number + 0.2, (60 if number % 2 else -60, 10)))
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import scenery

    scenery.dots(canvas, (96, 46, 20), 0.5)
    scenery.burst(canvas, 0.5, 0.5, 0.56, MARIGOLD, 11, 0.85)
    scenery.burst(canvas, 0.5, 0.5, 0.46, mix_colours(MARIGOLD, WHITE, 0.55), 11, 0.85)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Drop low and rock, float once head over heels, and freeze in a lean."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import arc, bump, pulse, steps

    rock = steps(b, total, [1, -1])
    # The turn is slow enough that no part of the frame flashes more than three times a second.
    through = np.clip((b - (total - 9.1)) / 6.7, 0, 1) if total > 4 else np.zeros_like(b)
    whirl = np.where(through < 1, 0.5 - 0.5 * np.cos(np.pi * through), 0)
    freeze = bump(b, total, total - 2.4, 2.4) if total > 4 else np.zeros_like(b)
    low = 1 - freeze
    # Other movements stop in the air, or the picture would flicker.
    ground = 1 - np.minimum(1, 4 * bump(b, total, total - 9.4, 7.3)) if total > 4 else np.ones_like(b)
    rock = rock * ground
    return Poses.of(
        b,
        tx=0.08 * steps(b, total, [1, 1, -1, -1]) * low * ground,
        ty=0.24 * np.tanh(3 * np.abs(np.sin(np.pi * whirl))) + 0.02 * arc(b) * low * ground,
        whirl=whirl,
        rot=10 * rock * low + 14 * freeze,
        stretch=-0.16 * low * (0.6 + 0.4 * pulse(b) * ground) + 0.06 * freeze,
        bend=0.10 * rock * low,
        hip=0.06 * -rock * low,
        head=-12 * freeze,
        turn=0.6 * rock * low,
    )


DANCE = Dance(
    slug="breakdance",
    english=English(
        name=mark.gettext("Breakdance"),
        in_sentence=mark.pgettext("in a sentence", "breakdance"),
        line=mark.gettext("drops low, one spin, freeze"),
        best_photo=mark.gettext("standing, with space around"),
    ),
    place=6,
    bpm=120,
    metre=4,
    colour="sky",
    camera="low angle, locked",
    mood="wild",
    prompt="Low angle, locked camera. The pet drops low, spins once on the spot, kicks its legs out in quick "
    "steps and lands in a still, proud pose. The whole body stays centred in frame.",
    palette=Palette((86, 46, 22), (240, 170, 70), (SKY, MARIGOLD, CORAL), 0.72),
    set=Set(scenery, "sweep", ParticleStyle(("spark",), 20, size=0.03), Beams((SKY, CREAM), 20, 2, 0.25)),
    score=Score(
        38,
        "0:m7",
        {
            "kick": "x..x..x...x.....",
            "snare": "....x..o.o..x..o",
            "hat": "x.x.x.x.x.x.x.x.",
            "cowbell": "x...x...x.x.x...",
        },
        "1..1..8.7.5.1...",
        "x..x......x.....",
        "brass organ",
        "0:24:.25 .5:24:.25 1.5:27:.25 3.5:31:.25 4:29:.5 6:27:.25 7:24:.5 8.5:34:.25 9:36:.4",
        "brass trumpet",
        "slap_bass finger_bass",
        "marimba",
        fill="snare tom",
        steps=("step", "stomp"),
    ),
    outfit="breakdance",
    hat="bandana",
    hands=Hands(low="mitten_open", raised="mitten_open"),
    choreography=Choreography(
        first_part, second_part, overlap=0.4, arms=1.2, highlight=5, camera=CameraPlan(kicks=(2, 8))
    ),
    whole_pet=whole_pet,
)
