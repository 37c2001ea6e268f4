"""Ballet.

On pointe with arms rounded overhead (fifth); a double pirouette with one foot at the knee and a spotting head; an
arabesque side-on, which wobbles with flailing arms and a look at the viewer; a plie and a jump back to pointe. Later: a
jump with the legs apart, tiny steps on pointe with the arms of a swan, a stag leap and a curtsy.

Its silhouette: pointe, arms around the head, the triangle of the bent leg, the long line of the arabesque.
"""

from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.camera import CameraPlan
from videos.studio.dance.choreography import Choreography, Part, around, foot, mirrored
from videos.studio.dance.score import Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CREAM, MARIGOLD, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


FIFTH = (0.84, 1.04, 0.0)  # overhead, beside the crown and the ears
FIRST = (0.24, -0.20, 0.52)  # a ring before the chest, clear of the lap
SECOND = (1.06, 0.06, 0.2)  # to the side
OPEN = (1.00, -0.20, 0.2)  # to the side, lower
LOW = (0.74, -0.56, 0.2)  # a ring below
# Directions of the elbows: in a ring, in a shallow curve to the side, for wings, and for arms stretched forward.
RING, SOFT, SWAN, AHEAD = (1, 0, 0.1), (0.1, 0.5, -0.8), (0.5, 0.7, -0.4), (1, -0.4, 0)
REACH_LOW, REACH_HIGH = (0.2, -0.30, 0.86), (-0.2, 0.44, 0.82)  # the arms of the arabesque
POINTE = 82
TALL = 1.485  # the hip's height on pointe
CENTRE = 0.03  # where the pirouette turns, and the standing foot of the arabesque
PIROUETTE = (1.2, 2.9)


def pirouette(b: float) -> float:
    """Return the turn in degrees: two whole ones, with a soft start and end."""
    start, end = PIROUETTE
    share = min(max((b - start) / (end - start), 0), 1)
    return -10 + 730 * share * share * (3 - 2 * share)


