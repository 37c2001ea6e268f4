"""A band that plays on a loop, and the mix of its strokes, notes and steps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from videos.studio.audio import hits as steps
from videos.studio.audio.hits import Hit
from videos.studio.audio.mixing import mixed
from videos.studio.audio.synth import RATE, drum, tone
from videos.studio.dance import Dance

LEVELS = {
    "kick": 0.8,
    "kick_electro": 0.8,
    "snare": 0.5,
    "snare_electro": 0.5,
    "brush": 0.35,
    "clap": 0.45,
    "hat": 0.2,
    "open": 0.22,
    "shaker": 0.22,
    "maracas": 0.22,
    "tambourine": 0.2,
    "crash": 0.25,
    "cowbell": 0.28,
    "clave": 0.3,
    "castanets": 0.4,
    "guiro": 0.3,
    "guiro_long": 0.3,
    "triangle": 0.16,
}
SIDEWAYS = {"hat": 0.25, "shaker": -0.3, "maracas": 0.3, "conga": 0.25, "conga_high": 0.3, "conga_mute": 0.25}
# What remains of the notes at a kick, the time (s) in which they return, and for how long they are lowered at all.
DUCK, DUCK_DECAY, DUCK_SECONDS = 0.35, 0.09, 0.3
ECHO = 0.16
# No two strokes of a drummer are equally loud: they differ by up to this share.
HUMAN = 0.12
# The left and the right foot are this far from the middle.
STEREO_FEET = 0.2


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a drum at ``beat``."""

    name: str
    beat: float
    level: float
    pan: float


class Band:
    """Notes placed on a loop. A note that rings beyond the end continues at the beginning."""

    def __init__(self, dance: Dance, samples: int, beats: int, seed: int) -> None:
        self.beats, self.metre, self.seed = beats, dance.metre, seed % 4096
        self.phrase = dance.beats(5)
        self.random = np.random.default_rng([self.seed, dance.bpm])
        self._beat = samples / beats
        self._samples = samples
        self._strokes: list[Stroke] = []
        self._tones = np.zeros((2, samples), np.float32)

    def seconds(self, beats: float) -> float:
        return beats * self._beat / RATE

    def stroke(self, name: str, beat: float, level: float, pan: float = 0.0) -> None:
        played = level * self.random.uniform(1 - HUMAN, 1 + HUMAN)
        self._strokes.append(Stroke(name, beat % self.beats, played, pan or SIDEWAYS.get(name, 0.0)))

    def note(self, voice: str, midi: float, beat: float, beats: float, level: float, pan: float = 0.0) -> None:
        sound = tone(voice, midi, round(self.seconds(beats), 4))
        self._place(self._tones, sound, round(beat * self._beat), level, pan)

    def mixed(self, hits: Sequence[Hit]) -> np.ndarray:
        """Return the mix as float32 (n, 2) at -14 LUFS, with ``hits`` as the steps of the dancer."""
        drums = np.zeros((2, self._samples), np.float32)
        heard = self._steps(hits)
        for number, hit in enumerate(heard):
            sound = steps.sound_of(hit.kind, number, self.seed)
            pan = STEREO_FEET * (1 - 2 * (number % 2))
            self._place(drums, sound, round(hit.beat * self._beat), hit.level * steps.LEVELS[hit.kind], pan)
        for stroke in self._strokes:
            if not steps.replaced(stroke.name, stroke.beat, heard):
                level = stroke.level * LEVELS.get(stroke.name, 0.4)
                at = round(stroke.beat * self._beat)
                self._place(drums, drum(stroke.name, self.seed), at, level, stroke.pan)
        tones = self._tones * self._duck()
        echo = np.roll(tones, round(0.75 * self._beat), axis=1)[::-1]
        return mixed(drums + tones + np.float32(ECHO) * echo)

    def _steps(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return the steps, moved onto the strokes that would otherwise be heard as flams."""
        window = steps.ONE_ONSET * RATE / self._beat
        return steps.placed(hits, [stroke.beat for stroke in self._strokes], self.beats, window)

    def _place(self, track: np.ndarray, sound: np.ndarray, at: int, level: float, pan: float) -> None:
        at %= self._samples
        angle = (pan + 1) * np.pi / 4
        gains = np.sqrt(2) * level * np.array([np.cos(angle), np.sin(angle)])
        left, right = (sound * np.float32(gain) for gain in gains)
        while len(left):
            size = min(len(left), self._samples - at)
            track[0, at : at + size] += left[:size]
            track[1, at : at + size] += right[:size]
            left, right, at = left[size:], right[size:], 0

    def _duck(self) -> np.ndarray:
        """Return the gain of the notes, which make room for each kick."""
        duck = np.ones(self._samples, np.float32)
        times = np.arange(int(DUCK_SECONDS * RATE)) / RATE
        dip = (1 - DUCK * np.exp(-times / DUCK_DECAY)).astype(np.float32)
        for stroke in self._strokes:
            if stroke.name.startswith("kick"):
                places = (np.arange(len(dip)) + round(stroke.beat * self._beat)) % self._samples
                duck[places] = np.minimum(duck[places], dip)
        return duck
