"""Tap.

Loose low arms, busy feet, heels that drop on every beat: heel digs out to the side with lifted toes, toe taps crossed
behind, a bell kick (heels clicked in the air to the side), a tip of the hat, wings (both feet fling apart), a run on
the toes that wobbles, and a heel drop into the next dig. At ten seconds: low side kicks, trenches (bent forward, the
feet slide back in turns, the arms swing), bee's knees with flapping hands, and a hop of joy.

Its silhouette: toes up, toe crossed behind, heel click in the air, up on both toes.
"""

from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.choreography import Choreography, Part, foot, mirrored, other_side
from videos.studio.dance.score import Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CORAL, CREAM, CRIMSON, GOLD, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

SIDES = (("l", -1), ("r", 1))
STANCE = 0.16
# The hands of the right side: flung out, bent in at the waist, up in a V, and spread low.
OUT, BENT, HIGH, LOW = (0.84, -0.22, 0.1), (0.56, -0.40, 0.2), (0.80, 0.62, 0.1), (0.80, -0.46, 0.15)
FLAPPED = (0.90, 0.46, 0.2)
AT_BRIM = (0.98, 0.92, 0.2)  # beside the brim: the arm leaves the face free
UP_ON_TOES = 76
# The right foot while the dancer runs on its toes.
TOES, FLUNG = foot(0.20, 0, UP_ON_TOES, 0, 15), foot(0.70, 0.30, 10, 0, 60)


