"""Disco.

Point up and out with the hips thrown the other way, point down across the body with the other arm thrown back; twice to
each side, then roll the fists before the chest with swinging hips. Later: both arms in a diagonal that tips over from
side to side, a spin under a raised paw, a drop into a low pose, and three bumps of the hip.

Its silhouette: the straight diagonal from hand to opposite foot, the other elbow pointed.
"""

import math
from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.camera import CameraPlan
from videos.studio.dance.choreography import Choreography, Part, foot, mirrored
from videos.studio.dance.score import BACKBEAT, FOUR, ONCE, Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CORAL, CREAM, MARIGOLD, PINK, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


POINT_UP = (1.10, 0.92, 0.1)  # beside the wide hair, not behind it
POINT_DOWN = (-0.56, -0.70, 0.36)
PUMP_UP, PUMP_DOWN = (1.02, 0.76, 0.1), (-0.46, -0.60, 0.34)  # the hand gives a little between
PASSING = (0.66, -0.22, 0.46)  # between them, below the face
ON_HIP = (0.62, -0.46, 0.0)  # The wrist is aside of the belt: the paw goes further in.
THROWN_BACK = (0.98, 0.10, -0.1)  # the other hand while this one points down across the body
FIST = (0.38, -0.12, 0.42)  # the middle of its circle, above the belt
DIAGONAL_UP, DIAGONAL_DOWN = (1.04, 0.92, 0.1), (0.84, -0.36, 0.1)  # both arms in one line
ELBOW_OUT = (1, 0.45, -0.2)
ELBOW_DOWN = (0.6, -0.6, 0)
WIDE = 0.42  # the feet's distance from the middle


def point(part: Part, start: float, side: int) -> None:
    """Add four beats of pointing up, down, up and down; ``side`` is 1 for the right hand and -1 for the left."""
    here, there = ("r", "l") if side > 0 else ("l", "r")

    def placed(value: tuple[float, ...]) -> tuple[float, ...]:
        return value if side > 0 else mirrored("hand_r", value)

    def other(value: tuple[float, ...]) -> tuple[float, ...]:
        return mirrored("hand_r", value) if side > 0 else value

    part.key(f"elbow_{there}", (start, other(ELBOW_OUT), "smooth", 0.4), (start + 3.5, other(ELBOW_OUT)))
    part.key(f"elbow_{here}", (start, placed(ELBOW_DOWN), "smooth", 0.4), (start + 3.5, placed(ELBOW_DOWN)))
    for b in (start, start + 2):
        part.key(
            f"hand_{there}",
            (b, other(ON_HIP), "smooth", 0.42),
            (b + 0.56, other(ON_HIP)),
            (b + 1, other(THROWN_BACK), "smooth", 0.42),
            (b + 1.56, other(THROWN_BACK)),
        )
        part.key(
            f"hand_{here}",
            (b, placed(POINT_UP), "smooth", 0.42),
            (b + 0.28, placed(PUMP_UP)),
            (b + 0.56, placed(POINT_UP)),
            (b + 0.80, placed(PASSING), "smooth", 0.22),
            (b + 1, placed(POINT_DOWN)),
            (b + 1.28, placed(PUMP_DOWN)),
            (b + 1.56, placed(POINT_DOWN)),
            (b + 1.80, placed(PASSING), "smooth", 0.22),
        )
        part.key(
            "hip",
            (b, (-0.40 * side, 1.0), "smooth", 0.45),
            (b + 0.5, (-0.34 * side, 1.05)),
            (b + 1, (0.22 * side, 0.92), "smooth", 0.45),
            (b + 1.5, (0.18 * side, 0.98)),
        )
        for channel, up, down in (("roll", -16, 14), ("lean", 13, -15), ("twist", 12, -28)):
            part.key(channel, (b, up * side, "smooth", 0.45), (b + 0.55, up * side))
            part.key(channel, (b + 1, down * side, "smooth", 0.45), (b + 1.55, down * side))
        part.key(
            "head",
            (b, (-0.10 * side, 0.02, 6 * side, 0.45 * side), "smooth", 0.4),
            (b + 0.5, (-0.10 * side, 0, 2 * side, 0.45 * side)),
            (b + 1, (-0.06 * side, -0.03, -12 * side, -0.4 * side), "smooth", 0.4),
            (b + 1.5, (-0.06 * side, 0, -8 * side, -0.4 * side)),
        )
        # The foot under the raised hand stands on its ball while the hand points up, the other one later.
        for name, place, raised in ((here, WIDE * side, b), (there, -WIDE * side, b + 1)):
            part.key(f"foot_{name}", (raised, foot(place, 0, 34), None, 0.35), (raised + 0.6, foot(place, 0, 34)))
            lowered = 2 * b + 1 - raised
            part.key(f"foot_{name}", (lowered, foot(place), None, 0.35), (lowered + 0.6, foot(place)))


