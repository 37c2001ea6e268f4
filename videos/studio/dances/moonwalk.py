"""Moonwalk.

Profile, gliding BACKWARDS: three long slides (flat foot slides back past the other, which stands on its toe with a bent
knee, then heels swap), hand to a hat brim on the third; spin and freeze on the toes; the same back the other way. World
travel: faces right, moves left.

Its silhouette: profile against the travel, one heel up, toe-stand freeze.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, around, foot
from videos.studio.dance.score import BACKBEAT, FOUR, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CREAM, GOLD, SKY, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(10)
    sep, shf, x0 = 0.25, 0.40, 0.60
    part.key(
        "yaw",
        (0, 90),
        (3.15, 90),
        (3.95, 270),
        (4.9, 270),
        (5, 270),
        (5.001, -90, "wrap"),
        (8.15, -90),
        (8.95, -270),
        (9.9, -270),
    )
    pz = {"l": 0.1, "r": -0.1}
    ft = {"l": x0 + sep, "r": x0 - sep}
    part.key("foot_l", (0, foot(ft["l"], 0, 0, 0.1, 0)))
    part.key("foot_r", (0, foot(ft["r"], 0, 60, -0.1, 0)))
    sl = "l"
    x = x0
    for k in range(3):
        x -= shf
        st = "r" if sl == "l" else "l"
        tx = x - sep
        part.key(
            "foot_" + sl,
            (k + 0.78, foot(tx, 0, 0, pz[sl], 0), "slide"),
            (k + 1, foot(tx, 0, 60 if k < 2 else 40, pz[sl], 0), "slide"),
        )
        part.key(
            "foot_" + st,
            (k + 0.78, foot(ft[st], 0, 60, pz[st], 0), "slide"),
            (k + 1, foot(ft[st], 0, 0, pz[st], 0), "slide"),
        )
        ft[sl] = tx
        sl = st
    # after three: l, r; draw together for the spin on the toes
    part.key(
        "hip",
        *[(k, (x0 - shf * k, 1.06)) for k in range(4)],
        (0.5, (x0 - 0.22, 1.08)),
        (1.5, (x0 - shf - 0.22, 1.08)),
        (2.5, (x0 - 2 * shf - 0.22, 1.08)),
        (3.35, (-0.64, 1.06)),
        (3.9, (-0.62, 1.06)),
        (4.05, (-0.62, 1.16), "snap"),
        (4.7, (-0.62, 1.16)),
        (5, (-0.60, 1.06)),
    )
    part.key("foot_l", (3.3, foot(-0.66, 0, 40, 0.1, 0), "slide"))
    part.key("foot_r", (3.3, foot(-0.56, 0, 40, -0.1, 0), "slide"))
    for i in range(1, 7):
        y = 180 * i / 6
        a, bz = around(-0.61, 0, 90 + y, -0.1, 0.0), around(-0.61, 0, 90 + y, 0.1, 0)
        part.key("foot_l", (3.3 + i * 0.1, foot(a[0], 0, 40 + i * 6, a[1], 0), "slide"))
        part.key("foot_r", (3.3 + i * 0.1, foot(bz[0], 0, 40 + i * 6, bz[1], 0), "slide"))
    a, bz = around(-0.61, 0, 270, -0.1, 0), around(-0.61, 0, 270, 0.1, 0)
    part.key("foot_l", (4.7, foot(a[0], 0, 78, a[1], 0)), (4.95, foot(-x0 + 0 + sep, 0, 60, -0.1, 0), "slide"))
    part.key("foot_r", (4.7, foot(bz[0], 0, 78, bz[1], 0)), (4.95, foot(-x0 - sep, 0, 0, 0.1, 0), "slide"))
    part.key("pitch", (0, 9), (3, 9), (3.4, 0), (4.05, -8, "snap"), (4.7, -8))
    part.key(
        "hand_l",
        (0, (-0.16, -0.60, -0.42)),
        (0.9, (-0.16, -0.60, 0.40)),
        (1.9, (-0.16, -0.58, -0.46)),
        (2.9, (-0.16, -0.52, -0.56)),
        (3.4, (-0.2, -0.5, 0.1)),
        (4.05, (-0.10, -0.52, 0.12), "snap"),
        (4.7, (-0.10, -0.52, 0.12)),
    )
    part.key(
        "hand_r",
        (0, (0.16, -0.60, 0.42)),
        (0.9, (0.16, -0.60, -0.42)),
        (1.65, (0.14, -0.25, 0.5)),
        (2, (0.02, 0.98, 0.46), "snap"),
        (3.2, (0.02, 0.98, 0.46)),
        (3.6, (0.2, -0.2, 0.3)),
        (4.05, (0.12, 0.66, 0.62), "snap"),
        (4.7, (0.12, 0.66, 0.62)),
    )
    part.both(
        "elbow",
        (0, (0.3, -0.2, -1)),
        (1.4, (0.3, -0.2, -1)),
        (2, (0.8, -0.4, 0.5)),
        (3.2, (0.8, -0.4, 0.5)),
        (4, (0.5, -0.6, -0.6)),
        (4.7, (0.5, -0.6, -0.6)),
    )
    part.both("knee", (0, (0.05, 0, 1)))
    part.key(
        "head",
        (0, (0, 0, 0, 1)),
        (1.8, (0, 0, 0, 1)),
        (2.1, (0.03, -0.03, 12, 0.9)),
        (3.1, (0.03, -0.03, 12, 0.9)),
        (3.25, (0, 0, 0, 1)),
        (3.95, (0, 0, 0, 3)),
        (4.1, (-0.03, -0.03, -10, 3)),
        (4.7, (0, 0, -10, 3)),
        (5, (0, 0, 0, 3)),
        (5.001, (0, 0, 0, -1), "wrap"),
        (6.8, (0, 0, 0, -1)),
        (7.1, (-0.03, -0.03, -12, -0.9)),
        (8.1, (-0.03, -0.03, -12, -0.9)),
        (8.25, (0, 0, 0, -1)),
        (8.95, (0, 0, 0, -3)),
        (9.1, (0.03, -0.03, 10, -3)),
        (9.7, (0, 0, 10, -3)),
        (9.9, (0, 0, 0, -3)),
    )
    hd, yw = part.keys.pop("head"), part.keys.pop("yaw")
    part.mirror(5)
    part.keys["head"], part.keys["yaw"] = hd, yw
    part.key("tail", *[(b, (25 * (1 if b % 2 else -1), 20)) for b in range(10)])
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(10)
    sep, shf, x0 = 0.25, 0.40, 0.60
    x = x0
    ft = {"l": x0 + sep, "r": x0 - sep}
    pz = {"l": 0.1, "r": -0.1}
    sl = "l"
    for k in range(2):
        x -= shf
        st = "r" if sl == "l" else "l"
        tx = x - sep
        part.key(
            "foot_" + sl,
            (k + 0.78, foot(tx, 0, 0, pz[sl], 0), "slide"),
            (k + 1, foot(tx, 0, 60 if k < 1 else 20, pz[sl], 0), "slide"),
        )
        part.key(
            "foot_" + st,
            (k, foot(ft[st], 0, 60 if k == 0 else 0, pz[st], 0), "slide"),
            (k + 0.78, foot(ft[st], 0, 60, pz[st], 0), "slide"),
            (k + 1, foot(ft[st], 0, 0, pz[st], 0), "slide"),
        )
        ft[sl] = tx
        sl = st
    X = x  # -.20
    part.key("foot_l", (2.4, foot(X + 0.05, 0, 0, 0.1, 0), "slide"), (5.6, foot(X + 0.05, 0, 0, 0.1, 0)))
    part.key(
        "foot_r",
        (2.2, foot(ft["r"], 0, 0, -0.1, 0)),
        (2.6, foot(X - 0.05, 0, 0, -0.1, 0), "slide"),
        (6.1, foot(X - 0.05, 0, 0, -0.1, 0)),
    )
    part.key(
        "hip",
        (0.5, (x0 - 0.22, 1.08)),
        (1, (x0 - shf, 1.06)),
        (1.5, (x0 - shf - 0.22, 1.08)),
        (2, (X, 1.06)),
        (2.6, (X, 1.11)),
        (3, (X, 1.11)),
        (3.6, (X + 0.32, 1.045, 0.01), "smooth"),
        (5, (X + 0.33, 1.04, 0.01)),
        (5.6, (X + 0.02, 1.10)),
        (6.3, (X + 0.14, 1.1)),
        (7.3, (0.36, 1.1)),
        (7.9, (0.58, 1.11)),
        (8.1, (0.60, 1.10), "snap"),
        (9.1, (0.60, 1.10)),
        (9.6, (0.60, 1.06)),
    )
    part.key(
        "pitch",
        (1, 9),
        (2, 9),
        (2.6, 0),
        (3, -3),
        (3.6, 27),
        (5, 28),
        (5.6, 0),
        (7.9, 0),
        (8.1, -8, "snap"),
        (9.1, -8),
        (9.7, 9),
    )
    part.key(
        "foot_l",
        (6.1, foot(X + 0.40, 0, 0, 0.1, 0)),
        (6.9, foot(X + 0.40, 0, 0, 0.1, 0)),
        (7.6, foot(0.60, 0, 10, 0.1, 0)),
        (8.1, foot(0.60, 0, 76, 0.1, 0)),
        (9.1, foot(0.60, 0, 76, 0.1, 0)),
        (9.6, foot(x0 + sep, 0, 0, 0.1, 0), "slide"),
    )
    part.key(
        "foot_r",
        (6.9, foot(0.40, 0, 0, -0.1, 0)),
        (7.6, foot(0.40, 0, 30, -0.1, 0)),
        (8, foot(0.60, 0, 40, -0.1, 0)),
        (8.1, foot(0.60, 0, 76, -0.1, 0)),
        (9.1, foot(0.60, 0, 76, -0.1, 0)),
        (9.6, foot(x0 - sep, 0, 60, -0.1, 0), "slide"),
    )
    part.key("yaw", (5, 90))
    part.key(
        "head",
        (0.5, (0, 0, 0, 1)),
        (2.5, (0, 0, 0, 1)),
        (2.9, (0.03, -0.03, 10, 1)),
        (5.4, (0, 0, 0, 1)),
        (8.1, (0.03, -0.03, 10, 1)),
        (9.1, (0.03, -0.03, 10, 1)),
    )
    part.key(
        "hand_l",
        (0.9, (-0.16, -0.60, 0.40)),
        (1.9, (-0.16, -0.58, -0.46)),
        (2.6, (-0.2, -0.80, 0.0)),
        (3.6, (-0.2, -0.78, -0.06)),
        (5, (-0.2, -0.78, -0.06)),
        (6.2, (-0.16, -0.6, -0.42)),
        (7.1, (-0.16, -0.6, 0.4)),
        (8.1, (-0.1, -0.52, 0.12), "snap"),
        (9.1, (-0.1, -0.52, 0.12)),
    )
    part.key(
        "hand_r",
        (0.9, (0.16, -0.60, -0.42)),
        (1.9, (0.16, -0.60, 0.4)),
        (2.6, (0.2, -0.80, 0.0)),
        (3.6, (0.2, -0.78, -0.06)),
        (5, (0.2, -0.78, -0.06)),
        (6.2, (0.16, -0.6, 0.42)),
        (7.1, (0.16, -0.6, -0.4)),
        (8.1, (0.12, 0.66, 0.62), "snap"),
        (9.1, (0.12, 0.66, 0.62)),
    )
    part.both("elbow", (0, (0.3, -0.2, -1)), (8, (0.5, -0.6, -0.6)), (9.1, (0.5, -0.6, -0.6)))
    part.both("knee", (0, (0.05, 0, 1)))
    part.key("tail", *[(b, (25 * (1 if b % 2 else -1), 20)) for b in range(10)])
    return part


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    scenery.stars(canvas, 46, CREAM, 11)
    scenery.moon(canvas, 0.5, 0.4, 0.36, (226, 236, 240))
    architecture.skyline(canvas, (92, 46, 34), GOLD, 5, 0.52)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Slide backwards without a hop, spin on the spot, and slide back."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import ease, pulse, window

    half = total / 2
    there = ease(np.clip(np.mod(b, half) / (half - 1), 0, 1))
    flipped = np.mod(b, total) >= half
    slide = np.where(flipped, 1 - there, there) * 2 - 1
    spin = window(b, half, half - 1, 1)
    facing = np.where(flipped, -1.0, 1.0)
    step = np.sin(np.pi * b)
    return Poses.of(
        b,
        tx=-0.17 * slide,
        rot=(5 + 1.5 * step) * facing * np.cos(np.pi * spin),
        stretch=-0.015 + 0.015 * np.cos(2 * np.pi * b),
        bend=0.05 * facing * np.cos(np.pi * spin),
        hip=0.02 * step,
        flip=facing * np.cos(np.pi * spin),
        head=-4 * facing * np.cos(np.pi * spin) + 3 * step,
        nod=-0.3 * pulse(b),
        turn=0.4,
    )


DANCE = Dance(
    slug="moonwalk",
    name="Moonwalk",
    place=9,
    bpm=120,
    metre=4,
    colour="sky",
    line="slides backwards on flat paws",
    best_photo="side view",
    camera="locked, side-on",
    mood="smooth",
    prompt="Locked side-on camera. The pet slides smoothly backwards across the floor, paws gliding flat one "
    "after another, head low and steady, tail relaxed. The whole body stays centred in frame.",
    palette=Palette((70, 24, 16), (214, 130, 70), (SKY, CREAM, (150, 80, 60)), 0.80),
    set=Set(scenery, "chase", ParticleStyle(("spark",), 22, size=0.02, tumble=1), glow=0.1),
    score=Score(
        42,
        "0:m 10:M",
        {"kick_electro": FOUR, "snare": BACKBEAT, "hat": "x.o.x.o.x.o.x.o.", "open": "..............x."},
        "1..1.7.1..5.7.8.",
        "x.....x.....x...",
        "strings rhodes",
        "0:24:.25 .75:27:.25 1.5:29:.5 4:26:.25 4.75:29:.25 5.5:34:.5 8:31:.5 9:29:.4",
        "marimba rhodes",
        "synth_bass finger_bass",
        "celesta",
        fill="snare",
        steps=("slide",),
    ),
    outfit="moonwalk",
    hat="black_fedora",
    choreography=Choreography(first_part, second_part, overlap=0.5),
    whole_pet=whole_pet,
    side_on=True,
)