def sided(channel: str, value: tuple[float, ...]) -> tuple[float, ...]:
    """Return a value of the right side for a channel of either side."""
    return value if channel.endswith("_r") else mirrored(channel, value)


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(12)
    # Beats 0 to 4: heel digs, to the right on even beats.
    for beat in range(4):
        _dig(part, beat, -1 if beat % 2 else 1)
    # Beats 4 to 6: toe taps crossed behind. Each toe taps twice.
    for beat, side in ((4, -1), (5, 1)):
        _tap_behind(part, beat, side)
    # Beats 6 to 7: the bell kick to the right.
    part.key("hip", (5.95, (-0.06, 0.84)), (6.38, (-0.14, 1.50)), (6.6, (-0.12, 1.48)), (6.98, (0, 0.88)))
    part.key("lean", (5.95, 4), (6.38, -9), (6.6, -9), (7, 0))
    part.key("roll", (5.95, 0), (6.38, 14), (6.6, 14), (7, 0))
    part.key("foot_l", (6.06, foot(-STANCE)), (6.36, foot(0.4, 0.66, 40, 0, -50)), (6.62, foot(0.4, 0.66, 40, 0, -50)))
    part.key("foot_l", (6.96, foot(-0.24)), (7.2, foot(-0.24)))
    part.key("foot_r", (6.06, foot(STANCE)), (6.36, foot(0.86, 0.74, 20, 0, 70)), (6.62, foot(0.86, 0.74, 20, 0, 70)))
    part.key("foot_r", (6.96, foot(0.24)), (7.2, foot(0.24)))
    part.both("hand", (5.9, LOW), (6.38, HIGH), (6.6, HIGH), (7.05, OUT))
    # Beat 7.4: up, both heels drop, and it tips its hat.
    part.key("hand_r", (7.38, AT_BRIM), (7.7, AT_BRIM))
    part.key("hand_l", (7.4, (-0.86, -0.16, 0.1)), (7.6, (-0.86, -0.20, 0.1)))
    part.key("lean", (7.4, -6), (7.66, -8), (7.85, 0))
    part.key("hip", (7.4, (0, 1.14)), (7.6, (0, 0.96)))
    part.both("foot", (7.4, foot(0.24, 0, 60)), (7.58, foot(0.24)), (7.66, foot(0.24)))
    part.key("head", (5.95, (0, -0.04, 0, 0)), (6.4, (0, 0.03, 12, 0)), (6.62, (0, 0.03, 12, 0)), (7, (0, -0.05, 0, 0)))
    part.key("head", (7.38, (0, 0, 4, 0)), (7.6, (0.02, -0.04, 20, 0)), (7.74, (0.02, -0.04, 18, 0)))
    # Beats 8 to 10: two wings.
    for beat in (8, 9):
        part.key("hip", (beat - 0.15, (0, 0.94)), (beat + 0.25, (0, 1.18)), (beat + 0.55, (0, 0.94)))
        part.both("foot", (beat - 0.1, foot(STANCE)), (beat + 0.25, foot(0.86, 0.26, 10, 0, 70)))
        part.both("foot", (beat + 0.5, foot(STANCE)))
        part.both("hand", (beat - 0.15, LOW), (beat + 0.25, (0.84, 0.54, 0.1)), (beat + 0.6, LOW))
        part.key("head", *[(beat + after, (0, dy, 0, 0)) for after, dy in ((-0.1, -0.03), (0.25, 0.04), (0.55, -0.03))])
    part.clear("hand_r", 8 - 0.15)  # From the brim it goes straight up.
    # Beats 10 to 11.4: it runs on its toes and wobbles, each foot flung aside in turn, and the heels drop.
    part.key("hip", (10, (0, 1.24), "bounce"), (10.95, (0, 1.24)), (11.25, (-0.04, 0.90)))
    part.key("lean", (9.8, 0), (10.3, 9), (10.8, -9), (11.15, 0))
    part.both("foot", (9.72, foot(STANCE)), (9.98, TOES, "slide"))
    for at, free in ((10.2, "foot_l"), (10.7, "foot_r")):
        stands = other_side(free)
        part.key(stands, *[(at + after, sided(stands, TOES)) for after in (-0.2, 0.3)])
        part.key(free, (at, sided(free, FLUNG)), (at + 0.15, sided(free, FLUNG)), (at + 0.3, sided(free, TOES)))
    part.both("foot", (11.02, TOES), (11.18, foot(0.20, 0, 0, 0, 25), "slide"))
    part.both("hand", (9.9, HIGH), (11.25, LOW))
    for at, side in ((10.3, 1), (10.8, -1)):
        part.key("hand_r", (at, HIGH if side < 0 else (0.88, 0.04, 0.1)))
        part.key("hand_l", (at, (-HIGH[0], *HIGH[1:]) if side > 0 else (-0.88, 0.04, 0.1)))
    part.key("head", (10.3, (0, 0, -16, 0)), (10.8, (0, 0, 16, 0)), (11.2, (0, -0.05, 0, 0)))
    part.key("foot_l", (11.6, foot(-STANCE)))
    part.key("foot_r", (11.4, foot(0.20, 0, 20)), (11.68, foot(0.42, 0.16, 0, 0.05, 50)))
    part.key("pitch", (0, 4), (7.5, 6), (8.9, 8), (10, -4), (10.9, -4), (11.3, 6))
    part.both("elbow", (0, (0.7, -0.8, -0.5)), (7, (0.7, -0.8, -0.5)), (7.4, (1, -0.3, -0.2)), (7.8, (0.7, -0.8, -0.5)))
    part.both("knee", (0, (0.45, 0, 1)), (5.6, (0.45, 0, 1)), (6.4, (0.9, 0.2, 0.5)), (7, (0.5, 0, 1)))
    part.wag(70, 0, 1, 20)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(12)
    # Beats 1 to 4: low side kicks.
    for beat, side in ((1, -1), (2, 1), (3, -1)):
        _side_kick(part, beat, side)
    # Beats 4 to 8: trenches.
    part.key("yaw", (3.4, 0), (4, 66), (7.5, 66), (8, 0))
    part.key("pitch", (3.4, 4), (4, 40), (7.4, 40), (8, 34), (10, 34), (10.4, 0))
    for number in range(4):
        _trench(part, 4 + number, number)
    # Beats 8 to 10.3: bee's knees.
    for number in range(5):
        _bees_knees(part, 8 + number * 0.5, number)
    # Beats 10.3 to 11.2: a hop of joy.
    part.key("hip", (10.3, (0, 0.76)), (10.62, (0, 1.42)), (10.95, (0, 0.90)), (11.3, (-0.02, 1.06)))
    part.both("foot", (10.36, foot(0.42, 0, 0, 0, 30)), (10.62, foot(0.50, 0.46, 40, 0, 50)), (10.94, foot(STANCE)))
    part.both("hand", (10.2, ("floor", 0.62, 0.50, 0.30)), (10.74, HIGH), (11.1, OUT))
    part.key("head", (10.3, (0, 0, 0, 0)), (10.62, (0, 0.04, 0, 0)), (11, (0, -0.04, 0, 0)))
    part.key("foot_l", (11.6, foot(-STANCE)))
    part.key("foot_r", (11.4, foot(STANCE, 0, 20)), (11.68, foot(0.42, 0.16, 0, 0.05, 50)))
    part.both("elbow", (3.4, (0.7, -0.8, -0.5)), (4, (0.3, 0, -1)), (7.5, (0.3, 0, -1)), (8, (1, 0.2, -0.3)))
    part.both("elbow", (10.3, (1, 0.2, -0.3)), (10.8, (0.7, -0.8, -0.5)))
    part.wag(70, 0, 1, 20)
    return part


