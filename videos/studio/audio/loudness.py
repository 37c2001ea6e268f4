"""Loudness of a piece of music (ITU-R BS.1770-4), and normalisation of its loudness and peaks."""

import functools

import numpy as np

RATE = 44_100
TARGET_LUFS = -14.0
# AAC raises the peaks of drums and stomps by up to 2.8 decibels. The ceiling leaves more than that below -1 dBFS.
CEILING = 10 ** (-4 / 20)


def loudness(sound: np.ndarray) -> float:
    """Return the integrated loudness in LUFS of (n, 2) float32 at 44.1 kHz; -70 for silence."""
    weight = k_weight(len(sound))
    power = np.zeros(len(sound) + 1)
    for channel in sound.T:
        spectrum = np.fft.rfft(np.ascontiguousarray(channel, np.float32)) * weight
        power[1:] += np.fft.irfft(spectrum, len(sound)) ** 2
    np.cumsum(power, out=power)
    block, hop = int(0.4 * RATE), int(0.1 * RATE)
    starts = np.arange(0, max(1, len(sound) - block + 1), hop)
    blocks = (power[np.minimum(starts + block, len(sound))] - power[starts]) / block
    loud = blocks[_lufs(blocks) > -70]
    if not loud.size:
        return -70.0
    gated = loud[_lufs(loud) > _lufs(loud.mean()) - 10]
    return float(_lufs(gated.mean()))


def normalise_loudness(sound: np.ndarray, estimate: float) -> np.ndarray:
    """Return ``sound`` at -14 LUFS, with its peaks limited below the ceiling. ``estimate`` is its approximate LUFS."""
    gain = 10 ** ((TARGET_LUFS - estimate) / 20)
    for _ in range(4):
        limited = _soft_limit(sound * np.float32(gain))
        off = TARGET_LUFS - loudness(limited)
        if abs(off) < 0.25:
            return limited
        gain *= 10 ** (off * 1.25 / 20)
        if abs(off) < 1:  # A small correction is exact enough unmeasured, and measuring is what costs.
            break
    return _soft_limit(sound * np.float32(gain))


def loudness_of_power(power: np.ndarray, samples: int) -> float:
    """Return the loudness in LUFS without gates, given the power spectrum (``rfft``) of ``samples``, summed over both
    channels: what ``loudness`` returns for a sound without pauses.
    """
    weighted = (power * k_weight(samples) ** 2).sum(dtype=np.float64)
    return float(_lufs(2 * weighted / samples**2))


def _soft_limit(sound: np.ndarray) -> np.ndarray:
    """Leave values up to 60 % of the ceiling unchanged, and bend higher ones towards the ceiling."""
    knee = np.float32(0.6 * CEILING)
    span = np.float32(CEILING) - knee
    over = np.abs(sound) - knee
    loud = over > 0
    bent = sound.copy()
    bent[loud] = np.copysign(knee + span * np.tanh(over[loud] / span), sound[loud])
    return bent


def _lufs(power: np.ndarray | float) -> np.ndarray:
    return -0.691 + 10 * np.log10(np.maximum(power, 1e-12))


@functools.lru_cache(maxsize=2)
def k_weight(samples: int) -> np.ndarray:
    """Return the K filter's gain at each frequency of a real FFT: a high shelf and a high-pass (BS.1770, bilinear)."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(samples))
    return np.abs(_shelf(z) * _high_pass(z)).astype(np.float32)


def _shelf(z: np.ndarray) -> np.ndarray:
    k, q, gain = np.tan(np.pi * 1681.974450955533 / RATE), 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    middle = gain**0.4996667741545416
    bottom = [1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k]
    top = [gain + middle * k / q + k * k, 2 * (k * k - gain), gain - middle * k / q + k * k]
    return np.polyval(top[::-1], z) / np.polyval(bottom[::-1], z)


def _high_pass(z: np.ndarray) -> np.ndarray:
    k, q = np.tan(np.pi * 38.13547087602444 / RATE), 0.5003270373238773
    bottom = [1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k]
    return np.polyval([1.0, -2.0, 1.0], z) / np.polyval(bottom[::-1], z)
