"""Breakdance.

Top rock with crossing kicks; drop; six-step: body low on one hand, legs sweeping round; roll up into a head spin with
legs in a V; head-stand freeze with bent legs, held; down and up.

Its silhouette: hands on the floor, legs in the air, upside-down freeze.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, around, foot
from videos.studio.dance.score import Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CORAL, CREAM, MARIGOLD, SKY, WHITE, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    part.key(
        "hip",
        (0, (-0.1, 0.92)),
        (0.5, (0, 1.04)),
        (1, (0.1, 0.92)),
        (1.5, (0, 1.02)),
        (2, (0, 0.48)),
        (2.5, (0.38, 0.46)),
        (3, (0.40, 0.50)),
        (3.5, (0.34, 0.46)),
        (4, (0, 0.46)),
        (4.5, (-0.38, 0.46)),
        (5, (-0.40, 0.50)),
        (5.35, (-0.2, 0.75)),
        (5.8, (0, 1.92)),
        (6, (0, 1.92)),
        (9, (0, 1.90)),
        (9.2, (-0.55, 1.11)),
        (9.4, (-0.58, 0.56)),
        (9.65, (-0.2, 0.55)),
    )
    part.key(
        "lean",
        (0, 6),
        (1, -6),
        (1.6, 0),
        (2, 0),
        (2.5, -62),
        (3.5, -62),
        (4, 0),
        (4.5, 62),
        (5, 66),
        (5.35, 110),
        (5.8, 180),
        (8.2, 180),
        (8.4, 172),
        (9.05, 172),
        (9.4, 62),
        (9.65, 20),
    )
    part.key("pitch", (0, 6), (1.6, 8), (2, 40), (2.5, 0), (3.5, 0), (4, 42), (4.5, 0), (9.3, 0), (9.6, 20))
    part.key("yaw", (0, 0), (6, 0), (6.2, 20, "in"), (7.9, 720, "linear"), (8.2, 720), (8.201, 0, "wrap"))
    part.key(
        "head",
        (0, (0, 0, -6, 0)),
        (1, (0, 0, 6, 0)),
        (2, (0, 0, 0, 0)),
        (2.5, (0.08, 0.04, 40, 0)),
        (3.5, (0.08, 0.04, 40, 0)),
        (4, (0, 0, 0, 0)),
        (4.5, (-0.08, 0.04, -40, 0)),
        (5, (-0.08, 0.04, -40, 0)),
        (5.8, (0, 0, 0, 0)),
        (6.2, (0, 0, 0, 0.22), "in"),
        (7.9, (0, 0, 0, 8), "linear"),
        (8.2, (0, 0, 0, 8)),
        (8.201, (0, 0, 0, 0), "wrap"),
        (9.5, (0, 0, 0, 0)),
    )
    part.key(
        "foot_r",
        (0, foot(0.58, 0.22, -10)),
        (0.5, foot(0.2)),
        (1, foot(0.26)),
        (1.6, foot(0.26)),
        (2, foot(0.30, 0, 40)),
        (2.5, foot(1.30, 0.05, -50, 0.1)),
        (3, foot(0.22, 0, 30, 0.25)),
        (3.5, foot(0.85, 0.05, -40, 0.3)),
        (4, foot(0.34, 0, 45)),
        (4.5, foot(-0.10, 0, 30)),
        (5, foot(-1.30, 0.05, -50)),
        (5.35, foot(-0.9, 1.0, 30)),
        (5.8, foot(-0.55, 2.6, 160)),
        (6.1, foot(-0.74, 2.64, 160)),
    )
    part.key(
        "foot_l",
        (0, foot(-0.26)),
        (0.5, foot(-0.2)),
        (1, foot(-0.58, 0.22, -10)),
        (1.5, foot(-0.2)),
        (2, foot(-0.30, 0, 40)),
        (2.5, foot(0.12, 0, 30)),
        (3, foot(1.30, 0.05, -50)),
        (3.5, foot(0.05, 0, 30)),
        (4, foot(-0.34, 0, 45)),
        (4.5, foot(-1.30, 0.05, -50, 0.1)),
        (5, foot(-0.22, 0, 30, 0.25)),
        (5.35, foot(-0.3, 0.9, 30)),
        (5.8, foot(0.55, 2.6, 160)),
        (6.1, foot(0.74, 2.64, 160)),
    )
    for i in range(1, 20):
        b = 6.2 + i * 1.7 / 20
        y = 20 + 700 * i / 20
        for s, q in (("l", -1), ("r", 1)):
            x, z = around(0, 0, y, -q * 0.74, 0)
            part.key("foot_" + s, (b, foot(x, 2.64, 160, z), "linear"))
    part.key(
        "foot_r",
        (7.9, foot(-0.74, 2.64, 160)),
        (8.2, foot(-0.98, 2.36, 120), "snap"),
        (9.05, foot(-0.98, 2.36, 120)),
        (9.2, foot(-1.0, 1.2, 60)),
        (9.4, foot(-0.38, 0, 30)),
        (9.65, foot(-0.38, 0, 30)),
    )
    part.key(
        "foot_l",
        (7.9, foot(0.74, 2.64, 160)),
        (8.2, foot(0.02, 2.40, 100), "snap"),
        (9.05, foot(0.02, 2.40, 100)),
        (9.2, foot(-1.1, 0.9, 30)),
        (9.4, foot(-1.0, 0, 10)),
        (9.65, foot(-0.26, 0, 10), "slide"),
    )
    part.key(
        "hand_r",
        (0, (0.82, 0.12, 0.1)),
        (0.45, (0.72, 0.1, 0.15)),
        (0.6, (-0.16, -0.10, 0.34)),
        (1, (0.82, 0.12, 0.1)),
        (1.5, (0.5, -0.3, 0.3)),
        (2, ("floor", 0.34, 0.12, 0.35)),
        (2.5, ("chest", 0.55, 0.68, 0)),
        (3.5, ("chest", 0.55, 0.68, 0)),
        (4, ("floor", 0.34, 0.12, 0.3)),
        (4.5, ("floor", 0.74, 0.12, 0.1)),
        (5.1, ("floor+cover", 0.74, 0.12, 0.1)),
        (5.8, ("floor+cover", -0.50, 0.12, 0.05)),
        (6.1, ("floor+cover", -0.50, 0.12, 0.05)),
        (6.5, ("body+cover", 0.78, 0.15, 0.1)),
        (7.7, ("body+cover", 0.78, 0.15, 0.1)),
        (8.15, ("floor+cover", -0.52, 0.12, 0.1)),
        (9.05, ("floor+cover", -0.52, 0.12, 0.1)),
        (9.35, ("floor", 0.16, 0.12, 0.2)),
        (9.6, ("floor", 0.16, 0.12, 0.2)),
    )
    part.key(
        "hand_l",
        (0, (-0.82, 0.12, 0.1)),
        (0.45, (-0.72, 0.1, 0.15)),
        (0.6, (0.16, -0.10, 0.34)),
        (1, (-0.82, 0.12, 0.1)),
        (1.5, (-0.5, -0.3, 0.3)),
        (2, ("floor", -0.34, 0.12, 0.35)),
        (2.5, ("floor", -0.74, 0.12, 0.1)),
        (3.5, ("floor", -0.74, 0.12, 0.1)),
        (4, ("floor", -0.34, 0.12, 0.3)),
        (4.5, ("chest", -0.55, 0.68, 0)),
        (5.1, ("chest+cover", -0.3, 0.5, 0.2)),
        (5.8, ("floor+cover", 0.50, 0.12, 0.05)),
        (6.1, ("floor+cover", 0.50, 0.12, 0.05)),
        (6.5, ("body+cover", -0.78, 0.15, 0.1)),
        (7.7, ("body+cover", -0.78, 0.15, 0.1)),
        (8.15, ("floor+cover", 0.52, 0.12, 0.1)),
        (9.05, ("floor+cover", 0.52, 0.12, 0.1)),
        (9.4, ("chest+cover", -0.5, 0.5, 0.2)),
        (9.7, ("chest", -0.6, -0.1, 0.2)),
    )
    part.both("elbow", (0, (1, -0.2, -0.2)), (5, (1, -0.2, -0.2)), (6, (1, 0.1, 0.1)), (9, (1, 0.1, 0.1)))
    part.both(
        "knee",
        (0, (0.5, 0, 1)),
        (2, (1, 0.3, 0.6)),
        (5, (0.3, 1, 0.8)),
        (5.8, (0.6, 0.1, 0.4)),
        (8.1, (0.6, 0.1, 0.4)),
        (8.3, (-1, 0.1, 0.2)),
        (9.1, (-1, 0.1, 0.2)),
        (9.5, (1, 0.3, 0.6)),
    )
    part.wag(35, 20, 2, 10)
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import scenery

    scenery.dots(canvas, (96, 46, 20), 0.5)
    scenery.burst(canvas, 0.5, 0.5, 0.56, MARIGOLD, 11, 0.85)
    scenery.burst(canvas, 0.5, 0.5, 0.46, mix_colours(MARIGOLD, WHITE, 0.55), 11, 0.85)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Drop low and rock, float once head over heels, and freeze in a lean."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import arc, bump, pulse, steps

    rock = steps(b, total, [1, -1])
    # The turn is slow enough that no part of the frame flashes more than three times a second.
    through = np.clip((b - (total - 9.1)) / 6.7, 0, 1) if total > 4 else np.zeros_like(b)
    whirl = np.where(through < 1, 0.5 - 0.5 * np.cos(np.pi * through), 0)
    freeze = bump(b, total, total - 2.4, 2.4) if total > 4 else np.zeros_like(b)
    low = 1 - freeze
    # Other movements stop in the air, or the picture would flicker.
    ground = 1 - np.minimum(1, 4 * bump(b, total, total - 9.4, 7.3)) if total > 4 else np.ones_like(b)
    rock = rock * ground
    return Poses.of(
        b,
        tx=0.08 * steps(b, total, [1, 1, -1, -1]) * low * ground,
        ty=0.24 * np.tanh(3 * np.abs(np.sin(np.pi * whirl))) + 0.02 * arc(b) * low * ground,
        whirl=whirl,
        rot=10 * rock * low + 14 * freeze,
        stretch=-0.16 * low * (0.6 + 0.4 * pulse(b) * ground) + 0.06 * freeze,
        bend=0.10 * rock * low,
        hip=0.06 * -rock * low,
        head=-12 * freeze,
        turn=0.6 * rock * low,
    )


DANCE = Dance(
    slug="breakdance",
    name="Breakdance",
    place=6,
    bpm=120,
    metre=4,
    colour="sky",
    line="drops low, one spin, freeze",
    best_photo="standing, space around",
    camera="low angle, locked",
    mood="wild",
    prompt="Low angle, locked camera. The pet drops low, spins once on the spot, kicks its legs out in quick "
    "steps and lands in a still, proud pose. The whole body stays centred in frame.",
    palette=Palette((86, 46, 22), (240, 170, 70), (SKY, MARIGOLD, CORAL), 0.72),
    set=Set(scenery, "sweep", ParticleStyle(("spark",), 20, size=0.03), Beams((SKY, CREAM), 20, 2, 0.25)),
    score=Score(
        38,
        "0:m7",
        {
            "kick": "x..x..x...x.....",
            "snare": "....x..o.o..x..o",
            "hat": "x.x.x.x.x.x.x.x.",
            "cowbell": "x...x...x.x.x...",
        },
        "1..1..8.7.5.1...",
        "x..x......x.....",
        "brass organ",
        "0:24:.25 .5:24:.25 1.5:27:.25 3.5:31:.25 4:29:.5 6:27:.25 7:24:.5 8.5:34:.25 9:36:.4",
        "brass trumpet",
        "slap_bass finger_bass",
        "marimba",
        fill="snare tom",
        steps=("slide", "stomp"),
    ),
    outfit="breakdance",
    hat="bandana",
    choreography=Choreography(first_part, overlap=0.5, arms=1.2),
    whole_pet=whole_pet,
)
