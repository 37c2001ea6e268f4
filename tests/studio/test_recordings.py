"""The recorded instruments: in tune, on time and small."""

import numpy as np
import pytest

from videos.studio.audio.recordings import FOLDER, RATE, STROKES, VOICES, notes_of, octave_for, played_note, stroke_of

pytestmark = pytest.mark.xdist_group("music")


def cents_off(sound: np.ndarray, midi: float, rate: int) -> float:
    """Return how far the strongest frequency within two semitones of a pitch is from it, in cents."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 18))
    frequency, wanted = np.fft.rfftfreq(1 << 18, 1 / rate), 440 * 2 ** ((midi - 69) / 12)
    near = (frequency > wanted * 2 ** (-1 / 6)) & (frequency < wanted * 2 ** (1 / 6))
    return 1200 * np.log2(frequency[near][spectrum[near].argmax()] / wanted)


@pytest.mark.parametrize("name", VOICES)
def test_a_voice_is_in_tune_and_speaks_at_once(name: str) -> None:
    voice = VOICES[name]
    for number, note in enumerate(notes_of(name) / 32768):
        assert abs(cents_off(note, voice.lowest + number * voice.step, RATE)) <= 30
        assert np.abs(note[: RATE // 20]).max() >= 0.3 * np.abs(note).max()
        assert np.abs(note).max() < 1


@pytest.mark.parametrize("name", STROKES)
def test_a_stroke_begins_at_once(name: str) -> None:
    stroke = np.abs(stroke_of(name) / 32768)
    assert stroke[: RATE // 100].max() >= 0.2 * stroke.max() > 0.1


@pytest.mark.parametrize("midi", [60, 61.5, 75, 87])
def test_notes_between_the_recorded_ones_are_in_tune(midi: float) -> None:
    sound = played_note("marimba", midi, 0.5, 44_100)
    assert len(sound) == 22_050
    assert abs(cents_off(sound, midi, 44_100)) <= 15


def test_a_melody_moves_as_a_whole_to_where_its_voice_was_recorded() -> None:
    """The glockenspiel was recorded from 72 to 100. A third beyond is played faster or slower."""
    moved = [octave_for("glockenspiel", pitches) for pitches in ((72, 100), (68, 90), (60, 80), (90, 110), (50, 55))]
    assert moved == [0, 0, 12, -12, 24]
    assert octave_for("square", (20, 120)) == 0


def test_the_recordings_are_small() -> None:
    """They are part of the repository and of every deployment."""
    assert sum(file.stat().st_size for file in FOLDER.rglob("*.*")) < 4_000_000
