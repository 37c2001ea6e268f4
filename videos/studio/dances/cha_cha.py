"""Cha cha.

The New Yorker: the body opens to the side, one leg checks across and the arms make a line; then cha-cha-cha, side,
together, side, with the paws shaking as if they held maracas; the same the other way; then the free leg flicks out to
either side. The second half has cha-cha-cha with high paws, a turn on the spot, three bumps of the rump and kicks that
cross.

Its silhouette: the line of the New Yorker, the quick triple with one paw up and one down, the flicked leg.
"""

from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.choreography import Choreography, Part, around, foot, mirrored
from videos.studio.dance.score import FOUR, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CORAL, CREAM, MINT, WHITE, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

# The line of a New Yorker to the right: the right arm ahead and high, the left arm behind. Neither crosses the chest.
LINE_AHEAD, LINE_BEHIND = (0.15, 0.38, 0.84), (-0.25, -0.04, -0.82)
# The right hand as if it shook a maraca, up and down.
SHAKE_UP, SHAKE_DOWN = (0.86, 0.52, 0.14), (0.84, -0.14, 0.20)
AKIMBO = (0.34, -0.46, 0.06)
HIGH = (0.74, 0.92, 0.04)
OPEN = (0.88, 0.60, 0.10)
LOW = (0.66, -0.34, 0.16)


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    part.both("knee", (0, (0.2, 0, 1)))
    # Beats 0 to 1.2: the New Yorker. One leg checks across, both arms make a line, and the eyes go to the viewer.
    part.key("yaw", (0, 78), (0.9, 78), (1.4, 0), (3.4, 0))
    part.key("foot_r", (0, foot(0.74, 0, 0, 0.05, 0)), (0.9, foot(0.74, 0, 0, 0.05, 0)))
    part.key("foot_l", (0, foot(-0.58, 0, 52, 0, 0)), (0.9, foot(-0.58, 0, 52, 0, 0)), (1.2, foot(-0.58)))
    part.key("hip", (0, (0.12, 1.06)), (0.4, (0.24, 0.96)), (0.9, (0.06, 1.06)), (1.3, (-0.34, 1.0)))
    part.key("pitch", (0, -8), (0.5, -10), (0.9, -8), (1.4, 0), (3.5, 0))
    part.key("head", (0, (0, 0.02, -6, 0.85)), (0.45, (0, 0.02, -6, 0.85)), (0.7, (0, 0.03, -8, 0.2)))
    part.key("hand_r", (0, LINE_AHEAD), (0.9, LINE_AHEAD), (1.4, (0.8, 0.1, 0.3)))
    part.key("hand_l", (0, LINE_BEHIND), (0.9, LINE_BEHIND), (1.4, (-0.8, -0.1, 0.1)))
    part.both("elbow", (0, (0.3, -1, 0)), (0.9, (0.3, -1, 0)), (1.5, (1, -0.6, -0.2)), (3.4, (1, -0.6, -0.2)))
    # Beats 1.5 to 3.4: cha-cha-cha. Side, together, side, with a shake of the paws on each.
    _chasse(part, 2)
    part.key("roll", (0, 0), (0.9, 0), (1.4, -12))
    part.key("lean", (0, 0), (0.9, 0), (1.4, 6))
    part.mirror(4)
    part.key("yaw", (9.5, 0))
    part.key("pitch", (9.5, 0))
    # Beats 8 to 9.5: the free leg flicks out to either side.
    for beat, side, other, sign in ((8, "r", "l", 1), (9, "l", "r", -1)):
        x = 0.66 if side == "r" else -0.84
        part.key(f"foot_{side}", (beat, foot(x, 0.44, 30, 0.1, 10), "snap"), (beat + 0.3, foot(x, 0.44, 30, 0.1, 10)))
        part.key("roll", (beat, 16 * sign))
        part.key("lean", (beat, -11 * sign), (beat + 0.3, -11 * sign))
        part.key("head", (beat, (0, 0.02, -12 * sign)), (beat + 0.5, (0, 0, 0)))
        part.key(f"hand_{other}", (beat, _side(other, OPEN), "snap"), (beat + 0.3, _side(other, OPEN)))
        part.key(f"hand_{side}", (beat, _side(side, LOW), "snap"), (beat + 0.3, _side(side, LOW)))
    part.key(
        "hip", (7.7, (-0.34, 0.98)), (8, (-0.36, 1.06)), (8.6, (-0.20, 0.98)), (9, (-0.02, 1.06)), (9.5, (-0.24, 1.0))
    )
    part.key("foot_r", (7.8, foot(-0.14, 0, 30)), (8.6, foot(-0.14)), (9.5, foot(-0.14)))
    part.key("foot_l", (8.7, foot(-0.58)), (9.55, foot(-0.58)))
    part.wag(70, 0, 2, lift=8)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    # Beats 0 to 3.4: out of the New Yorker, then cha-cha-cha with the paws high.
    part.key("yaw", (0.9, 78), (1.4, 0), (3.6, 0), (5.4, 360), (6, 360), (6.5, 320), (8, 320), (8.4, 360), (9.5, 360))
    part.key("foot_r", (0.9, foot(0.74, 0, 0, 0.05, 0)))
    part.key("foot_l", (0.9, foot(-0.58, 0, 52, 0, 0)), (1.2, foot(-0.58)))
    part.key("hip", (0.5, (0.18, 0.97)), (0.9, (0.12, 1.0)), (1.3, (-0.30, 1.03)))
    part.key("hand_r", (0.9, LINE_AHEAD))
    part.key("hand_l", (0.9, LINE_BEHIND))
    part.both("elbow", (0.9, (0.3, -1, 0)), (1.5, (1, 0.2, 0)), (3.4, (1, 0.2, 0)), (4, (1, -0.3, -0.3)))
    part.key("pitch", (0.9, -8), (1.4, 0))
    _chasse(part, 2, HIGH, (0.84, 0.70, 0.04))
    # Beats 4 to 6: a turn on the spot with the elbows out, and a stop with everything open.
    for beat, side, yaw in ((4, "l", 120), (4.7, "r", 240), (5.4, "l", 360)):
        x, z = around(0.30, 0, yaw, -0.13 if side == "l" else 0.13, 0.1)
        part.key(f"foot_{side}", (beat, foot(x, 0, 20 if beat < 5 else 0, z, 10)), move=0.5)
    part.key("foot_r", (5.55, foot(0.72, 0, 50, 0.1, 30)), (6.1, foot(0.72, 0, 50, 0.1, 30)), move=0.4)
    part.key(
        "hip", (3.8, (0.34, 1.04)), (4.2, (0.30, 1.10)), (5, (0.30, 1.10)), (5.5, (0.08, 0.90)), (5.9, (0.08, 0.94))
    )
    part.key("roll", (3.8, 0), (5.2, 0), (5.5, -14), (6, -14))
    part.key("lean", (3.8, 0), (5.2, 0), (5.5, -14), (6, -12))
    part.key("head", (3.9, (0, 0, 0, 0)), (4.4, (0, 0, 0, 1.3)), (4.9, (0, 0, 0, 3.3)), (5.3, (0, 0, 0, 4)))
    part.key("head", (5.55, (0, 0.02, -14, 4)), (6, (0, 0.02, -10, 4)), (9.4, (0, 0, 0, 4)))
    part.both("hand", (3.9, AKIMBO), (5.2, AKIMBO))
    part.key("hand_r", (5.55, HIGH), (6, HIGH))
    part.key("hand_l", (5.55, _side("l", OPEN)), (6, _side("l", OPEN)))
    # Beats 6.5 to 8: three bumps of the rump, cha-cha-cha, and a look to see what they hit.
    part.key("foot_r", (6.5, foot(0.34, 0, 0, 0.1)), move=0.4)
    for count, beat in enumerate((6.5, 7, 7.5)):
        part.key("hip", (beat - 0.2, (0.16, 1.0)), (beat, (0.46 + 0.05 * count, 0.90), "snap"))
        part.key("roll", (beat - 0.2, 0), (beat, 20, "snap"))
        part.key("lean", (beat - 0.2, 0), (beat, -10, "snap"))
        part.key("pitch", (beat - 0.2, 8), (beat, 22, "snap"))
        part.key("head", (beat, (0, 0, 10, 4.3)))
    part.key("hip", (8, (0.54, 0.94)), (8.2, (0.2, 1.0)))
    part.key("roll", (8, 20))
    part.key("lean", (8, -10))
    part.key("pitch", (6.1, 0), (8, 22), (8.4, 0), (9.5, 0))
    part.key("head", (8, (0, 0.02, 18, 4.5)))
    part.both("hand", (6.5, OPEN), (8, OPEN))
    part.both("elbow", (5.5, (0.6, -0.8, 0)), (6, (0.6, -0.8, 0)), (6.5, (1, -0.4, 0)), (8, (1, -0.4, 0)))
    # Beats 8 to 9.5: each leg kicks across the other.
    for beat, side, sign in ((8.5, "l", 1), (9, "r", -1)):
        part.key(f"foot_{side}", (beat, foot(0.66 * sign - 0.06, 0.40, 10, 0.40, 0)), move=0.4)
        part.key("hip", (beat, (0.06 * sign, 1.06)), (beat + 0.25, (0, 1.0)))
        part.key("roll", (beat, -10 * sign))
        part.key("lean", (beat, -9 * sign))
        part.key("head", (beat, (0, 0, -8 * sign, 4)))
        part.key(f"hand_{side}", (beat, _side(side, OPEN)))
        part.key("hand_r" if side == "l" else "hand_l", (beat, _side("r" if side == "l" else "l", SHAKE_UP)))
    part.key("foot_l", (8.1, foot(0.17, 0, 0, 0.1, 10)), (8.8, foot(-0.20)))
    part.key("foot_r", (8.6, foot(0.34, 0, 0, 0.1)), (9.35, foot(0.10)), (9.55, foot(0.10)))
    part.key("foot_l", (9.3, foot(-0.20)), (9.65, foot(-0.58)))
    part.wag(70, 0, 2, lift=8)
    return part


