"""Conga.

The line without the others: profile, both hands on an invisible one in front, pumping in turns; three steps with high
knees, and on four it opens to the viewer and kicks out to the side; a star jump about; the same back. At ten seconds it
dances to the viewer, arms waving overhead: one-two-three and a kick to the side, both ways, and shakes its rump on the
way back into the line.

Its silhouette: profile march with arms held out in front, every fourth step a kick to the side.
"""

from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.camera import CameraPlan
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import FOUR, Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import MARIGOLD, MINT, PINK, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

START = -0.80  # The x of the hip at beat 0.
STEP = 0.38  # A step carries the body so far.
AHEAD = 0.42  # The ball of a foot that lands is so far ahead of the hip.
FACING = 76  # The yaw while it marches to the right.
NEAR, FAR = 0.12, -0.12  # The depth of the left and right foot while it marches to the right.
# The hands on the one in front pump in turns.
ON_WAIST, ON_WAIST_UP, ON_WAIST_LOW = (0.17, -0.32, 0.80), (0.17, -0.10, 0.82), (0.17, -0.50, 0.74)
STAR = (0.82, 0.58, 0.1)


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
        part.key(f"foot_{side}", (beat, foot(START + beat * STEP + 0.38, 0.50, 20, depth, 5)))
    stand = START + 2 * STEP
    for number in range(3):
        x = START + number * STEP
        part.key("hip", (number, (x, 0.95)), (number + 0.5, (x + STEP / 2, 1.08)))
        part.key("roll", (number, 12 if number % 2 else -12))
        part.key("head", (number, (0.02, -0.02, 8, 0.7)), (number + 0.5, (-0.02, 0.02, -8, 0.7)))
        higher, lower = ("l", "r") if number % 2 else ("r", "l")
        for side, (x, y, z) in ((higher, ON_WAIST_UP), (lower, ON_WAIST_LOW)):
            part.key(f"hand_{side}", (number, (x if side == "r" else -x, y, z)))
    # Beat 3: the kick, out to the side. The body opens to the viewer.
    opened = stand + 0.34
    part.key("yaw", (0, FACING), (2.4, FACING), (2.9, 8), (3.9, -4), (4.26, -FACING), (5, -FACING))
    part.key("foot_r", (2.5, foot(right, 0, 50, FAR, 5)))
    part.key("foot_r", (3, foot(opened + 0.90, 0.62, 10, 0.1, 60)), (3.3, foot(opened + 0.88, 0.58, 10, 0.1, 60)))
    part.key("foot_l", (2.6, foot(left + 2 * STEP, 0, 0, NEAR, 5)), (3, foot(left + 2 * STEP, 0, 24, NEAR, 25)))
    part.key("foot_l", (3.3, foot(left + 2 * STEP, 0, 20, NEAR, 25)), (3.65, foot(left + 2 * STEP, 0, 0, NEAR, 25)))
    part.key("hip", (2.5, (stand + 0.12, 0.98)), (3, (opened, 1.14)), (3.3, (opened, 1.10)))
    part.key("lean", (0, 0), (2.4, 0), (3, -14), (3.3, -12), (3.65, 0), (5, 0))
    part.key("pitch", (0, 12), (2.4, 12), (2.9, 0), (3.3, 0), (3.65, 12), (3.95, -4), (4.3, 16), (4.7, 12))
    part.key("head", (3, (-0.04, 0, -10, 0)), (3.3, (-0.04, 0, -8, 0)), (3.95, (0, 0.04, 0, 0)))
    part.key("head", (4.3, (0, -0.03, 0, -0.6)), (4.7, (0, 0.02, 6, -0.7)))
    part.key("hand_r", (2.66, (0.56, -0.30, 0.56)), (3, (0.90, -0.02, 0.1)), (3.3, (0.90, -0.06, 0.1)))
    part.key("hand_l", (2.66, (-0.60, -0.20, 0.50)), (3, (-0.96, 0.40, 0.1)), (3.3, (-0.94, 0.44, 0.1)))
    # Beat 4: the star jump about.
    jump = stand + 0.48
    part.key("foot_r", (3.6, foot(opened + 0.46, 0, 0, 0.1, 25)), (3.68, foot(opened + 0.46, 0, 10, 0.1, 25)))
    part.key("foot_r", (3.94, foot(jump + 0.60, 0.42, 40, 0, 45)))
    part.key("foot_l", (3.94, foot(jump - 0.60, 0.42, 40, 0, 45)))
    part.key("foot_r", (4.24, foot(-START - AHEAD + 0.20, 0, 0, NEAR, 5)))
    part.key("foot_l", (4.24, foot(-START + STEP - AHEAD, 0, 0, FAR, 5)))
    part.key("foot_r", (4.4, foot(-START - AHEAD + 0.20, 0, 10, NEAR, 5)))
    part.key("foot_r", (4.68, foot(-START - 0.36, 0.50, 20, NEAR, 5)))
    part.key("hip", (3.64, (opened + 0.16, 0.84)), (3.94, (jump, 1.42)), (4.26, (-START - 0.06, 0.88)))
    part.key("hip", (4.6, (-START, 1.06)))
    part.key("roll", (2.5, 0), (3, 16), (3.3, 14), (3.65, 0), (4.6, 0))
    part.both("hand", (3.64, (0.76, -0.36, 0.2)), (3.94, STAR), (4.3, ON_WAIST), (4.65, ON_WAIST))
    part.both("elbow", (0, (0.4, -1, 0)), (2.4, (0.4, -1, 0)), (2.9, (1, -0.4, 0)), (3.9, (1, -0.5, 0)))
    part.both("elbow", (4.3, (0.8, -0.8, 0)))
    part.both("knee", (0, (0.05, 0, 1)), (2.4, (0.05, 0, 1)), (2.9, (0.5, 0, 1)), (3.9, (0.7, 0, 1)))
    part.both("knee", (4.3, (0.05, 0, 1)))
    part.mirror(5)
    _wag(part)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    part.key("yaw", (0.2, FACING), (0.85, 0), (8.5, 0), (9.2, FACING))
    # Beats 1 to 4: one-two-three to the right, and a kick to the left.
    part.key("foot_r", (0.2, foot(START - STEP + AHEAD, 0, 20, FAR, 5)), (1, foot(0.22)), (2.3, foot(0.22)))
    part.key("foot_l", (1.3, foot(START + AHEAD, 0, 0, NEAR, 25)), (2, foot(-0.28)), (3.3, foot(-0.28)))
    part.key("foot_r", (3, foot(0.36)), (5.2, foot(0.36)))
    part.key("foot_l", (4, foot(-0.74, 0.62, 20, 0.05, 60)), (4.3, foot(-0.74, 0.60, 20, 0.05, 60)))
    # Beats 5 to 8: to the left, and a kick to the right.
    part.key("foot_l", (5, foot(-0.24)), (6.3, foot(-0.24)), (7, foot(-0.42)), (9.2, foot(-0.42, 0, 0, 0.08, 15)))
    part.key("foot_l", (9.4, foot(-0.42, 0, 20, NEAR, 5)), (9.68, foot(START + 0.36, 0.50, 20, NEAR, 5)))
    part.key("foot_r", (6, foot(0.22)), (7.3, foot(0.22)), (8, foot(0.64, 0.62, 20, 0.05, 60)))
    part.key("foot_r", (8.3, foot(0.64, 0.60, 20, 0.05, 60)))
    # Beat 9: a look back for the line, and a rump shake.
    part.key("foot_r", (8.8, foot(START - STEP + AHEAD, 0, 0, FAR, 5)))
    for beat, x in ((1, -0.02), (2, -0.04), (3, 0.12), (5, 0.02), (6, 0.02), (7, -0.20)):
        side = 1 if beat in (1, 3, 6) else -1
        part.key("hip", (beat, (x + 0.08 * side, 0.94)), (beat + 0.5, (x, 1.07)))
        part.key("roll", (beat, 14 * side))
        part.key("lean", (beat, -7 * side))
        part.key("head", (beat, (0, 0, 9 * side, 0)))
        part.key("hand_r", (beat, (0.78 + 0.16 * side, 0.42 - 0.28 * side, 0.1)))
        part.key("hand_l", (beat, (-0.78 + 0.16 * side, 0.42 + 0.28 * side, 0.1)))
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
    part.both("hand", (0.5, (0.80, -0.30, 0.30)), (8.62, (0.84, -0.26, 0.2)), (9, (0.30, -0.30, 0.70)))
    part.both("hand", (9.5, ON_WAIST))
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
    english=English(
        name=mark.gettext("Conga"),
        in_sentence=mark.pgettext("in a sentence", "conga"),
        line=mark.gettext("march, march, march, kick"),
        best_photo=mark.gettext("side view"),
    ),
    place=14,
    bpm=120,
    metre=4,
    colour="marigold",
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
    choreography=Choreography(first_part, second_part, step_lift=0.24, camera=CameraPlan(kicks=(3, 8))),
    whole_pet=whole_pet,
    side_on=True,
)
