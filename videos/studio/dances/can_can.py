"""Can-can.

Hops on one leg, both hands at the skirt. The knee comes up and the leg is kicked beside the ear, on either side; the
lower leg whirls around below a raised knee and is kicked up again while a hand waves; a jump with the legs split in the
air. In the second half the dancer turns with a raised foot in its hand, bends over, shakes its rump and looks around to
see who watches, and drops into the splits.

Its silhouette: a straight leg beside the ear, elbows out, and a split.
"""

import math
from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English
from videos.studio.dance.choreography import Choreography, Part, around, foot, mirrored
from videos.studio.dance.score import ONCE, Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CREAM, CRIMSON, GOLD, MARIGOLD, PINK, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

# Poses of the right side; the dancer stands on the other foot.
SUPPORT = foot(0.08, turnout=35)
HOP = foot(0.08, 0.09, 40, turnout=35)
KNEE_UP = foot(0.38, 0.86, 60, 0.24, 30)
KICK = foot(0.70, 2.34, -56, 0.16, 90)
SKIRT = (0.60, -0.42, 0.12)
SKIRT_UP = (0.88, -0.04, 0.16)
ON_HIP = (0.48, -0.36, 0.14)
SKIRT_DOWN = (0.50, -0.46, 0.20)
ELBOW_OUT = (1, 0.2, -0.4)
KNEE_ASIDE = (0.8, 0.3, 0.7)
KNEE_HIGH = (0.5, 1, 0.4)
ARM_UP = (0.90, 0.90, 0.05)
WAVE = (0.72, 0.74, 0.05)
WAVE_OUT = (0.94, 0.52, 0.05)
CROUCH = foot(0.24, turnout=50)
SPLIT_IN_THE_AIR = foot(1.20, 0.82, 30, 0.1, 90)  # below the skirt, which would hide higher legs
SPLIT = foot(1.14, 0.36, -80, 0.05, 90)


