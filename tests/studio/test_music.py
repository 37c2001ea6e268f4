"""The music, measured on finished files."""

import functools
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from tests.studio.conftest import each_dance
from videos.dances import BY_SLUG, DANCES, Dance
from videos.studio.audio.loudness import loudness, loudness_of_power
from videos.studio.audio.music import lead_notes, soundtrack
from videos.studio.encoding.mp4 import SAMPLE_RATE, Writer

# Run all in one process, so that each score is played once.
pytestmark = pytest.mark.xdist_group("music")
SLUGS = [dance.slug for dance in DANCES]


def music_of(dance: Dance, seconds: int = 5, seed: int = 7) -> np.ndarray:
    return _music_of(dance.slug, seconds, seed)


@functools.cache
def _music_of(slug: str, seconds: int, seed: int) -> np.ndarray:
    return soundtrack(BY_SLUG[slug], seconds, seed)


def phone_loudness(sound: np.ndarray) -> float:
    """Return the loudness in LUFS of what a phone's loudspeaker plays: a Butterworth high-pass at 300 Hz, 4th order."""
    frequency = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    passed = 1 / np.sqrt(1 + (300 / np.maximum(frequency, 1)) ** 8)
    spectrum = np.fft.rfft(sound, axis=0) * passed[:, None]
    return loudness(np.fft.irfft(spectrum, len(sound), axis=0).astype(np.float32))


def decoded_sound(sound: np.ndarray, folder: Path) -> np.ndarray:
    """Return the sound as decoded from a finished clip."""
    with Writer(folder / "clip.mp4", 16, 16, 30, sound) as writer:
        for plane in writer.picture:
            plane[:] = 128
        for _ in range(len(sound) * 30 // SAMPLE_RATE):
            writer.push()
    with av.open(str(folder / "clip.mp4")) as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)])


@pytest.fixture(scope="module", params=each_dance(every=2))
def recording(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Dance, np.ndarray]:
    dance: Dance = request.param
    return dance, decoded_sound(music_of(dance), tmp_path_factory.mktemp(dance.slug))


def test_all_dances_are_equally_loud(recording: tuple[Dance, np.ndarray]) -> None:
    assert loudness(recording[1]) == pytest.approx(-14, abs=1.5)


def assert_a_phone_plays(sounds: dict[str, np.ndarray]) -> None:
    """At least -18 LUFS are left of every dance, and all within 3 LU."""
    heard = {name: phone_loudness(sound) for name, sound in sounds.items()}
    assert min(heard.values()) >= -18, heard
    assert max(heard.values()) - min(heard.values()) <= 3, heard


def test_a_phone_plays_all_dances_equally_loud() -> None:
    assert_a_phone_plays({slug: music_of(dance) for slug, dance in BY_SLUG.items()})


@pytest.mark.slow
@pytest.mark.parametrize(("seconds", "seed"), [(5, 1), (5, 2), (5, 3), (10, 4), (10, 5)])
def test_a_phone_plays_every_version(seconds: int, seed: int) -> None:
    """The instruments that a seed chooses, and the second half of a long clip, do not change the balance."""
    sounds = {slug: music_of(dance, seconds, seed) for slug, dance in BY_SLUG.items()}
    assert_a_phone_plays(sounds)
    assert all(loudness(sound) == pytest.approx(-14, abs=1.5) for sound in sounds.values())


@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
def test_the_bass_leaves_room_and_the_peaks_are_not_flattened(dance: Dance) -> None:
    """At most 45 % of the energy is below 120 Hz. Peaks are at least 11 dB above the mean, as in the dynamic music."""
    sound = music_of(dance)
    power = (np.abs(np.fft.rfft(sound, axis=0)) ** 2).sum(axis=1)
    below = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) < 120
    assert power[below].sum() <= 0.45 * power.sum()
    assert 20 * np.log10(np.abs(sound).max() / np.sqrt(np.mean(sound**2))) >= 11


@pytest.mark.slow
def test_all_dances_are_equally_loud_by_ffmpeg(
    recording: tuple[Dance, np.ndarray], reference: Callable[[np.ndarray], float]
) -> None:
    assert reference(recording[1].astype(np.float64)) == pytest.approx(-14, abs=1.5)


def test_peaks_stay_one_decibel_below_full_scale(recording: tuple[Dance, np.ndarray]) -> None:
    sound = recording[1]
    between = np.fft.irfft(np.fft.rfft(sound, axis=0), 4 * len(sound), axis=0) * 4
    assert 20 * np.log10(np.abs(between).max()) <= -1


def onsets(sound: np.ndarray) -> np.ndarray:
    """Return the moments (seconds) at which a sound begins: the peaks of the spectral flux."""
    hop, size = 128, 1024
    mono = np.concatenate([np.zeros(size), sound.mean(axis=1), np.zeros(size)])
    blocks = np.lib.stride_tricks.sliding_window_view(mono, size)[::hop] * np.hanning(size)
    spectra = np.log1p(60 * np.abs(np.fft.rfft(blocks, axis=1)))
    flux = np.maximum(np.diff(spectra, axis=0), 0).sum(axis=1)
    peaks = [
        number
        for number in range(12, len(flux) - 12)
        if flux[number] == flux[number - 12 : number + 13].max() and flux[number] > 0.5 * np.percentile(flux, 99.5)
    ]
    # A stroke first appears in the block whose end it enters. The flux is highest where the window rises the most.
    return (np.array(peaks) * hop + 0.75 * size - size) / SAMPLE_RATE


