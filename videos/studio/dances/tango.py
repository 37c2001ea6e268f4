"""Tango.

Side-on, the arms in a pointed hold, one leg trailing: a long low lunge that stops dead, though the tail wags on; the
head snaps back over the shoulder while the lunge sinks; the rear leg drags shut and hooks up behind; a pivot with one
hand overhead, and the same the other way. Later: a dip backwards, kicks of the front leg, and a stalking walk there and
back.

Its silhouette: the deep lunge with one straight leg, an arm aimed like an arrow, head against the direction.
"""

from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English
from videos.studio.dance.camera import CameraPlan
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CRIMSON, MARIGOLD, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


SIDE_ON = 78  # the yaw in degrees at which the hold is seen best
LEFT_Z, RIGHT_Z = 0.10, -0.10  # The left foot is the near one while the body faces right.
# Places of the feet, first those of the lunge and then those of the stalking walk.
TRAILING, SUPPORTING, LUNGED, UNDER = -0.74, -0.32, 0.74, -0.30
BEHIND, STRODE, TURNED = -0.92, -0.02, 0.38
ARROW = (-0.22, 0.32, 0.92)
ARROW_HIGH, DRAWN = (-0.22, 0.46, 0.88), (-0.24, 0.26, 0.76)
HOLD = (-0.24, 0.28, 0.86)
ON_BACK = (0.16, -0.30, 0.46)
OVERHEAD = (-0.98, 0.80, 0.1)  # clear of the brim
SWEPT = (-0.80, 0.02, 0.36)  # on the way there, below the muzzle
ON_HIP = (0.44, -0.40, 0.05)


def left(x: float, height: float = 0, pitch: float = 0) -> tuple[float, ...]:
    """Return a place of the left foot, side-on."""
    return foot(x, height, pitch, LEFT_Z, 5)


def right(x: float, height: float = 0, pitch: float = 0) -> tuple[float, ...]:
    """Return a place of the right foot, side-on."""
    return foot(x, height, pitch, RIGHT_Z, 5)


