"""Steps that are heard: taps, stomps, claps and slides, at the moments at which feet and paws make them."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from videos.studio.audio.synth import RATE
from videos.studio.dance.score import Step

# Two onsets closer than this (s) are heard as one, or as a flam.
ONE_ONSET = 0.03
# The strokes of the band that sound like a hit. One of them within ONE_ONSET gives way to it.
KIN: dict[Step, frozenset[str]] = {
    "tap": frozenset({"rim", "wood", "clave", "castanets"}),
    "step": frozenset(),
    "stomp": frozenset({"tom"}),
    "clap": frozenset({"clap"}),
    "slide": frozenset({"shaker", "maracas", "brush"}),
}
# The drums that play the steps of a dancer who is not heard. They rest where steps of that kind are.
STAND_INS: dict[Step, frozenset[str]] = {"tap": frozenset({"rim", "wood"})}
LEVELS: dict[Step, float] = {"tap": 0.6, "step": 0.4, "stomp": 0.85, "clap": 0.7, "slide": 0.5}


@dataclass(frozen=True, slots=True)
class Hit:
    """A foot or paw that is heard at ``beat``. ``level`` is 1 for a normal one and 0 for silence."""

    beat: float
    kind: Step
    level: float = 1.0


def placed(hits: Iterable[Hit], strokes: Sequence[float], beats: int, window: float) -> list[Hit]:
    """Return the hits in a loop of ``beats``, in order, moved onto the band's strokes that are within ``window`` beats.

    ``strokes`` are the beats of the band's strokes. Of hits of one kind within ``window`` of each other the loudest
    stays: two feet that land together sound as one.
    """
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (-hit.level, hit.beat, hit.kind)):
        beat = _snapped(hit.beat % beats, strokes, beats, window)
        if hit.level > 0 and not any(
            other.kind == hit.kind and apart(other.beat, beat, beats) <= window for other in kept
        ):
            kept.append(Hit(beat, hit.kind, hit.level))
    return sorted(kept, key=lambda hit: (hit.beat, hit.kind))


def replaced(drum: str, beat: float, heard: Iterable[Hit]) -> bool:
    """Return whether a stroke gives way to the hits that ``placed`` returned."""
    return any(
        drum in STAND_INS.get(hit.kind, ()) or (drum in KIN[hit.kind] and abs(hit.beat - beat) < 1e-6) for hit in heard
    )


def apart(one: float, other: float, beats: int) -> float:
    """Return the distance in a loop of ``beats``."""
    gap = abs(one - other) % beats
    return min(gap, beats - gap)


def _snapped(beat: float, strokes: Sequence[float], beats: int, window: float) -> float:
    nearest = min(strokes, key=lambda stroke: apart(stroke, beat, beats), default=beat)
    return nearest % beats if apart(nearest, beat, beats) <= window else beat


@functools.lru_cache(maxsize=16)
def sound_of(kind: Step, number: int, seed: int) -> np.ndarray:
    """Return the sound of a hit as mono float32 at 44.1 kHz. Even and odd numbers are the two feet."""
    sound = _SOUNDS[kind](number % 2, np.random.default_rng([seed, number % 2]))
    return (sound / np.abs(sound).max()).astype(np.float32)


def _tap(foot: int, random: np.random.Generator) -> np.ndarray:
    """Return a metal plate on a wooden floor."""
    t = _time(0.12)
    plate = sum(
        weight * np.sin(2 * np.pi * frequency * (1 + 0.06 * foot) * t) * np.exp(-t / decay)
        for frequency, weight, decay in ((2350, 0.5, 0.012), (3720, 0.4, 0.008), (5480, 0.25, 0.005))
    )
    floor = 0.2 * np.sin(2 * np.pi * (540 - 70 * foot) * t) * np.exp(-t / 0.022)
    return plate + floor + _noise(t, random, 1800, 7000) * np.exp(-t / 0.006)


def _step(foot: int, random: np.random.Generator) -> np.ndarray:
    """Return a light foot on boards."""
    t = _time(0.12)
    boards = 0.6 * np.sin(2 * np.pi * (430 - 40 * foot) * t) * np.exp(-t / 0.02)
    return boards + 0.8 * _noise(t, random, 400, 2600) * np.exp(-t / 0.012)


def _stomp(foot: int, random: np.random.Generator) -> np.ndarray:
    """Return a flat foot on boards."""
    t = _time(0.22)
    phase = 2 * np.pi * ((92 + 10 * foot) * t + 150 * 0.02 * (1 - np.exp(-t / 0.02)))
    boards = 0.5 * np.sin(2 * np.pi * (340 - 30 * foot) * t) * np.exp(-t / 0.03)
    return 0.8 * np.sin(phase) * np.exp(-t / 0.06) + boards + 0.9 * _noise(t, random, 250, 1600) * np.exp(-t / 0.018)


def _clap(foot: int, random: np.random.Generator) -> np.ndarray:
    """Return two paws."""
    t = _time(0.2)
    shape = np.exp(-t / 0.008) + 0.25 * np.exp(-t / 0.05)
    return _noise(t, random, 750 + 150 * foot, 3000) * shape


def _slide(foot: int, random: np.random.Generator) -> np.ndarray:
    """Return a sole that brushes the floor."""
    t = _time(0.2)
    return _noise(t, random, 1200 + 300 * foot, 6000) * np.sin(np.pi * np.sqrt(t / 0.2)) ** 2


_SOUNDS = {"tap": _tap, "step": _step, "stomp": _stomp, "clap": _clap, "slide": _slide}


def _time(seconds: float) -> np.ndarray:
    return np.arange(int(seconds * RATE)) / RATE


def _noise(t: np.ndarray, random: np.random.Generator, lowest: float, highest: float) -> np.ndarray:
    """Return noise between two frequencies (Hz), at most 1 high."""
    spectrum = np.fft.rfft(random.standard_normal(len(t)))
    frequency = np.fft.rfftfreq(len(t), 1 / RATE)
    spectrum *= 1 / np.sqrt(1 + (lowest / np.maximum(frequency, 1)) ** 6) / np.sqrt(1 + (frequency / highest) ** 6)
    noise = np.fft.irfft(spectrum, len(t))
    return noise / np.abs(noise).max()
