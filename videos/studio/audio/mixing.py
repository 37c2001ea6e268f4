"""The mix: reverberation, and a tone that suits the loudspeaker of a phone as well as large ones."""

import functools

import numpy as np

from videos.studio.audio.loudness import RATE, k_weight, loudness_of_power, normalise_loudness

# A phone's loudspeaker, as in the tests: it plays little below this frequency (Hz).
PHONE = 300
# The share of the loudness that a phone plays, in decibels. A mix outside of it is corrected by a low shelf.
PHONE_SHARE = (-2.4, -1.2)
# The corner (Hz) and the limits (dB) of that shelf.
SHELF = 230
SHELF_LIMITS = (-12.0, 4.0)
# Below this (Hz) there is nothing to hear, only peaks.
RUMBLE = 32
# The presence of attacks and melody: a shelf of 2 dB from here (Hz) on.
PRESENCE, PRESENCE_GAIN = 2200, 1.26
WET = 0.16
BANDS = 96


def mixed(dry: np.ndarray) -> np.ndarray:
    """Return the mix of a dry loop (2, n) as float32 (n, 2), at -14 LUFS. The loop has no seam."""
    samples = dry.shape[1]
    left, right = (np.fft.rfft(channel) for channel in dry)
    middle = (0.5 * WET) * (left + right)
    left += middle * _hall(samples)[0]
    right += middle * _hall(samples)[1]
    power = left.real**2 + left.imag**2 + right.real**2 + right.imag**2
    tone = _tone(power, samples)
    sound = np.stack([np.fft.irfft(left * tone, samples), np.fft.irfft(right * tone, samples)], 1)
    return normalise_loudness(sound.astype(np.float32), loudness_of_power(power * tone**2, samples))


def _tone(power: np.ndarray, samples: int) -> np.ndarray:
    """Return the gain at each frequency of a spectrum: presence, and a low shelf only as deep as the phone needs."""
    edges = _edges(samples)
    full = np.add.reduceat(power * _full_weight(samples), edges)
    heard = np.add.reduceat(power * _phone_weight(samples), edges)
    centres = edges * RATE / samples
    low, high = SHELF_LIMITS
    if _share(full, heard, centres, 0.0) > PHONE_SHARE[1]:
        wanted, low = PHONE_SHARE[1], 0.0
    else:
        wanted, high = PHONE_SHARE[0], 0.0
    for _ in range(12):
        depth = (low + high) / 2
        low, high = (low, depth) if _share(full, heard, centres, depth) < wanted else (depth, high)
    return _presence(samples) * _shelf(np.fft.rfftfreq(samples, 1 / RATE), (low + high) / 2)


def _share(full: np.ndarray, heard: np.ndarray, frequencies: np.ndarray, depth: float) -> float:
    """Return what a phone plays of the loudness, in decibels, after a shelf of ``depth`` decibels."""
    gain = _shelf(frequencies, depth) ** 2
    return float(10 * np.log10((heard * gain).sum() / max((full * gain).sum(), 1e-9) + 1e-9))


def _shelf(frequencies: np.ndarray, depth: float) -> np.ndarray:
    squares = (frequencies / SHELF) ** 2
    return ((squares + 10 ** (depth / 20)) / (squares + 1)).astype(np.float32)


@functools.lru_cache(maxsize=2)
def _edges(samples: int) -> np.ndarray:
    """Return the first bin of each of the bands in which the tone is judged."""
    return np.unique(np.geomspace(20, RATE / 2 - 1, BANDS) * samples / RATE).astype(int)


@functools.lru_cache(maxsize=2)
def _presence(samples: int) -> np.ndarray:
    """Return the gain of the filters that every mix passes."""
    frequencies = np.fft.rfftfreq(samples, 1 / RATE)
    squares = (frequencies / PRESENCE) ** 2
    rumble = 1 / np.sqrt(1 + (RUMBLE / np.maximum(frequencies, 1)) ** 4)
    return (rumble * (1 + PRESENCE_GAIN * squares) / (1 + squares)).astype(np.float32)


@functools.lru_cache(maxsize=2)
def _full_weight(samples: int) -> np.ndarray:
    return (k_weight(samples) * _presence(samples)) ** 2


@functools.lru_cache(maxsize=2)
def _phone_weight(samples: int) -> np.ndarray:
    frequencies = np.fft.rfftfreq(samples, 1 / RATE)
    return (_full_weight(samples) / (1 + (PHONE / np.maximum(frequencies, 1)) ** 8)).astype(np.float32)


@functools.lru_cache(maxsize=2)
def _hall(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the spectra of two decaying noises, left and right: a small hall without the lows, which would blur."""
    length = min(samples, int(0.9 * RATE))
    decay = np.exp(-np.arange(length) / (0.16 * RATE)) / 18
    decay[: int(0.012 * RATE)] = 0
    noises = np.random.default_rng(2).standard_normal((2, length)) * decay
    frequencies = np.fft.rfftfreq(samples, 1 / RATE)
    clear = (1 / np.sqrt(1 + (180 / np.maximum(frequencies, 1)) ** 4)).astype(np.float32)
    left, right = (np.fft.rfft(noise.astype(np.float32), samples) * clear for noise in noises)
    return left, right
