"""Recorded instruments: which notes and strokes there are, and how to play them at any pitch.

``tools/record_instruments.py`` recorded them from the FluidR3 soundfont (MIT; see ``samples/LICENSE``), in mono at
32 kHz, which holds all that the AAC of a clip keeps.
"""

import functools
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

RATE = 32_000
FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True)
class Voice:
    """The recorded notes of an instrument: every ``step`` semitones from MIDI number ``lowest`` on.

    Each takes ``seconds`` in the file. ``bank`` and ``program`` are the instrument's place in the soundfont. A
    ``sustained`` instrument sounds for as long as its note is held; the others ring.
    """

    bank: int
    program: int
    lowest: int
    count: int
    seconds: float
    step: int = 4
    sustained: bool = False
    velocity: int = 100


VOICES = {
    "upright_bass": Voice(0, 32, 28, 8, 1.0),
    "finger_bass": Voice(0, 33, 28, 8, 1.0),
    "slap_bass": Voice(0, 36, 28, 8, 0.8),
    "synth_bass": Voice(0, 38, 28, 8, 0.8),
    "piano": Voice(0, 1, 52, 10, 1.4),
    "rhodes": Voice(0, 4, 52, 9, 1.4),
    "nylon_guitar": Voice(0, 24, 52, 10, 1.1),
    "ukulele": Voice(8, 24, 56, 8, 0.8),
    "pizzicato": Voice(0, 45, 52, 9, 0.6),
    "harp": Voice(0, 46, 56, 10, 1.2),
    "marimba": Voice(0, 12, 60, 9, 0.6),
    "celesta": Voice(0, 8, 68, 10, 1.0),
    "glockenspiel": Voice(0, 9, 72, 8, 1.0),
    "organ": Voice(0, 16, 52, 9, 1.6, sustained=True),
    "bandoneon": Voice(0, 23, 56, 8, 1.2, sustained=True),
    "strings": Voice(0, 48, 52, 9, 2.6, sustained=True),
    "violin": Voice(0, 40, 64, 7, 1.8, sustained=True),
    "trumpet": Voice(0, 56, 60, 7, 1.0, sustained=True),
    "muted_trumpet": Voice(0, 59, 60, 8, 0.9, sustained=True),
    "brass": Voice(0, 61, 52, 9, 1.0, sustained=True),
    "clarinet": Voice(0, 71, 60, 8, 1.2, sustained=True),
    "flute": Voice(0, 73, 64, 8, 1.2, sustained=True),
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """A recorded stroke: ``key`` of the drum kit ``kit`` in the soundfont, kept for ``seconds``."""

    kit: int
    key: int
    seconds: float
    velocity: int = 110


STROKES = {
    "kick": Stroke(0, 36, 0.35),
    "kick_electro": Stroke(24, 36, 0.35),
    "snare": Stroke(0, 38, 0.35),
    "snare_electro": Stroke(24, 38, 0.3),
    "brush": Stroke(40, 38, 0.3),
    "clap": Stroke(0, 39, 0.3),
    "rim": Stroke(0, 37, 0.15),
    "hat": Stroke(0, 42, 0.12),
    "open": Stroke(0, 46, 0.4),
    "crash": Stroke(0, 49, 1.5),
    "tom": Stroke(0, 47, 0.45),
    "tambourine": Stroke(0, 54, 0.3),
    "cowbell": Stroke(0, 56, 0.3),
    "conga_mute": Stroke(0, 62, 0.2),
    "conga_high": Stroke(0, 63, 0.3),
    "conga": Stroke(0, 64, 0.35),
    "timbale": Stroke(0, 65, 0.35),
    "maracas": Stroke(0, 70, 0.12),
    "guiro": Stroke(0, 73, 0.2),
    "guiro_long": Stroke(0, 74, 0.6),
    "clave": Stroke(0, 75, 0.15),
    "wood": Stroke(0, 76, 0.15),
    "triangle": Stroke(0, 81, 0.9),
    "shaker": Stroke(0, 82, 0.15),
    "castanets": Stroke(0, 85, 0.15),
}


@functools.lru_cache(maxsize=6)  # The voices of a clip.
def notes_of(voice: str) -> np.ndarray:
    """Return the recorded notes of a voice, one per row, as int16 at 32 kHz."""
    kept = VOICES[voice]
    size = round(kept.seconds * RATE)
    return _decoded(FOLDER / "voices" / f"{voice}.m4a", kept.count * size).reshape(kept.count, size)


@functools.cache
def stroke_of(name: str) -> np.ndarray:
    """Return a recorded stroke as int16 at 32 kHz."""
    return _decoded(FOLDER / "strokes" / f"{name}.flac", round(STROKES[name].seconds * RATE))


def octave_for(voice: str, pitches: Collection[float]) -> int:
    """Return the octaves, in semitones, by which to move a whole melody to where the voice was recorded."""
    if voice not in VOICES:
        return 0
    kept, lowest, highest = VOICES[voice], min(pitches), max(pitches)
    top = kept.lowest + (kept.count - 1) * kept.step

    def beyond(octave: int) -> float:
        return max(kept.lowest - kept.step - lowest - octave, highest + octave - top - kept.step, 0)

    return min((0, -12, 12, -24, 24), key=beyond)


def played_note(voice: str, midi: float, seconds: float, rate: int) -> np.ndarray:
    """Return a recorded note at another pitch as float32 at ``rate``, at most ``seconds`` long."""
    kept = VOICES[voice]
    nearest = min(max(round((midi - kept.lowest) / kept.step), 0), kept.count - 1)
    speed = 2 ** ((midi - kept.lowest - nearest * kept.step) / 12)
    return resampled(notes_of(voice)[nearest], speed, seconds, rate)


def resampled(sound: np.ndarray, speed: float, seconds: float, rate: int) -> np.ndarray:
    """Return an int16 sound at 32 kHz, played at ``speed``, as float32 at ``rate``, at most ``seconds`` long."""
    stride = RATE / rate * speed
    samples = min(round(seconds * rate), int((len(sound) - 1) / stride))
    return (np.interp(np.arange(samples) * stride, np.arange(len(sound)), sound) / 32768).astype(np.float32)


def _decoded(path: Path, samples: int) -> np.ndarray:
    """Return the first ``samples`` of a file, block by block, so that no large copies fragment the memory."""
    sound, filled = np.zeros(samples, np.int16), 0
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            block = frame.to_ndarray()[0][: samples - filled]
            if block.dtype != np.int16:
                block = np.clip(block, -1, 1) * np.float32(32767)
            sound[filled : filled + len(block)] = block
            filled += len(block)
    return sound
