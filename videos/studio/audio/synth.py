"""The instruments of the band. Each returns one note or stroke as a mono float32 array at 44.1 kHz, at most about 1.

Most are recordings (``recordings.py``), shaped for small loudspeakers; a few are synthesised. The attack is within the
first five milliseconds.
"""

import functools

import numpy as np

from videos.studio.audio.recordings import STROKES, VOICES, played_note, resampled, stroke_of

RATE = 44_100
TABLE = 8192
# The seconds that a note fades after its length, and the least that a ringing one sounds.
RELEASE = {"strings": 0.16, "violin": 0.1, "organ": 0.05, "piano": 0.12, "rhodes": 0.15, "harp": 0.3, "celesta": 0.3}
RING = 0.5
BASSES = ("upright_bass", "finger_bass", "slap_bass", "synth_bass")
# Levels that make the voices equally loud.
TRIMS = {
    "bandoneon": 0.76,
    "celesta": 1.05,
    "clarinet": 0.62,
    "flute": 0.87,
    "glockenspiel": 0.9,
    "harp": 1.3,
    "marimba": 1.3,
    "muted_trumpet": 0.65,
    "organ": 0.87,
    "piano": 1.08,
    "pizzicato": 1.2,
    "rhodes": 0.85,
    "strings": 1.15,
    "trumpet": 0.67,
}
# The levels (root mean square) of a bass note and of the harmonics that are added to it, and how hard they are driven.
ROOT = 0.3
EDGE = {"upright_bass": 0.17, "finger_bass": 0.15, "slap_bass": 0.1, "synth_bass": 0.15}
DRIVE = 8
# A drum of another seed is tuned by up to this share.
TUNING = 0.035


@functools.lru_cache(maxsize=64)  # More than the notes of one clip.
def tone(name: str, midi: float, seconds: float) -> np.ndarray:
    """Return one note of a pitched instrument. ``midi`` is its MIDI number (69 is 440 Hz)."""
    if name == "square":
        return _square(440 * 2 ** ((midi - 69) / 12), seconds)
    if name in BASSES:
        return _bass(name, midi, seconds)
    release = RELEASE.get(name, 0.06)
    held = seconds if VOICES[name].sustained else max(seconds, RING)
    return TRIMS.get(name, 1.0) * 2 * _faded(played_note(name, midi, held + release, RATE), release)


def _bass(name: str, midi: float, seconds: float) -> np.ndarray:
    """Return a bass note that a phone plays, too: its harmonics tell the pitch of a root that is too low for one.

    A saturated wave has all harmonics. Differencing raises them by 6 dB per octave, and averaging ends them at 3 kHz.
    """
    note = _faded(played_note(name, midi, seconds + 0.05, RATE), 0.05)
    edge = np.diff(np.tanh(DRIVE * (note / np.abs(note).max() + 0.15)), prepend=np.float32(np.tanh(0.15 * DRIVE)))
    edge = np.convolve(edge, np.full(14, 1 / 14, np.float32), "same")
    return _faded(ROOT / _level(note) * note + EDGE[name] / _level(edge) * edge, 0.03)


def _level(note: np.ndarray) -> float:
    """Return the root mean square of the first 0.2 s."""
    return float(np.sqrt(np.mean(note[: RATE // 5] ** 2)))


def _square(frequency: float, seconds: float) -> np.ndarray:
    """Return a note of a games console, with a vibrato that comes late."""
    t = _time(seconds)
    vibrato = 0.004 * np.sin(2 * np.pi * 6 * t) * np.clip((t - 0.15) / 0.2, 0, 1)
    place = (frequency * (t + np.cumsum(vibrato, dtype=np.float32) / RATE)) % 1 * TABLE
    return _struck(0.3 * _pulse_table(min(17, int(12_000 / frequency)))[place.astype(np.int32)], 0.002, 0.015)


@functools.cache
def _pulse_table(highest: int) -> np.ndarray:
    """Return one period of a square wave with the harmonics up to ``highest``."""
    phase = np.arange(TABLE) * (2 * np.pi / TABLE)
    wave = sum(np.sin(number * phase) / number for number in range(1, max(highest, 1) + 1, 2))
    return (wave / np.abs(wave).max()).astype(np.float32)


@functools.lru_cache(maxsize=24)  # Enough for the strokes of one clip. Each seed has its own.
def drum(name: str, seed: int) -> np.ndarray:
    """Return one stroke of a drum, tuned a little by the seed."""
    tuning = np.random.default_rng([seed, len(name), ord(name[0]), ord(name[-1])]).uniform(-TUNING, TUNING)
    stroke = STROKES[name]
    sound = resampled(stroke_of(name), 1 + tuning, stroke.seconds, RATE)
    if name in {"kick", "kick_electro"}:
        return _kick(sound, seed)
    if name == "clap":
        return _struck(sound[_main_slap(sound) :], 0.002)
    return _faded(sound, 0.02)


def _kick(recorded: np.ndarray, seed: int) -> np.ndarray:
    """Return a kick with a knock at 200 to 400 Hz and a click, which small loudspeakers play."""
    t = _time(len(recorded) / RATE)[: len(recorded)]
    phase = 2 * np.pi * (54 * t + (380 - 54) * 0.014 * (1 - np.exp(-t / 0.014)))
    body = np.sin(phase) * np.exp(-t / 0.1)
    click = _bright(_noise(len(t), seed), 1) * np.exp(-t / 0.006)
    return _struck((0.45 * recorded + 0.5 * body + 0.6 * click).astype(np.float32), 0.001, 0.03)


def _main_slap(sound: np.ndarray) -> int:
    """Return the sample 8 ms before the loudest: earlier hands of a clap would sound before the beat's main slap."""
    return max(0, int(np.abs(sound).argmax()) - round(0.008 * RATE))


def _time(seconds: float) -> np.ndarray:
    return np.arange(round(seconds * RATE), dtype=np.float32) / RATE


def _noise(samples: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, samples).astype(np.float32)


def _bright(noise: np.ndarray, times: int) -> np.ndarray:
    """Difference the noise ``times`` times; each pass removes 6 dB per octave from the lows.

    Frequencies above 16 kHz are averaged away. They are inaudible, and AAC would turn them into peaks.
    """
    for _ in range(times):
        noise = np.diff(noise, prepend=np.float32(0))
    noise = np.convolve(noise, np.array([0.25, 0.5, 0.25], np.float32), "same")
    return noise / np.abs(noise).max()


def _faded(sound: np.ndarray, release: float) -> np.ndarray:
    return _struck(sound, 0.0005, min(release, len(sound) / RATE))


def _struck(signal: np.ndarray, attack: float = 0.001, release: float = 0.01) -> np.ndarray:
    """Fade both ends briefly to avoid clicks."""
    rise, fall = max(1, int(attack * RATE)), max(1, int(release * RATE))
    signal = signal.astype(np.float32)
    signal[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    signal[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)
    return signal
