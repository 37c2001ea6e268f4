"""Waltz.

Closed hold with an invisible partner: one arm long and level, the other curved with a high elbow. A bar to each side
sinks into a long step and rises on the toes, the free leg stretched out, and on the other side drawn up the calf while
an arm opens; a bar of small steps turns once, with the back to us in the middle. Later: the partner is twirled under
the raised arm and dipped, and a turn goes the other way.

Its silhouette: the hold, the sway from side to side, rise and fall.
"""

from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.camera import CameraPlan
from videos.studio.dance.choreography import Choreography, Part, around, foot
from videos.studio.dance.score import Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CREAM, MINT, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


LOW, HIGH = 0.92, 1.42  # heights of the hip
LONG_ARM, LONG_ARM_HIGH = (0.98, -0.10, 0.26), (1.00, 0.52, 0.12)
CURVED_ARM, CURVED_ARM_HIGH = (-0.50, -0.02, 0.62), (-0.66, 0.26, 0.48)
OPENED_ARM = (-0.98, 0.44, 0.12)
ON_HIP = (-0.40, -0.44, 0.0)
TURN_X = -0.16  # where the turn is danced
TURN_START, TURN_END = 5.8, 8.75


def turned(b: float) -> float:
    """Return how much of the turn is done at ``b``, from 0 to 1."""
    share = min(max((b - TURN_START) / (TURN_END - TURN_START), 0), 1)
    return share * (0.55 + 0.45 * share * (3 - 2 * share))


