"""Ballet.

On pointe with arms rounded overhead (fifth); plie; double pirouette in passe with a spotting head; arabesque in
profile, one leg high behind, held; plie and rise.

Its silhouette: pointe, ring of arms over the head, the passe triangle, the long arabesque line.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, around, foot, mirrored
from videos.studio.dance.score import Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CREAM, MARIGOLD, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def pirouette(b: float) -> float:
    """Return the turn in degrees from beat 1.2 to beat 2.9: two whole ones, with a soft start and end."""
    u = min(max((b - 1.2) / 1.7, 0), 1)
    return -10 + 730 * u * u * (3 - 2 * u)


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(6)
    fifth, first, low, side = (0.56, 1.16, 0.0), (0.13, -0.12, 0.56), (0.20, -0.66, 0.26), (1.08, -0.02, 0.2)
    part.key(
        "yaw",
        (0, 0),
        (1.05, -25),
        (1.2, -10),
        (2.9, 720),
        (3.1, 720),
        (3.101, 0, "wrap"),
        (3.6, 90),
        (4.9, 90),
        (5.5, 0),
    )
    ks = [1.25 + i * (2.85 - 1.25) / 20 for i in range(21)]
    part.key(
        "foot_l",
        (0, foot(-0.05, 0, 82, 0.04, 40)),
        (0.5, foot(-0.05, 0, 82, 0.04, 40)),
        (0.9, foot(-0.05, 0, 0, 0.04, 50)),
        (1.05, foot(-0.05, 0, 0, 0.04, 50)),
        (1.25, foot(-0.05, 0, 80, 0.04, 20)),
        (2.85, foot(-0.05, 0, 80, 0.04, 20)),
        (3.1, foot(-0.05, 0, 0, 0.04, 40)),
        (3.5, foot(-0.05, 0, 60, 0.04, 10)),
        (4.7, foot(-0.05, 0, 60, 0.04, 10)),
        (5.2, foot(-0.05, 0, 0, 0.04, 50)),
        (5.4, foot(-0.05, 0, 0, 0.04, 50)),
        ease="slide",
    )
    rp = []
    for b in ks:
        y = pirouette(b)
        x, z = around(-0.05, 0.04, y, 0.10, 0.16)
        rp.append((b, foot(x, 0.60, 85, z, 75)))
    part.key(
        "foot_r",
        (0, foot(0.06, 0, 82, 0, 40)),
        (0.5, foot(0.06, 0, 82, 0, 40)),
        (0.85, foot(0.22, 0, 0, -0.12, 50), "slide"),
        (1.05, foot(0.22, 0, 10, -0.12, 50)),
        *rp,
        (3.1, foot(0.2, 0.02, 30, -0.1, 50)),
        (3.65, foot(-1.20, 1.46, 165, -0.1, 5), "smooth"),
        (4.75, foot(-1.20, 1.52, 165, -0.1, 5)),
        (5.2, foot(0.2, 0, 10, 0, 50)),
        (5.4, foot(0.16, 0, 0, 0, 50)),
        ease="slide",
    )
    part.key(
        "hip",
        (0, (0, 1.28)),
        (0.5, (0, 1.28)),
        (0.95, (0.03, 0.9)),
        (1.25, (-0.05, 1.27)),
        (2.85, (-0.05, 1.27)),
        (3.1, (0, 0.98)),
        (3.55, (-0.10, 1.25)),
        (4.7, (-0.10, 1.25)),
        (5.2, (0.04, 0.82)),
        (5.4, (0.04, 0.82)),
    )
    part.both(
        "knee",
        (0, (1, 0, 0.5)),
        (1.1, (1, 0, 0.35)),
        (2.9, (1, 0, 0.35)),
        (3.6, (0.1, -0.6, 1)),
        (4.7, (0.1, -0.6, 1)),
        (5.1, (1, 0, 0.5)),
    )
    part.key("pitch", (3.1, 0), (3.6, 22), (4.7, 24), (5.15, 0))
    part.key("roll", (3.1, 0), (4.9, 0))
    part.key(
        "hand_r",
        (0, fifth),
        (0.5, fifth),
        (0.95, side),
        (1.25, first),
        (1.9, first),
        (2.3, fifth),
        (2.85, fifth),
        (3.15, (0.6, -0.3, 0.2)),
        (3.65, (0.35, 0.06, -0.80)),
        (4.7, (0.35, 0.10, -0.82)),
        (5.2, low),
        (5.45, low),
        (5.75, first),
    )
    part.key(
        "hand_l",
        (0, mirrored("hand_r", fifth)),
        (0.5, mirrored("hand_r", fifth)),
        (0.95, (-0.10, -0.12, 0.56)),
        (1.25, mirrored("hand_r", first)),
        (1.9, mirrored("hand_r", first)),
        (2.3, mirrored("hand_r", fifth)),
        (2.85, mirrored("hand_r", fifth)),
        (3.15, (-0.4, -0.3, 0.3)),
        (3.65, (-0.2, 0.40, 1.16)),
        (4.7, (-0.2, 0.46, 1.16)),
        (5.2, mirrored("hand_r", low)),
        (5.45, mirrored("hand_r", low)),
        (5.75, mirrored("hand_r", first)),
    )
    part.both(
        "elbow",
        (0, (1, 0.3, 0.2)),
        (0.95, (1, -0.1, 0.1)),
        (3.65, (0.3, -1, 0)),
        (4.7, (0.3, -1, 0)),
        (5.2, (1, 0, 0.2)),
    )
    part.key(
        "head",
        (0, (0, 0, 0, 0)),
        (0.9, (0, 0, 6, -0.2)),
        (1.45, (0, 0, 0, 0)),
        (1.75, (0, 0, 0, 4)),
        (2.2, (0, 0, 0, 4)),
        (2.55, (0, 0, 0, 8)),
        (3.1, (0, 0, 0, 8)),
        (3.101, (0, 0, 0, 0), "wrap"),
        (3.6, (0, 0.04, -10, 0.85)),
        (4.7, (0, 0.04, -12, 0.85)),
        (5.2, (0, 0, 8, 0)),
    )
    part.key(
        "tail",
        (0, (40, 40)),
        (1, (10, 10)),
        (2, (-40, 20)),
        (3, (40, 30)),
        (3.6, (10, 55)),
        (4.7, (10, 60)),
        (5.2, (30, 0)),
    )
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(6)
    part.key(
        "hip",
        (0.6, (0, 0.92)),
        (1.0, (0, 1.42)),
        (1.4, (0, 0.92)),
        (1.8, (0, 1.42)),
        (2.2, (0, 0.9)),
        (3, (-0.10, 1.27)),
        (4.6, (-0.10, 1.27)),
        (5.2, (0, 0.9)),
        (5.4, (0, 0.9)),
    )
    part.key(
        "foot_l",
        (0.7, foot(-0.05, 0, 0, 0.04, 50)),
        (1.0, foot(-0.26, 0.34, 85, 0.04, 50)),
        (1.3, foot(-0.05, 0, 0, 0.04, 50)),
        (1.5, foot(-0.05, 0, 0, 0.04, 50)),
        (1.8, foot(-0.26, 0.34, 85, 0.04, 50)),
        (2.1, foot(-0.05, 0, 0, 0.04, 50)),
        (2.4, foot(-0.05, 0, 0, 0.04, 50)),
        (2.9, foot(-0.05, 0, 82, 0.04, 40)),
        (4.6, foot(-0.05, 0, 82, 0.04, 40)),
        (5.1, foot(-0.05, 0, 0, 0.04, 50)),
        (5.4, foot(-0.05, 0, 0, 0.04, 50)),
        ease="slide",
    )
    part.key(
        "foot_r",
        (0.7, foot(0.06, 0, 0, 0, 50)),
        (1.0, foot(0.26, 0.34, 85, 0, 50)),
        (1.3, foot(0.06, 0, 0, 0, 50)),
        (1.5, foot(0.06, 0, 0, 0, 50)),
        (1.8, foot(0.26, 0.34, 85, 0, 50)),
        (2.1, foot(0.06, 0, 0, 0, 50)),
        (2.4, foot(0.06, 0.02, 60, 0, 70)),
        (2.7, foot(0.12, 0.60, 85, 0.1, 80)),
        (3.2, foot(0.84, 1.50, 120, 0.1, 80)),
        (4.5, foot(0.84, 1.54, 120, 0.1, 80)),
        (5.1, foot(0.2, 0, 10, 0, 50)),
        (5.4, foot(0.06, 0, 0, 0, 50)),
        ease="slide",
    )
    part.both("knee", (0, (1, 0, 0.5)), (4, (1, 0, 0.3)), (5.1, (1, 0, 0.5)))
    part.key("lean", (2.5, 0), (3.2, -8), (4.5, -8), (5.2, 0))
    part.key("roll", (2.5, 0), (3.2, 12), (4.5, 12), (5.2, 0))
    part.both(
        "hand",
        (0.6, (0.2, -0.66, 0.26)),
        (1, (1.28, -0.34, 0.2)),
        (1.4, (0.3, -0.6, 0.26)),
        (1.8, (1.28, -0.34, 0.2)),
        (2.2, (0.2, -0.66, 0.26)),
        (2.7, (0.2, -0.12, 0.5)),
        (3.2, (1.02, 0.10, 0.1)),
        (4.6, (1.02, 0.12, 0.1)),
        (5.2, (0.2, -0.66, 0.26)),
        (5.5, (0.2, -0.3, 0.5)),
    )
    part.keys["hand_r"] = [e for e in part.keys["hand_r"] if e[0] not in (3.2, 4.6)]
    part.key("hand_r", (3.3, (0.58, 1.16, 0)), (4.5, (0.58, 1.16, 0)))
    part.both("elbow", (0, (1, 0.3, 0.2)), (0.6, (1, -0.1, 0.1)), (2.6, (1, 0.1, 0.1)), (5.4, (1, 0, 0.2)))
    part.key("head", (1, (0, 0, 0, 0)), (3.2, (0, 0.04, -12, -0.3)), (4.6, (0, 0.04, -12, -0.3)), (5.2, (0, 0, 6, 0)))
    part.key("pitch", (1, 0))
    part.key("yaw", (1, 0))
    part.key("tail", (1, (-20, 30)), (3, (40, 40)), (5, (20, 20)))
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.halo(canvas, 0.5, 0.45, 0.5, CREAM, 0.45)
    architecture.curtains(canvas, (120, 92, 206), 0.17)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Reach, leap with a soft landing, rise on tiptoe and turn a pirouette."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import bump, facing

    leap = bump(b, total, 1.0, 1.6)
    landing = bump(b, total, 2.45, 0.6)
    twirl = facing(b, total, total - 2.6, 2.5) if total > 3 else np.ones_like(b)
    rise = bump(b, total, total - 2.7, 2.7) if total > 3 else bump(b, total, 0, 3)
    reach = np.sin(2 * np.pi * b / total)
    return Poses.of(
        b,
        tx=0.085 * reach,
        ty=0.17 * leap,
        rot=3 * reach - 4 * leap,
        stretch=0.085 * rise + 0.05 * leap - 0.09 * landing,
        bend=0.07 * np.sin(2 * np.pi * b / 3) * (1 - rise),
        flip=twirl,
        head=-7 * np.sin(2 * np.pi * b / 3 + 0.6) * (1 - rise),
        turn=0.5 * reach,
        nod=0.35 * rise,
    )


DANCE = Dance(
    slug="ballet",
    name="Ballet",
    place=8,
    bpm=72,
    metre=3,
    colour="marigold",
    line="rises tall, slow turn",
    best_photo="standing, side",
    camera="slow push-in",
    mood="graceful",
    prompt="Slow push-in. The pet rises tall, lets its front paws drift gently outward, and turns slowly on the "
    "spot with a lifted chin. Its tail follows in a soft curve. The whole body stays centred in frame.",
    palette=Palette((92, 74, 140), (196, 206, 250), (MARIGOLD, CREAM, (190, 170, 250)), 0.70),
    set=Set(scenery, "calm", ParticleStyle(("petal",), 30, sway=0.05), Beams((CREAM, CREAM), 7, 1, 0.42), glow=0.25),
    score=Score(
        48,
        "0:M 9:m",
        {"triangle": "x" + "." * 47},
        "1...........",
        "....x...x...",
        "harp pizzicato",
        "0:28:1 1:31:.5 1.5:33:.5 2:31:1 3:28:.5 3.5:26:.5 4:24:2",
        "celesta glockenspiel",
        "upright_bass",
        "violin",
        pad=0.11,
        levels={"triangle": 0.6},
        bass_beats=0.9,
    ),
    outfit="ballet",
    hat="tiara",
    choreography=Choreography(first_part, second_part, arms=1.35),
    whole_pet=whole_pet,
)
