"""The floss.

Stiff parallel arms swing past one side of the body, one before and one behind it, the hips out to the other, twice a
beat and with a calm face. After every third swing the arms change places. It sinks into the knees without stopping,
and hops up to land with its arms thrown up. At ten seconds: giant swings at half the speed, and a jump round to floss
with its back to the viewer.

Its silhouette: two stiff parallel arms on one side, hips and tail on the other.
"""

from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import BACKBEAT, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CORAL, MARIGOLD, MINT, PINK, SKY, WHITE, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

# The wrists when the arms are on the right: of the left arm, which crosses the body, and of the right one.
CROSSING, OUTER = (0.46, -0.54), (1.02, -0.46)
BEFORE, BEHIND = 0.30, -0.22
STANCE = 0.33
HEIGHT = 1.0


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    # Beats 0 to 4: the floss. Beats 4 to 7: it sinks with every swing, and holds.
    for number in range(14):
        sinking = max(0, number - 5) * 0.034
        _swing(part, number * 0.5, _side(number), number, height=HEIGHT - sinking, hold=0.3 if number == 13 else 0.16)
    # Beats 7 to 7.7: the hop. It lands with its arms thrown up, and holds.
    part.key("hip", (6.97, (0.05, 0.66)), (7.25, (0.04, 1.28)), (7.5, (0, 0.84)), (7.7, (0, 0.98)))
    part.key("lean", (6.97, -3), (7.25, 0), (7.7, 0))
    part.key("roll", (6.97, 0), (7.25, 0), (7.7, 0))
    part.key("head", (7.0, (0, 0, 10, 0)), (7.25, (0, 0.04, 0, 0)), (7.5, (0, -0.04, -10, 0)), (7.7, (0, 0.02, -10, 0)))
    part.both("hand", (6.97, (0.48, -0.66, 0.2)), (7.25, (0.94, 0.30, 0.1)), (7.45, (0.84, 0.64, 0.1)))
    part.both("hand", (7.7, (0.84, 0.64, 0.1)))
    part.both("foot", (0, foot(STANCE)), (7.04, foot(STANCE)), (7.25, foot(0.5, 0.26, 40)), (7.46, foot(0.44)))
    part.both("foot", (7.75, foot(0.44)), (8, foot(STANCE)))
    # Beats 8 to 10: the floss.
    for number in range(16, 20):
        _swing(part, number * 0.5, _side(number), number)
    part.both("elbow", (0, (0.3, -0.1, -0.2)))
    part.both("knee", (0, (0.6, 0, 1)))
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    for number in range(4):
        _swing(part, number * 0.5, _side(number), number)
    # Beats 2 to 4: giant swings at half the speed.
    for number, beat in enumerate((2.0, 3.0, 4.0)):
        _swing(part, beat, _side(number), number + 1, size=1.35, height=0.90, hold=0.45 if beat < 4 else 0.16)
    # Beats 5 to 6.7: from behind. Beats 7.5 to 9.5: from the front again.
    for number in range(4):
        _swing(part, 5 + number * 0.5, -_side(number), number, front=-1)
    for number in range(5):
        _swing(part, 7.5 + number * 0.5, -_side(number), number)
    # The jumps about.
    part.key("yaw", (4.3, 0), (4.92, 180), (6.8, 180), (7.42, 360))
    for beat in (4.6, 7.1):
        part.key("hip", (beat, (0, 1.28)))
        part.key("lean", (beat, 0))
        part.key("roll", (beat, 0))
        part.both("hand", (beat, (0.74, 0.12, 0.12)))
    for side, x in (("l", -STANCE), ("r", STANCE)):
        part.key(f"foot_{side}", (0, foot(x)), (4.36, foot(x)), (4.62, foot(0, 0.24, 30, -x)), (4.88, foot(-x)))
        part.key(f"foot_{side}", (6.86, foot(-x)), (7.12, foot(0, 0.24, 30, x)), (7.38, foot(x)))
    part.key("head", (4.4, (0, 0, 0, 0)), (4.95, (0, 0, 8, 2)), (5.5, (0, 0, -8, 2)), (6.0, (0, 0, 8, 2)))
    part.key("head", (6.6, (0, 0, -8, 2)), (7.42, (0, 0, 0, 4)), (7.421, (0, 0, 0, 0), "wrap"))
    part.both("elbow", (0, (0.3, -0.1, -0.2)))
    part.both("knee", (0, (0.6, 0, 1)))
    return part


def _side(number: int) -> int:
    """Return the side of the body on which the arms are at a swing: 1 is the right."""
    return -1 if number % 2 else 1


