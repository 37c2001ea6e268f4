"""What is heard of the dancer's feet and paws."""

import pytest

from videos.dances import DANCES, Dance
from videos.studio.audio.hits import Hit
from videos.studio.dance.choreography import Choreography, Part, foot
from videos.studio.dancer.motion.footsteps import hits
from videos.studio.dancer.motion.rig import Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body

ALL = ("tap", "step", "stomp", "clap", "slide")


def heard(part: Part, *kinds: str) -> list[Hit]:
    return hits(Rig(Choreography(lambda: part, overlap=0), SKELETONS[Body.SLIM]), kinds or ALL)


def test_a_step_taps_when_it_lands_and_a_high_one_stomps() -> None:
    low, high = Part(4), Part(4)
    low.key("foot_r", (0, foot(0.2)), (1, foot(0.5)), (2, foot(0.5)), (3, foot(0.2)))
    high.key("foot_r", (0, foot(0.2)), (0.5, foot(0.3, 0.5)), (1, foot(0.3, 0)), (3, foot(0.2)))
    assert {(hit.kind, round(hit.beat)) for hit in heard(low)} == {
        (kind, at) for kind in ("step", "tap") for at in (1, 3)
    }
    assert ("stomp", 1) in {(hit.kind, round(hit.beat)) for hit in heard(high)}


def test_a_step_over_the_seam_is_heard_at_its_end() -> None:
    part = Part(4)
    part.key("foot_r", (3.5, foot(0.2, 0.4)), (0.5, foot(0.2)), (3, foot(0.2)))
    assert [hit.kind for hit in heard(part) if hit.beat <= 0.5] == ["step", "stomp", "tap"]


def test_a_dropped_heel_taps_and_a_slide_brushes() -> None:
    part = Part(4)
    part.key("foot_r", (0, foot(0.2, 0, 40)), (1, foot(0.2)), (2, foot(0.2)))
    part.key("foot_r", (2.5, foot(0.7)), (3.5, foot(0.2)), ease="slide")
    part.key("foot_l", (0, foot(-0.2)))
    kinds = [hit.kind for hit in heard(part)]
    assert kinds.count("tap") == 1
    assert "slide" in kinds


def test_paws_that_meet_clap_once() -> None:
    part = Part(4)
    part.both("hand", (0, (0.8, 0.1, 0.3)), (1, (0.12, 0, 0.5)), (2, (0.12, 0, 0.5)), (3, (0.8, 0.1, 0.3)))
    assert [hit.kind for hit in heard(part)] == ["clap"]


def test_only_the_kinds_of_a_dance_are_heard() -> None:
    part = Part(4)
    part.key("foot_r", (0, foot(0.2)), (1, foot(0.5)), (2, foot(0.5)), (3, foot(0.2)))
    assert heard(part, "clap") == []
    assert hits(Rig(Choreography(lambda: part), SKELETONS[Body.SLIM]), ()) == []


@pytest.mark.parametrize("dance", [dance for dance in DANCES if dance.score.steps], ids=lambda dance: dance.slug)
def test_dances_with_steps_are_heard(dance: Dance) -> None:
    """Each kind that a dance's score names is heard at least twice in five seconds, and not all the time."""
    found = hits(Rig(dance.choreography, SKELETONS[Body.SLIM]), dance.score.steps)
    for kind in dance.score.steps:
        assert 2 <= sum(hit.kind == kind for hit in found) <= 6 * dance.beats(5), kind
