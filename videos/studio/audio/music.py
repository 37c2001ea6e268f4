"""The soundtrack of a dance: a small band of synthesised instruments, on the beat, looping without a seam."""

import functools

import numpy as np

from videos.studio.audio.loudness import normalise_loudness
from videos.studio.audio.synth import RATE, drum, tone
from videos.studio.dance import Dance
from videos.studio.dance.score import Score

QUALITIES = {
    "M": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "M7": (0, 4, 7, 11),
}
LEVELS = {"kick": 0.95, "snare": 0.6, "clap": 0.5, "hat": 0.22, "open": 0.24, "shaker": 0.2, "crash": 0.3}


def soundtrack(dance: Dance, seconds: float, seed: int) -> np.ndarray:
    """Return the music as float32 (n, 2) at 44.1 kHz and -14 LUFS, with n = seconds * 44100.

    The same dance, length and seed give the same music.
    """
    band = Band(dance, round(seconds * RATE), dance.beats(seconds), seed)
    score = dance.score
    _play_drums(band, score)
    _play_fill(band, score)
    _play_bass(band, score)
    _play_chords(band, score)
    _play_pad(band, score)
    _play_lead(band, score)
    _play_second_part(band)
    return normalise_loudness(band.mixed())


class Band:
    """Notes placed on a loop. A note that rings beyond the end continues at the beginning."""

    def __init__(self, dance: Dance, samples: int, beats: int, seed: int) -> None:
        self.beats, self.metre, self.seed = beats, dance.metre, seed % 4096
        self.phrase = dance.beats(5)
        self._beat = samples / beats
        self._drums = np.zeros((samples, 2), np.float32)
        self._tones = np.zeros((samples, 2), np.float32)
        self._kicks: list[int] = []

    def seconds(self, beats: float) -> float:
        return beats * self._beat / RATE

    def stroke(self, name: str, beat: float, level: float, pan: float = 0.0) -> None:
        at = round(beat * self._beat)
        if name == "kick":
            self._kicks.append(at)
        self._place(self._drums, drum(name, self.seed), at, level * LEVELS.get(name, 0.4), pan)

    def note(self, voice: str, midi: float, beat: float, beats: float, level: float, pan: float = 0.0) -> None:
        sound = tone(voice, midi, round(self.seconds(beats), 4))
        self._place(self._tones, sound, round(beat * self._beat), level, pan)

    def _place(self, track: np.ndarray, sound: np.ndarray, at: int, level: float, pan: float) -> None:
        at %= len(track)
        gains = np.array([np.cos((pan + 1) * np.pi / 4), np.sin((pan + 1) * np.pi / 4)], np.float32) * level * 1.414
        while len(sound):
            part = sound[: len(track) - at]
            track[at : at + len(part)] += part[:, None] * gains
            sound, at = sound[len(part) :], 0

    def mixed(self) -> np.ndarray:
        duck = np.ones(len(self._tones), np.float32)
        dip = 1 - 0.45 * np.exp(-np.arange(int(0.3 * RATE)) / (0.09 * RATE))
        for at in self._kicks:
            places = (np.arange(len(dip)) + at) % len(duck)
            duck[places] = np.minimum(duck[places], dip)
        tones = self._tones * duck[:, None]
        echo = np.roll(tones, round(0.75 * self._beat), axis=0)[:, ::-1]
        return self._drums + tones + 0.16 * echo + _hall(0.5 * self._drums + tones + 0.3 * echo)


def _hall(sound: np.ndarray) -> np.ndarray:
    """Return the reverberation of a small hall. The reverberation of the loop's end is heard at its beginning."""
    spectrum = np.fft.rfft(sound.mean(axis=1))
    channels = [np.fft.irfft(spectrum * response, len(sound)) for response in _hall_spectrum(len(sound))]
    return 0.16 * np.stack(channels, 1).astype(np.float32)


@functools.lru_cache(maxsize=2)
def _hall_spectrum(samples: int) -> list[np.ndarray]:
    """Return the spectra of two decaying noises, left and right."""
    length = min(samples, int(0.9 * RATE))
    decay = np.exp(-np.arange(length) / (0.16 * RATE)) / 18
    decay[: int(0.012 * RATE)] = 0
    noises = np.random.default_rng(2).standard_normal((2, length)) * decay
    return [np.fft.rfft(noise.astype(np.float32), samples) for noise in noises]


