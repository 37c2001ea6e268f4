"""The choreographies as functions of the beat, and the stages behind them."""

from dataclasses import fields

import numpy as np
import pytest

from tests.studio.conftest import Photo
from videos.dances import DANCES, Dance
from videos.studio.choreography import Poses, choreograph, poster_moments
from videos.studio.choreography.variation import MIRRORED_FIELDS, vary_phrases
from videos.studio.contact_sheet import blank
from videos.studio.render import Scene
from videos.subject import Subject

SLUGS = [dance.slug for dance in DANCES]
NAMES = [field.name for field in fields(Poses)]
# The visible effect of one unit of each field, in shares of the pet's height.
EFFECT = {"rot": 1 / 60, "head": 1 / 60, "flip": 0.25, "turn": 0.08, "nod": 0.09}


def poses(dance: Dance, total: int, count: int) -> np.ndarray:
    danced = choreograph(dance, np.arange(count) * total / count, total)
    columns = []
    for name in NAMES:
        values = getattr(danced, name) * EFFECT.get(name, 1.0)
        columns.append(np.sin(2 * np.pi * values) if name == "whirl" else values)
    return np.stack(columns, 1)


@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
def test_second_phrase_is_mirrored(dance: Dance) -> None:
    """There is no jump where the sides change, and the last pose leads into the first."""
    total, count = dance.beats(5), 600
    beats = np.arange(2 * count) * total / count
    danced = choreograph(dance, beats, total)
    long = vary_phrases(danced, beats, total, 2)
    inside = slice(int(count / total) + 1, count - int(2 * count / total) - 1)
    first, second = slice(0, count), slice(count, 2 * count)
    for name in ("tx", "rot", "hip", "head"):
        values = getattr(long, name)
        assert np.allclose(values[second][inside], -values[first][inside])
        assert np.allclose(values[first][inside], getattr(danced, name)[first][inside])
    both = np.stack([getattr(long, name) * EFFECT.get(name, 1.0) for name in MIRRORED_FIELDS], 1)
    assert np.abs(both[second] - both[first]).max() > 0.05
    steps = np.abs(np.diff(both, axis=0, append=both[:1]))
    changes = np.r_[steps[count - 12 : count + 12], steps[-12:], steps[:12]]
    assert changes.max() <= 1.5 * np.delete(steps, np.r_[count - 12 : count + 12], axis=0).max() + 0.01
    assert long.ty[second].max() >= danced.ty.max()


def test_short_clip_is_not_varied() -> None:
    beats = np.linspace(0, 10, 50)
    danced = choreograph(DANCES[0], beats, 10)
    assert vary_phrases(danced, beats, 10, 1) is danced


@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
def test_the_last_pose_leads_into_the_first(dance: Dance) -> None:
    for total in (dance.beats(5), dance.loop_beats):
        moves = poses(dance, total, 6000)
        steps = np.abs(np.diff(moves, axis=0)).max(axis=1)
        assert np.abs(moves[0] - moves[-1]).max() <= 1.5 * max(steps[:5].max(), steps[-5:].max()) + 0.001


