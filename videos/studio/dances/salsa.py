"""Salsa.

The basic, half turned away: one foot rocks forwards and the other backwards with rolling hips and bent arms that take
turns. On the pauses the hip pops out twice, one paw on it and the other arm up. Three steps around under a raised arm
end in a dip. The second half has steps that cross
in front, a shimmy that sinks, and hips that swing under high arms.

Its silhouette: hips far over one leg, a triangle of the arm on the hip, rocks forwards and backwards, the dip.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.choreography import Choreography, Part, around, foot, mirrored
from videos.studio.dance.score import Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CORAL, GOLD, MARIGOLD, PINK, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

# The right arm: bent before the body, bent behind it, on the hip, and high.
AHEAD = ((0.58, -0.02, 0.40), (1, -0.6, -0.4))
BEHIND = ((0.62, -0.38, -0.04), (0.9, 0.3, -1))
AKIMBO = ((0.46, -0.40, 0.0), (1, 0.2, -0.3))
OPEN = ((0.80, 0.22, 0.20), (0.8, -0.8, 0))
FLUNG = ((0.92, 0.68, 0.10), (1, -0.4, 0))
HIGH = ((0.72, 0.98, 0.02), (1, 0.3, 0))
SIDES = (("l", -1), ("r", 1))
ROCK_YAW = -38  # degrees; the left foot then rocks to the left in the picture


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(16)
    # Beats 0 to 8: the basic, half turned away. The left foot rocks forwards, then the right foot backwards; the hips
    # roll with each step and the bent arms take turns. On the pauses the hip pops out twice under a flung arm.
    part.key("yaw", (0, ROCK_YAW), (1.1, ROCK_YAW), (2, 0), (3.3, 0), (4, ROCK_YAW), (5.1, ROCK_YAW), (6, 0), (7.6, 0))
    part.key("pitch", (0, -4), (1, 6), (2, 0), (3.3, 0), (4, 10), (5, -2), (6, 0))
    forward, backward = foot(-0.56, 0, 0, 0.20, 0), foot(0.60, 0, 42, -0.18, 0)
    for start, steps, stands, sign, rocked in ((0, "l", "r", -1, forward), (4, "r", "l", 1, backward)):
        part.key(f"foot_{steps}", (start, rocked), move=0.6)
        part.key(f"foot_{steps}", (start + 0.9, rocked))
        part.key(f"foot_{steps}", (start + 2, _home(steps)), move=0.7)
        # The heel of the other foot gives way while the weight is off it, and again when the hip pops out.
        for beat, pitch in ((-0.5, 0), (0, 30), (0.4, 30), (1, 0), (1.6, 0), (2, 36), (3.3, 36), (3.7, 0)):
            part.key(f"foot_{stands}", ((start + beat) % 16, _home(stands, pitch)))
        _weight(part, start, steps, 0.14 * sign, drop=0.10)
        _weight(part, start + 1, stands, -0.02 * sign)
        _weight(part, start + 2, steps, 0.16 * sign, hold=0.2)
        _weight(part, start + 2.6, stands, 0.0, hold=0.1)
        _weight(part, start + 3.1, steps, 0.20 * sign, drop=0.10)
        part.key("head", (start, (0, 0, 8 * sign)), (start + 1, (0, 0, -8 * sign)), (start + 2.2, (0, 0, -12 * sign)))
        part.key("head", (start + 2.7, (0, 0, 2 * sign)), (start + 3.2, (0, 0, -14 * sign)))
        _arm(part, stands, start, AHEAD)
        _arm(part, steps, start, BEHIND)
        _arm(part, steps, start + 1, AHEAD)
        _arm(part, stands, start + 1, BEHIND)
        _arm(part, steps, start + 2, AKIMBO)
        _arm(part, steps, start + 3.3, AKIMBO)
        for beat, move in ((2, FLUNG), (2.6, OPEN), (3.1, FLUNG)):
            _arm(part, stands, start + beat, move)
    # Beats 8 to 12: three steps around under the raised arm. The head leaves the viewer last and returns first.
    part.key("yaw", (8.3, 30), (11.2, 360), (12, 360), (12.001, 0, "wrap"))
    for side, beat, yaw, pitch in (("l", 8, 10, 30), ("r", 9, 120, 30), ("l", 10, 250, 30), ("r", 11, 350, 0)):
        x, z = around(0.06, 0, yaw, 0.14 if side == "r" else -0.14, 0.10)
        part.key(f"foot_{side}", (beat, foot(x, 0, pitch, z, 18)), move=0.6)
    part.key("hip", (8, (0, 1.02)), (8.7, (0.06, 1.19)), (11, (0.06, 1.19)))
    for channel in ("roll", "lean", "twist"):
        part.key(channel, (8.4, 0), (11, 0))
    part.key("head", (8.8, (0, 0, 0, 0)), (9.6, (0, 0, 0, 1.4)), (10.2, (0, 0, 0, 3.2)), (10.8, (0, 0, 0, 4)))
    _arm(part, "r", 8.8, HIGH)
    _arm(part, "r", 11.2, HIGH)
    _arm(part, "l", 8.4, OPEN)
    _arm(part, "l", 9.2, AKIMBO)
    _arm(part, "l", 11.2, AKIMBO)
    # Beats 12 to 14: the dip, over the bent left leg and away from the pointed right toe.
    part.key("foot_l", (12, foot(-0.10, 0, 0, 0.1, 40)), move=0.6)
    part.key("foot_r", (12, foot(0.92, 0, 60, 0.08, 40)), move=0.6)
    part.key("foot_r", (13.4, foot(0.92, 0, 60, 0.08, 40)))
    part.key("hip", (12, (0.12, 0.88)), (12.7, (0.14, 0.80)), (13.3, (0.12, 0.84)))
    part.key("lean", (12, -26), (12.7, -36), (13.3, -32))
    part.key("roll", (12, 14), (13.3, 14))
    part.key("head", (12, (0, 0, -6, 4)), (12.001, (0, 0, -6, 0), "wrap"), (12.7, (0, 0, -20)), (13.3, (0, 0, -16)))
    part.key("hand_r", (12.2, (0.50, 1.04, 0)), (13.3, (0.50, 1.04, 0)))
    part.key("hand_l", (12.2, (-0.86, 0.02, 0.1)), (13.3, (-0.86, 0.10, 0.1)))
    part.key("elbow_l", (12.4, (-1, -0.3, -0.2)), (13.3, (-1, -0.3, -0.2)))
    # Beats 14 to 16: up again, with a quick drop of the hip to either side.
    part.key("foot_r", (14, _home("r")), move=0.6)
    part.key("foot_l", (14, _home("l")), move=0.5)
    part.key("foot_l", (14.8, _home("l", 30)), (15.3, _home("l", 30)))
    _weight(part, 14, "r", 0.20)
    _weight(part, 14.7, "l", 0.08)
    _weight(part, 15.3, "r", 0.20)
    part.key("yaw", (14, 0), (15.2, -20))
    part.key("head", (14.2, (0, 0, 12)), (15, (0, 0, -6)))
    _arm(part, "r", 14.2, FLUNG)
    _arm(part, "l", 14.2, AKIMBO)
    _arm(part, "r", 15, OPEN)
    _arm(part, "l", 15, AHEAD)
    part.wag(75, 0, 2, lift=8)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(16)
    # Beats 1 to 8: steps that cross in front, to the left and back to the right; the arms fly open.
    part.key("yaw", (0.5, -20), (1.2, 0), (14.4, 0))
    for beat, side, x, hips in (
        (1, "l", 0.10, 0.16),
        (2, "r", -0.16, -0.06),
        (3, "l", -0.50, -0.26),
        (4, "r", -0.20, -0.14),
        (5, "l", 0.16, 0.06),
        (6, "r", 0.50, 0.26),
        (7, "l", -0.10, 0.10),
    ):
        crosses = beat in (2, 5)
        other, sign = ("l", 1) if side == "r" else ("r", -1)
        part.key(f"foot_{side}", (beat, foot(x, 0, 0, 0.36 if crosses else 0.1, -15 if crosses else 25)), move=0.6)
        _weight(part, beat, side, hips)
        part.key("head", (beat, (0, 0, 9 * sign)))
        _arm(part, side, beat, OPEN)
        _arm(part, other, beat, AHEAD)
    # Beats 8 to 12: a shimmy that sinks, with the knees wide and the arms low and open.
    for side, sign in SIDES:
        wide = foot(0.36 * sign, 0, 0, 0.1, 35)
        part.key(f"foot_{side}", (8, wide), (11.4, wide), move=0.6)
        part.key(f"hand_{side}", (8.2, (0.84 * sign, -0.22, 0.2)), (11.4, (0.90 * sign, -0.02, 0.2)))
        part.key(f"knee_{side}", (7.2, (0.35 * sign, 0, 1)), (8, (0.9 * sign, 0, 1)), (11.4, (0.9 * sign, 0, 1)))
        part.key(f"elbow_{side}", (8.2, (0.5 * sign, -1, -0.3)), (11.4, (0.5 * sign, -1, -0.3)))
    part.key("hip", (8.2, (0, 0.98)), (11.2, (0, 0.70)))
    part.key("roll", (8, 0), (11.4, 0))
    part.key("lean", (8, 0), (11.4, 0))
    part.key("pitch", (8, 0), (9, 10), (11.2, 16), (12, 0))
    for count in range(7):
        shake, way = 8.4 + count / 2, -1 if count % 2 else 1
        part.key("twist", (shake, 24 * way))
        part.key("chest", (shake, (0.07 * way, 0, 0)))
        part.key("shrug_r", (shake, 0.10 * max(way, 0)))
        part.key("shrug_l", (shake, 0.10 * max(-way, 0)))
    part.key("head", (8.2, (0, 0, 0)), (9.7, (0, 0, 12)), (11.2, (0, 0, -12)))
    # Beats 12 to 14: a jump up into hips that swing under high arms.
    for swing, side, way in ((12, "r", 1), (12.7, "l", -1), (13.4, "r", 1)):
        _weight(part, swing, side, 0.16 * way)
        part.key("head", (swing, (0, 0, -12 * way)))
    part.key("twist", (11.7, 0))
    part.key("chest", (8, (0, 0, 0)), (11.7, (0, 0, 0)))
    for side, sign in SIDES:
        part.key(f"foot_{side}", (11.7, foot(0.30 * sign, 0.16, 25, 0.1)), (12, foot(0.28 * sign, 0, 0, 0.1)))
        part.key(f"knee_{side}", (12, (0.35 * sign, 0, 1)))
        part.key(f"shrug_{side}", (12, 0), (15.5, 0))
        _arm(part, side, 12, HIGH)
        _arm(part, side, 13.7, HIGH)
    # Beats 14 to 16: the arms fall open, and the body turns into the break again.
    part.key("yaw", (15.2, -20))
    part.key("foot_r", (14.6, _home("r")), move=0.6)
    part.key("foot_l", (15.4, _home("l", 30)))
    _weight(part, 14.4, "l", -0.06)
    _weight(part, 15.2, "r", 0.20)
    _arm(part, "r", 14.4, OPEN)
    _arm(part, "l", 14.4, OPEN)
    _arm(part, "r", 15.2, OPEN)
    _arm(part, "l", 15.2, AHEAD)
    part.wag(75, 0, 2, lift=8)
    return part


def _home(side: str, pitch: float = 0) -> tuple[float, ...]:
    """Return where a foot stands in the basic."""
    return foot(-0.22 if side == "l" else 0.22, 0, pitch, 0.08, 25)


def _weight(part: Part, beat: float, side: str, x: float, *, drop: float = 0.05, hold: float = 0.35) -> None:
    """Put the weight on one leg at ``x``: its hip swings out and drops, and the shoulders stay behind."""
    sign = 1 if side == "r" else -1
    for at, height in ((beat, 1.02 - drop / 2), (beat + hold, 1.02 - drop)):
        part.key("hip", (at, (x + 0.14 * sign, height)))
    part.key("roll", (beat, 22 * sign), (beat + hold, 20 * sign))
    part.key("lean", (beat, -11 * sign), (beat + hold, -10 * sign))
    part.key("twist", (beat, 16 * sign))


def _arm(part: Part, side: str, beat: float, move: Sequence[tuple[float, ...]]) -> None:
    for joint, value in zip(("hand", "elbow"), move, strict=True):
        part.key(f"{joint}_{side}", (beat, value if side == "r" else mirrored(f"{joint}_r", value)))


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.halo(canvas, 0.5, 0.7, 0.6, mix_colours(CORAL, MARIGOLD, 0.6), 0.7)
    scenery.foliage(canvas)
    architecture.bulbs(canvas, GOLD, 0.05, 0.16, 13)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Take quick side steps with rolling hips, and turn at the end."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import bump, facing, pulse, snap

    roll = snap(np.sin(np.pi * b / 2))
    spin = facing(b, total, total - 6, 6)
    folded = bump(b, total, total - 6.6, 7.2)
    calm = 1 - 0.9 * folded
    return Poses.of(
        b,
        tx=0.075 * np.sin(2 * np.pi * b / 8),
        rot=2.5 * roll * calm,
        stretch=0.015 - 0.02 * pulse(b / 2) * calm,
        hip=0.085 * roll * calm,
        snake=-0.028 * roll * calm,
        flip=spin,
        head=6 * np.sin(np.pi * b / 2 - 0.5),
        turn=0.5 * np.sin(2 * np.pi * b / 8 + 1),
    )


DANCE = Dance(
    slug="salsa",
    english=English(
        name=mark.gettext("Salsa"),
        in_sentence=mark.pgettext("in a sentence", "salsa"),
        line=mark.gettext("quick side steps, rolling hips"),
        best_photo=mark.gettext("full body"),
    ),
    place=2,
    bpm=192,
    metre=4,
    colour="coral",
    camera="slow push-in",
    mood="hot",
    prompt="Slow push-in. The pet takes quick side steps forward and back, hips rolling, tail swishing from side "
    "to side. Its head tips with every step. The whole body stays centred in frame.",
    palette=Palette((52, 14, 62), (84, 96, 250), (CORAL, MARIGOLD, PINK), 0.72),
    set=Set(scenery, "rings", ParticleStyle(("petal",), 34, sway=0.06), Beams((CORAL, MARIGOLD), 14, 2, 0.3)),
    score=Score(
        43,
        "0:m7 5:7",
        {
            "clave": "..x.x...x..x..x.",
            "conga": "......xx",
            "conga_mute": "..x.....",
            "cowbell": "x...x...x.x.x...",
            "maracas": "x.o.",
            "kick": "x...x...",
        },
        "...5..8.",
        "x.x..x.xx..x.x.x",
        "piano",
        "0:24:.5 1.5:27:.5 3:31:1 5:33:.5 6:29:1 8:24:.5 9.5:27:.5 11:31:1 13:33:.5 14:28:1",
        "trumpet brass flute",
        "upright_bass",
        "muted_trumpet",
        fill="timbale conga_high",
        grid=2,
        steps=("step",),
    ),
    outfit="salsa",
    hat="hibiscus",
    hands=Hands(raised="mitten_open"),
    choreography=Choreography(first_part, second_part, arms=1.18),
    whole_pet=whole_pet,
)