def _play_drums(band: Band, score: Score) -> None:
    for name, row in score.drums.items():
        for step in range(band.beats * score.grid):
            mark = row[step % (band.phrase * score.grid) % len(row)]
            if mark != ".":
                level = (1.0 if mark == "x" else 0.5) * score.levels.get(name, 1.0)
                band.stroke(name, _swung(step, score), level, 0.25 if name in {"hat", "shaker", "conga"} else 0.0)


def _play_fill(band: Band, score: Score) -> None:
    """Play a roll over the last beat of the clip that leads back to the beginning."""
    if "snare" in score.drums or "clap" in score.drums:
        for step in range(4):
            drum_ = "tom" if step % 2 else "snare"
            band.stroke(drum_, band.beats - 1 + step / 4, 0.3 + 0.12 * step, -0.3 + 0.2 * step)


def _play_bass(band: Band, score: Score) -> None:
    for step in range(band.beats * score.grid):
        mark = score.bass[step % (band.phrase * score.grid) % len(score.bass)]
        if mark != ".":
            root, quality = _chord(band, score, step)
            offset = {"1": 0, "5": 7, "8": 12, "7": 10, "3": QUALITIES[quality][1]}[mark]
            band.note("bass", score.key + root + offset - 12, _swung(step, score), 1.6 / score.grid, 0.5)


def _play_chords(band: Band, score: Score) -> None:
    for step in range(band.beats * score.grid):
        mark = score.comp[step % (band.phrase * score.grid) % len(score.comp)]
        if mark != ".":
            root, quality = _chord(band, score, step)
            length = band.metre * 0.9 if score.comp.count("x") == 1 else 1.4 / score.grid * 2
            for number, offset in enumerate(QUALITIES[quality]):
                pitch = score.key + 12 + root + offset
                pan = (number - 1) * 0.3
                band.note(score.comp_voice, pitch, _swung(step, score), length, 0.14 if mark == "x" else 0.08, pan)


def _play_pad(band: Band, score: Score) -> None:
    if score.pad:
        length = score.chord_beats or band.metre
        for beat in range(0, band.beats, length):
            root, quality = _chord(band, score, beat * score.grid)
            for number, offset in enumerate(QUALITIES[quality]):
                pitch = score.key + 12 + root + offset
                band.note("strings", pitch, beat, min(length, band.beats - beat), score.pad, (number - 1) * 0.4)


def _play_lead(band: Band, score: Score) -> None:
    """Play the melody in each phrase of five seconds.

    Every second time, a bell plays it an octave higher over the quiet lead voice.
    """
    for number, start in enumerate(range(0, band.beats, band.phrase)):
        for beat, offset, length in score.melody():
            if beat < band.phrase and start + beat < band.beats:
                pitch, at = score.key + offset, start + beat
                if number % 2:
                    second = "pluck" if score.lead_voice == "bell" else "bell"
                    band.note(second, pitch + 12, at, length, 0.2, 0.15)
                band.note(score.lead_voice, pitch, at, length, 0.12 if number % 2 else 0.24, -0.15)


def _play_second_part(band: Band) -> None:
    """Add a roll that leads into every second phrase, and a shaker between its beats."""
    for start in range(band.phrase, band.beats, 2 * band.phrase):
        for step in range(4):
            band.stroke("tom", start - 1 + step / 4, 0.3 + 0.1 * step, 0.3 - 0.2 * step)
        for beat in range(start, min(start + band.phrase, band.beats)):
            band.stroke("shaker", beat + 0.5, 0.9, -0.3)


def _chord(band: Band, score: Score, step: int) -> tuple[int, str]:
    """Return the chord at a step. The chords restart with each phrase of five seconds."""
    chords = score.harmony()
    place = int(step / score.grid % band.phrase / (score.chord_beats or band.metre))
    return chords[place % len(chords)]


def _swung(step: int, score: Score) -> float:
    return (step + (score.swing if step % 2 else 0.0)) / score.grid
