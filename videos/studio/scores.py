"""What each dance's band plays. A step is a quarter of a beat unless the score says otherwise.

Drum rows: one character a step, ``x`` loud, ``o`` soft, ``.`` silent; rows repeat to the clip's end. Chords last a bar
each. Bass rows: a digit is the chord's degree (1 root, 3, 5, 7, 8 the octave). ``comp`` is the rhythm of the chords,
``lead`` is (beat, semitones above the key, beats long).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Score:
    """One dance's music. ``key`` is the MIDI number of the bass's root; a chord is (semitones above it, quality)."""

    key: int
    chords: tuple[tuple[int, str], ...]
    drums: dict[str, str]
    bass: str
    comp: str
    comp_voice: str
    lead: tuple[tuple[float, int, float], ...] = ()
    lead_voice: str = "bell"
    swing: float = 0.0
    grid: int = 4
    levels: dict[str, float] = field(default_factory=dict)


FOUR = "x...x...x...x..."
SCORES: dict[str, Score] = {
    "disco": Score(
        45,
        ((0, "m7"), (5, "m7")),
        {"kick": FOUR, "open": "..x.", "clap": "....x.......x...", "hat": "o.o."},
        "1.8.1.8.1.8.1.8.",
        "..x..x....x..x..",
        "strings",
        ((0, 24, 0.5), (0.75, 27, 0.25), (1.5, 31, 0.5), (3, 29, 0.5), (4, 24, 0.5), (5.5, 31, 0.5), (7, 34, 0.75)),
        "brass",
    ),
    "hip_hop": Score(
        40,
        ((0, "m7"), (8, "M7")),
        {"kick": "x.....x.o.x.....", "snare": "....x.......x...", "hat": "x.o.x.o.x.o.x.oo"},
        "1.....1...5.7...",
        "x.....o.........",
        "organ",
        ((0, 27, 0.5), (1, 24, 0.5), (2.5, 31, 0.5), (4, 29, 0.5), (5, 27, 1), (6.5, 24, 0.5)),
        "pluck",
        swing=0.18,
    ),
    "robot": Score(
        40,
        ((0, "m"),),
        {"kick": "x.....x.x.......", "snare": "....x.......x...", "rim": "..x..x....x..x.x", "hat": "x.x.x.x.x.x.x.x."},
        "1.1.8.1.1.1.8.7.",
        "x...............",
        "square",
        tuple((step / 2, 24 + (0, 7, 12, 3, 10, 7, 15, 12)[step % 8], 0.2) for step in range(16)),
        "square",
    ),
    "ballet": Score(
        48,
        ((0, "M"), (9, "m")),
        {"shaker": "o..."},
        "1...........",
        "....x...x...",
        "strings",
        ((0, 28, 1), (1, 31, 0.5), (1.5, 33, 0.5), (2, 31, 1), (3, 28, 0.5), (3.5, 26, 0.5), (4, 24, 2)),
        "bell",
        levels={"shaker": 0.2},
    ),
    "breakdance": Score(
        38,
        ((0, "m7"),),
        {
            "kick": "x..x..x...x.....",
            "snare": "....x..o.o..x..o",
            "hat": "x.x.x.x.x.x.x.x.",
            "cowbell": "x...x...x.x.x...",
        },
        "1..1..8.7.5.1...",
        "x..x......x.....",
        "brass",
        ((0, 24, 0.25), (0.5, 24, 0.25), (1.5, 27, 0.25), (3.5, 31, 0.25), (4, 29, 0.5), (6, 27, 0.25), (7, 24, 0.5)),
        "brass",
    ),
    "waltz": Score(
        45,
        ((0, "M"), (5, "M"), (7, "7")),
        {"rim": "....o...o..."},
        "1...........",
        "....x...x...",
        "strings",
        ((0, 28, 1.5), (1.5, 31, 0.5), (2, 33, 1), (3, 36, 2), (5, 33, 1), (6, 31, 1), (7, 35, 1), (8, 31, 1)),
        "bell",
        levels={"rim": 0.25},
    ),
    "tango": Score(
        45,
        ((0, "m"), (7, "7")),
        {"kick": "x...x...x...x.o.", "snare": "..............oo"},
        "1...5...1...5.7.",
        "x...x...x...x.x.",
        "strings",
        (
            (0, 24, 0.75),
            (0.75, 26, 0.25),
            (1, 27, 1),
            (2, 31, 0.5),
            (3, 32, 0.75),
            (4, 31, 1),
            (6, 29, 0.5),
            (7, 27, 1),
        ),
        "organ",
    ),
    "cha_cha": Score(
        45,
        ((0, "m7"), (5, "7")),
        {"cowbell": FOUR, "conga": "..x...x...x.xx..", "shaker": "x.o.x.o.x.o.x.o.", "kick": "x.......x......."},
        "1.....5.8.....5.",
        "..x...x.....x.x.",
        "piano",
        ((1, 24, 0.5), (1.5, 27, 0.5), (3, 31, 0.25), (3.5, 31, 0.25), (4, 33, 0.5), (5.5, 31, 0.5), (7, 27, 0.5)),
        "brass",
    ),
    "moonwalk": Score(
        42,
        ((0, "m"), (10, "M")),
        {"kick": FOUR, "snare": "....x.......x...", "hat": "x.o.x.o.x.o.x.o.", "open": "..............x."},
        "1.5.7.8.7.5.1.5.",
        "x.....x.....x...",
        "strings",
        ((0, 24, 0.25), (0.75, 27, 0.25), (1.5, 29, 0.5), (4, 31, 0.25), (4.75, 29, 0.25), (5.5, 27, 0.5)),
        "pluck",
    ),
    "floss": Score(
        43,
        ((0, "M"), (9, "m"), (5, "M"), (7, "M")),
        {"kick": "x...x...x...x.x.", "clap": "....x.......x...", "hat": "..x...x...x...x."},
        "1.1...1.1.1...5.",
        "x..x..x.....x...",
        "square",
        tuple((step / 2, 24 + (0, 4, 7, 4, 9, 7, 4, 2)[step % 8], 0.25) for step in range(20)),
        "pluck",
    ),
    "conga": Score(
        48,
        ((0, "M"), (7, "7")),
        {"kick": FOUR, "conga": "x..x..x.x..xx.x.", "conga_high": "..x..x....x.....", "snare": "............x.xx"},
        "1...5...1...5...",
        "..x...x...x...x.",
        "brass",
        (
            (0, 24, 0.5),
            (1, 28, 0.5),
            (2, 31, 0.5),
            (2.75, 36, 0.75),
            (4, 35, 0.5),
            (5, 31, 0.5),
            (6, 29, 0.5),
            (6.75, 26, 1),
        ),
        "brass",
    ),
    "tap": Score(
        48,
        ((0, "M"), (9, "7")),
        {"rim": "x.ox.ox.ox.o", "wood": "..x.....x.xx", "hat": "...x..o..x.o"},
        "1..5..1..5..",
        "...x.....x..",
        "piano",
        (
            (0, 24, 0.5),
            (0.67, 28, 0.3),
            (1, 31, 0.5),
            (2, 33, 0.6),
            (3, 31, 0.6),
            (4, 36, 0.6),
            (5, 33, 0.3),
            (6, 31, 1),
        ),
        "brass",
        grid=3,
    ),
    "happy_wiggle": Score(
        48,
        ((0, "M"), (5, "M"), (7, "M"), (0, "M")),
        {"kick": "x.......x.......", "clap": "....x.......x...", "shaker": "o.o.o.o.o.o.o.o."},
        "1...5...1...5...",
        "..x...x...x...x.",
        "pluck",
        (
            (0, 28, 0.5),
            (0.5, 31, 0.5),
            (1, 36, 0.75),
            (2, 33, 0.5),
            (3, 31, 0.5),
            (4, 29, 0.5),
            (5, 33, 0.5),
            (6, 31, 1),
        ),
        "bell",
        swing=0.1,
    ),
    "slow_sway": Score(
        48,
        ((0, "M7"), (5, "M7")),
        {"shaker": "o...o...o..."},
        "1...........",
        "x...........",
        "strings",
        ((0, 28, 1), (1, 31, 1), (2, 35, 1), (3, 33, 1.5), (4.5, 31, 0.5), (5, 29, 1)),
        "bell",
        levels={"shaker": 0.25},
    ),
    "macarena": Score(
        44,
        ((0, "m"), (10, "M")),
        {"kick": FOUR, "snare": "...x..x.....x...", "shaker": "o.oxo.oxo.oxo.ox", "clap": "....x.......x..."},
        "1..1..5.1..1..7.",
        "x..x..x...x.x...",
        "organ",
        (
            (0, 24, 0.25),
            (0.5, 24, 0.25),
            (1, 27, 0.5),
            (2, 26, 0.5),
            (3, 24, 0.5),
            (4, 22, 0.5),
            (5, 26, 0.5),
            (6, 29, 1),
        ),
        "brass",
    ),
    "salsa": Score(
        43,
        ((0, "m7"), (5, "7")),
        {
            "clave": "....x...x.....x...x.....x.......",
            "conga": "..x...xx",
            "cowbell": "x...x...x.x.x...",
            "shaker": "x.o.",
        },
        "......5.....8...",
        "x.x..x.xx..x.x.x",
        "piano",
        ((0, 24, 0.5), (1.5, 27, 0.5), (3, 31, 1), (8, 29, 0.5), (9.5, 27, 0.5), (11, 24, 1), (13, 26, 0.5)),
        "brass",
        grid=2,
    ),
}
