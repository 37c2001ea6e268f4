"""Moonwalk.

Profile, gliding backwards on a level: three long slides, on each of which a flat foot slides back past the other, which
stands on its toes with a bent knee, then the heels change over. A hand goes to the brim on the third. Kick, half a turn
on the toes, and a freeze on tiptoe with a look at the viewer; the same back the other way. At ten seconds: two slides,
the lean that no ankle can hold, held until it goes too far and the arms whirl, and a strut back.

Its silhouette: profile against the travel, one long flat leg behind, one heel up; the leaning plank.
"""

import math
from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English
from videos.studio.dance.camera import CameraPlan
from videos.studio.dance.choreography import Choreography, Part, around, foot
from videos.studio.dance.score import BACKBEAT, FOUR, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CREAM, GOLD, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

# While the dancer faces right, its left side is the nearer one.
DEPTH = {"l": 0.1, "r": -0.1}
START = 0.66  # The x of the hip at beat 0.
TRAVEL = 0.46  # One slide carries the body so far.
STRIDE = 0.23  # The ball of a foot is so far ahead of the hip, or behind it, between two slides.
HEEL_UP = 62
ON_TOES = 76
ARRIVED = 0.78  # The share of a beat after which a slide has ended and the heels change over.
LEVEL = 1.0