def _dig(part: Part, beat: float, side: int) -> None:
    """Add a heel dig at ``beat`` to one side (1 is the right); the standing heel drops on it."""
    digs, stands = ("r", "l") if side > 0 else ("l", "r")
    heel = foot(side * 0.82, 0, -48, 0.1, 72)
    part.key(f"foot_{digs}", (beat, heel, None, 0.32), (beat + 0.5, heel))
    part.key(f"foot_{stands}", (beat - 0.12, foot(-side * STANCE, 0, 26)), (beat, foot(-side * STANCE)))
    part.key(f"foot_{stands}", (beat + 0.3, foot(-side * STANCE)), (beat + 0.45, foot(-side * STANCE, 0, 26)))
    part.key(f"foot_{stands}", (beat + 0.55, foot(-side * STANCE)))
    part.key("hip", (beat, (-side * 0.16, 0.92)), (beat + 0.42, (-side * 0.12, 1.04)))
    part.key("lean", (beat, side * 11))
    part.key("roll", (beat, -side * 8))
    part.key("head", (beat, (0, 0, -side * 15, 0)))
    part.key(f"hand_{digs}", (beat, (side * BENT[0], *BENT[1:])))
    part.key(f"hand_{stands}", (beat, (-side * OUT[0], *OUT[1:])))


def _tap_behind(part: Part, beat: float, side: int) -> None:
    """Add two taps of one side's toe, crossed behind the standing foot."""
    taps, stands = ("r", "l") if side > 0 else ("l", "r")
    x = -side * 0.60
    part.key(f"foot_{taps}", (beat, foot(x, 0, 72, -0.2, 15), None, 0.35))
    part.key(f"foot_{taps}", (beat + 0.25, foot(x, 0.22, 72, -0.2, 15)), (beat + 0.45, foot(x, 0, 72, -0.2, 15)))
    part.key(f"foot_{taps}", (beat + 0.85, foot(side * STANCE)))
    part.key(f"foot_{stands}", (beat - 0.15, foot(-side * STANCE)), (beat + 0.6, foot(-side * STANCE)))
    part.key("hip", (beat, (side * 0.02, 0.92)), (beat + 0.25, (side * 0.02, 0.97)), (beat + 0.45, (side * 0.02, 0.92)))
    part.key("lean", (beat, side * 12), (beat + 0.45, side * 12))
    part.key("roll", (beat, side * 6), (beat + 0.45, side * 6))
    part.key("head", (beat, (0, 0, -side * 14, -side * 0.3)), (beat + 0.45, (0, 0, -side * 14, -side * 0.3)))
    part.key(f"hand_{taps}", (beat, (side * 0.82, 0.38, 0.1)), (beat + 0.45, (side * 0.82, 0.38, 0.1)))
    part.key(f"hand_{stands}", (beat, (-side * 0.84, -0.10, 0.1)), (beat + 0.45, (-side * 0.84, -0.10, 0.1)))


def _side_kick(part: Part, beat: float, side: int) -> None:
    """Add a low kick to one side, with a hop on the other foot, and the step after it."""
    kicks, stands = ("r", "l") if side > 0 else ("l", "r")
    part.key(f"foot_{kicks}", (beat, foot(side * 0.80, 0.30, 30, 0.05, 60)), (beat + 0.5, foot(side * STANCE)))
    part.key(f"foot_{stands}", (beat - 0.5, foot(-side * STANCE)), (beat - 0.3, foot(-side * STANCE)))
    part.key(f"foot_{stands}", (beat, foot(-side * STANCE, 0, 46)), (beat + 0.2, foot(-side * STANCE)))
    part.key("hip", (beat, (-side * 0.16, 1.12)), (beat + 0.5, (0, 0.94)))
    part.key("lean", (beat, -side * 12), (beat + 0.5, 0))
    part.key("roll", (beat, side * 10), (beat + 0.5, 0))
    part.key("head", (beat, (0, 0, side * 14, 0)), (beat + 0.5, (0, -0.04, 0, 0)))
    part.key(f"hand_{kicks}", (beat, (side * 0.76, -0.40, 0.15)), (beat + 0.5, (side * BENT[0], *BENT[1:])))
    part.key(f"hand_{stands}", (beat, (-side * 0.84, 0.50, 0.1)), (beat + 0.5, (-side * BENT[0], *BENT[1:])))


