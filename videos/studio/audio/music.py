"""The soundtrack of a dance: a small band that plays its score on the beat, looping without a seam."""

from collections.abc import Sequence

import numpy as np

from videos.studio.audio.band import Band
from videos.studio.audio.hits import Hit
from videos.studio.audio.recordings import octave_for
from videos.studio.audio.synth import RATE
from videos.studio.dance import Dance
from videos.studio.dance.score import Score

QUALITIES = {
    "M": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "M7": (0, 4, 7, 11),
}
# Rolls over the last four steps, of which the seed chooses: (step, which drum, level, pan).
FILLS = (
    ((0, 0, 0.35, -0.3), (1, 1, 0.5, -0.1), (2, 0, 0.6, 0.1), (3, 1, 0.75, 0.3)),
    ((2, 0, 0.5, -0.2), (3, 0, 0.75, 0.2)),
    ((0, 1, 0.5, -0.3), (2, 1, 0.6, -0.1), (3, 0, 0.75, 0.3)),
)


def soundtrack(dance: Dance, seconds: float, seed: int, hits: Sequence[Hit] = ()) -> np.ndarray:
    """Return the music as float32 (n, 2) at 44.1 kHz and -14 LUFS, with n = seconds * 44100.

    ``hits`` are the steps of the dancer that are heard. The same dance, length, seed and steps give the same music.
    """
    band = Band(dance, round(seconds * RATE), dance.beats(seconds), seed)
    score = dance.score
    voices = _Voices(score, band.random)
    _play_drums(band, score)
    _play_fill(band, score)
    _play_bass(band, score, voices.bass)
    _play_chords(band, score, voices.comp)
    _play_pad(band, score)
    _play_lead(band, score, dance, voices)
    _play_second_part(band)
    return band.mixed([hit for hit in hits if hit.kind in score.steps])


def lead_notes(dance: Dance, total_beats: int) -> list[tuple[float, float]]:
    """Return the melody of a clip of ``total_beats`` as (beat, length in beats)."""
    return [(beat, length) for beat, _, length in _melody(dance.score, dance, total_beats)]


def _melody(score: Score, dance: Dance, beats: int) -> list[tuple[float, int, float]]:
    """Return the notes of the melody, which restarts with each phrase of five seconds, as in ``Score.melody``."""
    phrase = dance.beats(5)
    return [
        (start + beat, pitch, length)
        for start in range(0, beats, phrase)
        for beat, pitch, length in score.melody()
        if beat < phrase and start + beat < beats
    ]


class _Voices:
    """The instruments of one clip. Where the score names several, the seed chooses."""

    def __init__(self, score: Score, random: np.random.Generator) -> None:
        self.bass = _chosen(score.bass_voice, random)
        self.comp = _chosen(score.comp_voice, random)
        self.lead = _chosen(score.lead_voice, random)
        self.second = _chosen(score.second_voice, random)


def _chosen(names: str, random: np.random.Generator) -> str:
    return str(random.choice(names.split()))


def _play_drums(band: Band, score: Score) -> None:
    for name, row in score.drums.items():
        for step in range(band.beats * score.grid):
            mark = row[step % (band.phrase * score.grid) % len(row)]
            if mark != ".":
                level = (1.0 if mark == "x" else 0.5) * score.levels.get(name, 1.0)
                band.stroke(name, _swung(step, score), level)


def _play_fill(band: Band, score: Score) -> None:
    """Play a roll at the end of the clip that leads back to the beginning."""
    if score.fill:
        drums = score.fill.split()
        for step, drum, level, pan in FILLS[band.random.integers(len(FILLS))]:
            band.stroke(drums[drum % len(drums)], band.beats - (4 - step) / score.grid, level, pan)


def _play_bass(band: Band, score: Score, voice: str) -> None:
    for step in range(band.beats * score.grid):
        mark = score.bass[step % (band.phrase * score.grid) % len(score.bass)]
        if mark != ".":
            root, quality = _chord(band, score, step)
            offset = {"1": 0, "5": 7, "8": 12, "7": 10, "3": QUALITIES[quality][1]}[mark]
            length = score.bass_beats or 1.6 / score.grid
            band.note(voice, score.key + root + offset - 12, _swung(step, score), length, score.bass_level)