NEAR_AHEAD, NEAR_BACK = (-0.22, -0.58, 0.50), (-0.22, -0.58, -0.52)
FAR_AHEAD, FAR_BACK = (0.18, -0.58, 0.50), (0.18, -0.58, -0.52)
# The hand at the tip of the brim; before the turn and after it. Half-way there it is stretched out ahead.
NEAR_BRIM, OTHER_BRIM = ("chest+cover", -0.10, 0.80, 0.64), ("chest+cover", 0.10, 0.80, 0.64)
NEAR_RAISED, OTHER_RAISED = ("chest+cover", -0.20, 0.06, 0.84), ("chest+cover", 0.20, 0.06, 0.84)
# The elbow of a hand at the brim points ahead, so that the arm goes round the face.
ELBOW_AHEAD = (0.2, -0.7, 1)
FAR_OUT_BEHIND = (0.16, -0.24, -0.72)


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    stop = START - 3 * TRAVEL
    pivot = stop + 0.16

    # Beats 0 to 3: three slides.
    _slides(part, 3)
    part.key("hip", (0, (START, LEVEL)), (3, (stop, LEVEL), "linear"))
    part.key("yaw", (0, 90, "wrap"), (3.56, 90), (4.2, 270), (4.8, 270))
    # Beat 3.34: the kick. Then half a turn on the toes.
    part.key("foot_l", (3.34, _foot("l", stop + 1.16, 0.56, -10)))
    part.key("foot_l", (3.4, _foot("l", stop + 1.16, 0.56, -10)))
    part.key("foot_r", (3.46, _foot("r", stop + STRIDE)))
    for step in range(7):
        _on_toes(part, 3.66 + 0.09 * step, pivot, 90 + 30 * step, 40 + 6 * step)
    # Beats 4 to 5: the freeze on tiptoe.
    _on_toes(part, 4.66, pivot, 270, ON_TOES)
    part.key("hip", (3.38, (stop - 0.02, 1.04)), (3.6, (pivot - 0.02, 1.06)))
    part.key("hip", (4.15, (pivot + 0.02, 1.12), "bounce"), (4.7, (pivot + 0.02, 1.12)))
    part.key("pitch", (0, 8), (3, 8), (3.38, -9), (3.6, 0), (4.15, -8, "bounce"), (4.7, -8))
    # The nearer hand goes to the brim; after the turn the other one is nearer.
    part.key("hand_l", (0, NEAR_BACK), (0.9, NEAR_AHEAD), (1.3, NEAR_AHEAD), (1.62, NEAR_RAISED), (1.95, NEAR_BRIM))
    part.key("hand_l", (3.34, NEAR_BRIM), (3.62, NEAR_RAISED), (4.15, (-0.16, -0.24, -0.72), "bounce"))
    part.key("hand_l", (4.6, (-0.16, -0.24, -0.72)))
    part.key("hand_r", (0, FAR_AHEAD), (0.9, FAR_BACK), (1.9, FAR_AHEAD), (2.9, FAR_BACK))
    part.key("hand_r", (3.4, (0.18, -0.52, -0.36)), (3.82, OTHER_RAISED))
    part.key("hand_r", (4.15, OTHER_BRIM), (4.5, OTHER_BRIM), (4.72, OTHER_RAISED))
    part.both("elbow", (0, (0.4, -0.2, -1)), (1.5, (0.6, -0.4, -0.6)), (1.9, ELBOW_AHEAD), (4.6, ELBOW_AHEAD))
    part.both("knee", (0, (0.05, 0, 1)))
    part.key("head", (0, (0, 0, 0, 1), "wrap"), (1.7, (0, 0, -4, 1)), (2, (-0.09, -0.03, 15, 0.8)))
    part.key("head", (3.1, (-0.09, -0.03, 15, 0.8)), (3.38, (0, 0, -8, 1)), (4.05, (0, 0, 0, 3)))
    part.key("head", (4.3, (0.09, -0.02, -12, 3.4)), (4.65, (0.09, -0.02, -12, 3.4)))
    part.mirror(5)
    part.key("tail", *[(beat, (20 if beat % 2 else -20, 38)) for beat in range(10)])
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    stop = START - 2 * TRAVEL - 0.32
    feet = stop + 0.10

    # Beats 0 to 2: two slides, and the feet together.
    _slides(part, 2)
    part.key("hip", (2, (START - 2 * TRAVEL, LEVEL), "linear"), (2.5, (stop, 1.08)), (2.9, (stop - 0.03, 1.10)))
    for side, ahead in (("l", 0.04), ("r", -0.04)):
        part.key(f"foot_{side}", (2.5, _foot(side, feet + ahead), "slide"))
        part.key(f"foot_{side}", (5.9, _foot(side, feet + ahead)))
    # Beats 3 to 6: the lean, straight as a plank. At 4.8 it goes too far.
    part.key("hip", (3.7, (stop + 0.37, 1.06)), (4.5, (stop + 0.38, 1.055)), (4.85, (stop + 0.44, 1.02)))
    part.key("hip", (5.3, (stop + 0.43, 1.025)), (5.9, (stop + 0.04, 1.06)))
    part.key("pitch", (2, 8), (2.5, 0), (2.9, -5), (3.7, 33), (4.5, 34), (4.85, 39), (5.3, 38), (5.9, -10))
    part.key("pitch", (6.3, -4), (8.0, -4))
    # Beats 6 to 8: the strut back.
    strut = (feet + 0.40, feet + 0.80)
    part.key("foot_l", (6.05, _foot("l", feet + 0.04, 0, 30)))
    part.key("foot_l", (6.3, _foot("l", feet + 0.34, 0.40, 40)))
    part.key("foot_l", (6.6, _foot("l", strut[0])), (7.3, _foot("l", strut[0], 0, 34)))
    part.key("foot_l", (7.55, _foot("l", START - 0.08, 0.40, 40)))
    part.key("foot_l", (7.85, _foot("l", START)))
    part.key("foot_l", (8.15, _foot("l", START, 0, ON_TOES), "slide"))
    part.key("foot_l", (9.2, _foot("l", START, 0, ON_TOES)))
    part.key("foot_r", (6.65, _foot("r", feet - 0.04, 0, 34)))
    part.key("foot_r", (6.9, _foot("r", strut[1] - 0.08, 0.40, 40)))
    part.key("foot_r", (7.2, _foot("r", strut[1])), (7.85, _foot("r", strut[1], 0, 36)))
    part.key("foot_r", (8.15, _foot("r", START - 0.02, 0, ON_TOES), "slide"))
    part.key("foot_r", (9.2, _foot("r", START - 0.02, 0, ON_TOES)))
    part.key("hip", (6.3, (stop + 0.02, 1.09)), (6.6, (stop + 0.18, 1.04)), (6.9, (stop + 0.38, 1.09)))
    part.key("hip", (7.2, (stop + 0.64, 1.04)), (7.55, (START - 0.26, 1.09)), (7.85, (START - 0.10, 1.04)))
    part.key("hip", (8.15, (START - 0.06, 1.13), "bounce"), (9.2, (START - 0.06, 1.13)))
    # Beats 8 to 9.2: the freeze.
    part.key("pitch", (8.15, -8, "bounce"), (9.2, -8))
    # The hands: to the brim, back along the leaning body, round and round from beat 4.8, and to the brim again.
    part.key("hand_l", (0.9, NEAR_AHEAD), (1.9, NEAR_BACK), (2.4, (-0.22, -0.66, 0.14)))
    part.key("hand_l", (2.65, NEAR_RAISED), (2.9, NEAR_BRIM), (3.2, NEAR_BRIM))
    part.key("hand_l", (3.45, NEAR_RAISED), (3.8, ("body", -0.2, -0.66, -0.36)))
    part.key("hand_l", (4.5, ("body", -0.2, -0.66, -0.36)), (6.3, NEAR_BACK), (6.9, NEAR_AHEAD))
    part.key("hand_l", (7.5, NEAR_BACK), (7.85, NEAR_RAISED), (8.15, NEAR_BRIM))
    part.key("hand_l", (8.45, NEAR_BRIM), (8.7, ("chest+cover", -0.12, 0.70, 0.76)), (8.95, NEAR_BRIM))
    part.key("hand_l", (9.2, NEAR_BRIM), (9.5, NEAR_RAISED))
    part.key("hand_r", (0.9, FAR_BACK), (1.9, FAR_AHEAD), (2.6, (0.2, -0.72, 0.0)))
    part.key("hand_r", (3.8, ("body", 0.2, -0.62, -0.44)), (4.32, ("body", 0.2, -0.62, -0.44)))
    part.key("hand_r", (4.54, (0.36, -0.64, 0.20)), (6.3, FAR_AHEAD), (6.9, FAR_BACK), (7.5, FAR_AHEAD))
    part.key("hand_r", (8.15, FAR_OUT_BEHIND, "bounce"), (9.2, FAR_OUT_BEHIND))
    for step in range(8):
        angle = math.radians(200 - 45 * step)
        height, ahead = round(0.08 + 0.72 * math.sin(angle), 2), round(0.72 * math.cos(angle), 2)
        part.key("hand_l", (4.75 + 0.15 * step, ("chest+cover", -0.3, height, ahead)))
        part.key("hand_r", (4.75 + 0.15 * step, ("chest+cover", 0.3, 0.16 - height, -ahead)))
    part.both("elbow", (2.4, (0.4, -0.2, -1)), (2.9, ELBOW_AHEAD), (3.3, ELBOW_AHEAD))
    part.both("elbow", (3.8, (1, -0.2, -0.2)), (6.2, (1, -0.2, -0.2)), (6.6, (0.4, -0.2, -1)))
    part.both("elbow", (7.4, (0.4, -0.2, -1)), (8.15, ELBOW_AHEAD), (9.2, ELBOW_AHEAD))
    part.both("knee", (0, (0.05, 0, 1)))
    part.key("head", (2.5, (0, 0, 0, 1)), (2.9, (-0.09, -0.02, 13, 0.8)), (3.7, (0, 0, -12, 1)))
    part.key("head", (4.4, (0, 0, -12, 0.5)), (4.7, (0, 0, -24, 1)), (5.3, (0, 0, -20, 1)))
    part.key("head", (5.95, (0, 0, 10, 1)), (7.4, (0, 0, 0, 1)), (8.2, (-0.09, -0.02, 10, 0.4)))
    part.key("head", (8.45, (-0.09, -0.02, 10, 0.4)), (8.7, (-0.06, -0.05, 20, 0.4)))
    part.key("head", (8.95, (-0.09, -0.02, 10, 0.4)), (9.2, (-0.09, -0.02, 10, 0.4)))
    part.key("yaw", (5, 90))
    part.key("tail", *[(beat, (20 if beat % 2 else -20, 38)) for beat in range(10)])
    return part