def first_part() -> Part:
    """Return the five seconds of a short clip: five beats, and their mirror image."""
    part = Part(10)
    part.key("yaw", (0, SIDE_ON), (4.2, SIDE_ON), (4.9, -SIDE_ON))
    part.both("knee", (0, (0.1, 0, 1)))
    # Beat 1: the lunge, after gathering over the standing foot. It stops dead, and then sinks slowly until
    # beat 2.5, with a breath and an arch of the back.
    part.key("hip", (0, (-0.56, 1.12)), (0.3, (-0.56, 1.12)), (0.55, (-0.60, 1.0)))
    part.key("hip", (1, (0.04, 0.70), "smooth", 0.42), (1.25, (0.02, 0.77)))
    part.key("hip", (1.55, (0.03, 0.74)), (1.72, (-0.01, 0.70)), (2.5, (0.10, 0.60)))
    part.key("foot_r", (0, right(SUPPORTING)), (0.5, right(SUPPORTING)), (0.97, right(LUNGED), "smooth", 0.42))
    part.key("foot_l", (0, left(TRAILING, 0, 50)), (0.55, left(TRAILING, 0, 50)))
    part.key("foot_l", (1, left(TRAILING, 0, 30)), (2.6, left(TRAILING, 0, 30)))
    part.key("pitch", (0, -4), (0.55, 4), (1, -4, "smooth", 0.42), (1.5, -2), (1.72, -10), (2.5, -18))
    part.key("hand_l", (0, HOLD), (0.55, (-0.28, 0.12, 0.52)), (1, ARROW, "smooth", 0.4), (1.55, ARROW))
    part.key("hand_l", (1.75, DRAWN), (2.5, ARROW_HIGH))
    part.key("hand_r", (0, ON_BACK), (4.1, ON_BACK), (4.55, ON_HIP), (4.75, ON_HIP))
    part.key("elbow_l", (0, (-0.5, -1, 0)), (4.2, (-0.5, -1, 0)), (4.6, (-1, 0, 0)))
    part.key("elbow_r", (0, (0.6, -1, -0.2)), (4.2, (0.6, -1, -0.2)), (4.6, (1, 0, -0.2)))
    # Beats 1.5 to 2.5: the head snaps back, rolls on, and the tail wags.
    part.key("head", (0, (0.02, 0.02, 0, 0.9)), (0.6, (0, -0.02, 6, 0.9)), (1, (0.02, 0.02, -4, 0.9)))
    part.key("head", (1.45, (0.02, 0.02, -4, 0.9)), (1.68, (-0.12, 0.02, -18, -0.95)), (1.9, (-0.10, 0.03, -12, -0.9)))
    part.key("head", (2.5, (-0.06, -0.02, 8, -0.9)))
    part.key("tail", (0, (0, 30)), (0.55, (0, 0)), (1, (0, 55)), (1.4, (0, 40)))
    for number in range(4):
        part.key("tail", (1.6 + number * 0.34, (0, -25 if number % 2 else 95)))
    part.key("tail", (3, (0, 10)), (3.6, (0, 60)), (4.4, (0, 30)))
    # Beats 2.5 to 3.3: the rear leg drags shut.
    part.key("head", (2.95, (0, 0.03, 0, 0.9)), (4.3, (0, 0.03, -6, 0.9)), (4.55, (0, 0.03, 0, 0)))
    part.key("hip", (3.2, (0.45, 1.10)), (3.45, (0.45, 1.14)), (4.3, (0.46, 1.12)), (4.7, (0.54, 1.06)))
    part.key("foot_r", (4.6, right(LUNGED)))
    part.key("foot_l", (3.25, left(0.60, 0, 30), "slide"))
    part.key("pitch", (3.2, 0), (3.5, 8), (4.2, 6), (4.6, 0))
    part.key(
        "hand_l",
        (3.2, (-0.25, 0.22, 0.72)),
        (3.55, HOLD),
        (4.05, HOLD),
        (4.38, SWEPT),
        (4.66, OVERHEAD),
        (4.76, OVERHEAD),
    )
    # Beats 3.5 to 4.2: the hook behind. Beat 4.5: the pivot.
    part.key("foot_l", (3.55, left(-0.24, 0.86, 112)), (3.8, left(-0.18, 0.76, 108)), (4.15, left(-0.22, 0.86, 112)))
    part.key("foot_l", (4.75, left(0.34)))
    part.mirror(5)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    part.both("knee", (0.5, (0.1, 0, 1)))
    part.key("hand_r", (0.5, ON_BACK), (7.3, ON_BACK))
    part.key("elbow_r", (0.5, (0.6, -1, -0.2)))
    part.key("elbow_l", (0.5, (-0.5, -1, 0)))
    # Beats 1 to 2.5: the dip, back over the bent rear leg with the front leg stretched.
    part.key("yaw", (0.4, SIDE_ON), (7.3, SIDE_ON))
    part.key("hip", (0.5, (-0.56, 1.10)), (1, (-0.34, 0.74), "smooth", 0.5), (2.4, (-0.36, 0.70)))
    part.key("pitch", (0.5, 2), (1, -20, "smooth", 0.5), (2.4, -27))
    part.key("foot_l", (0.1, left(TRAILING, 0, 50)), (0.5, left(UNDER, 0, 8)), (2.5, left(UNDER, 0, 8)))
    part.key("foot_r", (0.5, right(SUPPORTING)), (1, right(0.74, 0, -18), "smooth", 0.48), (2.5, right(0.74, 0, -18)))
    part.key("hand_l", (0.5, HOLD), (1, (-0.25, 0.72, 0.60), "smooth", 0.5), (2.4, (-0.25, 0.82, 0.50)))
    part.key("head", (0.5, (0.02, 0.02, 4, 0.9)), (1, (-0.08, 0, -24, 0.9)), (1.45, (-0.08, 0, -24, 0.9)))
    part.key("head", (1.7, (-0.06, 0, -20, -0.2)), (2.4, (-0.06, 0, -26, -0.2)), (2.9, (0, 0.03, 0, 0.9)))
    # Beats 3 to 5: up on the rear leg; the front leg kicks forwards, behind and forwards.
    part.key("hip", (3, (-0.55, 1.12)), (4.9, (-0.57, 1.12)))
    part.key("foot_l", (3, left(UNDER)), (5.5, left(UNDER)))
    part.key("pitch", (3, -6), (3.5, -12), (4, 10), (4.5, -12), (5, 2))
    part.key(
        "foot_r",
        (3, right(-0.04, 0.24, 50)),
        (3.4, right(0.48, 0.92, 30)),
        (3.52, right(0.48, 0.92, 30)),
        (3.76, right(-0.18, 0.22, 60)),
    )
    part.key(
        "foot_r",
        (4, right(-1.08, 0.64, 105)),
        (4.25, right(-0.24, 0.22, 60)),
        (4.45, right(0.48, 1.02, 30)),
        (4.56, right(0.48, 1.02, 30)),
    )
    part.key(
        "foot_r", (5, right(BEHIND)), (5.55, right(BEHIND)), (6, right(BEHIND, 0, 40)), (6.4, right(BEHIND, 0, 40))
    )
    part.key("hand_l", (3, HOLD), (5.4, HOLD), (6, (-0.22, 0.1, 0.84), "smooth", 0.4), (6.5, (-0.25, 0.06, 0.62)))
    part.key("head", (3.9, (0, 0.03, 0, 0.9)), (4.1, (0, 0.03, -6, 0.1)), (4.4, (0, 0.03, -6, 0.1)))
    part.key("head", (4.6, (0, 0.03, 0, 0.9)), (6.1, (0.05, 0, 4, 0.9)), (6.3, (0.03, 0, 6, 0)), (6.6, (0.03, 0, 6, 0)))
    # Beats 6 and 7: two long strides, each held.
    part.key("hip", (5.4, (-0.66, 1.0)), (6, (-0.28, 0.88), "smooth", 0.42), (6.5, (-0.27, 0.91)))
    part.key("hip", (7, (0.60, 0.88), "smooth", 0.42), (7.35, (0.61, 0.91)))
    part.key(
        "foot_l",
        (6, left(STRODE), "smooth", 0.42),
        (6.6, left(STRODE)),
        (7, left(STRODE, 0, 40)),
        (7.35, left(STRODE, 0, 40)),
        (7.8, left(TURNED)),
        (8.4, left(TURNED)),
    )
    part.key("foot_r", (7, right(0.86), "smooth", 0.42))
    part.key("pitch", (5.4, 2), (6, 14), (7, 16), (7.4, 10), (7.8, 0))
    part.key(
        "hand_l", (7, (-0.22, 0.06, 0.76), "smooth", 0.4), (7.3, (-0.25, 0.06, 0.70)), (7.52, SWEPT), (7.78, OVERHEAD)
    )
    part.key("head", (6.85, (0.05, 0, 4, 0.9)), (7.35, (0.05, 0, 4, 0.9)))
    # Beat 8: a pivot with one hand overhead, a long stride back, and a pivot into the hold.
    part.key("hip", (7.75, (0.52, 1.08)), (8.1, (0.48, 1.10)), (8.5, (0.46, 0.98)))
    part.key("hip", (9, (-0.18, 0.88), "smooth", 0.42), (9.3, (-0.20, 0.90)))
    part.key("yaw", (8, -SIDE_ON), (9.25, -SIDE_ON), (9.9, SIDE_ON))
    part.key("foot_r", (7.4, right(0.86)), (8, right(0.86, 0, 45)), (8.5, right(0.86, 0, 45)))
    part.key("foot_r", (9, right(SUPPORTING), "smooth", 0.42))
    part.key("foot_l", (9, left(TURNED, 0, 40)), (9.3, left(TURNED, 0, 40)))
    part.key("hand_l", (8.5, (-0.14, -0.14, 0.52)), (9.2, (-0.14, -0.14, 0.52)), (9.6, (-0.44, -0.40, 0.05)))
    part.key(
        "hand_r",
        (7.75, ON_HIP),
        (8.5, (0.25, 0.24, 0.66)),
        (9, (0.22, 0.1, 0.84), "smooth", 0.4),
        (9.15, (0.22, 0.1, 0.84)),
        (9.4, (0.80, 0.02, 0.36)),
        (9.65, (0.98, 0.80, 0.1)),
    )
    part.key("head", (7.75, (0, 0.03, 0, 0)), (8, (-0.03, 0.03, 0, -0.9)), (8.95, (-0.05, 0, -4, -0.9)))
    part.key("head", (9.15, (-0.03, 0, -6, 0)), (9.6, (0, 0, 0, 0.2)))
    part.key("pitch", (8.5, 2), (9, 14), (9.4, 8))
    part.key("tail", (1, (0, 45)), (2.4, (0, 20)), (3.5, (0, 60)), (4, (0, 10)), (4.5, (0, 60)), (5.4, (0, 20)))
    part.key("tail", (6, (0, 55)), (6.5, (0, 20)), (7, (0, 55)), (7.5, (0, 20)), (9, (0, 55)), (9.5, (0, 20)))
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture

    architecture.blinds(canvas, MARIGOLD, 0.34)
    architecture.curtains(canvas, CRIMSON, 0.18, swag=False)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Take long low strides to one side, stop, snap the head sharply, and go back."""
    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import arc, steps

    stride = steps(b, total, [-1, -0.2, 0.6, 1, 1] if total % 5 == 0 else [-1, -0.3, 1, 1], lead=0.3)
    head = steps(b, total, [1, 1, 1, -1, -1] if total % 5 == 0 else [1, 1, -1, -1], lead=0.06)
    low = 0.06 * arc(b / 2)
    return Poses.of(
        b,
        tx=0.11 * stride,
        rot=-3.5 * stride,
        stretch=-0.03 - low,
        bend=-0.06 * stride,
        head=10 * head,
        turn=1.0 * head,
    )


DANCE = Dance(
    slug="tango",
    english=English(
        name=mark.gettext("Tango"),
        in_sentence=mark.pgettext("in a sentence", "tango"),
        line=mark.gettext("long strides, sharp head snap, pause"),
        best_photo=mark.gettext("side or three-quarter view"),
    ),
    place=11,
    bpm=120,
    metre=4,
    colour="marigold",
    camera="slow push-in",
    mood="dramatic",
    prompt="Slow push-in. The pet takes long, low, deliberate strides, snaps its head to one side, pauses, then "
    "strides again. Its gaze stays intense and steady. The whole body stays centred in frame.",
    palette=Palette((24, 12, 46), (60, 120, 226), (MARIGOLD, CRIMSON, (40, 60, 120)), 0.76),
    set=Set(scenery, "calm", ParticleStyle(("petal",), 22, sway=0.05), Beams((MARIGOLD,), 9, 1, 0.5), glow=0.35),
    score=Score(
        45,
        "0:m 7:7",
        {"kick": "x...x...x...x.o.", "castanets": "x..ox...x..ox.oo"},
        "1...5...1...5.7.",
        "x...x...x...x.x.",
        "piano strings",
        "0:24:.75 .75:26:.25 1:27:1 2:31:.5 3:32:.75 4:31:1 6:29:.5 7:26:1 8:27:.5 8.5:26:.5 9:24:.75",
        "bandoneon violin",
        "upright_bass",
        "clarinet",
        steps=("stomp",),
        comp_beats=0.45,
    ),
    outfit="tango",
    hat="rose_fedora",
    choreography=Choreography(
        first_part, second_part, overlap=0.4, highlight=1, camera=CameraPlan(kicks=(1, 1.65, 6, 6.65))
    ),
    whole_pet=whole_pet,
    side_on=True,
)