@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
def test_a_dance_moves_all_the_time(dance: Dance) -> None:
    """In each bar the pet goes through a visible range of poses."""
    beats = dance.beats(5)
    moves = poses(dance, beats, beats * 20)
    for bar in range(beats // dance.metre):
        part = moves[bar * dance.metre * 20 : (bar + 1) * dance.metre * 20]
        assert np.ptp(part, axis=0).sum() > 0.15


def test_no_two_dances_move_alike() -> None:
    """Any two dances differ by more than 0.3 of their combined movement over a clip."""
    moves = {dance.slug: poses(dance, dance.beats(5), 300) for dance in DANCES}
    for number, one in enumerate(SLUGS):
        for other in SLUGS[number + 1 :]:
            apart = np.sqrt(((moves[one] - moves[other]) ** 2).mean(axis=0)).sum()
            own = np.sqrt(moves[one].var(axis=0)).sum() + np.sqrt(moves[other].var(axis=0)).sum()
            assert apart > 0.3 * own, (one, other)


@pytest.mark.parametrize("seconds", [5, 10])
@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
def test_poster_moments_show_an_upright_pet(dance: Dance, seconds: int) -> None:
    """The moments for a poster show the pet neither sideways nor from its edge."""
    moments = np.array(poster_moments(dance, seconds))
    assert len(moments) == 12
    assert (moments > 0).all()
    assert (moments < 1).all()
    seen = choreograph(dance, moments * dance.beats(5) * (seconds // 5), dance.beats(5))
    assert np.abs(seen.rot).max() < 8
    assert seen.flip.min() > 0.8
    assert np.abs(np.sin(np.pi * seen.whirl)).max() < 0.1


@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
@pytest.mark.parametrize("kind", ["pet", "bust", "card", "long", "aside"])
def test_a_pet_is_never_seen_from_its_edge(dance: Dance, kind: str) -> None:
    """A turn swaps the sides in a single frame, at the bottom of a squash: there is no narrow picture between them."""
    count = 150
    danced = choreograph(dance, np.arange(count) * dance.beats(5) / count, dance.beats(5)).adapted_to(
        cut_off=kind == "bust", flat=kind == "card", length=float(kind == "long"), aside=kind == "aside"
    )
    assert set(np.unique(danced.flip)) <= {-1.0, 1.0}
    swaps = np.flatnonzero(np.diff(danced.flip, append=danced.flip[:1]))
    assert len(swaps) % 2 == 0
    for at in swaps:
        around = danced.stretch[np.arange(at - 8, at + 10) % count]
        assert danced.stretch[at] <= around.min() + 0.05
        assert danced.stretch[at] < -0.12


def test_turns_are_kept() -> None:
    """These dances turn, and a somersault becomes a turn where a pet is cut off below or long."""
    turning = set()
    for dance in DANCES:
        beats = np.linspace(0, dance.beats(5), 150)
        danced = choreograph(dance, beats, dance.beats(5))
        turns, somersaults = danced.flip.min() < 0, danced.whirl.any()
        turning |= {dance.slug} if turns else set()
        for options in ({}, {"length": 1.0}, {"cut_off": True}):
            adapted = danced.adapted_to(**{"cut_off": False, "flat": False} | options)
            assert (adapted.flip.min() < 0) == (turns or (somersaults and bool(options)))
    assert turning >= {"ballet", "disco", "moonwalk", "salsa", "waltz"}


def test_a_mirrored_pet_takes_the_same_place() -> None:
    """Its middle stays where it is, though its feet are to one side of it."""
    dance, axis = DANCES[0], 0.4
    danced = choreograph(dance, np.zeros(2), dance.beats(5))
    danced.flip[:] = 1, -1
    adapted = danced.adapted_to(cut_off=False, flat=False, axis=axis)
    middles = adapted.tx + adapted.flip * axis
    assert middles[0] == pytest.approx(middles[1])


def test_no_two_stages_look_alike(dog: Photo) -> None:
    """The mean colours of 8 by 8 fields differ between any two dances, for the same pet."""
    fields_of = {}
    for dance in DANCES:
        scene = Scene(Subject(*dog), dance=dance, width=160, height=160, seed=1)
        picture = blank(160, 160)
        scene.draw(picture, scene.frame_times(30, dance.beats(5))[0])
        fields_of[dance.slug] = np.stack(
            [plane.reshape(8, plane.shape[0] // 8, 8, plane.shape[1] // 8).mean(axis=(1, 3)) for plane in picture]
        )
    for number, one in enumerate(SLUGS):
        for other in SLUGS[number + 1 :]:
            assert np.abs(fields_of[one] - fields_of[other]).mean() > 6, (one, other)
