"""Steps that are heard: at the right moment, once, and only those that the dance names."""

import numpy as np
import pytest

from tests.studio.test_music import phone_loudness
from videos.dances import BY_SLUG, DANCES
from videos.studio.audio.hits import Hit, placed, replaced, sound_of
from videos.studio.audio.loudness import CEILING, loudness
from videos.studio.audio.music import soundtrack
from videos.studio.encoding.mp4 import SAMPLE_RATE

pytestmark = pytest.mark.xdist_group("music")
TAP, MACARENA = BY_SLUG["tap"], BY_SLUG["macarena"]


def test_a_step_is_heard_when_the_foot_lands() -> None:
    """The sound changes from 2 ms before the step on, for a fifth of a second and its echo in the hall."""
    beat = 2.4
    without, with_step = soundtrack(MACARENA, 5, 1), soundtrack(MACARENA, 5, 1, [Hit(beat, "clap")])
    changed = np.abs(with_step - without).max(axis=1)
    at = round(beat * 5 / MACARENA.beats(5) * SAMPLE_RATE)
    assert changed[at : at + 900].max() > 0.1
    assert changed[:at].max() < 0.02
    assert changed[at + SAMPLE_RATE :].max() < 0.02


def test_the_dance_names_the_steps_that_are_heard() -> None:
    assert "clap" not in TAP.score.steps
    assert np.array_equal(soundtrack(TAP, 5, 1), soundtrack(TAP, 5, 1, [Hit(2.4, "clap")]))
    assert np.array_equal(soundtrack(TAP, 5, 1), soundtrack(TAP, 5, 1, [Hit(2.4, "tap", 0)]))
    assert not np.array_equal(soundtrack(TAP, 5, 1), soundtrack(TAP, 5, 1, [Hit(2.4, "tap", 0.5)]))


def test_the_same_steps_make_the_same_bytes_in_any_order() -> None:
    steps = [Hit(beat / 3, "tap", 0.4 + 0.1 * (beat % 5)) for beat in range(36)]
    assert np.array_equal(soundtrack(TAP, 5, 1, steps), soundtrack(TAP, 5, 1, steps[::-1]))


def test_a_step_beside_a_stroke_moves_onto_it() -> None:
    """Otherwise both would be heard, one shortly after the other. A later step stays where the foot lands."""
    assert placed([Hit(1.02, "stomp"), Hit(1.2, "stomp")], [0, 1, 2], 4, 0.05) == [Hit(1, "stomp"), Hit(1.2, "stomp")]
    assert placed([Hit(3.98, "stomp")], [0, 1, 2], 4, 0.05) == [Hit(0, "stomp")]


def test_feet_that_land_together_sound_once() -> None:
    both = [Hit(1, "tap", 0.5), Hit(1.01, "tap", 0.9), Hit(1.01, "clap")]
    assert placed(both, [], 4, 0.05) == [Hit(1.01, "clap"), Hit(1.01, "tap", 0.9)]
    assert placed([Hit(0, "tap"), Hit(3.99, "tap", 0.8)], [], 4, 0.05) == [Hit(0, "tap")]


def test_drums_give_way_to_the_steps_that_they_play() -> None:
    """A clap of the band rests where the dancer claps; the wood blocks rest wherever taps are heard."""
    assert replaced("clap", 1, [Hit(1, "clap")])
    assert not replaced("clap", 2, [Hit(1, "clap")])
    assert not replaced("kick", 1, [Hit(1, "clap")])
    assert replaced("wood", 2, [Hit(1, "tap")])
    assert not replaced("wood", 2, [Hit(1, "stomp")])


@pytest.mark.parametrize(("kind", "low", "high"), [("tap", 1500, 8000), ("stomp", 60, 400), ("clap", 700, 3500)])
def test_steps_sound_like_what_they_are(kind: str, low: int, high: int) -> None:
    """The loudest frequency is that of the thing, the two feet differ, and a phone plays a stomp's boards."""
    left, right = sound_of(kind, 0, 1), sound_of(kind, 1, 1)
    spectrum, frequency = np.abs(np.fft.rfft(left)), np.fft.rfftfreq(len(left), 1 / SAMPLE_RATE)
    assert low <= frequency[spectrum.argmax()] <= high
    assert not np.array_equal(left, right)
    heard = (spectrum[frequency > 300] ** 2).sum() / (spectrum**2).sum()
    assert heard >= 0.1


def test_many_steps_keep_the_balance() -> None:
    """A step on every third of a beat changes neither the loudness nor what a phone plays of it beyond the limits."""
    for dance in DANCES[::4]:
        steps = [
            Hit(beat / 3, kind) for beat in range(3 * dance.beats(5)) for kind in ("tap", "stomp", "clap", "slide")
        ]
        sound = soundtrack(dance, 5, 1, steps)
        assert loudness(sound) == pytest.approx(-14, abs=1.5)
        assert -18 <= phone_loudness(sound) <= -14
        assert np.abs(sound).max() <= CEILING