def turn(part: Part, degrees: float) -> None:
    """Add a turn on the spot, in six small steps on the toes."""
    moments = [TURN_START + number * (TURN_END - TURN_START) / 8 for number in range(9)]
    part.key("yaw", *[(b, degrees * turned(b), "linear") for b in moments])
    # The head stays behind the body, and overtakes it.
    for b, share in ((5.8, 0), (6.3, 0.08), (7.9, 0.94), (8.75, 1)):
        part.key("head", (b, (0, 0.03, -6, degrees / 90 * share - 0.3)))
    for number in range(6):
        b = 6 + number / 2
        name, aside = ("r", 0.13) if number % 2 == 0 else ("l", -0.13)
        x, z = around(TURN_X, 0, degrees * turned(b + 0.25), aside, 0.12)
        pitch = 10 if number == 0 else 48
        part.key(f"foot_{name}", (b, foot(x, 0, pitch, z, 12), None, 0.42))
        if b < 8:
            part.key(f"foot_{name}", (b + 0.55, foot(x, 0, 48, z, 12)))
    part.key("hip", (6, (TURN_X, 1.12)), (6.6, (TURN_X, 1.36)), (7.6, (TURN_X, HIGH)), (8.2, (TURN_X, 1.34)))


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(9)
    part.both("knee", (0, (0.5, 0, 1)), (5.6, (0.5, 0, 1)), (6.2, (0.15, 0, 1)), (8.5, (0.15, 0, 1)))
    # Beats 0 to 2: a long step to the right, and the rise over it.
    part.key("hip", (0, (-0.16, LOW)), (0.25, (-0.08, LOW - 0.02)), (1, (0.07, 1.28)), (2, (0.11, HIGH)))
    part.key("foot_r", (0, foot(0.22), None, 0.55), (0.4, foot(0.22)), (1, foot(0.22, 0, 44)), (2, foot(0.22, 0, 55)))
    part.key("foot_l", (0, foot(-0.56, 0, 32)), (0.3, foot(-0.56, 0, 45)), (1, foot(-0.16, 0.16, 75)))
    part.key("foot_l", (1.8, foot(-0.68, 0.34, 78)), (2.3, foot(-0.72, 0.32, 78)))
    part.key("lean", (0, 8), (0.3, 9), (1.2, -6), (2.2, -12), (3, -8), (3.3, -9), (4.2, 6), (5.2, 12), (6.2, 0))
    # Beats 3 to 5: the same to the left, and the free foot is drawn up the calf while the tail wags.
    part.key("hip", (3, (-0.12, LOW)), (3.25, (-0.20, LOW - 0.02)), (4, (-0.37, 1.28)), (5, (-0.41, HIGH)))
    part.key("foot_l", (3, foot(-0.52), None, 0.55), (3.4, foot(-0.52)), (4, foot(-0.52, 0, 44)))
    part.key("foot_l", (5, foot(-0.52, 0, 55)), (5.6, foot(-0.52, 0, 40)))
    part.key("foot_r", (2.6, foot(0.22, 0, 40)), (3, foot(0.22, 0, 32)), (3.3, foot(0.22, 0, 45)))
    part.key("foot_r", (4, foot(-0.12, 0.10, 75)), (4.7, foot(-0.26, 0.42, 80)), (5.3, foot(-0.26, 0.48, 80)))
    part.key("knee_r", (4.0, (0.5, 0, 1)), (4.5, (1, 0.2, 0.5)), (5.3, (1, 0.2, 0.5)))
    # Beats 6 to 8: the turn.
    part.key("yaw", (0, 0))
    turn(part, 360)
    part.key("lean", (7.2, 5), (8.4, -4))
    for number in range(6):
        part.key("tail", (4.5 + number * 0.15, (-60, 40 if number % 2 else 0)))
    part.key("head", (0, (0.02, 0.02, -4, 0.35)), (1, (0, 0.03, -10, 0.4)), (2.2, (-0.02, 0.03, -14, 0.25)))
    part.key("head", (3, (0, 0.02, 4, -0.4)), (4, (0, 0.03, 10, -0.45)), (5.1, (0.02, 0.03, 12, -0.3)))
    # The arms rise and fall with the body; on the second rise the curved one opens.
    for b, raised in ((0, CURVED_ARM_HIGH), (3, OPENED_ARM), (6, CURVED_ARM_HIGH)):
        part.key("hand_r", (b, LONG_ARM), (b + 0.3, LONG_ARM), (b + 1.8, LONG_ARM_HIGH))
        part.key("hand_l", (b, CURVED_ARM), (b + 0.3, CURVED_ARM), (b + 1.8, raised))
        if b != 3:
            part.key("tail", (b, (70, 0)), (b + 1.5, (-70, 20)))
    part.key("elbow_r", (0, (0.2, -0.4, -1)))
    part.key("elbow_l", (0, (-1, 0.45, -0.2)))
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(9)
    part.both("knee", (0.5, (0.5, 0, 1)), (5.6, (0.6, 0, 1)), (6.2, (0.15, 0, 1)), (8.5, (0.15, 0, 1)))
    # Beats 1 and 2: the raised arm circles and twirls the partner.
    part.key("hip", (0.25, (-0.08, LOW - 0.02)), (1, (0.08, 1.26)), (1.8, (0.11, 1.40)), (2.4, (0.07, 1.2)))
    part.key("foot_r", (0.4, foot(0.22)), (1, foot(0.22, 0, 40)), (1.9, foot(0.22, 0, 50)), (2.5, foot(0.22, 0, 10)))
    part.key("foot_l", (0.35, foot(-0.56, 0, 45)), (1, foot(0, 0, 48), None, 0.55), (2.2, foot(0, 0, 50)))
    part.key("hand_r", (0.3, LONG_ARM), (0.8, (0.96, 0.66, 0.2)), (1.2, (0.72, 0.92, 0.1)), (1.5, (0.88, 0.84, -0.1)))
    part.key("hand_r", (1.8, (0.94, 0.70, 0.2)), (2.1, (0.72, 0.92, 0.1)), (2.4, (0.86, 0.80, 0.2)))
    part.key("hand_l", (0.4, CURVED_ARM), (1, ON_HIP), (2.2, ON_HIP))
    part.key("elbow_l", (0.4, (-1, 0.45, -0.2)), (1, (-1, 0.1, -0.2)), (2.2, (-1, 0.1, -0.2)), (3, (-1, 0.2, 0.2)))
    part.key("elbow_r", (0.5, (0.2, -0.4, -1)))
    part.key("lean", (0.3, 9), (1.2, -8), (2, -10))
    part.key("head", (0.5, (0.02, 0.02, -4, 0.35)), (1.2, (0, 0.04, -14, 0.6)), (2, (0, 0.04, -8, 0.6)))
    # Beats 3 to 5: the dip, far over the left leg. The tail wags when it is held.
    part.key("foot_l", (2.95, foot(-0.40, 0, 0, 0, 50), None, 0.6), (5.5, foot(-0.40, 0, 0, 0, 50)))
    part.key("foot_r", (2.6, foot(0.22, 0, 10)), (3.2, foot(0.64, 0, 5)), (5.3, foot(0.64, 0, 5)))
    part.key("hip", (3.1, (-0.06, 0.76)), (4, (-0.10, 0.70)), (4.9, (-0.10, 0.72)), (5.6, (-0.16, 0.98)))
    part.key("lean", (3.1, -20), (4, -27), (4.9, -27), (5.7, 0))
    part.key("hand_r", (3.1, (0.88, 0.76, 0.1)), (4, (0.80, 0.90, 0.1)), (4.9, (0.80, 0.90, 0.1)), (5.7, LONG_ARM))
    part.key("hand_l", (3.1, (-0.56, -0.40, 0.5)), (4.9, (-0.56, -0.46, 0.5)), (5.7, (-0.9, 0.1, 0.3)))
    part.key("head", (3.1, (-0.05, 0, -8, -0.75)), (4, (-0.06, 0, -12, -0.75)), (4.3, (-0.04, 0.02, 8, 0)))
    part.key("head", (4.9, (-0.04, 0.02, 12, 0)))
    part.key("tail", (1.2, (-60, 20)), (3, (75, 0)), (3.9, (80, 0)))
    for number in range(7):
        part.key("tail", (4 + number * 0.17, (80, 30 if number % 2 else -10)))
    part.key("tail", (6.3, (40, 20)), (7.5, (-70, 20)))
    # Beats 6 to 8: the turn the other way, with open arms.
    turn(part, -360)
    part.key("hand_r", (6.4, (1.04, 0.10, 0.05)), (7.6, (1.0, 0.36, 0.05)), (8.5, LONG_ARM_HIGH))
    part.key("hand_l", (6.4, (-1.04, 0.10, 0.05)), (7.6, (-1.0, 0.36, 0.05)), (8.5, (-0.7, 0.10, 0.40)))
    part.key("elbow_l", (5.7, (-0.4, -1, 0)), (7.8, (-0.4, -1, 0)), (8.5, (-1, 0.45, -0.2)))
    part.key("lean", (7.2, -5), (8.4, 4))
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    architecture.arches(canvas, CREAM, (150, 96, 60), 3)
    scenery.stars(canvas, 16, CREAM, 7, 0.6, 0.5)
    architecture.chandelier(canvas, 0.5, 0.07, 0.13)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Glide across and back, rise on two, sink on one, and turn once on the way."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import facing

    glide = 2 * np.pi * b / total
    rise = 0.5 - 0.5 * np.cos(2 * np.pi * b / 3)
    turn = facing(b, total, 3, 3.5) if total >= 6 else np.ones_like(b)
    sway = np.sin(2 * np.pi * b / 3)
    return Poses.of(
        b,
        tx=0.15 * np.sin(glide),
        ty=0.03 * rise,
        rot=4.5 * sway,
        stretch=0.07 * rise - 0.03,
        bend=0.06 * sway,
        flip=turn,
        head=-6 * np.sin(2 * np.pi * b / 3 - 0.7),
        turn=0.6 * np.cos(glide),
    )


