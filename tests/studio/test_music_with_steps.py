"""The music of a dancer, with its steps in the mix: as loud as without them, on a phone as well."""

import functools

import numpy as np
import pytest

from tests.studio.test_music import assert_a_phone_plays, decoded_sound, music_of
from videos.dances import BY_SLUG, DANCES, Dance
from videos.studio.audio.hits import Hit
from videos.studio.audio.loudness import loudness
from videos.studio.audio.music import soundtrack
from videos.studio.dancer.motion.footsteps import hits
from videos.studio.dancer.motion.rig import Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body

pytestmark = pytest.mark.xdist_group("music")
WITH_STEPS = [dance for dance in DANCES if dance.score.steps]


def steps_of(dance: Dance, seconds: int = 5) -> list[Hit]:
    return hits(Rig(dance.choreography, SKELETONS[Body.SLIM], phrases=seconds // 5), dance.score.steps)


@functools.cache
def danced(slug: str, seconds: int = 5, seed: int = 7) -> np.ndarray:
    """Return the soundtrack of a dancer."""
    dance = BY_SLUG[slug]
    return soundtrack(dance, seconds, seed, steps_of(dance, seconds))


@pytest.mark.parametrize("dance", WITH_STEPS, ids=lambda dance: dance.slug)
def test_steps_do_not_change_the_loudness(dance: Dance, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither is the file louder or quieter, nor does a step go beyond one decibel below full scale."""
    plain, sound = music_of(dance), danced(dance.slug)
    assert sound.shape == plain.shape
    assert not np.array_equal(sound, plain)
    decoded = decoded_sound(sound, tmp_path_factory.mktemp(dance.slug))
    assert loudness(decoded) == pytest.approx(-14, abs=1.5)
    between = np.fft.irfft(np.fft.rfft(decoded, axis=0), 4 * len(decoded), axis=0) * 4
    assert 20 * np.log10(np.abs(between).max()) <= -1


def test_a_phone_plays_all_dancers_equally_loud() -> None:
    assert_a_phone_plays({slug: danced(slug) for slug in BY_SLUG})


@pytest.mark.slow
@pytest.mark.parametrize(("seconds", "seed"), [(5, 1), (10, 4)])
def test_a_phone_plays_every_version_of_the_dancers(seconds: int, seed: int) -> None:
    assert_a_phone_plays({slug: danced(slug, seconds, seed) for slug in BY_SLUG})


@pytest.mark.parametrize("dance", WITH_STEPS, ids=lambda dance: dance.slug)
def test_the_loop_has_no_click_with_steps(dance: Dance) -> None:
    sound = danced(dance.slug)
    steps = np.abs(np.diff(sound, axis=0))
    assert np.abs(sound[0] - sound[-1]).max() <= np.percentile(steps, 99.9) + 0.02
