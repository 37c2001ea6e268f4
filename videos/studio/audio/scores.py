"""The music of each dance, written as rows of characters.

A step is a quarter of a beat unless the score says otherwise. Drum rows hold one character per step: ``x`` loud, ``o``
soft, ``.`` silent. A row repeats until the clip's end. In bass rows a digit is the degree of the chord (1 root, 3, 5,
7, 8 the octave). ``comp`` is the rhythm of the chords. ``lead`` is the melody: beat, semitones above the key and length
in beats, separated by colons.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Score:
    """The music of one dance. ``key`` is the MIDI number of the bass's root.

    ``chords`` are semitones above the key and a quality. Each lasts ``chord_beats``, or a bar if that is 0. ``pad`` is
    the level of strings held under them. ``swing`` is the delay of every other step, as a share of a step. ``grid`` is
    the number of steps per beat. ``levels`` overrides the levels of drums.
    """

    key: int
    chords: str
    drums: dict[str, str]
    bass: str
    comp: str
    comp_voice: str
    lead: str
    lead_voice: str = "bell"
    swing: float = 0.0
    grid: int = 4
    chord_beats: int = 0
    pad: float = 0.0
    levels: dict[str, float] = field(default_factory=dict)

    def harmony(self) -> list[tuple[int, str]]:
        """Return the chords as (semitones above the key, quality)."""
        pairs = (chord.split(":") for chord in self.chords.split())
        return [(int(root), quality) for root, quality in pairs]

    def melody(self) -> list[tuple[float, int, float]]:
        """Return the lead as (beat, semitones above the key, length in beats)."""
        notes = (note.split(":") for note in self.lead.split())
        return [(float(beat), int(pitch), float(length)) for beat, pitch, length in notes]


FOUR = "x...x...x...x..."
BACKBEAT = "....x.......x..."
ONCE = "x" + "." * 239

SCORES: dict[str, Score] = {
    "macarena": Score(
        44,
        "0:m 10:M",
        {"kick": FOUR, "snare": "...x..x.....x...", "shaker": "o.oxo.oxo.oxo.ox", "clap": BACKBEAT},
        "1..1..5.1..1..7.",
        "x..x..x...x.x...",
        "organ",
        "0:31:.5 .75:29:.25 1.5:27:.5 2.5:24:.5 3:27:.5 4:29:.5 4.75:26:.25 5.5:22:.5 6.5:26:.5 7:29:.5 8:31:.4",
        "brass",
    ),
    "salsa": Score(
        43,
        "0:m7 5:7",
        {
            "clave": "..x.x...x..x..x.",
            "conga": "..x...xx",
            "cowbell": "x...x...x.x.x...",
            "shaker": "x.o.",
            "kick": "x...x...",
        },
        "...5..8.",
        "x.x..x.xx..x.x.x",
        "piano",
        "0:24:.5 1.5:27:.5 3:31:1 5:33:.5 6:29:1 8:24:.5 9.5:27:.5 11:31:1 13:33:.5 14:28:1",
        "brass",
        grid=2,
    ),
    "hip_hop": Score(
        40,
        "0:m7 8:M7",
        {"kick": "x.....x.o.x.....", "snare": BACKBEAT, "hat": "x.o.x.o.x.o.x.oo"},
        "1.....1...5.7...",
        "x.....o.........",
        "organ",
        "0:27:.5 1:24:.5 2.5:31:.5 4:28:.5 5:31:1 6.5:24:.5",
        "pluck",
        swing=0.18,
    ),
    "robot": Score(
        40,
        "0:m",
        {"kick": "x.....x.x.......", "snare": BACKBEAT, "rim": "..x..x....x..x.x", "hat": "x.x.x.x.x.x.x.x."},
        "1.1.8.1.1.1.8.7.",
        "x...............",
        "square",
        "0:24:.2 .5:31:.2 1:36:.2 1.5:27:.2 2:34:.2 2.5:31:.2 3:39:.2 3.5:36:.2 "
        "4:24:.2 4.5:31:.2 5:36:.2 5.5:27:.2 6:34:.2 6.25:34:.2 6.5:34:.2 7:36:.2 7.5:24:.4",
        "square",
    ),
    "ballet": Score(
        48,
        "0:M 9:m",
        {"shaker": "o..."},
        "1...........",
        "....x...x...",
        "pluck",
        "0:28:1 1:31:.5 1.5:33:.5 2:31:1 3:28:.5 3.5:26:.5 4:24:2",
        "bell",
        pad=0.11,
        levels={"shaker": 0.2},
    ),
    "disco": Score(
        45,
        "0:m7 5:m7",
        {"kick": FOUR, "open": "..x.", "clap": BACKBEAT, "hat": "o.o.", "crash": ONCE},
        "1.8.1.8.1.8.1.8.",
        "..x..x....x..x..",
        "strings",
        "0:24:.5 .75:27:.25 1.5:31:.5 3:29:.5 4:24:.5 5.5:29:.5 7:32:.75 8:31:.5 8.75:29:.25 9.25:27:.5",
        "brass",
    ),
    "breakdance": Score(
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
        "brass",
        "0:24:.25 .5:24:.25 1.5:27:.25 3.5:31:.25 4:29:.5 6:27:.25 7:24:.5 8.5:34:.25 9:36:.4",
        "brass",
    ),
    "waltz": Score(
        45,
        "0:M 5:M 7:7",
        {"rim": "....o...o..."},
        "1...........",
        "....x...x...",
        "pluck",
        "0:28:1.5 1.5:31:.5 2:33:1 3:36:2 5:33:1 6:31:1 7:35:1 8:31:1",
        "bell",
        pad=0.12,
        levels={"rim": 0.25},
    ),
    "tango": Score(
        45,
        "0:m 7:7",
        {"kick": "x...x...x...x.o.", "snare": "..............oo"},
        "1...5...1...5.7.",
        "x...x...x...x.x.",
        "strings",
        "0:24:.75 .75:26:.25 1:27:1 2:31:.5 3:32:.75 4:31:1 6:29:.5 7:26:1 8:27:.5 8.5:26:.5 9:24:.75",
        "organ",
    ),
    "cha_cha": Score(
        45,
        "0:m7 5:7",
        {"cowbell": FOUR, "conga": "..x...x...x.xx..", "shaker": "x.o.x.o.x.o.x.o.", "kick": "x.......x......."},
        "1.....5.8.....5.",
        "..x...x.....x.x.",
        "piano",
        "1:24:.5 1.5:27:.5 3:31:.25 3.5:31:.25 4:33:.5 5.5:31:.5 7:27:.5 8:24:.5 9:31:.25 9.5:34:.25",
        "brass",
    ),
    "moonwalk": Score(
        42,
        "0:m 10:M",
        {"kick": FOUR, "snare": BACKBEAT, "hat": "x.o.x.o.x.o.x.o.", "open": "..............x."},
        "1..1.7.1..5.7.8.",
        "x.....x.....x...",
        "strings",
        "0:24:.25 .75:27:.25 1.5:29:.5 4:26:.25 4.75:29:.25 5.5:34:.5 8:31:.5 9:29:.4",
        "pluck",
    ),
    "floss": Score(
        43,
        "0:M 9:m 5:M",
        {"kick": "x...x...x...x.x.", "clap": BACKBEAT, "hat": "..x...x...x...x."},
        "1.1...1.1.1...5.",
        "x..x..x.....x...",
        "square",
        "0:24:.25 .5:28:.25 1:31:.25 1.5:28:.25 2:33:.25 2.5:31:.25 3:28:.25 3.5:26:.25 "
        "4:24:.25 4.5:28:.25 5:31:.25 5.5:28:.25 6:33:.25 6.5:31:.25 7:28:.25 7.5:31:.25 8:29:.25 8.5:33:.25 9:36:.4",
        "pluck",
    ),
    "conga": Score(
        48,
        "0:M 7:7",
        {
            "kick": FOUR,
            "conga": "x..x..x.x..xx.x.",
            "conga_high": "..x..x....x.....",
            "snare": "............x.xx",
            "crash": "............x...",
        },
        "1...5...1...5...",
        "..x...x...x...x.",
        "brass",
        "0:24:.5 1:28:.5 2:31:.5 2.75:36:.75 4:35:.5 5:31:.5 6:29:.5 6.75:26:1 8:24:.5 8.75:36:.75",
        "brass",
    ),
    "tap": Score(
        48,
        "0:M 5:7 7:7",
        {"rim": "x.ox.ox.ox.o", "wood": "..x.....x.xx", "hat": "...x..o..x.o"},
        "1..5..1..5..",
        "...x.....x..",
        "piano",
        "0:24:.5 .67:28:.3 1:31:.5 2:33:.6 3:31:.6 4:33:.6 5:36:.5 5.67:33:.3 6:29:1 "
        "8:31:.5 8.67:35:.3 9:38:.6 10:36:1",
        "brass",
        grid=3,
    ),
    "happy_wiggle": Score(
        48,
        "0:M 5:M 7:M 0:M",
        {"kick": "x.......x.......", "clap": BACKBEAT, "shaker": "o.o.o.o.o.o.o.o."},
        "1...5...1...5...",
        "..x...x...x...x.",
        "pluck",
        "0:28:.5 .5:31:.5 1:36:.75 2:33:.5 3:36:.5 4:35:.5 5:38:.5 6:36:1",
        "bell",
        swing=0.1,
        chord_beats=2,
    ),
    "slow_sway": Score(
        43,
        "0:M7 5:M7",
        {"kick": "x...........", "rim": "........o..."},
        "1.......5...",
        "x...x...x...",
        "organ",
        "0:28:1 1:31:1 2:35:1 3:33:1.5 4.5:31:.5 5:29:1",
        "piano",
        pad=0.09,
        levels={"kick": 0.5, "rim": 0.6},
    ),
}
