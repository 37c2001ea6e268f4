"""Tap.

Loose low arms, busy feet: heel digs out to the side with lifted toes, toe taps crossed behind, shuffles, a bell kick
(heels clicked in the air to the side), wings (both feet fling apart), closing pose on one heel, arms out.

Its silhouette: toes up, toe crossed behind, heel click in the air.
"""

from typing import TYPE_CHECKING

from videos.studio.dance import Dance
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dance.score import Score
from videos.studio.dance.set import Beams, ParticleStyle, Set
from videos.studio.raster.colours import CORAL, CREAM, CRIMSON, GOLD, Palette

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(12)
    part.key(
        "hip",
        (0, (-0.10, 1.02)),
        (0.5, (-0.06, 1.08)),
        (1, (0.10, 1.02)),
        (1.5, (0.06, 1.08)),
        (2, (-0.10, 1.02)),
        (2.5, (0, 1.08)),
        (3, (0.10, 1.02)),
        (3.5, (0, 1.06)),
        (4, (0.08, 0.98)),
        (4.5, (0.06, 1.04)),
        (5, (-0.08, 0.98)),
        (5.5, (-0.1, 1.04)),
        (6, (-0.10, 0.80)),
        (6.4, (-0.06, 1.40)),
        (6.75, (-0.02, 1.38)),
        (7.05, (0.08, 0.9)),
        (7.5, (0, 1.04)),
        (8, (0, 0.96)),
        (8.25, (0, 1.10)),
        (8.5, (0, 0.96)),
        (9, (0, 0.94)),
        (9.25, (0, 1.10)),
        (9.5, (0, 0.96)),
        (10, (-0.16, 0.98), "snap"),
        (11.2, (-0.16, 0.98)),
    )
    part.key(
        "foot_r",
        (0, foot(0.56, 0, -45, 0.1, 35), None, 0.3),
        (0.55, foot(0.56, 0, -45, 0.1, 35)),
        (1, foot(0.16), None, 0.35),
        (1.6, foot(0.16)),
        (2, foot(0.56, 0, -45, 0.1, 35), None, 0.3),
        (2.55, foot(0.56, 0, -45, 0.1, 35)),
        (3, foot(0.16), None, 0.35),
        (4.6, foot(0.16)),
        (5, foot(-0.38, 0, 70, -0.2, 10), None, 0.3),
        (5.3, foot(-0.38, 0, 70, -0.2, 10)),
        (5.8, foot(0.12), None, 0.3),
        (6.15, foot(0.12)),
        (6.4, foot(0.74, 0.82, 40, 0, 60)),
        (6.75, foot(0.74, 0.84, 40, 0, 60)),
        (7, foot(0.26)),
        (8, foot(0.14), None, 0.3),
        (8.25, foot(0.62, 0.10, 0, 0, 60)),
        (8.5, foot(0.14)),
        (9, foot(0.14)),
        (9.25, foot(0.62, 0.10, 0, 0, 60)),
        (9.5, foot(0.14)),
        (9.7, foot(0.14)),
        (10, foot(0.60, 0, -50, 0.1, 35), "snap"),
        (10.5, foot(0.60, 0, -50, 0.1, 35)),
        (10.75, foot(0.60, 0, -15, 0.1, 35)),
        (11, foot(0.60, 0, -50, 0.1, 35)),
        (11.25, foot(0.60, 0, -15, 0.1, 35)),
        (11.5, foot(0.60, 0, -45, 0.1, 35)),
        ease="smooth",
    )
    part.key(
        "foot_l",
        (0, foot(-0.16), None, 0.35),
        (0.6, foot(-0.16)),
        (1, foot(-0.56, 0, -45, 0.1, 35), None, 0.3),
        (1.55, foot(-0.56, 0, -45, 0.1, 35)),
        (2, foot(-0.16), None, 0.35),
        (2.6, foot(-0.16)),
        (3, foot(-0.56, 0, -45, 0.1, 35), None, 0.3),
        (3.4, foot(-0.56, 0, -45, 0.1, 35)),
        (4, foot(0.40, 0, 70, -0.2, 10), None, 0.4),
        (4.4, foot(0.40, 0, 70, -0.2, 10)),
        (4.85, foot(-0.14), None, 0.4),
        (6.2, foot(-0.14)),
        (6.4, foot(0.52, 0.68, 40, 0, 60)),
        (6.75, foot(0.52, 0.70, 40, 0, 60)),
        (7, foot(-0.06)),
        (8, foot(-0.14), None, 0.3),
        (8.25, foot(-0.62, 0.10, 0, 0, 60)),
        (8.5, foot(-0.14)),
        (9, foot(-0.14)),
        (9.25, foot(-0.62, 0.10, 0, 0, 60)),
        (9.5, foot(-0.14)),
        (11.7, foot(-0.14)),
        ease="smooth",
    )
    part.key(
        "lean",
        (0, 6),
        (1, -6),
        (2, 6),
        (3, -6),
        (4, -4),
        (5, 4),
        (6, 8),
        (6.4, -16),
        (6.75, -16),
        (7.05, 0),
        (8, 0),
        (10, 8, "snap"),
        (11.3, 8),
    )
    part.key("pitch", (0, 4), (8, 10), (9.5, 10), (10, -4), (11, 0))
    part.key(
        "hand_r",
        (0, (0.42, -0.42, 0.2)),
        (1, (0.96, -0.34, 0.15)),
        (2, (0.42, -0.42, 0.2)),
        (3, (0.96, -0.34, 0.15)),
        (4, (0.96, -0.14, 0.1)),
        (5, (0.84, -0.40, 0.15)),
        (6, (0.4, -0.5, 0.2)),
        (6.4, (0.90, 0.62, 0.1)),
        (6.75, (0.90, 0.62, 0.1)),
        (7.1, (0.7, -0.1, 0.1)),
        (8, (0.36, -0.40, 0.25)),
        (8.25, (0.84, 0.0, 0.1)),
        (8.5, (0.4, -0.3, 0.25)),
        (9, (0.36, -0.40, 0.25)),
        (9.25, (0.84, 0.0, 0.1)),
        (9.5, (0.4, -0.3, 0.25)),
        (10, (0.82, 0.26, 0.1), "snap"),
        (11.2, (0.82, 0.26, 0.1)),
    )
    part.key(
        "hand_l",
        (0, (-0.96, -0.34, 0.15)),
        (1, (-0.42, -0.42, 0.2)),
        (2, (-0.96, -0.34, 0.15)),
        (3, (-0.42, -0.42, 0.2)),
        (4, (-0.84, -0.40, 0.15)),
        (5, (-0.96, -0.14, 0.1)),
        (6, (-0.4, -0.5, 0.2)),
        (6.4, (-1.0, 0.30, 0.1)),
        (6.75, (-1.0, 0.30, 0.1)),
        (7.1, (-0.7, -0.1, 0.1)),
        (8, (-0.36, -0.40, 0.25)),
        (8.25, (-0.84, 0.0, 0.1)),
        (8.5, (-0.4, -0.3, 0.25)),
        (9, (-0.36, -0.40, 0.25)),
        (9.25, (-0.84, 0.0, 0.1)),
        (9.5, (-0.4, -0.3, 0.25)),
        (10, (-0.84, -0.16, 0.1), "snap"),
        (11.2, (-0.84, -0.16, 0.1)),
    )
    part.both("elbow", (0, (0.7, -0.8, -0.6)), (6.3, (0.7, -0.8, -0.2)), (10, (0.4, -1, 0)), (11.2, (0.4, -1, 0)))
    part.both("knee", (0, (0.45, 0, 1)), (6.1, (0.45, 0, 1)), (6.5, (0.9, 0.2, 0.4)), (7, (0.45, 0, 1)))
    part.key(
        "head",
        *[(b, (0, 0, (-6, 6)[b % 2], 0)) for b in range(6)],
        (6, (0, -0.03, 0, 0)),
        (6.5, (0, 0, 14, 0.3)),
        (7, (0, 0, 0, 0)),
        (8.25, (0, 0.03, 0, 0)),
        (9.25, (0, 0.03, 0, 0)),
        (10, (0, 0, -10, 0.3), "snap"),
        (11.2, (0, 0, -10, 0.3)),
    )
    part.wag(40, 30, 1)
    return part


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
    name="Tap",
    place=13,
    bpm=144,
    metre=4,
    colour="coral",
    line="pattering paws, bouncing ears",
    best_photo="paws visible",
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
        steps=("tap", "slide"),
    ),
    outfit="tap",
    hat="top_hat",
    choreography=Choreography(first_part, overlap=0.5),
    whole_pet=whole_pet,
)