def hops(part: Part, start: float, beats: int) -> None:
    """Hop on the left foot twice a beat."""
    for step in range(2 * beats):
        part.key("foot_l", (start + step / 2, mirrored("foot_l", HOP if step % 2 else SUPPORT)))


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(12)
    # Beats 0 to 4: knee and kick, and the same with the other leg.
    hops(part, 0, 2)
    part.key("foot_r", (0, KNEE_UP), (1, KICK), (1.6, foot(0.5, 0.9, 20, 0.2, 60)))
    part.key("hip", (0, (-0.10, 1.02)), (0.5, (-0.12, 1.14)), (1, (-0.18, 1.16)), (1.6, (0, 1.12)))
    part.key("lean", (0, 4), (1, -18, "anticipate"))
    part.key("roll", (0, 8), (1, 24))
    part.key("head", (0, (0, 0, 10, 0.2)), (1, (0, 0.03, -10, 0.35)))
    part.key("hand_r", (0, SKIRT), (0.3, SKIRT_UP), (0.8, SKIRT_DOWN), (1.3, SKIRT_DOWN), (1.7, SKIRT_UP))
    part.key("hand_l", (0, mirrored("hand_l", SKIRT_UP)), (0.5, mirrored("hand_l", SKIRT)))
    part.key("hand_l", (1, (-0.80, 0.10, 0.16)), (1.5, mirrored("hand_l", SKIRT)))
    part.key("tail", (0, (-70, 35)), (1, (-85, 55)))
    part.mirror(2)
    # Beats 4 to 7.8: twice the lower leg whirls below a high knee and is kicked up beside the ear. One hand waves
    # on the other side, and one is on the hip, clear of the leg.
    hops(part, 4, 4)
    for start in (4, 6):
        for step in range(5):
            angle = math.pi / 2 * step
            x, height = 0.90 + 0.28 * math.sin(angle), 1.10 - 0.36 * math.cos(angle)
            part.key("foot_r", (start + step / 4, foot(x, height, 40 - 30 * math.sin(angle), 0.25, 70)))
        part.key("foot_r", (start + 1.4, KICK), (start + 1.6, KICK))
        part.key("lean", (start, -10), (start + 1, -10), (start + 1.4, -18), (start + 1.7, -14))
        part.key("roll", (start, 18), (start + 1, 18), (start + 1.4, 24), (start + 1.7, 22))
    for step in range(8):
        beat = 4 + step / 2
        part.key("hip", (beat, (-0.18, 1.18) if step % 4 == 3 else (-0.16, 1.12 if step % 2 else 1.02)))
        part.key("hand_r", (beat, (ON_HIP[0], ON_HIP[1] + (0.08 if step % 2 else 0), ON_HIP[2])))
        part.key("hand_l", (beat, mirrored("hand_l", WAVE_OUT if step % 2 else WAVE)))
        part.key("tail", (beat, (-85 if step % 2 else -50, 45)))
        part.key("head", (beat, (0, 0, 12 if step % 2 else 2, 0.3)))
    # Beats 8 to 10: crouch, and the split in the air.
    part.both("foot", (8.2, CROUCH), (8.7, CROUCH), (9.3, SPLIT_IN_THE_AIR), (9.9, SPLIT_IN_THE_AIR))
    part.both("hand", (8.4, (0.80, -0.50, 0.2)), (9.3, ARM_UP), (9.9, ARM_UP))
    part.key("hip", (8.5, (0, 0.64)), (9.2, (0, 1.30)), (9.6, (0, 1.34)), (10.3, (0, 1.02)))
    part.key("head", (8.5, (0, -0.06, 0, 0)), (9.4, (0, 0.06, 0, 0)))
    part.key("tail", (8.5, (-60, 20)), (9.4, (0, 80)))
    # Beats 10 to 12: a curtsy.
    part.key("foot_r", (10.3, foot(0.14)), (11.4, foot(0.14)))
    part.key("foot_l", (10.3, foot(-0.10)), (10.7, foot(0.52, 0, 70, -0.25, 0)), (11.3, foot(0.52, 0, 70, -0.25, 0)))
    part.both("hand", (10.6, SKIRT_UP), (11.3, SKIRT_UP))
    part.key("hip", (10.8, (0.06, 0.80)), (11.3, (0.06, 0.80)), (11.6, (-0.04, 1.06)))
    part.key("head", (10.8, (0, -0.04, 18, -0.2)), (11.3, (0, -0.04, 18, -0.2)))
    part.key("tail", (10.8, (-80, 40)))
    part.key("lean", (8.4, 0), (10.3, 0), (10.8, -8), (11.3, -8))
    part.key("roll", (8.4, 0), (11.3, 0))
    part.key("pitch", (0, 0), (8, 0), (8.5, 16), (9.2, 0), (10.3, 0), (10.8, 16), (11.3, 16))
    part.both("elbow", (0, ELBOW_OUT), (8.4, ELBOW_OUT), (9.3, (1, -0.4, 0)), (9.9, (1, -0.4, 0)), (10.6, ELBOW_OUT))
    part.key("elbow_l", (4, (-1, -0.4, 0)), (7.5, (-1, -0.4, 0)))
    part.key("knee_r", (0, KNEE_ASIDE), (4, KNEE_HIGH), (7.5, KNEE_HIGH), (8.5, KNEE_ASIDE))
    part.key("knee_l", (0, mirrored("knee_l", KNEE_ASIDE)))
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(12)
    # Beats 0 to 4: hop around once, with the raised foot in the hand.
    hops(part, 0.5, 3)
    part.key("yaw", (0.9, 0), (3.7, 360, "smooth"), (4.0, 360))
    for step in range(12):
        beat = 0.9 + step * 0.25
        x, z = around(-0.10, 0, 360 * (3 * (step / 11) ** 2 - 2 * (step / 11) ** 3), 0.78, 0.34)
        part.key("foot_r", (beat, foot(x, 2.12, -52, z, 90)))
    part.key("hand_r", (0.9, (0.80, 0.26, 0.34)), (3.65, (0.80, 0.26, 0.34)))
    part.key("hand_l", (0.9, (-0.86, 0.30, 0.1)), (3.6, (-0.86, 0.30, 0.1)))
    part.key("hip", (0.9, (-0.12, 1.06)), (3.6, (-0.12, 1.06)))
    part.key("lean", (0.9, -12), (3.6, -12))
    part.key("roll", (0.9, 22), (3.6, 22))
    part.key("head", (0.9, (0, 0, 0, 0.2)), (1.7, (0, 0, 0, 0.5)), (2.6, (0, 0, 0, 3.6)), (3.4, (0, 0, 0, 4)))
    part.key("tail", (1, (-60, 50)), (3.6, (-60, 50)))
    # Beats 4 to 8: bent over, side-on; the rump shakes, and the head looks back.
    part.key("yaw", (4.6, 440), (7.8, 440), (8.4, 360))
    part.key("foot_l", (4.4, foot(-0.44, z=0.14)), (8, foot(-0.44, z=0.14)))
    part.key("foot_r", (4.4, foot(-0.14, z=-0.14)), (8, foot(-0.14, z=-0.14)))
    part.key("pitch", (0, 0), (4, 0), (4.6, 70), (7.7, 70), (8.4, 10))
    for step in range(7):
        beat, side = 4.75 + step / 2, 1 if step % 2 else -1
        part.key("hip", (beat, (-0.46 + 0.14 * side, 1.06 + 0.05 * side)))
        part.key("roll", (beat, 16 * side))
        part.key("hand_l", (beat, (-0.42, 0.16 * side, -0.50)))
        part.key("tail", (beat, (30 * side, -20 + 30 * side)))
    part.key("lean", (4.5, 0), (8, 0))
    part.key("head", (4.7, (0, 0.05, 0, 4.4)), (5.4, (0, 0.05, -14, 3.6)), (7.6, (0, 0.05, -14, 3.5)))
    part.key("hand_r", (4.6, (0.26, -0.50, 0.10)), (7.7, (0.26, -0.50, 0.10)))
    # Beats 8 to 12: a leap into the splits, a look to either side, and up again.
    part.both("foot", (8.4, CROUCH), (8.6, CROUCH), (9.2, SPLIT), (10.9, SPLIT))
    part.key("foot_l", (11.4, foot(-0.14, 0.16, 30)), (11.7, mirrored("foot_l", SUPPORT)))
    part.key("hip", (8.5, (0, 0.72)), (8.9, (0, 1.20)), (9.2, (0, 0.24)), (9.5, (0, 0.30)), (10.9, (0, 0.24)))
    part.key("hip", (11.4, (0, 1.12)))
    part.both("hand", (8.5, SKIRT), (9.2, ARM_UP), (10.2, ARM_UP), (10.9, (0.74, -0.36, 0.2)))
    part.key("head", (8.5, (0, 0, 0, 4)), (9.4, (0, 0.04, 0, 4)), (9.9, (0, 0, -12, 3.5), "snap"))
    part.key("head", (10.4, (0, 0, 12, 4.5), "snap"), (10.9, (0, -0.05, 0, 4)), (11.6, (0, 0, 6, 4)))
    part.key("tail", (8.5, (-60, 30)), (9.2, (0, 80)), (10.9, (0, 70)))
    part.key("pitch", (9.2, 0), (11, 6))
    part.key("roll", (8.4, 0), (11.4, 0))
    part.both("elbow", (0.9, ELBOW_OUT), (8.6, ELBOW_OUT), (9.2, (1, -0.4, 0)), (10.2, (1, -0.4, 0)), (11, ELBOW_OUT))
    part.key("knee_r", (0.9, KNEE_HIGH), (3.6, KNEE_HIGH), (4.4, KNEE_ASIDE))
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.rays(canvas, 0.5, 0.36, mix_colours(CRIMSON, MARIGOLD, 0.3), 0.55, 8, 11)
    architecture.curtains(canvas, CRIMSON)
    architecture.bulbs(canvas, GOLD, 0.1, 0.1)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Hop from side to side, throw the head back at each kick, and leap at the end."""
    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import arc, bump, pulse, steps

    leap = bump(b, total, total - 3, 2)
    busy = 1 - leap
    kick = steps(b, total, [0, 1, 0, -1])
    return Poses.of(
        b,
        tx=0.04 * steps(b, total, [1, 1, -1, -1]) * busy,
        ty=0.06 * arc(b / 2) * busy + 0.14 * leap,
        rot=-4 * kick * busy,
        stretch=0.01 - 0.04 * pulse(b / 2) * busy + 0.05 * leap,
        hip=0.05 * steps(b, total, [1, -1]) * busy,
        bend=-0.05 * kick * busy,
        head=7 * kick * busy,
        turn=0.5 * steps(b, total, [1, 1, -1, -1]) * busy,
        nod=0.5 * leap,
    )


DANCE = Dance(
    slug="can_can",
    english=English(
        name=mark.gettext("Can-can"),
        in_sentence=mark.pgettext("in a sentence", "can-can"),
        line=mark.gettext("high kicks, shaking skirts, jump splits"),
        best_photo=mark.gettext("full body"),
    ),
    place=17,
    bpm=144,
    metre=4,
    colour="marigold",
    camera="low angle, locked",
    mood="cheeky",
    prompt="Low angle, locked camera. The pet hops on the spot and kicks one back leg high, then the other, tail "
    "swishing on each kick. It ends with a leap, legs flung wide. The whole body stays centred in frame.",
    palette=Palette((44, 20, 96), (96, 150, 250), (MARIGOLD, CRIMSON, PINK, CREAM), 0.74),
    set=Set(scenery, "zigzag", ParticleStyle(("petal", "star"), 40, sway=0.05), Beams((CREAM, PINK), 20, 2, 0.3)),
    score=Score(
        48,
        "0:M 0:M 7:7 0:M 5:M 7:7",
        {"kick": "x...", "snare": "..x.", "tambourine": "o.x.", "castanets": "..xx..x...xx..xx", "crash": ONCE},
        "1...5...",
        "..x.",
        "piano",
        "0:31:.25 .25:33:.25 .5:31:.25 .75:28:.25 1:31:.5 1.5:31:.4 "
        "2:36:.25 2.25:35:.25 2.5:33:.25 2.75:31:.25 3:28:.5 3.5:28:.4 "
        "4:29:.25 4.25:31:.25 4.5:29:.25 4.75:26:.25 5:29:.5 5.5:29:.4 "
        "6:31:.25 6.25:29:.25 6.5:28:.25 6.75:26:.25 7:24:.5 7.5:31:.4 "
        "8:33:.5 8.5:36:.25 8.75:33:.25 9:29:.5 9.5:33:.4 10:31:.25 10.25:33:.25 10.5:35:.5 11:38:.5 11.5:35:.4",
        "trumpet clarinet",
        "upright_bass",
        "flute glockenspiel",
        fill="snare tambourine",
        chord_beats=2,
        steps=("step", "stomp"),
    ),
    outfit="can_can",
    hat="plumes",
    choreography=Choreography(first_part, second_part, overlap=0.4),
    whole_pet=whole_pet,
    motion="conga",
)
