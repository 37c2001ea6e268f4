"""Happy wiggle.

Paws up beside the ears, rump and shoulders shaking against each other twice a beat, down and up again; a tucked hop
about; it shakes the rump at us and waves, the tail in circles; a hop back, and the wiggle rises again.
At ten seconds: a play bow with its paws on the floor and the rump in the air, a leap, side hops with a knee up, and a
chase after its own tail.

Its silhouette: paws up, rump out to the side, tail flying; the play bow.
"""

from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.choreography import Choreography, Part, around, foot
from videos.studio.dance.score import BACKBEAT, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CORAL, MARIGOLD, MINT, PINK, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

SIDES = (("l", -1), ("r", 1))
STANCE = 0.42
FROM_BEHIND, BACK = 172, 5.5  # the body's turn in degrees, and the beat at which it hops back
# The right paw: up beside the ear, lower beside the shoulder, and flung up in the air.
UP, LOWER, FLUNG = (0.84, 0.60, 0.1), (0.80, 0.24, 0.1), (0.84, 0.58, 0.1)
# As it wiggles down, both paws come down as well.
DOWN_UP, DOWN_LOWER = (0.82, -0.06, 0.2), (0.72, -0.48, 0.2)
# Seen from behind: a paw on the hip, and the other one waving outwards and inwards.
ON_HIP, WAVE_OUT, WAVE_IN = (0.58, -0.40, 0.0), (0.94, 0.40, 0.0), (0.86, 0.70, 0.0)


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(8)
    # Beats 0 to 3: the wiggle, down to the floor and up again.
    for number, low in enumerate((0, 0.25, 0.6, 1, 1, 0.5, 0)):
        _wiggle(part, number * 0.5, -1 if number % 2 == 0 else 1, low)
    # Beats 3.3 to 3.9: the hop about, and back from 5.5.
    part.key("yaw", (0, 0), (3.36, 0), (3.88, FROM_BEHIND), (BACK + 0.06, FROM_BEHIND), (BACK + 0.58, 0))
    for number, start in enumerate((3.3, BACK)):
        part.key("hip", (start, (0, 0.72)), (start + 0.3, (0, 1.36)), (start + 0.6, (0, 0.74)))
        part.key("roll", (start, 0), (start + 0.3, 0))
        part.key("lean", (start, 0), (start + 0.3, 0))
        part.both("hand", (start + 0.3, FLUNG))
        for side, sign in SIDES:
            there = around(0, 0, FROM_BEHIND, sign * STANCE, 0)
            takes_off, lands = ((sign * STANCE, 0.0), there) if number == 0 else (there, (sign * STANCE, 0.0))
            part.key(f"foot_{side}", (start + 0.04, foot(takes_off[0], 0, 0, takes_off[1], 35)))
            part.key(f"foot_{side}", (start + 0.3, foot(-0.16, 0.52, 60, -sign * 0.12, 20)))
            part.key(f"foot_{side}", (start + 0.56, foot(lands[0], 0, 0, lands[1], 35)))
    part.key("foot_l", (0, foot(-STANCE, 0, 0, 0, 35)))
    part.key("foot_r", (0, foot(STANCE, 0, 0, 0, 35)))
    part.key("pitch", (0, 6), (3.3, 14), (3.6, 0), (4.1, 30), (BACK - 0.2, 30), (BACK + 0.3, 0))
    # Beats 4 to 5.3: the rump, and a wave.
    for number in range(3):
        sign = 1 if number % 2 else -1
        beat = 4.25 + number * 0.5
        part.key("hip", (beat, (0.33 * sign, 0.80)), (beat + 0.25, (0, 0.72)))
        part.key("roll", (beat, -22 * sign))
        part.key("lean", (beat, -9 * sign))
    for number in range(5):
        x, y, z = WAVE_IN if number % 2 else WAVE_OUT
        part.key("hand_l", (4.25 + number * 0.25, (-x, y, z)))
    part.key("hand_r", (4.25, ON_HIP), (5.25, ON_HIP))
    part.key("head", (3.4, (0, 0.03, 0, 0)), (3.9, (0, 0, 0, 2)), (4.25, (0, 0.02, 10, 2)), (4.75, (0, 0.02, -10, 2)))
    part.key("head", (5.25, (0, 0.02, 10, 2)), (5.5, (0, 0.03, 0, 2)), (6.1, (0, 0.03, 0, 4)))
    part.key("head", (6.101, (0, 0.03, 0, 0), "wrap"))
    part.both("elbow", (0, (1, -0.5, 0)), (3.6, (1, -0.5, 0)), (4.1, (1, 0.1, -0.4)), (5.3, (1, 0.1, -0.4)))
    part.both("elbow", (BACK + 0.3, (1, -0.5, 0)))
    part.both("knee", (0, (0.9, 0, 0.8)), (3.3, (0.9, 0, 0.8)), (3.6, (0.2, 0, 1)), (3.9, (0.9, 0, 0.8)))
    part.both("knee", (BACK, (0.9, 0, 0.8)), (BACK + 0.3, (0.2, 0, 1)), (BACK + 0.6, (0.9, 0, 0.8)))
    # Beats 6.5 to 7.5: the wiggle again, from the knees up.
    for number, low in enumerate((0.9, 0.5, 0.1)):
        _wiggle(part, 6.5 + number * 0.5, -1 if number % 2 else 1, low)
    _circle_tail(part)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(8)
    for number in range(2):
        _wiggle(part, number * 0.5, -1 if number % 2 == 0 else 1)
    # Beats 1 to 4: the play bow. The rump bounces.
    part.key("yaw", (1.0, 0), (1.5, 66), (3.6, 66), (4.0, 0))
    part.key("pitch", (0.9, 6), (1.75, 92), (3.55, 92), (3.75, 60), (4.05, 0))
    part.key("hip", (1.0, (-0.10, 0.80)), (1.35, (-0.40, 1.12)))
    for number in range(4):
        beat = 1.75 + number * 0.5
        part.key("hip", (beat, (-0.46, 0.94)), (beat + 0.25, (-0.50, 1.06)))
        part.key("roll", (beat, 16 if number % 2 else -16))
        part.key("head", (beat, (0, 0.16, 6, 0.5)), (beat + 0.25, (0, 0.22, -8, 0.5)))
    for side, x, z in (("l", -0.30, 0.20), ("r", -0.22, -0.22)):
        part.key(f"foot_{side}", (1.1, foot(-STANCE if side == "l" else STANCE, 0, 0, 0, 35)))
        part.key(f"foot_{side}", (1.3, foot(x, 0.22, 20, z / 2, 15)), (1.52, foot(x, 0, 0, z, 15)))
        part.key(f"foot_{side}", (3.72, foot(x, 0, 0, z, 15)))
    part.both("hand", (1.3, (0.60, 0.30, 0.4)))
    part.key("hand_l", (1.75, ("floor", 0.38, 0.10, 0.34)), (3.6, ("floor", 0.38, 0.10, 0.34)))
    part.key("hand_r", (1.75, ("floor", 0.50, 0.10, -0.20)), (3.6, ("floor", 0.50, 0.10, -0.20)))
    # Beat 4: the leap.
    part.key("hip", (3.74, (-0.34, 0.74)), (4.05, (-0.12, 1.44)), (4.38, (0, 0.78)))
    part.key("roll", (3.8, 0), (4.05, 0))
    part.key("lean", (1.0, 0), (4.05, 0))
    part.both("hand", (3.86, (0.62, -0.30, 0.5)), (4.08, FLUNG))
    part.key("foot_l", (4.05, foot(-0.56, 0.46, 40, 0, 50)), (4.34, foot(-STANCE, 0, 0, 0, 35)))
    part.key("foot_r", (4.05, foot(0.40, 0.46, 40, 0, 50)), (4.34, foot(STANCE, 0, 0, 0, 35)))
    part.key("head", (4.05, (0, 0.05, 0, 0)), (4.4, (0, -0.05, 0, 0)))
    # Beats 4.75 to 6.3: side hops with a knee up.
    for beat, sign in ((4.75, 1), (5.25, -1), (5.75, 1)):
        _side_hop(part, beat, sign)
    # Beats 6.4 to 7.4: the chase after the tail.
    part.key("yaw", (6.3, 0), (7.44, 360))
    part.key("pitch", (6.2, 4), (6.55, 34), (7.15, 34), (7.5, 0))
    part.key("hip", (6.3, (0, 0.84)), (6.8, (0, 0.88)), (7.2, (0, 0.80)), (7.52, (0, 1.26)), (7.82, (-0.16, 0.86)))
    part.key("lean", (6.35, 0), (7.6, 0))
    part.key("roll", (6.35, 0), (7.6, 0))
    part.key("head", (6.3, (0, 0, 0, 0)), (6.6, (0, 0, 14, 1.9)), (7.1, (0, 0, 14, 3.6)), (7.46, (0, 0.03, 0, 4)))
    part.both("hand", (6.6, (0.66, -0.06, 0.44)), (7.15, (0.66, -0.06, 0.44)), (7.52, FLUNG))
    for number in range(8):
        side, sign = SIDES[number % 2]
        beat = 6.36 + number * 0.14
        x, z = around(0, 0, 360 * (number + 0.5) / 8, sign * 0.26, 0)
        part.key(f"foot_{side}", (beat + 0.02, foot(x, 0, 0, z, 20), None, 0.14))
    for side, sign in SIDES:
        part.key(f"foot_{side}", (7.52, foot(sign * 0.50, 0.36, 40, 0, 50)), (7.8, foot(sign * STANCE, 0, 0, 0, 35)))
    part.both("elbow", (0, (1, -0.5, 0)), (1.3, (1, -0.5, 0)), (1.75, (0.5, 0, -1)), (3.5, (0.5, 0, -1)))
    part.both("elbow", (4.05, (1, -0.5, 0)), (6.3, (1, -0.5, 0)), (6.7, (1, -0.4, -0.3)), (7.4, (1, -0.5, 0)))
    part.both("knee", (0, (0.9, 0, 0.8)), (1.0, (0.9, 0, 0.8)), (1.5, (0.2, 0, 1)), (3.7, (0.2, 0, 1)))
    part.both("knee", (4.05, (0.9, 0, 0.8)), (6.2, (0.9, 0, 0.8)), (6.6, (0.3, 0, 1)), (7.2, (0.3, 0, 1)))
    part.both("knee", (7.6, (0.9, 0, 0.8)))
    _circle_tail(part)
    return part