def _chasse(part: Part, beat: float, up: tuple[float, ...] = SHAKE_UP, down: tuple[float, ...] = SHAKE_DOWN) -> None:
    """Add three steps to the right at ``beat``, a half and a whole beat later; the paws shake alternately."""
    part.key("foot_r", (beat - 0.6, foot(-0.14)), (beat - 0.35, foot(-0.14)))
    part.key(
        "foot_r", (beat, foot(0.34), "smooth", 0.3), (beat + 1, foot(0.58), "smooth", 0.3), (beat + 1.6, foot(0.58))
    )
    part.key("foot_l", (beat + 0.15, foot(-0.58)), (beat + 0.5, foot(0.10)), (beat + 0.8, foot(0.10)))
    part.key("foot_l", (beat + 1, foot(0.10, 0, 30)), (beat + 1.4, foot(0.10, 0, 30)))
    for at, x, height, sign in ((0, 0.14, 0.93, 1), (0.5, 0.10, 1.04, -1), (1, 0.42, 0.93, 1)):
        part.key("hip", (beat + at, (x, height)))
        part.key("roll", (beat + at, 18 * sign))
        part.key("lean", (beat + at, -9 * sign))
        part.key("head", (beat + at, (0, 0, 8 * sign)))
        part.key("hand_r", (beat + at, up if sign > 0 else down))
        part.key("hand_l", (beat + at, _side("l", down if sign > 0 else up)))
    part.key("hip", (beat + 1.4, (0.44, 0.96)))
    part.key("hand_r", (beat + 1.4, up))
    part.key("hand_l", (beat + 1.4, _side("l", down)))


