"""Conga.

The line without the others: profile, both hands on the hips of an invisible one in front, one-two-three-KICK forwards
across the frame with high knees; a star jump about; the same back. At ten seconds it dances to the viewer, arms waving
overhead: one-two-three and a kick to the side, both ways, and shakes its rump on the way back into the line.

Its silhouette: profile march with arms held out low in front, every fourth step a kick.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance, Hands
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import FOUR, Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import MARIGOLD, MINT, PINK, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

START = -0.72  # The x of the hip at beat 0.
STEP = 0.38  # A step carries the body so far.
AHEAD = 0.42  # The ball of a foot that lands is so far ahead of the hip.
FACING = 76  # The yaw while it marches to the right.
NEAR, FAR = 0.12, -0.12  # The depth of the left and right foot while it marches to the right.
ON_WAIST, ON_WAIST_UP = (0.17, -0.34, 0.76), (0.17, -0.24, 0.80)
STAR = (0.84, 0.40, 0.1)


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    # Beats 0 to 2: three steps.
    left, right = START + AHEAD, START + STEP + AHEAD
    part.key("foot_l", (0, foot(left, 0, 0, NEAR, 5)), (1.1, foot(left, 0, 0, NEAR, 5)))
    part.key("foot_l", (1.35, foot(left, 0, 40, NEAR, 5)), (2, foot(left + 2 * STEP, 0, 0, NEAR, 5)))
    part.key("foot_r", (0.1, foot(right - 2 * STEP, 0, 0, FAR, 5)), (0.35, foot(right - 2 * STEP, 0, 40, FAR, 5)))
    part.key("foot_r", (1, foot(right, 0, 0, FAR, 5)), (2.3, foot(right, 0, 0, FAR, 5)))
    for beat, side, depth in ((0.66, "r", FAR), (1.66, "l", NEAR)):
        part.key(f"foot_{side}", (beat, foot(START + beat * STEP + 0.38, 0.40, 20, depth, 5)))
    stand = START + 2 * STEP
    for number in range(3):
        x = START + number * STEP
        part.key("hip", (number, (x, 0.95)), (number + 0.5, (x + STEP / 2, 1.08)))
        part.key("roll", (number, 12 if number % 2 else -12))
        part.key("head", (number, (0.02, -0.02, 8, 0.7)), (number + 0.5, (-0.02, 0.02, -8, 0.7)))
        part.both("hand", (number, ON_WAIST), (number + 0.5, ON_WAIST_UP))
    # Beat 3: the kick.
    part.key("foot_r", (2.5, foot(right, 0, 50, FAR, 5)))
    part.key("foot_r", (3, foot(stand + 1.00, 0.72, -14, FAR, 5)), (3.3, foot(stand + 0.98, 0.68, -14, FAR, 5)))
    part.key("foot_l", (2.7, foot(left + 2 * STEP, 0, 0, NEAR, 5)), (3, foot(left + 2 * STEP, 0, 24, NEAR, 5)))
    part.key("foot_l", (3.3, foot(left + 2 * STEP, 0, 20, NEAR, 5)), (3.65, foot(left + 2 * STEP, 0, 0, NEAR, 5)))
    part.key("hip", (2.5, (stand, 1.02)), (3, (stand - 0.13, 1.12)), (3.3, (stand - 0.12, 1.09)))
    part.key("hip", (3.62, (stand + 0.14, 0.88)))
    part.key("pitch", (0, 12), (2.4, 12), (3, -18), (3.3, -14), (3.65, 14), (3.95, 0), (4.3, 16), (4.7, 8))
    part.key("head", (3, (-0.05, 0, -16, 0.5)), (3.3, (-0.05, 0, -14, 0.4)), (3.95, (0, 0.04, 0, 0)))
    part.key("head", (4.3, (0, -0.03, 0, -0.6)), (4.7, (0, 0.02, 6, -0.7)))
    part.both("hand", (3, (0.17, -0.10, 0.82)), (3.3, (0.17, -0.12, 0.82)), (3.62, (0.36, -0.44, 0.50)))
    # Beat 4: the star jump about.
    jump = stand + 0.26
    part.key("yaw", (0, FACING), (3.6, FACING), (3.86, 0), (4, 0), (4.26, -FACING), (5, -FACING))
    part.key("foot_r", (3.66, foot(stand + 0.62, 0, 10, 0, 15)), (3.92, foot(jump + 0.46, 0.34, 40, 0, 25)))
    part.key("foot_l", (3.92, foot(jump - 0.46, 0.34, 40, 0, 25)))
    part.key("foot_r", (4.24, foot(-START - AHEAD + 0.20, 0, 0, NEAR, 5)))
    part.key("foot_l", (4.24, foot(-START + STEP - AHEAD, 0, 0, FAR, 5)))
    part.key("foot_r", (4.4, foot(-START - AHEAD + 0.20, 0, 10, NEAR, 5)))
    part.key("foot_r", (4.68, foot(-START - 0.36, 0.40, 20, NEAR, 5)))
    part.key("hip", (3.92, (jump, 1.34)), (4.26, (-START - 0.06, 0.88)), (4.6, (-START, 1.06)))
    part.key("roll", (2.9, 0), (4.6, 0))
    part.both("hand", (3.92, STAR), (4.3, ON_WAIST), (4.65, ON_WAIST_UP))
    part.both("elbow", (0, (0.4, -1, 0)), (3.5, (0.4, -1, 0)), (3.9, (1, -0.5, 0)), (4.3, (0.8, -0.8, 0)))
    part.both("knee", (0, (0.05, 0, 1)), (3.6, (0.05, 0, 1)), (3.9, (0.5, 0, 1)), (4.3, (0.05, 0, 1)))
    part.mirror(5)
    _wag(part)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    part.key("yaw", (0.2, FACING), (0.85, 0), (8.5, 0), (9.2, FACING))
    # Beats 1 to 4: one-two-three to the right, and a kick to the left.
    part.key("foot_r", (0.2, foot(START - STEP + AHEAD, 0, 20, FAR, 5)), (1, foot(0.16)), (2.3, foot(0.16)))
    part.key("foot_l", (1.3, foot(START + AHEAD, 0, 0, NEAR, 25)), (2, foot(-0.22)), (3.3, foot(-0.22)))
    part.key("foot_r", (3, foot(0.32)), (5.2, foot(0.32)))
    part.key("foot_l", (4, foot(-0.64, 0.52, 30, 0.05)), (4.3, foot(-0.64, 0.52, 30, 0.05)))
    # Beats 5 to 8: to the left, and a kick to the right.
    part.key("foot_l", (5, foot(-0.20)), (6.3, foot(-0.20)), (7, foot(-0.42)), (9.2, foot(-0.42, 0, 0, 0.08, 15)))
    part.key("foot_l", (9.4, foot(-0.42, 0, 20, NEAR, 5)), (9.68, foot(START + 0.36, 0.40, 20, NEAR, 5)))
    part.key("foot_r", (6, foot(0.18)), (7.3, foot(0.18)), (8, foot(0.50, 0.52, 30, 0.05)))
    part.key("foot_r", (8.3, foot(0.50, 0.52, 30, 0.05)))
    # Beat 9: a look back for the line, and a rump shake.
    part.key("foot_r", (8.8, foot(START - STEP + AHEAD, 0, 0, FAR, 5)))
    for beat, x in ((1, -0.02), (2, -0.04), (3, 0.12), (5, 0.02), (6, 0.02), (7, -0.20)):
        side = 1 if beat in (1, 3, 6) else -1
        part.key("hip", (beat, (x + 0.08 * side, 0.94)), (beat + 0.5, (x, 1.07)))
        part.key("roll", (beat, 14 * side))
        part.key("lean", (beat, -7 * side))
        part.key("head", (beat, (0, 0, 9 * side, 0)))
        part.key("hand_r", (beat, (0.82 + 0.12 * side, 0.46 - 0.18 * side, 0.1)))
        part.key("hand_l", (beat, (-0.82 + 0.12 * side, 0.46 + 0.18 * side, 0.1)))
    for beat, x, side in ((4, 0.20, 1), (8, -0.26, -1)):
        kicks, other = ("l", "r") if side > 0 else ("r", "l")
        part.key("hip", (beat, (x, 1.10)), (beat + 0.3, (x, 1.08)))
        part.key("roll", (beat, 14 * side), (beat + 0.3, 14 * side))
        part.key("lean", (beat, 14 * side), (beat + 0.3, 14 * side))
        part.key("head", (beat, (0, 0, -14 * side, -0.2 * side)), (beat + 0.3, (0, 0, -14 * side, -0.2 * side)))
        part.key(f"hand_{kicks}", (beat, (-0.80 * side, -0.10, 0.1)), (beat + 0.3, (-0.80 * side, -0.10, 0.1)))
        part.key(f"hand_{other}", (beat, (0.74 * side, 0.52, 0.1)), (beat + 0.3, (0.74 * side, 0.52, 0.1)))
    part.key("hip", (8.8, (-0.58, 0.92)), (9.05, (-0.70, 0.90)), (9.3, (-0.56, 0.90)), (9.55, (-0.70, 0.92)))
    part.key("lean", (8.9, 0))
    part.key("roll", (8.9, 0))
    part.key("pitch", (0.9, 3), (8.4, 3), (9.0, 24), (9.5, 22))
    part.key("head", (8.9, (0, 0, 8, -0.9)), (9.45, (0, 0, -4, -0.9)))
    part.both("hand", (0.5, (0.52, -0.10, 0.50)), (8.9, (0.40, -0.24, 0.60)), (9.5, ON_WAIST_UP))
    part.both("elbow", (0, (0.4, -1, 0)), (1, (1, -0.4, 0)), (8.5, (1, -0.4, 0)), (9.3, (0.6, -1, 0)))
    part.both("knee", (0, (0.05, 0, 1)), (1, (0.4, 0, 1)), (8.4, (0.4, 0, 1)), (9.2, (0.05, 0, 1)))
    _wag(part)
    return part


def _wag(part: Part) -> None:
    part.key("tail", *[(number / 2, (32 if number % 2 else -32, 44)) for number in range(20)])


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
    hands=Hands(raised="mitten_open"),
    choreography=Choreography(first_part, second_part, step_lift=0.24),
    whole_pet=whole_pet,
    side_on=True,
)