def _foot(side: str, x: float, height: float = 0, pitch: float = 0) -> tuple[float, ...]:
    """Return a value of a foot that points the way the body faces."""
    return foot(x, height, pitch, DEPTH[side], 0)


def _slides(part: Part, count: int) -> None:
    """Add the feet of ``count`` slides, one a beat, the left foot first."""
    at = {"l": START + STRIDE, "r": START - STRIDE}
    part.key("foot_l", (0, _foot("l", at["l"]), "slide"))
    part.key("foot_r", (0, _foot("r", at["r"], 0, HEEL_UP), "slide"))
    for beat in range(count):
        slides, stands = ("l", "r") if beat % 2 == 0 else ("r", "l")
        back = START - (beat + 1) * TRAVEL - STRIDE
        for side, x, heels in ((slides, back, (0, HEEL_UP)), (stands, at[stands], (HEEL_UP, 0))):
            part.key(f"foot_{side}", (beat + ARRIVED, _foot(side, x, 0, heels[0]), "slide"))
            part.key(f"foot_{side}", (beat + 1, _foot(side, x, 0, heels[1]), "slide"))
        at[slides] = back


def _on_toes(part: Part, beat: float, x: float, yaw: float, pitch: float) -> None:
    """Add both feet beside each other on their toes, for a body at ``x`` that is turned by ``yaw``."""
    for side, offset in (("l", -0.1), ("r", 0.1)):
        foot_x, foot_z = around(x, 0, yaw, offset, 0)
        part.key(f"foot_{side}", (beat, foot(foot_x, 0, pitch, foot_z, 0), "slide"))


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.stars(canvas, 46, CREAM, 11)
    scenery.moon(canvas, 0.5, 0.4, 0.36, (226, 236, 240))
    architecture.skyline(canvas, (92, 46, 34), GOLD, 5, 0.52)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Slide backwards without a hop, spin on the spot, and slide back."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import ease, pulse, window

    half = total / 2
    there = ease(np.clip(np.mod(b, half) / (half - 1), 0, 1))
    flipped = np.mod(b, total) >= half
    slide = np.where(flipped, 1 - there, there) * 2 - 1
    spin = window(b, half, half - 1, 1)
    facing = np.where(flipped, -1.0, 1.0)
    step = np.sin(np.pi * b)
    return Poses.of(
        b,
        tx=-0.17 * slide,
        rot=(5 + 1.5 * step) * facing * np.cos(np.pi * spin),
        stretch=-0.015 + 0.015 * np.cos(2 * np.pi * b),
        bend=0.05 * facing * np.cos(np.pi * spin),
        hip=0.02 * step,
        flip=facing * np.cos(np.pi * spin),
        head=-4 * facing * np.cos(np.pi * spin) + 3 * step,
        nod=-0.3 * pulse(b),
        turn=0.4,
    )


