"""Happy wiggle.

Bent knees, paws up beside the ears, rump and shoulders shaking against each other twice a beat; a hop; turns its back
and shakes the rump at us, looking over the shoulder, tail in circles; hop back.

Its silhouette: paws up, rump out to the side, tail flying.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, around, foot
from videos.studio.dance.score import BACKBEAT, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CORAL, MARIGOLD, MINT, PINK, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(8)
    for k in range(14):
        b = k * 0.25 if k < 7 else 4 + (k - 7) * 0.5
    hp = []
    for k in range(7):
        b = k * 0.5
        q = 1 if k % 2 else -1
        hp.append((b, (0.22 * q, 0.90)))
        part.key("roll", (b, 18 * q))
        part.key("lean", (b, -11 * q))
        part.key("head", (b, (0, 0, 14 * q, 0)))
    for k in range(6):
        b = 4.25 + k * 0.5
        q = 1 if k % 2 else -1
        hp.append((b, (0.24 * q, 0.78)))
        part.key("roll", (b, 20 * q))
        part.key("lean", (b, -6 * q))
    part.key(
        "hip",
        *hp,
        (3.3, (0, 0.78)),
        (3.6, (0, 1.22)),
        (3.9, (0, 0.80)),
        (7.2, (0, 0.78)),
        (7.5, (0, 1.22)),
        (7.8, (-0.1, 0.82)),
    )
    part.key("roll", (3.6, 0), (7.5, 0))
    part.key("lean", (3.6, 0), (7.5, 0))
    part.key("yaw", (0, 0), (3.3, 0), (3.9, 170), (7.2, 170), (7.8, 0))
    part.key("pitch", (0, 6), (3.3, 10), (3.6, 0), (4.1, 26), (7, 26), (7.5, 0))
    part.key(
        "head",
        (3.5, (0, 0, 0, 0)),
        (4, (0.0, 0.02, 8, 0.7)),
        (4.75, (0, 0.02, -8, 0.7)),
        (5.25, (0, 0.02, 8, 0.7)),
        (5.75, (0, 0.02, -8, 0.7)),
        (6.25, (0, 0.02, 8, 0.7)),
        (6.75, (0, 0.02, -8, 0.7)),
        (7.3, (0, 0.02, 0, 0.4)),
        (7.8, (0, 0, -6, 0)),
    )
    part.both(
        "hand",
        (0, (0.78, 0.40, 0.1)),
        (0.5, (0.72, 0.60, 0.1)),
        (1, (0.78, 0.40, 0.1)),
        (1.5, (0.72, 0.60, 0.1)),
        (2, (0.78, 0.40, 0.1)),
        (2.5, (0.72, 0.60, 0.1)),
        (3, (0.78, 0.40, 0.1)),
        (3.6, (0.82, 0.00, 0.0)),
        (4.25, (0.72, 0.36, 0.1)),
        (4.75, (0.66, 0.56, 0.1)),
        (5.25, (0.72, 0.36, 0.1)),
        (5.75, (0.66, 0.56, 0.1)),
        (6.25, (0.72, 0.36, 0.1)),
        (6.75, (0.66, 0.56, 0.1)),
        (7.5, (0.82, 0.00, 0.0)),
    )
    part.both("elbow", (0, (1, -0.3, 0)), (4, (1, -0.3, -0.2)))
    part.both("knee", (0, (0.9, 0, 0.8)))
    for s, q in (("l", -1), ("r", 1)):
        x1, z1 = around(0, 0, 170, q * 0.30, 0)
        part.key(
            "foot_" + s,
            (0, foot(q * 0.30, 0, 0, 0, 35)),
            (3.32, foot(q * 0.30, 0, 0, 0, 35)),
            (3.6, foot((q * 0.3 + x1) / 2, 0.24, 30, z1 / 2, 35)),
            (3.88, foot(x1, 0, 0, z1, 35)),
            (7.22, foot(x1, 0, 0, z1, 35)),
            (7.5, foot((q * 0.3 + x1) / 2, 0.24, 30, z1 / 2, 35)),
            (7.78, foot(q * 0.30, 0, 0, 0, 35)),
        )
    part.key("tail", *[(k * 0.5, (88 * (1 if k % 2 else -1), (18 if (k // 2) % 2 else -14))) for k in range(16)])
    return part


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
    name="Happy wiggle",
    place=16,
    bpm=96,
    metre=4,
    colour="sky",
    line="whole-body wiggle, head tilts",
    best_photo="any, close-ups too",
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
    choreography=Choreography(first_part),
    whole_pet=whole_pet,
)
