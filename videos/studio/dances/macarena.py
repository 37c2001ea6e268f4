"""Macarena.

Two moves a beat, one arm after the other: out, palm up, opposite shoulder, behind the head, opposite hip, own rump. The
hips swing twice. A quarter-turn hop ends with the rump out and a look at the viewer, and a second hop leads back.
The second half shows the arms from the side, then the rump from behind, and hops all the way around.

Its silhouette: arms that repeat each other half a beat apart, elbows beside the head and on the hips, a rump that
swings.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.choreography import Choreography, Part, around, foot, mirrored
from videos.studio.dance.score import BACKBEAT, FOUR, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CREAM, MARIGOLD, SKY, WHITE, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

# The six moves of the right arm: where the wrist goes, and where the elbow points.
OUT = ((0.92, 0.06, 0.60), (0.3, -1, 0))
PALM_UP = ((0.80, 0.44, 0.30), (0.6, -1, 0.1))
SHOULDER = ((0.04, 0.04, 0.34), (1, 0.15, -0.2))
BEHIND_HEAD = ((0.56, 0.74, -0.24), (1, -0.1, 0))
HIP = ((-0.08, -0.28, 0.30), (1, 0.1, -0.3))  # on the belt: lower it would be on the lap
RUMP = ((0.44, -0.42, -0.22), (1, 0.1, -0.4))
RUMP_OUT = ((0.30, -0.22, -0.54), (0.6, 0.7, -0.8))  # For a torso that is bent forwards.
IN_THE_AIR = ((0.62, -0.26, 0.0), (1, 0.3, -0.4))  # In the hop, clear of the lap.
ON_HIP = ((0.46, -0.44, -0.04), (1, 0.1, -0.4))  # Seen from behind, beside the tail.
HIGH = ((0.72, 0.98, 0.05), (1, 0.3, 0))
STANCE = 0.28  # How far each foot is from the middle.
WIGGLE_YAW = 72  # How far the body turns to show its rump.
SIDES = (("l", -1), ("r", 1))


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(9)
    # Beats 0 to 6: the left arm moves on the beat, the right arm half a beat later; the hips sway once a beat.
    for beat, move in enumerate((OUT, PALM_UP, SHOULDER, BEHIND_HEAD, HIP, RUMP)):
        _move(part, "l", beat, move)
        _move(part, "r", beat + 0.5, move)
        way = 1 if beat % 2 else -1
        part.key("hip", (beat, (0.15 * way, 0.96)), (beat + 0.5, (0.06 * way, 1.07)))
        part.key("roll", (beat, 11 * way))
        part.key("lean", (beat, 5 * way))
        part.key("head", (beat, (0, 0, 8 * way)))
    # On the way from the head to the hip the elbows pass behind the shoulders.
    part.key("elbow_l", (3.85, (-0.1, -0.6, -1)), move=0.23)
    part.key("elbow_r", (4.35, (0.1, -0.6, -1)), move=0.23)
    # The body turns to show the elbow of an arm that crosses it.
    for beat in (2, 4):
        part.key("yaw", (beat - 0.5, 0), (beat, -24), (beat + 0.5, 24), (beat + 1, 0))
    part.key("pitch", (3.5, 0), (4.2, 12), (5, 0))
    # Beats 6 to 6.9: two swings of the hips with the paws on the rump.
    for swing, way in ((6, 1), (6.5, -1)):
        for at in (swing, swing + 0.2):
            part.key("hip", (at, (0.32 * way, 0.90)))
            part.key("roll", (at, 20 * way))
            part.key("lean", (at, -12 * way))
        part.key("head", (swing + 0.1, (0, 0, -14 * way)))
    # Beats 7 to 8.4: a quarter-turn hop. The dancer lands with its rump out, looks at the viewer and wiggles.
    _hop(part, 6.95, 7.45, 0, WIGGLE_YAW)
    part.key("hip", (6.95, (0.05, 0.84)), (7.2, (0, 1.25)), (7.45, (-0.34, 0.96)))
    part.key("roll", (6.95, 0), (7.45, 0))
    part.key("lean", (6.95, 0), (8.5, 0))
    part.key("pitch", (6.9, 6), (7.2, 0), (7.45, 28), (8.3, 34), (8.7, 0), (9, 0))
    part.key("head", (7, (0, 0, 0)), (7.5, (0, 0.04, -12, 0.1)), (8.3, (0, 0.04, -22, 0.1)), (8.7, (0, 0, 0)))
    for count in range(5):
        shake, way = 7.6 + 0.17 * count, -1 if count % 2 else 1
        part.key("hip", (shake, (-0.34 + 0.09 * way, 0.98 + 0.06 * way)))
        part.key("roll", (shake, 16 * way))
        part.key("yaw", (shake, WIGGLE_YAW + 14 * way))
        part.key("tail", (shake, (10, 45 + 35 * way)))
    # Beats 8.45 to 9: a hop of joy back to the front.
    _hop(part, 8.45, 8.98, WIGGLE_YAW, 0)
    part.key("hip", (8.45, (-0.10, 0.82)), (8.72, (0, 1.30)))
    part.key("roll", (8.45, 0))
    for side, _ in SIDES:
        _move(part, side, 6.9, RUMP)
        _move(part, side, 7.16, IN_THE_AIR, over=0.2)
        _move(part, side, 7.45, RUMP_OUT, over=0.26)
        _move(part, side, 8.3, RUMP_OUT)
        _move(part, side, 8.76, HIGH, over=0.46)
    for beat in range(7):
        part.key("tail", (beat, (70 if beat % 2 else -70, 12)))
    part.key("tail", (7.3, (0, 50)), (8.5, (0, 50)))
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(9)
    # Beats 0 to 1: a quarter-turn hop. Now the arms are seen from the side, where they point ahead.
    _hop(part, 0.5, 1, 0, 58)
    part.key("hip", (0.45, (0, 0.88)), (0.75, (0, 1.22)))
    # Beats 1 to 5: ahead, palms up, behind the head, rump.
    ahead = ((0.30, 0.10, 0.90), (0.6, -1, 0))
    palm_up = ((0.40, 0.34, 0.62), (0.4, -1, 0.3))
    # Behind the head, the far elbow points ahead and the near one back, so that both are seen.
    elbow_ahead = ((0.50, 0.74, 0.42), (0.5, -0.1, 0.8))
    elbow_back = ((0.24, 0.74, -0.58), (0.5, -0.1, -0.8))
    moves = ((ahead, ahead), (palm_up, palm_up), (elbow_ahead, elbow_back), (RUMP, RUMP))
    for beat, (right, left) in enumerate(moves, start=1):
        _move(part, "r", beat, right)
        _move(part, "l", beat + 0.5, left)
        part.key("hip", (beat, (-0.16, 0.96)), (beat + 0.5, (0.12, 1.02)))
        part.key("lean", (beat, 9), (beat + 0.5, -7))
        part.key("roll", (beat, -12), (beat + 0.5, 12))
        part.key("head", (beat, (0, 0, 8, 0.5)), (beat + 0.5, (0, 0, -8, 0.5)))
    # Beats 5 to 5.5: another quarter turn. Beats 5.5 to 7: the rump swings at the viewer.
    _hop(part, 5, 5.5, 58, 180)
    part.key("hip", (4.95, (0, 0.88)), (5.25, (0, 1.2)))
    part.key("pitch", (4.9, 0), (5.5, 22), (7, 26), (7.4, 0))
    for count, swing in enumerate((5.5, 6, 6.25, 6.5, 6.75, 7)):
        way = -1 if count % 2 else 1
        part.key("hip", (swing, (0.32 * way, 0.94)))
        part.key("roll", (swing, -20 * way))
        part.key("lean", (swing, -13 * way))
        part.key("tail", (swing, (-60 * way, 60)))
    part.key("head", (5.5, (0, 0, 0, 2)), (6, (0, 0, 10, 2)), (6.5, (0, 0, -10, 2)), (7, (0, 0, 10, 2)))
    # Beats 7 to 8: a hop all the way around, arms high. Beats 8 to 9: the hips swing under raised arms.
    _hop(part, 7.35, 7.98, 180, 360)
    part.key("hip", (7.3, (0, 0.82)), (7.66, (0, 1.30)), (8, (0.14, 0.92)), (8.35, (-0.14, 1.0)), (8.7, (0.14, 0.94)))
    part.key("roll", (7.2, 0), (8, -14), (8.35, 14), (8.7, -14))
    part.key("lean", (7.2, 0), (8, 8), (8.35, -8), (8.7, 8))
    part.key("head", (7.4, (0, 0, 0, 1.6)), (7.7, (0, 0, 0, 0.4)), (8, (0, 0, 8, 0)), (8.35, (0, 0, -8, 0)))
    part.key("head", (8.7, (0, 0, 8, 0)))
    for side, _ in SIDES:
        _move(part, side, 5.5, ON_HIP)
        _move(part, side, 7.22, ON_HIP)
        _move(part, side, 7.7, HIGH, over=0.46)
        _move(part, side, 8.6, HIGH)
    return part


def _move(part: Part, side: str, beat: float, move: Sequence[tuple[float, ...]], over: float = 0.38) -> None:
    """Add a move of one arm that takes ``over`` beats and ends at ``beat``."""
    for joint, value in zip(("hand", "elbow"), move, strict=True):
        part.key(f"{joint}_{side}", (beat, value if side == "r" else mirrored(f"{joint}_r", value)), move=over)


def _hop(part: Part, start: float, end: float, before: float, after: float) -> None:
    """Add a hop with both feet that turns the body from ``before`` to ``after`` degrees."""
    part.key("yaw", (start, before), (end, after))
    for side, sign in SIDES:
        # The stance is narrower wherever the dancer does not face the viewer.
        away = [sign * STANCE * (0.8 if yaw % 360 else 1) for yaw in (before, after)]
        (x0, z0), (x1, z1) = around(0, 0, before, away[0], 0), around(0, 0, after, away[1], 0)
        part.key(
            f"foot_{side}",
            (start, foot(x0, 0, 0, z0)),
            ((start + end) / 2, foot((x0 + x1) / 2, 0.26, 25, (z0 + z1) / 2)),
            (end, foot(x1, 0, 0, z1)),
        )


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import scenery

    scenery.rays(canvas, 0.5, 0.62, CREAM, 0.34, 15)
    scenery.halo(canvas, 0.5, 0.62, 0.5, mix_colours(MARIGOLD, WHITE, 0.3), 0.75)
    scenery.clouds(canvas, ((0.12, 0.2, 0.07), (0.88, 0.13, 0.085)))


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Swing the hips on each beat and the shoulders on every second one. The last beat is a hop to the side."""
    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import bump, pulse, steps

    last = [] if total == 4 else [0.0]
    side = steps(b, total, [1, 1, -1, -1] * (total // 4) + last)
    sway = steps(b, total, [1, -1] * (total // 2) + last)
    up = bump(b, total, total - 1.2, 1.2)
    # Other movements are damped in the air, or the picture would flicker.
    calm = 1 - 0.9 * bump(b, total, total - 1.6, 2.0)
    return Poses.of(
        b,
        ty=0.11 * up,
        rot=2.5 * side * calm,
        stretch=0.03 * sway * calm - 0.01 * pulse(b),
        bend=0.05 * side * calm,
        hip=0.07 * sway * calm,
        head=7 * side * calm,
        turn=0.6 * side * calm + 0.8 * up,
    )


DANCE = Dance(
    slug="macarena",
    english=English(
        name=mark.gettext("Macarena"),
        in_sentence=mark.pgettext("in a sentence", "macarena"),
        line=mark.gettext("paws up, hips sway, hop and turn"),
        best_photo=mark.gettext("front-on, sitting"),
    ),
    place=1,
    bpm=108,
    metre=4,
    colour="marigold",
    camera="locked",
    mood="sunny",
    prompt="Locked camera. The pet lifts one front paw, then the other, sways its hips left and right, and hops "
    "a quarter turn. Its ears bounce and its tail wags in time. The whole body stays centred in frame.",
    palette=Palette((40, 96, 196), (120, 214, 255), (MARIGOLD, SKY, CREAM), 0.74),
    set=Set(scenery, "sweep", ParticleStyle(("paper", "dot"), 40), glow=0.2),
    score=Score(
        44,
        "0:m 10:M",
        {"kick": FOUR, "snare": "...x..x.....x...", "shaker": "o.oxo.oxo.oxo.ox", "clap": BACKBEAT},
        "1..1..5.1..1..7.",
        "x..x..x...x.x...",
        "nylon_guitar piano organ",
        "0:31:.5 .75:29:.25 1.5:27:.5 2.5:24:.5 3:27:.5 4:29:.5 4.75:26:.25 5.5:22:.5 6.5:26:.5 7:29:.5 8:31:.4",
        "trumpet brass",
        "finger_bass",
        "flute",
        fill="snare timbale",
        steps=("clap", "stomp"),
    ),
    outfit="macarena",
    hat="straw_hat",
    hands=Hands(low="mitten_open", raised="mitten_open"),
    choreography=Choreography(first_part, second_part, arms=1.1),
    whole_pet=whole_pet,
)