def _wiggle(part: Part, beat: float, side: int, low: float = 0) -> None:
    """Add a swing of the rump to one side (1 is the right), from upright (``low`` 0) to deep in the knees (1).

    The shoulders and the head go to the other side.
    """
    part.key("hip", (beat, (0.34 * side, 0.98 - 0.30 * low)), (beat + 0.25, (0, 0.92 - 0.30 * low)))
    part.key("roll", (beat, 22 * side))
    part.key("lean", (beat, -17 * side))
    part.key("head", (beat, (0, 0, 16 * side, 0)))
    higher, lower = ("r", "l") if side > 0 else ("l", "r")
    for name, up, down in ((higher, UP, DOWN_UP), (lower, LOWER, DOWN_LOWER)):
        x, y, z = (one + low * (other - one) for one, other in zip(up, down, strict=True))
        part.key(f"hand_{name}", (beat, (x if name == "r" else -x, y, z)))


def _side_hop(part: Part, beat: float, side: int) -> None:
    """Add a hop onto one foot with the other knee up, and the landing on both."""
    lands, lifts = ("r", "l") if side > 0 else ("l", "r")
    for at in (beat - 0.12, beat + 0.14):
        part.key(f"foot_{lands}", (at, foot(side * 0.38, 0, 0, 0, 35)))
    part.key(f"foot_{lifts}", (beat, foot(-side * 0.16, 0.48, 40, 0.1, 35)))
    part.key("hip", (beat - 0.25, (side * 0.02, 1.10)), (beat, (side * 0.24, 0.90)))
    part.key("lean", (beat, side * 11))
    part.key("roll", (beat, -side * 14))
    part.key("head", (beat, (0, 0, -side * 18, 0)))
    part.key(f"hand_{lands}", (beat, (side * LOWER[0], *LOWER[1:])))
    part.key(f"hand_{lifts}", (beat, (-side * UP[0], *UP[1:])))