def add_pirouette(part: Part) -> None:
    """Add beats 0.5 to 3: the preparation and the double pirouette."""
    start, end = PIROUETTE
    part.key("yaw", (0, 0), (0.5, 0), (1.0, -25), (start, -10), (end, 720), (3.1, 720), (3.101, 0, "wrap"))
    part.key("foot_l", (0, foot(-0.05, 0, POINTE, 0.04, 40)), (0.5, foot(-0.05, 0, POINTE, 0.04, 40)))
    part.key("foot_l", (0.9, foot(CENTRE, 0, 0, 0.04, 50)), (1.05, foot(CENTRE, 0, 0, 0.04, 50)), ease="slide")
    part.key("foot_l", (1.25, foot(CENTRE, 0, POINTE, 0.04, 20)), (2.85, foot(CENTRE, 0, POINTE, 0.04, 20)))
    part.key("foot_r", (0, foot(0.06, 0, POINTE, 0, 40)), (0.5, foot(0.06, 0, POINTE, 0, 40)))
    part.key("foot_r", (0.85, foot(0.34, 0, 0, -0.12, 50)), (1.05, foot(0.34, 0, 10, -0.12, 50)))
    for number in range(21):
        b = start + 0.05 + number * (end - start - 0.1) / 20
        x, z = around(CENTRE, 0.04, pirouette(b), 0.10, 0.16)
        part.key("foot_r", (b, foot(x, 0.80, 85, z, 75), "linear" if number else "smooth"))
    part.key("hip", (0, (0, TALL)), (0.5, (0, TALL)), (0.95, (0.14, 0.90)), (1.25, (CENTRE, TALL)))
    part.key("hip", (2.85, (CENTRE, TALL)))
    for side in ("l", "r"):
        fifth, first = [value if side == "r" else mirrored("hand_r", value) for value in (FIFTH, FIRST)]
        wound_up = SECOND if side == "r" else (-0.24, -0.18, 0.52)
        part.key(f"hand_{side}", (0, fifth), (0.5, fifth), (0.95, wound_up), (1.3, first), (2.8, first))
    # The head spots: it looks at the viewer as long as it can, and whips around.
    part.key("head", (0, (0, 0, 0, 0)), (0.9, (0, 0, 6, -0.2)), (1.45, (0, 0, 0, 0)), (1.75, (0, 0, 0, 4)))
    part.key("head", (2.2, (0, 0, 0, 4)), (2.55, (0, 0, 0, 8)), (3.1, (0, 0, 0, 8)), (3.101, (0, 0, 0, 0), "wrap"))


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(6)
    add_pirouette(part)
    part.both("elbow", (0, RING), (2.9, RING), (3.02, SOFT), (3.4, AHEAD), (4.7, AHEAD), (5.05, SOFT))
    part.both("elbow", (5.5, SOFT), (5.75, RING))
    part.both("knee", (0, (1, 0, 0.5)), (1.1, (1, 0, 0.35)), (2.9, (1, 0, 0.35)), (3.6, (0.1, -0.6, 1)))
    part.both("knee", (4.7, (0.1, -0.6, 1)), (5.1, (1, 0.1, 0.35)))
    # Beats 3 to 5: the arabesque, with a wobble, and a look at the viewer.
    part.key("yaw", (3.6, 90), (4.75, 90), (5.1, 0))
    part.key("foot_l", (3.1, foot(CENTRE, 0, 0, 0.04, 40)), (3.5, foot(CENTRE, 0, POINTE, 0.04, 10)), ease="slide")
    part.key("foot_l", (4.8, foot(CENTRE, 0, POINTE, 0.04, 10)))
    part.key("foot_r", (3.12, foot(-0.30, 0.02, 30, -0.1, 30)), (3.65, foot(-1.07, 2.06, 200, -0.12, 0)))
    part.key("foot_r", (4.2, foot(-1.09, 2.12, 205, -0.12, 0)), (4.6, foot(-1.08, 2.04, 203, -0.12, 0)))
    part.key("hip", (3.1, (0.0, 0.94)), (3.55, (CENTRE, TALL)), (4.7, (CENTRE, TALL)))
    part.key("pitch", (0, 0), (3.05, 0), (3.6, 22), (4.7, 24), (5.1, 0))
    part.key("lean", (3.6, 0), (4.0, 0), (4.18, 12), (4.36, -10), (4.54, 8), (4.75, 0))
    part.key("hand_r", (3.15, (0.8, -0.3, 0.2)), (3.6, REACH_LOW), (4.0, REACH_LOW))
    part.key("hand_l", (3.15, (-0.5, -0.3, 0.3)), (3.6, REACH_HIGH), (4.0, REACH_HIGH))
    for b, low, high in ((4.16, 0.34, -0.22), (4.32, -0.62, 0.74), (4.48, 0.26, -0.10), (4.64, -0.30, 0.44)):
        part.key("hand_r", (b, (0.2, low, 0.84)))
        part.key("hand_l", (b, (-0.2, high, 0.82)))
    part.key("head", (3.6, (0, 0.04, -10, 0.85)), (3.95, (0, 0.04, -10, 0.85)), (4.2, (0, 0.02, 6, 0.1)))
    part.key("head", (4.7, (0, 0.02, -4, 0.1)), (5.3, (0, -0.02, 0, 0)), (5.6, (0, 0, 0, 0)))
    # Beat 5: a deep plie, and the spring back to pointe.
    part.key("foot_r", (5.02, foot(0.40, 0, 0, 0, 60)), (5.5, foot(0.40, 0, 0, 0, 60)))
    part.key("foot_l", (5.2, foot(-0.38, 0, 0, 0.04, 60)), (5.5, foot(-0.38, 0, 0, 0.04, 60)))
    part.key("foot_r", (5.68, foot(0.20, 0.38, 84, 0, 40)), (5.86, foot(0.06, 0, POINTE, 0, 40)))
    part.key("foot_l", (5.68, foot(-0.20, 0.38, 84, 0, 40)), (5.86, foot(-0.05, 0, POINTE, 0, 40)))
    part.key("hip", (5.0, (0.06, 1.1)), (5.3, (0, 0.80)), (5.45, (0, 0.78)), (5.69, (0, 1.72)))
    part.both("hand", (5.05, SECOND), (5.3, OPEN), (5.48, OPEN), (5.66, (0.80, 0.30, 0.35)))
    part.key("tail", (0, (70, 15)), (1, (50, 5)), (2, (-60, 20)), (3, (60, 10)), (3.6, (0, 10)), (3.9, (0, 60)))
    part.key("tail", (4.2, (0, 10)), (4.5, (0, 60)), (4.8, (0, 10)), (5.3, (-70, 10)), (5.7, (-60, 40)))
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(6)
    # Beat 1: a jump with the legs apart.
    part.key("hip", (0.2, (0, TALL)), (0.6, (0, 0.80)), (0.95, (0, 1.56)), (1.3, (0, 0.84)), (1.7, (0, TALL)))
    part.key("foot_r", (0.15, foot(0.06, 0, POINTE, 0, 40)), (0.5, foot(0.12, 0, 0, 0, 60)), ease="slide")
    part.key("foot_l", (0.15, foot(-0.05, 0, POINTE, 0.04, 40)), (0.5, foot(-0.12, 0, 0, 0.04, 60)), ease="slide")
    part.both("foot", (0.68, foot(0.12, 0, 20, 0, 60)), (0.9, foot(0.74, 0.44, 80, 0, 60)))
    part.both("foot", (1.0, foot(0.74, 0.44, 80, 0, 60)))
    part.both("foot", (1.18, foot(0.16, 0, 20, 0, 60)), (1.3, foot(0.16, 0, 0, 0, 60)), (1.4, foot(0.16, 0, 0, 0, 60)))
    part.both("hand", (0.55, LOW), (0.95, (1.06, 0.46, 0.1)), (1.3, (0.86, -0.46, 0.2)))
    part.both(
        "knee",
        (0.5, (1, 0, 0.35)),
        (2.8, (1, 0, 0.35)),
        (3.35, (0.1, 0, 1)),
        (3.6, (0.1, -0.5, 1)),
        (4.3, (0.1, -0.5, 1)),
    )
    part.both("knee", (4.8, (0.8, 0, 0.8)), (5.5, (1, 0, 0.5)))
    # Beats 1.7 to 3.1: tiny steps on pointe to the left, and the arms of a swan.
    for number in range(15):
        b, x = 1.7 + number * 0.1, -0.014 * number
        side, aside = ("l", -0.06) if number % 2 else ("r", 0.06)
        part.key(f"foot_{side}", (b, foot(x + aside, 0, POINTE, 0, 30)))
    part.key("hip", (3.05, (-0.20, TALL)))
    for b in (1.65, 2.15, 2.65):
        part.both("hand", (b, (0.96, 0.62, 0)), (b + 0.25, (1.0, -0.26, 0.1)))
    part.both("elbow", (0.3, SOFT), (1.3, SOFT), (1.7, SWAN), (2.9, SWAN), (3.3, AHEAD))
    part.both("elbow", (4.2, AHEAD), (4.7, SOFT), (5.3, SOFT), (5.7, RING))
    part.key("lean", (1.5, 0), (1.75, 6), (2.4, -6), (3, 4), (3.3, 0))
    part.key("head", (1.3, (0, 0, 0, 0)), (1.8, (0, 0, 10, 0.4)), (2.4, (0, 0.02, -10, -0.4)), (3.0, (0, 0, 6, 0.4)))
    # Beats 3 and 4: a stag leap to the right, and its landing.
    part.key("yaw", (2.9, 0), (3.25, 90), (4.35, 90), (4.75, 0))
    part.key("foot_l", (3.3, foot(-0.26, 0, 0, 0.1, 10)), (3.42, foot(-0.26, 0, 50, 0.1, 10)))
    part.key("foot_r", (3.32, foot(-0.14, 0, 0, -0.1, 10)), (3.5, foot(0.12, 0.5, 40, -0.1, 10)))
    part.key(
        "foot_r",
        (3.7, foot(0.02, 1.20, 120, -0.1, 5)),
        (3.9, foot(0.24, 1.20, 120, -0.1, 5)),
        (4.15, foot(0.42, 0, 20, -0.1, 10)),
    )
    part.key("foot_r", (4.25, foot(0.42, 0, 0, -0.1, 10)), (4.8, foot(0.42, 0, 0, -0.1, 40)))
    part.key(
        "foot_l",
        (3.7, foot(-1.14, 2.08, 208, 0.1, 0)),
        (3.94, foot(-1.0, 2.12, 208, 0.1, 0)),
        (4.2, foot(-0.62, 0.76, 120, 0.1, 5)),
    )
    part.key(
        "hip",
        (3.32, (-0.42, 0.84)),
        (3.68, (-0.06, 1.50)),
        (3.82, (0.08, 1.57)),
        (4.2, (0.20, 0.92)),
        (4.45, (0.20, 1.0)),
    )
    part.key("pitch", (3.2, 0), (3.4, 12), (3.8, 8), (4.2, 16), (4.6, 4))
    part.key("hand_r", (3.1, (0.9, -0.3, 0.2)), (3.35, (0.45, -0.6, -0.3)), (3.8, (0.4, 0.30, -0.9)))
    part.key("hand_l", (3.1, (-0.9, -0.3, 0.2)), (3.35, (-0.4, -0.6, 0.3)), (3.8, (-0.25, 0.84, 0.86)))
    part.key("hand_r", (4.2, (0.6, 0.1, -0.8)), (4.6, OPEN))
    part.key("hand_l", (4.2, (-0.3, 0.52, 0.74)), (4.6, mirrored("hand_r", OPEN)))
    part.key("head", (3.3, (0, 0, 4, 0.85)), (3.8, (0, 0.04, -12, 0.8)), (4.2, (0, 0, 6, 0.5)), (4.6, (0, 0, 0, 0)))
    # Beat 5: a curtsy to the viewer, and up.
    part.key("foot_l", (4.65, foot(-0.16, 0, 40, -0.34, 20)), (5.35, foot(-0.16, 0, 40, -0.34, 20)))
    part.key("hip", (4.95, (0.15, 0.84)), (5.25, (0.15, 0.80)), (5.7, (0.04, 1.38)))
    part.key("pitch", (4.95, 24), (5.25, 26), (5.6, 0))
    part.both("hand", (4.95, (1.08, -0.16, 0.3)), (5.25, (1.06, -0.24, 0.3)), (5.6, (0.8, 0.1, 0.4)))
    part.key("head", (4.95, (0, -0.06, 14, 0)), (5.25, (0, -0.06, 16, 0)), (5.6, (0, 0, 0, 0)))
    part.key("foot_r", (5.25, foot(0.42, 0, 0, -0.1, 40)), (5.75, foot(0.06, 0, POINTE, 0, 40)))
    part.key("foot_l", (5.8, foot(-0.05, 0, POINTE, 0.04, 40)))
    part.key(
        "tail", (0.95, (60, 40)), (1.7, (60, 10)), (2.4, (-60, 10)), (3.1, (30, 0)), (3.8, (0, 40)), (4.5, (40, 10))
    )
    for number in range(5):
        part.key("tail", (4.8 + number * 0.16, (70 if number % 2 else -70, 20)))
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.halo(canvas, 0.5, 0.45, 0.5, CREAM, 0.45)
    architecture.curtains(canvas, (120, 92, 206), 0.17)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Reach, leap with a soft landing, rise on tiptoe and turn a pirouette."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import bump, facing

    leap = bump(b, total, 1.0, 1.6)
    landing = bump(b, total, 2.45, 0.6)
    twirl = facing(b, total, total - 2.6, 2.5) if total > 3 else np.ones_like(b)
    rise = bump(b, total, total - 2.7, 2.7) if total > 3 else bump(b, total, 0, 3)
    reach = np.sin(2 * np.pi * b / total)
    return Poses.of(
        b,
        tx=0.085 * reach,
        ty=0.17 * leap,
        rot=3 * reach - 4 * leap,
        stretch=0.085 * rise + 0.05 * leap - 0.09 * landing,
        bend=0.07 * np.sin(2 * np.pi * b / 3) * (1 - rise),
        flip=twirl,
        head=-7 * np.sin(2 * np.pi * b / 3 + 0.6) * (1 - rise),
        turn=0.5 * reach,
        nod=0.35 * rise,
    )