def test_the_strokes_fall_on_the_beat(recording: tuple[Dance, np.ndarray]) -> None:
    """Onsets are within 30 ms of a step of the score, and most beats are played."""
    dance, sound = recording
    score, beat = dance.score, 5 / dance.beats(5)
    steps = np.arange(dance.beats(5) * score.grid + 1)
    grid = np.concatenate([steps, steps[1::2] + score.swing]) * beat / score.grid
    times = onsets(sound)
    off = np.abs(times[:, None] - grid[None]).min(axis=1)
    assert np.mean(off <= 0.03) >= 0.95
    beats = np.arange(1, dance.beats(5)) * beat
    assert np.mean(np.abs(beats[:, None] - times[None]).min(axis=1) <= 0.03) >= 0.6


@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
def test_the_loop_has_no_click(dance: Dance) -> None:
    sound = music_of(dance)
    steps = np.abs(np.diff(sound, axis=0))
    assert np.abs(sound[0] - sound[-1]).max() <= np.percentile(steps, 99.9) + 0.02


def test_music_depends_on_the_seed() -> None:
    dance = DANCES[5]
    first = soundtrack(dance, 5, seed=1)
    assert (first.shape, first.dtype) == ((220_500, 2), np.float32)
    assert np.array_equal(first, soundtrack(dance, 5, seed=1))
    assert not np.array_equal(first, soundtrack(dance, 5, seed=2))


def spectrum_of(sound: np.ndarray) -> np.ndarray:
    """Return the energy of each third of an octave from 125 Hz to 8 kHz, in decibels."""
    power = (np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2).astype(np.float64)
    edges = (125 * 2 ** (np.arange(19) / 3) * len(sound) / SAMPLE_RATE).astype(int)
    return 10 * np.log10(np.add.reduceat(power, edges)[:-1])


def test_seeds_choose_other_instruments() -> None:
    """Of six versions of a dance, some pair differs by more than 1.2 dB on average over the bands.

    Tuning and accents alone make 0.7 dB.
    """
    dance = BY_SLUG["macarena"]
    spectra = [spectrum_of(music_of(dance, seed=seed)) for seed in range(6)]
    assert max(np.abs(one - other).mean() for one in spectra for other in spectra) > 1.2


@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
def test_the_melody_is_told_for_the_jaw(dance: Dance) -> None:
    """Each phrase has the same notes, in order, and none begins after the clip's end."""
    phrase = dance.beats(5)
    notes = lead_notes(dance, 2 * phrase)
    first = lead_notes(dance, phrase)
    assert notes == first + [(beat + phrase, length) for beat, length in first]
    assert [beat for beat, _ in first] == sorted({beat for beat, _, _ in dance.score.melody() if beat < phrase})
    assert all(beat < 3 for beat, _ in lead_notes(dance, 3))


def test_no_two_dances_sound_alike() -> None:
    pictures = {}
    for slug, dance in BY_SLUG.items():
        blocks = music_of(dance)[:220_000].mean(axis=1).reshape(100, 2200)
        bands = np.abs(np.fft.rfft(blocks, axis=1))[:, 1:401].reshape(100, 20, 20).mean(axis=2)
        picture = np.log(bands + 1e-3)
        pictures[slug] = (picture - picture.mean()) / picture.std()
    for number, one in enumerate(SLUGS):
        for other in SLUGS[number + 1 :]:
            assert (pictures[one] * pictures[other]).mean() < 0.9, (one, other)


@pytest.fixture
def reference() -> Callable[[np.ndarray], float]:
    """Return the loudness meter of pyloudnorm, which takes half a second to import."""
    import pyloudnorm

    return pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness


@pytest.mark.parametrize(("channels", "lufs"), [((1, 0), -3.01), ((1, 1), 0.0), ((0.1, 0.1), -20.0)])
def test_loudness_of_a_sine_follows_the_standard(channels: tuple[float, float], lufs: float) -> None:
    """A full-scale sine of 997 Hz in one channel measures -3.01 LUFS (ITU-R BS.1770-4), with a tolerance of 0.1."""
    sine = np.sin(2 * np.pi * 997 * np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE)
    assert loudness(np.outer(sine, channels).astype(np.float32)) == pytest.approx(lufs, abs=0.1)


def test_loudness_of_a_spectrum_is_that_of_steady_sound() -> None:
    sound = np.random.default_rng(0).standard_normal((SAMPLE_RATE * 3, 2)).astype(np.float32) * 0.1
    power = (np.abs(np.fft.rfft(sound, axis=0)) ** 2).sum(axis=1)
    assert loudness_of_power(power, len(sound)) == pytest.approx(loudness(sound), abs=0.1)


@pytest.mark.slow
def test_loudness_agrees_with_the_reference(reference: Callable[[np.ndarray], float]) -> None:
    random = np.random.default_rng(0)
    for level in (0.02, 0.2):
        sound = (random.standard_normal((SAMPLE_RATE * 3, 2)) * level).astype(np.float32)
        assert loudness(sound) == pytest.approx(reference(sound), abs=0.1)


def test_music_has_the_length_of_the_clip() -> None:
    assert len(soundtrack(DANCES[0], 5.04, seed=1)) == 222_264
    assert len(music_of(DANCES[0], 10)) == 441_000


@pytest.mark.parametrize("dance", each_dance(every=8))
def test_second_phrase_has_its_own_part(dance: Dance) -> None:
    """The halves of a long clip differ by at least a tenth of the sound, and it loops without a seam."""
    sound = music_of(dance, 10)
    first, second = sound[:220_500], sound[220_500:]
    assert np.abs(second - first).mean() > 0.1 * np.abs(first).mean()
    steps = np.abs(np.diff(sound, axis=0))
    assert np.abs(sound[0] - sound[-1]).max() <= np.percentile(steps, 99.9) + 0.02