DANCE = Dance(
    slug="moonwalk",
    english=English(
        name=mark.gettext("Moonwalk"),
        in_sentence=mark.pgettext("in a sentence", "moonwalk"),
        line=mark.gettext("slides backward on flat paws"),
        best_photo=mark.gettext("side view"),
    ),
    place=9,
    bpm=120,
    metre=4,
    colour="sky",
    camera="locked, side-on",
    mood="smooth",
    prompt="Locked side-on camera. The pet slides smoothly backwards across the floor, paws gliding flat one "
    "after another, head low and steady, tail relaxed. The whole body stays centred in frame.",
    palette=Palette((70, 24, 16), (214, 130, 70), (SKY, CREAM, (150, 80, 60)), 0.80),
    set=Set(scenery, "chase", ParticleStyle(("spark",), 22, size=0.02, tumble=1), glow=0.1),
    score=Score(
        42,
        "0:m 10:M",
        {"kick_electro": FOUR, "snare": BACKBEAT, "hat": "x.o.x.o.x.o.x.o.", "open": "..............x."},
        "1..1.7.1..5.7.8.",
        "x.....x.....x...",
        "strings rhodes",
        "0:24:.25 .75:27:.25 1.5:29:.5 4:26:.25 4.75:29:.25 5.5:34:.5 8:31:.5 9:29:.4",
        "marimba rhodes",
        "synth_bass finger_bass",
        "celesta",
        fill="snare",
        steps=("slide",),
    ),
    outfit="moonwalk",
    hat="black_fedora",
    choreography=Choreography(first_part, second_part, overlap=0.5, arms=1.15, camera=CameraPlan(kicks=(4.15, 9.15))),
    whole_pet=whole_pet,
    side_on=True,
)