def _side(side: str, hand: tuple[float, ...]) -> tuple[float, ...]:
    """Return a right hand's position as that of the hand at ``side``."""
    return hand if side == "r" else mirrored("hand_r", hand)


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.rays(canvas, 0.5, 1.05, mix_colours(CORAL, WHITE, 0.62), 0.5, 24)
    architecture.scallops(canvas, (CORAL, CREAM))
    for x, y, size in ((0.1, 0.34, 0.06), (0.9, 0.3, 0.07), (0.2, 0.58, 0.04), (0.82, 0.6, 0.045)):
        scenery.burst(canvas, x, y, size, mix_colours(MINT, WHITE, 0.2), 8, 0.95)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Take two slow steps, then three quick ones, then the same the other way."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import arc, bump, pulse, snap, steps

    way = steps(b, total, [1, 1, -1, -1] * (total // 4) + [0, 0] * (total % 4 == 2), lead=0.25)
    quick = bump(b, 2, 1, 1.0)
    patter = snap(np.sin(4 * np.pi * b)) * quick
    return Poses.of(
        b,
        tx=0.07 * way,
        ty=0.012 * quick * arc(2 * b),
        rot=2 * way + patter,
        stretch=0.015 - 0.014 * pulse(b),
        hip=0.06 * steps(b, total, [1, -1]) + 0.015 * patter,
        bend=0.04 * way,
        head=-6 * way + 2 * patter,
        turn=0.7 * way,
    )


DANCE = Dance(
    slug="cha_cha",
    english=English(
        name=mark.gettext("Cha-cha"),
        in_sentence=mark.pgettext("in a sentence", "cha-cha"),
        line=mark.gettext("two slow steps, three quick ones"),
        best_photo=mark.gettext("full body"),
    ),
    place=12,
    bpm=120,
    metre=4,
    colour="coral",
    camera="locked",
    mood="cheeky",
    prompt="Locked camera. The pet takes two slow side steps, then three quick little steps, then repeats the "
    "other way. Its head bobs and its tail flicks on the quick steps. The whole body stays centred in "
    "frame.",
    palette=Palette((110, 120, 236), (196, 220, 255), (CORAL, MINT, CREAM), 0.78),
    set=Set(scenery, "checker", ParticleStyle(("dot", "paper"), 36), glow=0.12),
    score=Score(
        45,
        "0:m7 5:7",
        {
            "cowbell": FOUR,
            "conga": "............xx..",
            "conga_mute": "..x...x...x.....",
            "guiro_long": "x...x...x...x...",
            "guiro": "..x...x...x...x.",
            "kick": "x.......x.......",
        },
        "1.....5.8.....5.",
        "..x...x.....x.x.",
        "piano",
        "1:24:.5 1.5:27:.5 3:31:.25 3.5:31:.25 4:33:.5 5.5:31:.5 7:27:.5 8:24:.5 9:31:.25 9.5:34:.25",
        "flute trumpet",
        "upright_bass",
        "muted_trumpet",
        fill="timbale conga_high",
        steps=("step",),
    ),
    outfit="cha_cha",
    hat="fruit_hat",
    hands=Hands(raised="mitten_open"),
    choreography=Choreography(first_part, second_part, overlap=0.6),
    whole_pet=whole_pet,
)