def _trench(part: Part, beat: float, number: int) -> None:
    """Add one trench: a foot lands under the body as the other slides back."""
    lands, slides = ("r", "l") if number % 2 else ("l", "r")
    depth = {"l": 0.12, "r": -0.12}
    for at in (beat, beat + 0.35):
        part.key(f"foot_{lands}", (at, foot(0.34, 0, 0, depth[lands], 10)))
    part.key(f"foot_{slides}", (beat, foot(-0.50, 0, 48, depth[slides], 10), "slide"))
    part.key(f"foot_{slides}", (beat + 0.35, foot(-0.58, 0, 50, depth[slides], 10), "slide"))
    part.key(f"foot_{slides}", (beat + 0.7, foot(-0.05, 0.26, 50, depth[slides], 10)))
    part.key("hip", (beat, (0.02, 0.90)), (beat + 0.35, (0.04, 0.88)), (beat + 0.7, (0.02, 1.02)))
    for side, sign in SIDES:
        height, ahead = (-0.06, 0.80) if side == slides else (-0.20, -0.68)
        part.key(f"hand_{side}", (beat, (sign * 0.24, height, ahead)), (beat + 0.35, (sign * 0.24, height, ahead)))
    part.key("head", (beat, (0, 0, -12 if number % 2 else -20, 0.5)))


def _bees_knees(part: Part, beat: float, number: int) -> None:
    """Add one swing of the knees: apart with the hands on them on even numbers, together with flapping hands on odd."""
    together = number % 2
    part.both("knee", (beat, (-0.7, 0, 1) if together else (0.9, 0, 0.6)))
    part.both("foot", (beat, foot(0.42, 0, 0, 0, 30), "slide"))
    part.key("hip", (beat, (0, 0.74 if together else 0.70)))
    part.both("hand", (beat, FLAPPED if together else ("floor", 0.62, 0.50, 0.30)))
    part.key("head", (beat, (0, 0, 8 if number % 4 < 2 else -8, 0)))


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture

    architecture.marquee(canvas, CRIMSON, GOLD)
    architecture.curtains(canvas, CRIMSON, 0.12, swag=False)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Patter with the paws in triplets, with a small proud step at the end."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import arc, bump, pulse, snap, steps

    patter = snap(np.sin(4 * np.pi * b))
    proud = bump(b, total, total - 2, 2)
    busy = 1 - proud
    return Poses.of(
        b,
        tx=0.06 * steps(b - 1, total, [1, 1, 1, 1, -1, -1, -1, -1] if total % 8 == 0 else [1, 1, 1, -1, -1, -1]),
        ty=0.007 * arc(2 * b) * busy + 0.03 * proud,
        rot=0.35 * patter * busy - 4 * proud,
        stretch=0.005 - 0.006 * pulse(2 * b) * busy + 0.06 * proud,
        hip=0.008 * patter * busy,
        head=4 * steps(b, total, [1, 1, -1, -1]) * busy - 5 * proud,
        turn=0.4 * steps(b, total, [1, -1], every=2),
        nod=0.5 * proud - 0.2 * pulse(b / 2) * busy,
    )


DANCE = Dance(
    slug="tap",
    english=English(
        name=mark.gettext("Tap"),
        in_sentence=mark.pgettext("in a sentence", "tap"),
        line=mark.gettext("pattering paws, bouncing ears"),
        best_photo=mark.gettext("paws visible"),
    ),
    place=13,
    bpm=144,
    metre=4,
    colour="coral",
    camera="low angle",
    mood="showtime",
    prompt="Low angle, locked camera. The pet patters its front paws in quick, light taps, then adds its back "
    "paws, ears bouncing with each tap. It ends with a small proud step. The whole body stays centred in "
    "frame.",
    palette=Palette((30, 14, 70), (90, 110, 236), (CORAL, GOLD, CREAM), 0.74),
    set=Set(scenery, "chase", ParticleStyle(("star",), 18, size=0.028), Beams((CREAM, GOLD), 12, 1, 0.4)),
    score=Score(
        48,
        "0:M 5:7 7:7",
        {"rim": "x.ox.ox.ox.o", "wood": "..x.....x.xx", "brush": "o..x.oo..x.o"},
        "1..5..1..5..",
        "...x.....x..",
        "piano",
        "0:24:.5 .67:28:.3 1:31:.5 2:33:.6 3:31:.6 4:33:.6 5:36:.5 5.67:33:.3 6:29:1 "
        "8:31:.5 8.67:35:.3 9:38:.6 10:36:1",
        "clarinet muted_trumpet",
        "upright_bass",
        "flute",
        fill="brush",
        grid=3,
        steps=("tap",),
    ),
    outfit="tap",
    hat="top_hat",
    hands=Hands(low="mitten_open", raised="mitten_open"),
    choreography=Choreography(first_part, second_part, overlap=0.5, highlight=6),
    whole_pet=whole_pet,
)
