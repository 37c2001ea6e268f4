"""The music of each dance, written as rows of characters.

A step is a quarter of a beat unless the score says otherwise. Drum rows hold one character per step: ``x`` loud, ``o``
soft, ``.`` silent. A row repeats until the clip's end. In bass rows a digit is the degree of the chord (1 root, 3, 5,
7, 8 the octave). ``comp`` is the rhythm of the chords. ``lead`` is the melody: beat, semitones above the key and length
in beats, separated by colons.
"""

from dataclasses import dataclass, field
from typing import Literal

Step = Literal["tap", "step", "stomp", "clap", "slide"]


@dataclass(frozen=True, slots=True)
class Score:
    """The music of one dance. ``key`` is the MIDI number of the bass's root.

    ``chords`` are semitones above the key and a quality. Each lasts ``chord_beats``, or a bar if that is 0. ``pad`` is
    the level of strings held under them. ``swing`` is the delay of every other step, as a share of a step. ``grid`` is
    the number of steps per beat. ``levels`` scales the levels of drums.

    The voices name instruments of ``audio/synth.py``. Of several, separated by spaces, the seed chooses.
    ``second_voice`` plays the lead in every second phrase. ``fill`` names the drums of the roll at the end.
    ``bass_beats`` and ``comp_beats`` are lengths in beats; 0 follows from the rhythm. ``steps`` are the kinds of the
    dancer's steps that are heard.
    """

    key: int
    chords: str
    drums: dict[str, str]
    bass: str
    comp: str
    comp_voice: str
    lead: str
    lead_voice: str
    bass_voice: str
    second_voice: str
    fill: str = ""
    swing: float = 0.0
    grid: int = 4
    chord_beats: int = 0
    pad: float = 0.0
    bass_beats: float = 0.0
    bass_level: float = 0.35
    comp_beats: float = 0.0
    comp_level: float = 0.16
    lead_level: float = 0.4
    steps: tuple[Step, ...] = ()
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
