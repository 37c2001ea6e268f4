"""The floss.

Straight arms swing to one side, one before and one behind the body, hips to the other, twice a beat; after every third
swing the arms swap front and back.

Its silhouette: two stiff parallel arms on one side, hips on the other.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import BACKBEAT, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CORAL, MARIGOLD, MINT, PINK, SKY, WHITE, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    for k in range(20):
        q = 1 if k % 2 == 0 else -1
        b = k * 0.5
        fr = (k // 3) % 2 == 0
        zl, zr = (0.30, -0.22) if fr else (-0.22, 0.30)
        part.key("hip", (b, (-0.20 * q, 1)))
        part.key("roll", (b, -12 * q))
        part.key("lean", (b, 9 * q))
        part.key("head", (b, (0.02 * q, 0, -5 * q, 0)))
        A, B = ((0.38, -0.56), (0.98, -0.46))
        if q > 0:
            hl, hr = (A[0], A[1], zl), (B[0], B[1], zr)
        else:
            hl, hr = (-B[0], B[1], zl), (-A[0], A[1], zr)
        for c, v in (("hand_l", hl), ("hand_r", hr)):
            part.key(c, (b, v), (b + 0.17, v))
        part.key("hip", (b + 0.17, (-0.20 * q, 0.98)), (b + 0.335, (0, 1.06)))
        part.key("roll", (b + 0.17, -12 * q))
        part.key("lean", (b + 0.17, 9 * q))
        part.key("hand_l", (b + 0.335, (-0.20, -0.80, zl * 0.7)))
        part.key("hand_r", (b + 0.335, (0.20, -0.80, zr * 0.7)))
    part.both("elbow", (0, (0.3, -0.1, -0.2)))
    part.both("foot", (0, foot(0.30)))
    part.both("knee", (0, (0.5, 0, 1)))
    part.wag(60, 0, 1, 20)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = first_part()
    part.key("yaw", (4.3, 0), (4.95, 180), (9.3, 180), (9.95, 360))
    part.keys.pop("foot_l")
    part.keys.pop("foot_r")
    part.keys.pop("head")
    part.key("head", (4.5, (0, 0, 0, 0)), (5, (0, 0, 0, 2)), (9.4, (0, 0, 0, 2)), (9.9, (0, 0, 0, 4)))
    for s, q in (("l", -1), ("r", 1)):
        part.key(
            "foot_" + s,
            (0, foot(q * 0.3)),
            (4.35, foot(q * 0.3)),
            (4.65, foot(0, 0.2, 30, -q * 0.25)),
            (4.92, foot(-q * 0.3)),
            (9.35, foot(-q * 0.3)),
            (9.65, foot(0, 0.2, 30, q * 0.25)),
            (9.92, foot(q * 0.3)),
        )
    return part


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
    name="The floss",
    place=10,
    bpm=120,
    metre=4,
    colour="mint",
    line="hips one way, paws the other",
    best_photo="front-on, standing",
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
        steps=("clap",),
    ),
    outfit="floss",
    hat="sweatband",
    choreography=Choreography(first_part, second_part, overlap=0.5),
    whole_pet=whole_pet,
)
