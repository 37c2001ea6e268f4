"""Hip hop.

A low bounce from side to side, where the free heel taps and an arm is thrown out low; an arm wave from hand to hand;
chest pops; a hop into the b-boy stance, which leans back, one paw on the hip, and beckons; the dab. The second half has
the running man, the cabbage patch and a paw that flicks dust off a shoulder.

Its silhouette: wide bent knees, the wave in spread arms, the lean with one elbow out, the dab.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from videos import mark
from videos.studio.dance import Dance, English, Hands
from videos.studio.dance.camera import CameraPlan
from videos.studio.dance.choreography import Choreography, Part, foot, mirrored
from videos.studio.dance.score import BACKBEAT, Score
from videos.studio.dance.set import ParticleStyle, Set
from videos.studio.raster.colours import CREAM, NIGHT, PINK, SKY, Palette, mix_colours

if TYPE_CHECKING:
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.raster.canvas import Canvas

STANCE = foot(0.38, 0, 0, 0, 40)
SIDES = (("l", -1), ("r", 1))
# The right arm: thrown out low, bent before the chest with a high elbow, open and bent to beckon, on the hip.
LOW = ((0.84, -0.36, 0.20), (0.6, 0.6, -0.6))
BEFORE_CHEST = ((0.22, -0.08, 0.40), (1, 0.4, 0))
OPEN, BENT = ((0.98, 0.26, 0.24), (0.5, -1, 0)), ((0.74, 0.40, 0.36), (0.8, -1, 0))
AKIMBO = ((0.46, -0.40, 0.0), (1, 0.2, -0.3))
# A chest pop: the paws are drawn in before the chest, then thrown out and back.
DRAWN_IN = ((0.26, -0.14, 0.44), (1, 0.2, 0))
THROWN_BACK = ((0.84, -0.30, -0.16), (0.5, 0.5, -1))


def first_part() -> Part:
    """Return the five seconds of a short clip."""
    part = Part(8)
    part.both("knee", (0, (0.8, 0, 1)))
    # Beats 0 to 1.5: a low bounce from side to side; the free heel taps and the arm above it is thrown out low.
    for beat, near, far, sign in ((0, "l", "r", 1), (1, "r", "l", -1)):
        part.key("hip", (beat, (-0.14 * sign, 0.74)), (beat + 0.5, (0, 1.00)))
        part.key("lean", (beat, -12 * sign))
        part.key("roll", (beat, -10 * sign))
        part.key("head", (beat, (0, -0.05, -10 * sign)), (beat + 0.5, (0, 0.02, 0)))
        part.key(f"foot_{far}", (beat, foot(0.60 * sign, 0, -22, 0, 30)), (beat + 0.5, foot(0.38 * sign, 0, 0, 0, 40)))
        part.key(f"foot_{near}", (beat, foot(-0.38 * sign, 0, 0, 0, 40)), (beat + 0.5, foot(-0.38 * sign, 0, 0, 0, 40)))
        _arm(part, far, beat, LOW)
        _arm(part, near, beat, BEFORE_CHEST)
    part.key("pitch", (0, 14), (0.5, 2), (1, 14), (1.5, 0))
    # Beats 1.5 to 3.8: a wave from the left hand through the shoulders to the right hand.
    part.key("hip", (2, (0.12, 0.92)), (2.7, (0, 0.98)), (3.6, (-0.12, 0.90)))
    part.key("lean", (2, -7), (3.6, 7))
    part.key("roll", (2, 8), (3.6, -8))
    # Between raised and lowered the arm is nearly straight, so that nobody sees its elbow turn over.
    out, raised, lowered = (1.08, 0.02, 0.14), (0.88, 0.46, 0.1), (0.74, -0.28, 0.1)
    for side, sign, start in (("l", -1, 1.5), ("r", 1, 2.8)):
        wave = (out, raised, out, lowered, out) if side == "l" else (out, lowered, out, raised)
        for count, (x, y, z) in enumerate(wave):
            at = start + 0.31 * count
            part.key(f"hand_{side}", (at, (x * sign, y, z)))
            pole = (0.2 * sign, 1, -0.9) if y < 0 else (0.3 * sign, -1, 0)  # The elbow is up while the hand drops.
            if (x, y, z) != out:
                part.key(f"elbow_{side}", (at - 0.2, pole), (at + 0.2, pole))
    part.key("hand_r", (1.5, out), (2.4, out))
    part.key("elbow_r", (1.6, (0.3, -1, 0)))
    part.key("hand_l", (3.5, (-1.08, 0.02, 0.14)))
    part.key("shrug_l", (2.1, 0), (2.5, 0.14), (2.9, 0))
    part.key("shrug_r", (2.5, 0), (2.9, 0.14), (3.4, 0))
    part.key("head", (2, (0, 0, -8, -0.4)), (2.7, (0, 0.03, 0, 0)), (3.6, (0, 0, 8, 0.4)))
    # Beats 4 to 5.3: three pops of the chest, half turned away.
    part.key("yaw", (0, 0), (3.7, 0), (4, 36, "snap"), (5.4, 36), (6, 12), (6.7, 12), (7.1, 0, "snap"))
    part.key("lean", (4, 0), (5.4, 0))
    part.key("roll", (4, 0), (5.4, 0))
    heel_up = foot(-0.38, 0, 35, 0, 20)
    part.key("foot_l", (3.7, foot(-0.38, 0, 0, 0, 40)), (4, heel_up), (5.4, heel_up))
    for pop in (4, 4.5, 5):
        popped = (0, 0.04, 0.20)
        part.key("chest", (pop - 0.2, (0, -0.02, -0.10)), (pop, popped, "snap"), (pop + 0.1, popped))
        part.key("hip", (pop - 0.2, (-0.10, 0.82)), (pop, (0.0, 0.98), "snap"), (pop + 0.1, (0.0, 0.98)))
        part.key("pitch", (pop - 0.2, 18), (pop, -14, "snap"), (pop + 0.1, -14))
        part.key("head", (pop - 0.2, (0, -0.05, 8, 0.5)), (pop, (0, 0.02, -6, 0.5)))
        for side, _ in SIDES:
            _arm(part, side, pop - 0.2, DRAWN_IN)
            _arm(part, side, pop + 0.05, THROWN_BACK)
    part.key("chest", (5.4, (0, 0, 0)))
    part.key("pitch", (5.4, 0), (6.7, -6), (7.1, 10, "snap"), (7.6, 10))
    # Beats 5.4 to 6.7: a hop into the b-boy stance, which leans back, nods and beckons, the other paw on the hip.
    part.key("hip", (5.5, (-0.04, 0.82)), (5.75, (0, 1.12)))
    part.key("hip", (6, (0.16, 0.86)), (6.35, (0.18, 0.80)), (6.7, (0.16, 0.86)))
    part.key("lean", (6, -18), (6.7, -20))
    part.key("roll", (6, 8), (6.7, 8))
    for side, sign in SIDES:
        part.key(f"foot_{side}", (5.55, foot(0.38 * sign, 0, 20 if side == "l" else 0, 0, 40)))
        part.key(f"foot_{side}", (5.75, foot(0.34 * sign, 0.20, 25, 0, 40)), (6, foot(0.40 * sign, 0, 0, 0, 40)))
        part.key(f"foot_{side}", (7.5, foot(0.40 * sign, 0, 0, 0, 40)))
        _arm(part, side, 5.6, THROWN_BACK)
    for at, beckons in ((6.0, OPEN), (6.2, BENT), (6.4, OPEN), (6.6, BENT), (6.75, OPEN)):
        _arm(part, "r", at, beckons)
    _arm(part, "l", 6, AKIMBO)
    _arm(part, "l", 6.75, AKIMBO)
    part.key("head", (5.5, (0, 0, 0, 0.2)), (6, (0, 0, -6)), (6.35, (0, -0.05, -16)), (6.7, (0, 0, -8)))
    # Beats 7 to 7.6: the dab. The left forearm and the stretched right arm point the same way; the head bows to it.
    part.key("hip", (7.1, (0.04, 0.72), "snap"), (7.6, (0.04, 0.76)))
    part.key("lean", (7.1, 14, "snap"), (7.6, 14))
    part.key("roll", (7.1, -8, "snap"), (7.6, -8))
    part.key("head", (7.1, (-0.10, -0.10, -34, -0.3), "snap"), (7.6, (-0.10, -0.10, -34, -0.3)))
    part.key("hand_r", (7.1, (1.10, 0.70, 0.1), "snap"), (7.6, (1.10, 0.76, 0.1)))
    part.key("hand_l", (7.1, (0.24, 0.06, 0.40), "snap"), (7.6, (0.24, 0.06, 0.40)))
    part.key("elbow_r", (7.1, (1, 0, 0)), (7.6, (1, 0, 0)))
    part.key("elbow_l", (7.1, (-1, 0.1, 0.1)), (7.6, (-1, 0.1, 0.1)))
    part.wag(70, 0, 2, lift=12)
    return part


def second_part() -> Part:
    """Return the second half of ten seconds."""
    part = Part(8)
    # Beats 0.5 to 3.5: the running man. The foot that lands slides back while the other knee comes up.
    part.key("yaw", (0.4, 62), (3.4, 62), (4, 0), (6, 0), (6.4, -26), (7.3, -26), (7.7, 0))
    part.key("lean", (0.5, 0))
    part.key("roll", (0.5, 0))
    depth = {"l": 0.14, "r": -0.14}
    for beat in (1, 2, 3):
        up = "r" if beat % 2 else "l"
        part.key(f"foot_{up}", (beat - 0.5, foot(0.36, 0.48, -10, depth[up], 5)))
        part.key(f"foot_{up}", (beat, foot(0.24, 0, 0, depth[up], 5)))
        part.key(f"foot_{up}", (beat + 0.45, foot(-0.42, 0, 45, depth[up], 5), "slide"))
        part.key("hip", (beat - 0.5, (0.02, 1.10)), (beat, (0.0, 1.00)))
        part.key("pitch", (beat - 0.5, 0), (beat, 18))
        part.key("head", (beat - 0.5, (0, 0.02, -6, 0.4)), (beat, (0, -0.05, 8, 0.4)))
        sign = 1 if up == "r" else -1
        part.key(f"hand_{up}", (beat - 0.5, (0.40 * sign, -0.26, -0.46)), (beat + 0.45, (0.34 * sign, 0.08, 0.66)))
    part.key("foot_l", (3.5, foot(0.20, 0.40, -10, depth["l"], 20)))
    part.key("hip", (3.5, (0, 1.10)))
    part.both("elbow", (0.5, (0.5, -0.4, -1)), (3.5, (0.5, -0.4, -1)), (4, (1, -0.6, 0)), (6, (1, -0.6, 0)))
    part.both("knee", (0.5, (0.1, 0, 1)), (3.5, (0.1, 0, 1)), (4, (0.8, 0, 1)))
    # Beats 4 to 6: the cabbage patch. Both paws stir a wide circle, and the hips go the other way.
    part.both("foot", (4, STANCE), (7.6, STANCE))
    for count in range(9):
        at, quarter = 4 + count / 4, count % 4
        across, ahead = ((0, 0.20), (1, 0.30), (0, 0.70), (-1, 0.30))[quarter]
        for side, sign in SIDES:
            reach = 1.0 if across == sign else 0.48
            part.key(f"hand_{side}", (at, (reach * across + 0.20 * sign * (not across), -0.12, ahead)))
        if across:
            part.key("hip", (at, (-0.20 * across, 0.82)), (at + 0.25, (0, 0.92)))
            part.key("lean", (at, 10 * across))
            part.key("roll", (at, -12 * across))
            part.key("head", (at, (0, -0.03, 10 * across)))
    part.key("pitch", (4, 6), (6, 4), (6.6, -6), (7.3, -6))
    # Beats 6 to 7.4: the right paw flicks dust off the left shoulder, twice.
    part.key("hip", (6.4, (0.16, 0.94)), (6.75, (0.16, 0.86)), (7.1, (0.16, 0.94)), (7.4, (0.10, 0.86)))
    part.key("lean", (6.4, 8), (7.4, 8))
    part.key("roll", (6.4, 12), (7.4, 8))
    part.key("head", (6.4, (0, 0, 10, -0.5)), (6.9, (0, 0, 16, -0.5)), (7.4, (0, 0, 8, -0.3)))
    part.key("shrug_l", (6, 0), (6.4, 0.10), (7.3, 0.10), (7.7, 0))
    for flick in (6.35, 6.85):
        part.key("hand_r", (flick, (-0.24, 0.14, 0.36)), (flick + 0.25, (-0.50, 0.34, 0.48), "out"))
    part.key("hand_r", (7.3, (-0.30, 0.10, 0.34)))
    part.key("elbow_r", (6.4, (1, 0.4, 0)), (7.3, (1, 0.4, 0)))
    _arm(part, "l", 6.4, AKIMBO)
    _arm(part, "l", 7.3, AKIMBO)
    part.wag(70, 0, 2, lift=12)
    return part


def _arm(part: Part, side: str, beat: float, move: Sequence[tuple[float, ...]]) -> None:
    for joint, value in zip(("hand", "elbow"), move, strict=True):
        part.key(f"{joint}_{side}", (beat, value if side == "r" else mirrored(f"{joint}_r", value)))


def scenery(canvas: "Canvas") -> None:
    from videos.studio.scene import architecture, scenery

    architecture.bricks(canvas, (44, 26, 24), 0.75)
    scenery.burst(canvas, 0.5, 0.42, 0.5, mix_colours(PINK, NIGHT, 0.25), 13, 0.75)
    scenery.burst(canvas, 0.5, 0.42, 0.42, mix_colours(SKY, NIGHT, 0.2), 13, 0.75)
    architecture.speakers(canvas, 0.1, (66, 50, 52), PINK)
    architecture.speakers(canvas, 0.9, (66, 50, 52), PINK)


def whole_pet(b: "np.ndarray", total: int) -> "Poses":
    """Bend the knees deeply, nod, and change the lean every second beat."""
    import numpy as np

    from videos.studio.choreography.pose import Poses
    from videos.studio.choreography.timing import pulse, snap, steps

    lean = snap(np.sin(np.pi * b / 2))
    down = pulse(b)
    return Poses.of(
        b,
        tx=0.03 * lean,
        rot=4.5 * lean,
        stretch=0.02 - 0.125 * down,
        bend=0.075 * lean,
        hip=0.03 * snap(np.sin(np.pi * b / 2 + 0.7)),
        head=5 * steps(b, total, [1, 1, -1, -1]),
        turn=0.5 * lean,
        nod=-0.95 * down,
        zoom=0.03 * pulse(b / 2 + 0.5) ** 3,
    )


DANCE = Dance(
    slug="hip_hop",
    english=English(
        name=mark.gettext("Hip-hop"),
        in_sentence=mark.pgettext("in a sentence", "hip-hop"),
        line=mark.gettext("low bounce, shoulder rolls, nods"),
        best_photo=mark.gettext("any pose"),
    ),
    place=3,
    bpm=96,
    metre=4,
    colour="sky",
    camera="handheld",
    mood="cool",
    prompt="Handheld camera. The pet bounces low on bent legs, rolls its shoulders and nods its head to a steady "
    "beat, front paws stepping out and back. The whole body stays centred in frame.",
    palette=Palette((72, 40, 34), (214, 150, 84), (SKY, PINK, CREAM), 0.70),
    set=Set(scenery, "checker", ParticleStyle(("note", "star"), 16, speed=-1, tumble=1, size=0.04), glow=0.2),
    score=Score(
        40,
        "0:m7 8:M7",
        {"kick": "x.....x.o.x.....", "snare": BACKBEAT, "hat": "x.o.x.o.x.o.x.oo"},
        "1.....1...5.7...",
        "x.....o.........",
        "rhodes organ",
        "0:27:.5 1:24:.5 2.5:31:.5 4:28:.5 5:31:1 6.5:24:.5",
        "marimba rhodes",
        "synth_bass finger_bass",
        "celesta",
        fill="snare",
        swing=0.18,
        steps=("step", "stomp"),
        bass_beats=0.7,
    ),
    outfit="hip_hop",
    hat="snapback",
    hands=Hands(raised="mitten_open"),
    choreography=Choreography(
        first_part, second_part, overlap=0.6, arms=1.1, highlight=5, camera=CameraPlan(kicks=(4, 4.5, 5, 7.1))
    ),
    whole_pet=whole_pet,
)
