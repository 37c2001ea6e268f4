"""Waltz.

Closed hold with an invisible partner: one arm long and level, the other curved with a high elbow; every bar sinks into
a long first step and rises on the toes for two and three; one full turn in three bars, with the back to us in the
middle.

Its silhouette: the hold that never breaks, the turning frame, rise and fall.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, around, foot
from videos.studio.dance.score import Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CREAM, MINT, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


# Where the hip is on each beat, and where each step lands, in the body's frame: beat, foot, right, forward.
ACROSS = {0: -0.24, 1: 0, 2: 0.10, 3: 0.16, 4: 0.22, 5: 0.1, 6: 0, 7: -0.12, 8: -0.2}
DEPTH = {0: 0, 1: 0.08, 2: 0.12, 3: 0.05, 4: -0.05, 5: -0.12, 6: -0.16, 7: -0.12, 8: -0.05}
STEPS = [
    (0, "r", 0.16, 0.42),
    (1, "l", -0.26, 0.12),
    (2, "r", 0.10, 0.05),
    (3, "l", -0.16, 0.42),
    (4, "r", 0.26, 0.12),
    (5, "l", -0.10, 0.05),
    (6, "r", 0.16, 0.42),
    (7, "l", -0.26, 0.12),
    (8, "l", -0.12, 0),
]


def turned(b: float) -> float:
    """Return the turn in degrees after ``b`` beats."""
    return 40.0 * b


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(9)
    part.key("yaw", (0, 0, "linear"), (3, 120, "linear"), (6, 240, "linear"))
    hh = [0.90, 1.12, 1.20]
    part.key(
        "hip",
        *[(b, (ACROSS[b], hh[b % 3], DEPTH[b])) for b in range(9)],
        (0.35, (-0.17, 0.78, 0.02)),
        (3.35, (0.19, 0.78, 0.02)),
        (6.35, (-0.05, 0.78, -0.15)),
    )
    steps: dict[str, list[tuple[int, float, float]]] = {"l": [], "r": []}
    for b, s, bx, bz in STEPS:
        x, z = around(ACROSS[b], DEPTH[b], turned(b), bx, bz)
        steps[s].append((b, x, z))
    for s in "lr":
        es = steps[s]
        for i, (b, x, z) in enumerate(es):
            nb = es[(i + 1) % len(es)][0]
            nb = nb if nb > b else nb + 9
            part.key("foot_" + s, (b, foot(x, 0, 0 if b % 3 == 0 else 25, z, 12), None, 0.62))
            k = b + 1
            while k <= nb - 0.7 and k < b + 3:
                part.key("foot_" + s, (k % 9, foot(x, 0, {0: 0, 1: 40, 2: 48}[k % 3], z, 12)))
                k += 1
    part.key(
        "hand_r",
        (0, (1.02, 0.10, 0.30)),
        (1, (1.0, 0.22, 0.30)),
        (3, (1.02, 0.10, 0.30)),
        (4, (1.0, 0.22, 0.30)),
        (6, (1.02, 0.10, 0.30)),
        (7, (1.0, 0.22, 0.30)),
    )
    part.key("hand_l", (0, (-0.30, 0.02, 0.46)), (4, (-0.30, 0.06, 0.46)))
    part.key("elbow_r", (0, (0.4, -1, 0)))
    part.key("elbow_l", (0, (-1, 0.35, -0.1)))
    part.key("lean", (0, 7), (1.5, -6), (3, -7), (4.5, 6), (6, 5), (7.5, -5))
    part.key("head", *[(b, (0, 0.03, -8, b * 40 / 90 - 0.25), "linear") for b in (0, 2, 4, 6)])
    part.key("tail", (0, (40, 15)), (1.5, (-20, 25)), (3, (40, 15)), (4.5, (-20, 25)), (6, (40, 15)), (7.5, (-20, 25)))
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = first_part()
    for channel in ("yaw", "hip", "head", "foot_l", "foot_r"):
        part.clear(channel)
    part.key("yaw", (0, 0, "linear"), (3, -120, "linear"), (6, -240, "linear"))
    part.key("head", *[(b, (0, 0.03, -8, -b * 40 / 90 - 0.25), "linear") for b in (2, 4, 6)])
    later = {0: -0.24, 1: -0.2, 2: -0.1, 3: 0.05, 4: 0.16, 5: 0.2, 6: 0.14, 7: 0, 8: -0.14}
    part.key(
        "hip",
        *[(b, (later[b], (0.90, 1.09, 1.13)[b % 3], DEPTH[b])) for b in range(1, 9)],
        (3.35, (0.07, 0.78, 0.02)),
        (6.35, (0.12, 0.78, -0.15)),
    )
    for i, (b, s, bx, bz) in enumerate(STEPS):
        x, z = around(later[b], DEPTH[b], -turned(b), bx, bz)
        if b == 0:
            continue
        part.key("foot_" + s, (b, foot(x, 0, 0 if b % 3 == 0 else 25, z, 12), None, 0.62))
        ns = [o[0] for o in STEPS[i + 1 :] if o[1] == s]
        nb = ns[0] if ns else 9
        for k in range(b + 1, min(b + 3, nb)):
            if k <= nb - 0.7:
                part.key("foot_" + s, (k, foot(x, 0, {0: 0, 1: 40, 2: 48}[k % 3], z, 12)))
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    architecture.arches(canvas, CREAM, (150, 96, 60), 3)
    scenery.stars(canvas, 16, CREAM, 7, 0.6, 0.5)
    architecture.chandelier(canvas, 0.5, 0.07, 0.13)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Glide across and back, rise on two, sink on one, and turn once on the way."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import facing

    glide = 2 * np.pi * b / total
    rise = 0.5 - 0.5 * np.cos(2 * np.pi * b / 3)
    turn = facing(b, total, 3, 3.5) if total >= 6 else np.ones_like(b)
    sway = np.sin(2 * np.pi * b / 3)
    return Poses.of(
        b,
        tx=0.15 * np.sin(glide),
        ty=0.03 * rise,
        rot=4.5 * sway,
        stretch=0.07 * rise - 0.03,
        bend=0.06 * sway,
        flip=turn,
        head=-6 * np.sin(2 * np.pi * b / 3 - 0.7),
        turn=0.6 * np.cos(glide),
    )


DANCE = Dance(
    slug="waltz",
    name="Waltz",
    place=5,
    bpm=108,
    metre=3,
    colour="mint",
    line="gliding turn, rising and sinking",
    best_photo="full body",
    camera="slow arc left",
    mood="dreamy",
    prompt="The camera arcs slowly left. The pet glides through one smooth turn, rising and sinking with each "
    "soft step, head high, tail flowing behind. The whole body stays centred in frame.",
    palette=Palette((84, 60, 30), (206, 214, 150), (MINT, CREAM, SKY), 0.68),
    set=Set(scenery, "sweep", ParticleStyle(("dot",), 30, speed=-1, tumble=1, size=0.014), glow=0.35),
    score=Score(
        45,
        "0:M 5:M 7:7",
        {"triangle": "x" + "." * 35, "brush": "....o...o..."},
        "1...........",
        "....x...x...",
        "harp pizzicato",
        "0:28:1.5 1.5:31:.5 2:33:1 3:36:2 5:33:1 6:31:1 7:35:1 8:31:1",
        "clarinet nylon_guitar",
        "upright_bass",
        "violin",
        pad=0.1,
        comp_level=0.26,
        lead_level=0.3,
        levels={"triangle": 0.5, "brush": 0.7},
        bass_beats=0.9,
    ),
    outfit="waltz",
    hat="crown",
    choreography=Choreography(first_part, second_part),
    whole_pet=whole_pet,
)