def _swing(
    part: Part,
    beat: float,
    side: int,
    number: int,
    *,
    size: float = 1,
    height: float = HEIGHT,
    hold: float = 0.16,
    front: int = 1,
) -> None:
    """Add a swing to one side that arrives at ``beat``, and the way to the next.

    ``number`` counts swings: the arms change places after every third. ``front`` is -1 for a body seen from behind.
    """
    left, right = (BEFORE, BEHIND) if number // 3 % 2 == 0 else (BEHIND, BEFORE)
    rise = 0.20 * (size - 1)
    cross, outer = (side * CROSSING[0], CROSSING[1] + rise), (side * OUTER[0], OUTER[1] + 2 * rise)
    hands = ((*cross, left), (*outer, right)) if side > 0 else ((*outer, left), (*cross, right))
    for at in (beat, beat + hold):
        part.key("hand_l", (at, hands[0]))
        part.key("hand_r", (at, hands[1]))
        part.key("hip", (at, (-0.31 * side * front * size, height - 0.02)))
        part.key("roll", (at, -15 * side * size))
        part.key("lean", (at, 10 * side * front * size))
    passing = beat + hold + 0.17
    # The paw that crosses before the body swings past the belly, and not the lap.
    if (left if side > 0 else right) == BEFORE:
        crossing = "hand_l" if side > 0 else "hand_r"
        part.key(crossing, (beat - 0.08, (0.02 * side, -0.38, 0.66)), (beat + hold + 0.08, (0.06 * side, -0.38, 0.66)))
    # Between two swings the paws are outside the legs.
    part.key("hand_l", (passing, (-0.46, -0.76, left * 0.7)))
    part.key("hand_r", (passing, (0.46, -0.76, right * 0.7)))
    part.key("hip", (passing, (0, height + 0.05)))
    part.key("tail", (beat, (-82 * side, 8)))
    if front > 0:
        part.key("head", (beat, (0.05 * side, 0, -9 * side, 0)))


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import scenery

    scenery.dots(canvas, mix_colours(MINT, WHITE, 0.55), 0.5, 0.07)
    scenery.memphis(canvas, (PINK, MARIGOLD, SKY, CORAL), 2)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Swing the hips one way and the shoulders the other, twice a beat, with a calm face."""
    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import pulse, steps

    swing = steps(b, total, [1, -1], every=0.5, lead=0.12)
    return Poses.of(
        b,
        stretch=0.01 - 0.015 * pulse(2 * b),
        rot=1.0 * swing,
        hip=0.095 * swing,
        snake=-0.03 * swing,
        bend=-0.04 * swing,
        head=3 * swing,
    )


DANCE = Dance(
    slug="floss",
    english=English(
        name=mark.gettext("The floss"),
        in_sentence=mark.pgettext("in a sentence", "the floss"),
        noun=mark.pgettext("in a sentence", "floss"),
        line=mark.gettext("hips one way, paws the other"),
        best_photo=mark.gettext("front-on, standing"),
    ),
    place=10,
    bpm=120,
    metre=4,
    colour="mint",
    camera="locked",
    mood="goofy",
    prompt="Locked camera. The pet swings its hips left while its front paws swing right, then switches, faster "
    "and faster in a steady rhythm. Its face stays calm. The whole body stays centred in frame.",
    palette=Palette((150, 150, 40), (214, 236, 150), (MINT, PINK, MARIGOLD), 0.80),
    set=Set(scenery, "zigzag", ParticleStyle(("star", "paper", "dot"), 36, size=0.028), glow=0.1),
    score=Score(
        43,
        "0:M 9:m 5:M",
        {"kick": "x...x...x...x.x.", "clap": BACKBEAT, "hat": "..x...x...x...x."},
        "1.1...1.1.1...5.",
        "x..x..x.....x...",
        "square ukulele",
        "0:24:.25 .5:28:.25 1:31:.25 1.5:28:.25 2:33:.25 2.5:31:.25 3:28:.25 3.5:26:.25 "
        "4:24:.25 4.5:28:.25 5:31:.25 5.5:28:.25 6:33:.25 6.5:31:.25 7:28:.25 7.5:31:.25 8:29:.25 8.5:33:.25 9:36:.4",
        "marimba glockenspiel",
        "synth_bass",
        "flute",
        fill="clap tom",
        steps=("stomp",),
    ),
    outfit="floss",
    hat="sweatband",
    choreography=Choreography(first_part, second_part, overlap=0.5),
    whole_pet=whole_pet,
)
