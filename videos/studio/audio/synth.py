"""Synthesised instruments. Each returns one note or stroke as a mono float32 array at 44.1 kHz.

Drums are sine sweeps and shaped noise; pitched instruments are sums of harmonics. The attack is in the first
millisecond, and the peak is about 1.
"""

import functools

import numpy as np

RATE = 44_100
TABLE = 8192


def _time(seconds: float) -> np.ndarray:
    return np.arange(int(seconds * RATE), dtype=np.float32) / RATE


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


def _decayed(signal: np.ndarray, decay: float) -> np.ndarray:
    return (signal * np.exp(-_time(len(signal) / RATE + 1)[: len(signal)] / decay)).astype(np.float32)


def _struck(signal: np.ndarray, attack: float = 0.001, release: float = 0.01) -> np.ndarray:
    """Fade both ends briefly to avoid clicks."""
    rise, fall = max(1, int(attack * RATE)), max(1, int(release * RATE))
    signal = signal.copy()
    signal[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    signal[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)
    return signal


@functools.lru_cache(
    maxsize=32
)  # Enough for the strokes of one clip. Each seed has its own, so a larger cache would only grow.
def drum(name: str, seed: int) -> np.ndarray:
    """Return one stroke of a drum."""
    return _DRUMS[name](seed)


def _kick(seed: int) -> np.ndarray:
    t = _time(0.34)
    phase = 2 * np.pi * (48 * t + (150 - 48) * 0.035 * (1 - np.exp(-t / 0.035)))
    click = _decayed(_bright(_noise(len(t), seed), 1), 0.004) * 0.35
    return _struck(np.sin(phase) * np.exp(-t / 0.16) + click)


def _snare(seed: int) -> np.ndarray:
    t = _time(0.26)
    body = np.sin(2 * np.pi * 188 * t) * np.exp(-t / 0.05) + 0.5 * np.sin(2 * np.pi * 331 * t) * np.exp(-t / 0.03)
    return _struck(0.55 * body + 0.75 * _decayed(_bright(_noise(len(t), seed), 1), 0.085))


def _clap(seed: int) -> np.ndarray:
    t = _time(0.24)
    noise = _bright(_noise(len(t), seed), 1)
    shape = sum(np.exp(-np.clip(t - at, 0, None) / 0.006) * (t >= at) for at in (0.0, 0.011, 0.021))
    tail = np.exp(-np.clip(t - 0.03, 0, None) / 0.07) * (t >= 0.03)
    return _struck((noise * (0.6 * shape + tail)).astype(np.float32))


def _hat(seed: int) -> np.ndarray:
    return _struck(_decayed(_bright(_noise(int(0.09 * RATE), seed), 3), 0.022))


def _open_hat(seed: int) -> np.ndarray:
    return _struck(_decayed(_bright(_noise(int(0.32 * RATE), seed), 3), 0.11))


def _shaker(seed: int) -> np.ndarray:
    t = _time(0.09)
    return _struck(_bright(_noise(len(t), seed), 2) * np.sin(np.pi * t / 0.09).astype(np.float32) ** 1.5)


def _block(frequency: float, decay: float, length: float) -> np.ndarray:
    t = _time(length)
    tone = np.sin(2 * np.pi * frequency * t) + 0.4 * np.sin(2 * np.pi * frequency * 2.71 * t) * np.exp(-t / 0.01)
    return _struck((tone * np.exp(-t / decay)).astype(np.float32))


def _skin(frequency: float, decay: float, seed: int) -> np.ndarray:
    t = _time(0.3)
    phase = 2 * np.pi * (frequency * t + 0.35 * frequency * 0.02 * (1 - np.exp(-t / 0.02)))
    slap = _decayed(_bright(_noise(len(t), seed), 1), 0.006) * 0.35
    return _struck((np.sin(phase) * np.exp(-t / decay)).astype(np.float32) + slap)


def _cowbell(seed: int) -> np.ndarray:
    t = _time(0.28)
    tone = np.tanh(3 * np.sin(2 * np.pi * 562 * t)) + np.tanh(3 * np.sin(2 * np.pi * 845 * t))
    return _struck((0.5 * tone * (0.6 * np.exp(-t / 0.02) + 0.4 * np.exp(-t / 0.09))).astype(np.float32))


def _crash(seed: int) -> np.ndarray:
    return _struck(_decayed(_bright(_noise(int(1.3 * RATE), seed), 2), 0.42), attack=0.002)


_DRUMS = {
    "kick": _kick,
    "snare": _snare,
    "clap": _clap,
    "hat": _hat,
    "open": _open_hat,
    "shaker": _shaker,
    "rim": lambda seed: _block(1710, 0.018, 0.08),
    "clave": lambda seed: _block(2480, 0.04, 0.16),
    "wood": lambda seed: _block(940, 0.03, 0.12),
    "conga": lambda seed: _skin(204, 0.10, seed),
    "conga_high": lambda seed: _skin(286, 0.07, seed),
    "tom": lambda seed: _skin(112, 0.14, seed),
    "cowbell": _cowbell,
    "crash": _crash,
}


@functools.lru_cache(maxsize=256)
def tone(name: str, midi: float, seconds: float) -> np.ndarray:
    """Return one note of a pitched instrument. ``midi`` is its MIDI number (69 is 440 Hz)."""
    return _TONES[name](440 * 2 ** ((midi - 69) / 12), seconds)


def _harmonics(t: np.ndarray, frequency: float, weights: tuple[float, ...], dull: float = 0.0) -> np.ndarray:
    """Return a sum of harmonics that fades to its lowest ones, faster for a higher ``dull`` (1/s)."""
    audible = tuple(weight for number, weight in enumerate(weights, 1) if number * frequency < 16_000)
    place = (t * np.float32(frequency)) % 1 * TABLE
    index = place.astype(np.int32)
    bright = _table(audible)[index]
    if not dull:
        return bright
    dark = _table((1.0, 0.5 * weights[1]))[index]
    return dark + (bright - dark) * np.exp(-dull * t)


@functools.cache
def _table(weights: tuple[float, ...]) -> np.ndarray:
    """Return one period of a sum of harmonics, at most 1 high."""
    phase = np.arange(TABLE) * (2 * np.pi / TABLE)
    wave = np.zeros(TABLE)
    for number, weight in enumerate(weights, 1):
        wave += weight * np.sin(number * phase)
    return (wave / sum(weights)).astype(np.float32)


def _bass(frequency: float, seconds: float) -> np.ndarray:
    t = _time(seconds)
    return _struck(1.5 * np.tanh(_harmonics(t, frequency, (1, 0.6, 0.4, 0.25, 0.15), 4) * 1.6), 0.003, 0.02)


def _pluck(frequency: float, seconds: float) -> np.ndarray:
    t = _time(max(seconds, 0.35))
    wave = _harmonics(t, frequency, (1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12), 6)
    return _struck(2 * wave * np.exp(-t / 0.28).astype(np.float32))


def _bell(frequency: float, seconds: float) -> np.ndarray:
    t = _time(max(seconds, 0.9))
    wave = np.sin(2 * np.pi * frequency * t) + 0.5 * np.sin(2 * np.pi * frequency * 3.01 * t) * np.exp(-t / 0.18)
    return _struck((0.8 * wave * np.exp(-t / 0.45)).astype(np.float32), 0.001, 0.05)


def _organ(frequency: float, seconds: float) -> np.ndarray:
    t = _time(seconds)
    return _struck(1.3 * _harmonics(t, frequency, (1, 0.7, 0.5, 0.35, 0, 0.2)), 0.006, 0.03)


def _strings(frequency: float, seconds: float) -> np.ndarray:
    t = _time(seconds)
    saw = tuple(1 / number for number in range(1, 9))
    wave = _harmonics(t, frequency * 1.003, saw) + _harmonics(t, frequency * 0.997, saw)
    return _struck(wave, min(0.09, seconds / 4), min(0.15, seconds / 3))


def _brass(frequency: float, seconds: float) -> np.ndarray:
    t = _time(seconds)
    wave = _harmonics(t, frequency, (1, 0.9, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1), 1.5)
    return _struck(2.2 * wave * (0.7 + 0.3 * np.exp(-t / 0.08)), 0.012, 0.04)


def _square(frequency: float, seconds: float) -> np.ndarray:
    t = _time(seconds)
    return _struck(1.2 * _harmonics(t, frequency, (1, 0, 1 / 3, 0, 1 / 5, 0, 1 / 7, 0, 1 / 9)), 0.002, 0.015)


def _piano(frequency: float, seconds: float) -> np.ndarray:
    t = _time(max(seconds, 0.3))
    wave = _harmonics(t, frequency, (1, 0.55, 0.4, 0.22, 0.15, 0.1, 0.07), 3)
    return _struck(1.9 * wave * np.exp(-t / 0.5).astype(np.float32), 0.002, 0.04)


_TONES = {
    "bass": _bass,
    "pluck": _pluck,
    "bell": _bell,
    "organ": _organ,
    "strings": _strings,
    "brass": _brass,
    "square": _square,
    "piano": _piano,
}
