"""The tone of the mix: a low shelf, only as deep as a phone needs."""

import numpy as np
import pytest

from tests.studio.test_music import phone_loudness
from videos.studio.audio.loudness import loudness
from videos.studio.audio.mixing import mixed
from videos.studio.encoding.mp4 import SAMPLE_RATE

pytestmark = pytest.mark.xdist_group("music")


def loop(bass: float, treble: float) -> np.ndarray:
    """Return five seconds of a low and a high tone in pulses, as (2, n)."""
    t = np.arange(5 * SAMPLE_RATE) / SAMPLE_RATE
    pulse = np.exp(-5 * (t % 0.5))
    sound = pulse * (bass * np.sin(2 * np.pi * 80 * t) + treble * np.sin(2 * np.pi * 900 * t))
    return np.stack([sound, sound]).astype(np.float32)


@pytest.mark.parametrize(("bass", "treble"), [(0.6, 0.25), (0.3, 0.2), (0.5, 0.5), (0.2, 0.5)])
def test_too_much_bass_is_lowered_for_a_phone(bass: float, treble: float) -> None:
    sound = mixed(loop(bass, treble))
    assert loudness(sound) == pytest.approx(-14, abs=0.5)
    assert -17 <= phone_loudness(sound) <= -14


def bass_of(loop: np.ndarray) -> float:
    """Return the level of the low tone in the mix, relative to the high one."""
    spectrum = np.abs(np.fft.rfft(mixed(loop).mean(axis=1)))
    return float(spectrum[80 * 5] / spectrum[900 * 5])


def test_a_balanced_mix_keeps_its_bass() -> None:
    """There a louder bass stays louder; only where a phone would lose more is it held."""
    assert bass_of(loop(0.25, 0.2)) == pytest.approx(1.25 * bass_of(loop(0.2, 0.2)), rel=0.03)
    assert bass_of(loop(0.8, 0.2)) < 1.6 * bass_of(loop(0.4, 0.2))


def test_the_loop_stays_seamless() -> None:
    """Filters and hall see the loop as endless: the mix of a turned loop is the turned mix."""
    dry = loop(0.3, 0.2)
    turned = np.roll(mixed(dry), 70_000, axis=0)
    assert np.allclose(mixed(np.roll(dry, 70_000, axis=1)), turned, atol=0.01)