def _circle_tail(part: Part) -> None:
    """Fling the tail round, outside the outline of the body."""
    for number in range(16):
        part.key("tail", (number * 0.5, (86 if number % 2 else -86, 34 if number // 2 % 2 else 0)))


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import scenery

    scenery.rainbow(canvas, (CORAL, MARIGOLD, MINT, SKY, PINK))
    scenery.clouds(canvas, ((0.1, 0.3, 0.08), (0.9, 0.22, 0.09), (0.22, 0.7, 0.1), (0.79, 0.7, 0.1)))


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Wiggle from nose to tail, twice a beat, while the head tilts slowly from side to side."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import pulse, steps

    wave = 2 * np.pi * b
    tilt = steps(b, total, [1, 1, -1, -1])
    return Poses.of(
        b,
        rot=1.2 * np.sin(wave),
        stretch=0.01 - 0.01 * pulse(b / 2),
        bend=0.025 * np.sin(wave + 1.2),
        snake=0.034 * np.sin(wave),
        hip=0.04 * np.sin(wave - 0.9),
        head=13 * tilt,
        turn=0.3 * tilt,
    )


DANCE = Dance(
    slug="happy_wiggle",
    english=English(
        name=mark.gettext("Happy wiggle"),
        in_sentence=mark.pgettext("in a sentence", "happy wiggle"),
        line=mark.gettext("whole-body wiggle, head tilts"),
        best_photo=mark.gettext("any photo, close-ups too"),
    ),
    place=16,
    bpm=96,
    metre=4,
    colour="sky",
    camera="locked",
    mood="pure joy",
    prompt="Locked camera. The pet wiggles from nose to tail, tilts its head to one side, then the other, ears "
    "flopping and tail wagging happily. Its eyes stay bright and open. The pet stays centred in frame.",
    any_photo=True,
    palette=Palette((214, 150, 70), (250, 226, 180), (SKY, MARIGOLD, PINK, MINT), 0.80),
    set=Set(scenery, "twinkle", ParticleStyle(("star", "dot", "heart"), 32, size=0.03), glow=0.1),
    score=Score(
        48,
        "0:M 5:M 7:M 0:M",
        {"kick": "x.......x.......", "clap": BACKBEAT, "tambourine": "o.o.o.o.o.o.o.o."},
        "1...5...1...5...",
        "..x...x...x...x.",
        "ukulele",
        "0:28:.5 .5:31:.5 1:36:.75 2:33:.5 3:36:.5 4:35:.5 5:38:.5 6:36:1",
        "glockenspiel marimba clarinet",
        "upright_bass",
        "flute",
        fill="clap wood",
        swing=0.1,
        chord_beats=2,
        steps=("stomp",),
    ),
    outfit="happy_wiggle",
    hat="propeller",
    hands=Hands(low="mitten_open", raised="mitten_open"),
    choreography=Choreography(first_part, second_part),
    whole_pet=whole_pet,
)