DANCE = Dance(
    slug="waltz",
    english=English(
        name=mark.gettext("Waltz"),
        in_sentence=mark.pgettext("in a sentence", "waltz"),
        line=mark.gettext("gliding turn, rise and fall"),
        best_photo=mark.gettext("full body"),
    ),
    place=5,
    bpm=108,
    metre=3,
    colour="mint",
    camera="slow arc left",
    mood="dreamy",
    prompt="The camera arcs slowly left. The pet glides through one smooth turn, rising and sinking with each "
    "soft step, head high, tail flowing behind. The whole body stays centred in frame.",
    palette=Palette((84, 60, 30), (206, 214, 150), (MINT, CREAM, SKY), 0.68),
    set=Set(scenery, "sweep", ParticleStyle(("dot",), 30, speed=-1, tumble=1, size=0.014), glow=0.35),
    score=Score(
        45,
        "0:M 5:M 7:7",
        {"triangle": "x" + "." * 35, "brush": "....o...o..."},
        "1...........",
        "....x...x...",
        "harp pizzicato",
        "0:28:1.5 1.5:31:.5 2:33:1 3:36:2 5:33:1 6:31:1 7:35:1 8:31:1",
        "clarinet nylon_guitar",
        "upright_bass",
        "violin",
        pad=0.1,
        comp_level=0.26,
        lead_level=0.3,
        levels={"triangle": 0.5, "brush": 0.7},
        bass_beats=0.9,
    ),
    outfit="waltz",
    hat="crown",
    hands=Hands(low="mitten_open", raised="mitten_open"),
    choreography=Choreography(first_part, second_part, highlight=3, camera=CameraPlan(push_in=0.06)),
    whole_pet=whole_pet,
)
