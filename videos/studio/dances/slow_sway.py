"""Slow sway.

A hug: arms wrapped round itself, head laid on one shoulder, weight passing slowly from foot to foot with tiny steps.

Its silhouette: wrapped arms, closed outline, head tilt, the long slow pendulum.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, around, foot
from videos.studio.dance.score import Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CREAM, GOLD, MINT, PINK, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(6)
    part.key("hip", (0, (-0.16, 1.06)), (1.5, (0, 1.02)), (3, (0.16, 1.06)), (4.5, (0, 1.02)))
    part.key("lean", (0, -9), (1.5, 0), (3, 9), (4.5, 0))
    part.key("roll", (0, -6), (3, 6))
    part.key(
        "head",
        (0, (-0.10, -0.05, -20, 0)),
        (0.6, (-0.10, -0.05, -20, 0)),
        (3, (0.10, -0.05, 20, 0)),
        (3.6, (0.10, -0.05, 20, 0)),
    )
    part.key("hand_r", (0, (-0.24, -0.02, 0.30)), (3, (-0.26, 0.02, 0.30)))
    part.key("hand_l", (0, (0.22, -0.16, 0.34)), (3, (0.24, -0.12, 0.34)))
    part.both("elbow", (0, (1, -0.7, 0.3)))
    part.key("foot_l", (0, foot(-0.20)), (1.2, foot(-0.20)), (2.2, foot(-0.08)), (4.2, foot(-0.08)), (5.2, foot(-0.20)))
    part.key(
        "foot_r",
        (0, foot(0.08)),
        (1.2, foot(0.08, 0, 0)),
        (2.8, foot(0.20), None, 0.8),
        (4.4, foot(0.20)),
        (5.6, foot(0.08), None, 0.8),
    )
    part.both("knee", (0, (0.2, 0, 1)))
    part.key("tail", (0, (10, 15)), (1.5, (40, 15)), (3, (60, 15)), (4.5, (40, 15)))
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(6)
    part.key("yaw", (0, 0, "linear"), (2, 120, "linear"), (4, 240, "linear"))
    part.key(
        "head",
        *[(b, (-0.08 if b % 3 == 0 else 0.04, -0.05, -16 if b % 3 == 0 else 10, b * 60 / 90)) for b in (1, 2, 3, 4, 5)],
    )
    part.key("hip", *[(b, (-0.14 if b % 2 == 0 else 0.08, 1.06)) for b in (1, 2, 3, 4, 5)])
    part.key("lean", *[(b, -7 if b % 2 == 0 else 7) for b in (1, 2, 3, 4, 5)])
    part.key("roll", (3, 4))
    for b in range(1, 6):
        s, q = ("r", 0.14) if b % 2 else ("l", -0.14)
        x, z = around(-0.06, 0, b * 60, q, 0)
        part.key("foot_" + s, (b + 0.2, foot(x, 0, 0, z), None, 0.7))
    part.key("hand_r", (3, (-0.24, -0.02, 0.30)))
    part.key("hand_l", (3, (0.22, -0.16, 0.34)))
    part.both("elbow", (0, (1, -0.7, 0.3)))
    part.both("knee", (0, (0.2, 0, 1)))
    part.key("tail", (1.5, (40, 15)), (4.5, (50, 15)))
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.hearts(canvas, mix_colours(PINK, CREAM, 0.5), 4, 9, 0.3)
    architecture.bulbs(canvas, CREAM, 0.02, 0.1, 14, 0.01)
    architecture.bulbs(canvas, GOLD, 0.06, 0.22, 12, 0.01)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Sway to one side and back over a bar while breathing. The head follows late."""
    import numpy as np

    from videos.studio.choreography.pose import Poses

    sway = np.sin(2 * np.pi * b / 3)
    return Poses.of(
        b,
        tx=0.025 * sway,
        rot=2.6 * sway,
        stretch=0.018 * np.sin(4 * np.pi * b / 3),
        bend=0.06 * sway,
        head=6 * np.sin(2 * np.pi * b / 3 - 0.8),
        turn=0.35 * np.sin(2 * np.pi * b / 3 - 0.4),
        nod=0.25 * np.sin(4 * np.pi * b / 3),
        zoom=0.025 * (0.5 - 0.5 * np.cos(2 * np.pi * b / total)),
    )


DANCE = Dance(
    slug="slow_sway",
    name="Slow sway",
    place=15,
    bpm=72,
    metre=3,
    colour="mint",
    line="gentle sway, soft eyes",
    best_photo="any at all",
    camera="slow push-in",
    mood="tender",
    prompt="Slow push-in. The pet sways gently from side to side, breathing softly, eyes warm and relaxed. A "
    "light breeze moves through its fur. The light glows a little warmer. The pet stays centred in frame.",
    any_photo=True,
    palette=Palette((104, 70, 92), (186, 204, 160), (MINT, (190, 200, 250), CREAM), 0.8),
    set=Set(scenery, "calm", ParticleStyle(("heart",), 18, speed=-1, tumble=1, size=0.035), glow=0.4),
    score=Score(
        43,
        "0:M7 5:M7",
        {"kick": "x...........", "brush": "....o...x..."},
        "1.......5...",
        "x...x...x...",
        "rhodes nylon_guitar",
        "0:28:1 1:31:1 2:35:1 3:33:1.5 4.5:31:.5 5:29:1",
        "piano violin",
        "upright_bass finger_bass",
        "celesta",
        pad=0.09,
        levels={"kick": 0.5, "brush": 0.8},
        bass_beats=1.1,
    ),
    outfit="slow_sway",
    hat="wreath",
    choreography=Choreography(first_part, second_part),
    whole_pet=whole_pet,
)