def _play_chords(band: Band, score: Score, voice: str) -> None:
    inversion = int(band.random.integers(3))
    for step in range(band.beats * score.grid):
        mark = score.comp[step % (band.phrase * score.grid) % len(score.comp)]
        if mark != ".":
            root, quality = _chord(band, score, step)
            length = score.comp_beats or (band.metre * 0.9 if score.comp.count("x") == 1 else 2.8 / score.grid)
            level = score.comp_level * (1 if mark == "x" else 0.6)
            for number, pitch in enumerate(_voicing(score.key + 12 + root, quality, inversion)):
                band.note(voice, pitch, _swung(step, score), length, level, (number - 1) * 0.3)


def _voicing(root: int, quality: str, inversion: int) -> list[int]:
    """Return the pitches of a chord, its lowest ``inversion`` notes an octave higher."""
    pitches = [root + offset for offset in QUALITIES[quality]]
    return [pitch + 12 if number < inversion else pitch for number, pitch in enumerate(pitches)]


def _play_pad(band: Band, score: Score) -> None:
    if score.pad:
        length = score.chord_beats or band.metre
        for beat in range(0, band.beats, length):
            root, quality = _chord(band, score, beat * score.grid)
            for number, offset in enumerate(QUALITIES[quality]):
                pitch = score.key + 12 + root + offset
                band.note("strings", pitch, beat, min(length, band.beats - beat), score.pad, (number - 1) * 0.4)


def _play_lead(band: Band, score: Score, dance: Dance, voices: _Voices) -> None:
    """Play the melody, for some seeds with a lower voice under its long notes.

    In every second phrase another voice plays it an octave higher over the quiet lead voice.
    """
    harmonised = bool(band.random.integers(2))
    melody = _melody(score, dance, band.beats)
    pitches = [score.key + offset for _, offset, _ in melody]
    octave = octave_for(voices.lead, pitches)
    above = 12 + octave_for(voices.second, [pitch + 12 for pitch in pitches])
    for at, offset, length in melody:
        pitch, second = score.key + offset, at // band.phrase % 2 == 1
        if second:
            band.note(voices.second, pitch + above, at, length, 0.8 * score.lead_level, 0.15)
        level = score.lead_level * (0.5 if second else 1)
        band.note(voices.lead, pitch + octave, at, length, level, -0.15)
        if harmonised and length >= 0.5:
            below = _chord_tone_below(pitch, score.key, _chord(band, score, int(at * score.grid)))
            band.note(voices.lead, below + octave, at, length, 0.45 * level, 0.2)


def _chord_tone_below(pitch: int, key: int, chord: tuple[int, str]) -> int:
    """Return the highest note of the chord that is at least a third below ``pitch``."""
    root, quality = chord
    classes = {(key + root + offset) % 12 for offset in QUALITIES[quality]}
    return next(lower for lower in range(pitch - 3, pitch - 15, -1) if lower % 12 in classes)


def _play_second_part(band: Band) -> None:
    """Add a roll that leads into every second phrase, and a shaker between its beats."""
    for start in range(band.phrase, band.beats, 2 * band.phrase):
        for step in range(4):
            band.stroke("tom", start - 1 + step / 4, 0.4 + 0.12 * step, 0.3 - 0.2 * step)
        for beat in range(start, min(start + band.phrase, band.beats)):
            band.stroke("shaker", beat + 0.5, 0.9)


def _chord(band: Band, score: Score, step: int) -> tuple[int, str]:
    """Return the chord at a step. The chords restart with each phrase of five seconds."""
    chords = score.harmony()
    place = int(step / score.grid % band.phrase / (score.chord_beats or band.metre))
    return chords[place % len(chords)]


def _swung(step: int, score: Score) -> float:
    return (step + (score.swing if step % 2 else 0.0)) / score.grid