def roll_fists(part: Part, start: float, beats: float, turns: int) -> None:
    """Let the fists circle before the chest over ``beats`` beats, each on its own side: one is up while one is down."""
    for quarter in range(4 * turns + 1):
        b, angle = start + quarter * beats / (4 * turns), quarter * math.pi / 2
        aside, up, ahead = 0.13 * math.sin(angle), 0.17 * math.cos(angle), 0.10 * math.sin(angle)
        part.key("hand_r", (b, (FIST[0] + aside, FIST[1] + up, FIST[2] + ahead), "linear"))
        part.key("hand_l", (b, (-FIST[0] - aside, FIST[1] - up, FIST[2] - ahead), "linear"))


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    # Beats 0 to 7: points to the right, then to the left.
    point(part, 0, 1)
    point(part, 4, -1)
    part.both("knee", (0, (0.5, 0, 1)), (7.5, (0.5, 0, 1)), (8, (0.3, 0, 1)), (9.5, (0.3, 0, 1)))
    # Beats 8 and 9: the fists roll, and the hips swing.
    part.key("yaw", (0, 0), (7.55, 0), (8, 14), (8.5, -14), (9, 14), (9.45, -14), (9.9, 0))
    roll_fists(part, 8, 1.5, 2)
    part.key("elbow_r", (8, (1, 0.1, -0.2)), (9.4, (1, 0.1, -0.2)))
    part.key("elbow_l", (8, (-1, 0.1, -0.2)), (9.4, (-1, 0.1, -0.2)))
    for b, low in ((8, 0.94), (8.25, 1.04), (8.5, 0.92), (8.75, 1.04), (9, 0.90), (9.25, 1.04), (9.5, 0.94)):
        part.key("hip", (b, (0.14 * math.cos(2 * math.pi * (b - 8)), low)))
    part.key("pitch", (0, 0), (7.5, 0), (8, 12), (9.4, 14), (9.85, 0))
    for channel in ("roll", "lean", "twist"):
        part.key(channel, (8, 0), (9.4, 0))
    part.key("head", (8, (0.05, 0, -4, 0.35)), (8.5, (0.05, 0.02, 8, 0.35)), (9, (0.05, 0, -4, 0.35)))
    part.key("head", (9.4, (0.05, 0.02, 8, 0.35)))
    part.key("foot_r", (8, foot(0.34, 0, 0, 0, 10)), (9.5, foot(0.34, 0, 0, 0, 10)))
    part.key("foot_l", (8, foot(-WIDE, 0, 8, 0, 10)), (9.5, foot(-WIDE, 0, 8, 0, 10)))
    for b in range(8):
        side = 1 if b < 4 else -1
        part.key("tail", (b, (80 * side, 5)), (b + 0.5, (62 * side, 15)))
    part.key("tail", (8, (25, 5)), (8.5, (-25, 20)), (9, (25, 5)), (9.5, (-25, 20)))
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    # Beats 1 to 4: both arms in one diagonal, which tips over against the hips.
    for b in (1, 2, 3, 4):
        side = 1 if b % 2 == 0 else -1
        part.key("hip", (b, (-0.28 * side, 0.98), "smooth", 0.6), (b + 0.4, (-0.26 * side, 1.04)))
        for channel, degrees in (("roll", -16), ("lean", 14)):
            part.key(channel, (b, degrees * side, "smooth", 0.6), (b + 0.35, degrees * side))
        part.key("head", (b, (-0.08 * side, 0, 8 * side, 0.35 * side), "smooth", 0.6))
        right, left = (DIAGONAL_UP, DIAGONAL_DOWN) if side > 0 else (DIAGONAL_DOWN, DIAGONAL_UP)
        part.key("hand_r", (b, right, "smooth", 0.7), (b + 0.3, right))
        left = mirrored("hand_r", left)
        part.key("hand_l", (b, left, "smooth", 0.7), (b + 0.3, left))
        part.key("tail", (b, (-80 * side, 8)))
        for name, place in (("r", WIDE), ("l", -WIDE)):
            pitch = 34 if (place > 0) == (side > 0) else 0
            part.key(f"foot_{name}", (b, foot(place, 0, pitch), None, 0.45), (b + 0.4, foot(place, 0, pitch)))
    part.both("elbow", (0.5, (0.8, -0.3, -0.3)), (4.5, (0.8, -0.3, -0.3)))
    # Beats 5 to 7: gather, and spin once under the raised right hand.
    part.key("foot_r", (4.9, foot(0.14)), (5.2, foot(0.14)), (5.5, foot(0.14, 0, 40)), (6.9, foot(0.14, 0, 40)))
    part.key("foot_l", (5.3, foot(-0.12)), (5.5, foot(-0.12, 0, 40)), (6.9, foot(-0.12, 0, 40)))
    part.key("hip", (5.15, (0, 0.88)), (5.6, (0, 1.2)), (6.6, (0, 1.2)))
    part.key("yaw", (5.1, 0), (5.3, -18), (6.85, 360), (8, 360))
    part.key("head", (5.3, (0, 0, 0, 0)), (5.75, (0, 0, 0, 0.2)), (6.5, (0, 0, 0, 3.9)), (6.85, (0, 0, 0, 4)))
    part.key("roll", (5.1, 0), (6.8, 0))
    part.key("lean", (5.1, 0), (6.8, 0))
    part.key("twist", (1, 0))
    part.key("hand_r", (5.1, (0.84, -0.1, 0.2)), (5.6, (0.92, 1.0, 0)), (6.75, (0.92, 1.0, 0)))
    part.key("hand_l", (5.1, (-0.5, -0.3, 0.3)), (5.6, mirrored("hand_r", ON_HIP)), (8.3, mirrored("hand_r", ON_HIP)))
    part.key("elbow_l", (5.6, mirrored("elbow_r", ELBOW_OUT)), (9, (-0.5, -0.8, -0.4)), (9.6, (-0.4, 0.2, -1)))
    # Beats 7 and 8: drop into a low pose with one leg stretched, and hold.
    part.key("hip", (7.1, (-0.22, 0.70)), (8, (-0.22, 0.74)))
    part.key(
        "foot_l",
        (7.1, foot(-0.46, 0, 0, 0, 55)),
        (8.1, foot(-0.46, 0, 0, 0, 55)),
        (8.6, foot(-WIDE)),
        (9.9, foot(-WIDE)),
    )
    part.key("foot_r", (7.1, foot(0.74)), (8.1, foot(0.74)), (8.7, foot(WIDE)))
    part.both("knee", (0.5, (0.5, 0, 1)), (6.7, (0.4, 0, 1)), (7.1, (1, 0.1, 0.5)), (8, (1, 0.1, 0.5)))
    part.both("knee", (8.5, (0.5, 0, 1)))
    part.key("lean", (7.15, 16), (8, 16))
    part.key("head", (7.2, (-0.10, 0, 6, 4.4), "smooth", 0.3), (8, (-0.10, 0, 6, 4.4)), (8.5, (0, 0, -8, 4)))
    part.key("hand_r", (7.15, POINT_UP), (8.1, POINT_UP), (8.5, (0.88, 0.66, 0.1)))
    part.key(
        "hand_l",
        (8.3, (-0.92, -0.1, 0.1)),
        (8.5, (-0.92, 0.36, 0.1)),
        (9, (-0.88, 0.66, 0.1)),
        (9.35, (-0.92, 0.36, 0.1)),
    )
    # Beats 8.5 to 9.5: three bumps of the hip.
    part.key("yaw", (8.3, 360), (9.6, 360))
    for beat, side in ((8.5, 1), (9, -1), (9.35, 1)):
        part.key("hip", (beat, (0.32 * side, 0.96)))
        part.key("roll", (beat, 20 * side))
        part.key("lean", (beat, -10 * side))
        part.key("tail", (beat, (80 * side, 8)))
    part.key("head", (9, (0, 0, 10, 4)), (9.35, (0, 0, -8, 4)))
    part.key("hand_r", (9, (0.92, 0.36, 0.1)), (9.35, (0.88, 0.66, 0.1)))
    part.key("tail", (5.2, (40, 20)), (6.8, (-40, 20)), (7.3, (-80, 8)), (8, (-70, 15)))
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
    english=English(
        name=mark.gettext("Disco"),
        in_sentence=mark.pgettext("in a sentence", "disco"),
        line=mark.gettext("paw points, bouncing hips, sweeping lights"),
        best_photo=mark.gettext("full body"),
    ),
    place=7,
    bpm=120,
    metre=4,
    colour="coral",
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
    hands=Hands(raised="mitten_point"),
    choreography=Choreography(
        first_part, second_part, overlap=0.2, arms=1.15, highlight=2, camera=CameraPlan(kicks=(0, 2, 4, 6))
    ),
    whole_pet=whole_pet,
)