DANCE = Dance(
    slug="ballet",
    english=English(
        name=mark.gettext("Ballet"),
        in_sentence=mark.pgettext("in a sentence", "ballet"),
        line=mark.gettext("rises tall, slow turn"),
        best_photo=mark.gettext("standing, side view"),
    ),
    place=8,
    bpm=72,
    metre=3,
    colour="marigold",
    camera="slow push-in",
    mood="graceful",
    prompt="Slow push-in. The pet rises tall, lets its front paws drift gently outward, and turns slowly on the "
    "spot with a lifted chin. Its tail follows in a soft curve. The whole body stays centred in frame.",
    palette=Palette((92, 74, 140), (196, 206, 250), (MARIGOLD, CREAM, (190, 170, 250)), 0.70),
    set=Set(scenery, "calm", ParticleStyle(("petal",), 30, sway=0.05), Beams((CREAM, CREAM), 7, 1, 0.42), glow=0.25),
    score=Score(
        48,
        "0:M 9:m",
        {"triangle": "x" + "." * 47},
        "1...........",
        "....x...x...",
        "harp pizzicato",
        "0:28:1 1:31:.5 1.5:33:.5 2:31:1 3:28:.5 3.5:26:.5 4:24:2",
        "celesta glockenspiel",
        "upright_bass",
        "violin",
        pad=0.11,
        levels={"triangle": 0.6},
        bass_beats=0.9,
    ),
    outfit="ballet",
    hat="tiara",
    hands=Hands(low="mitten_open", raised="mitten_open"),
    choreography=Choreography(first_part, second_part, arms=1.2, highlight=4, camera=CameraPlan(push_in=0.08)),
    whole_pet=whole_pet,
)
