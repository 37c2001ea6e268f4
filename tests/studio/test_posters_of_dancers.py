"""The moments from which the poster of a dancer is taken."""

import pytest

from videos.dances import BY_SLUG, DANCES, Dance
from videos.studio import choreography, moments
from videos.studio.dancer.motion.posters import poster_moments
from videos.studio.dancer.motion.rig import Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body, Style


@pytest.mark.parametrize("phrases", [1, 2])
@pytest.mark.parametrize("dance", DANCES, ids=lambda dance: dance.slug)
def test_the_dancer_is_upright_and_its_face_is_seen(dance: Dance, phrases: int) -> None:
    rig = Rig(dance.choreography, SKELETONS[Body.SLIM], phrases=phrases)
    chosen = poster_moments(rig)
    assert chosen == sorted(set(chosen))
    assert len(chosen) == 12
    for moment in chosen:
        pose = rig.pose(moment * rig.beats)
        assert pose.up[1] > 0.8
        assert abs((pose.head_turn + 180) % 360 - 180) <= 100


@pytest.mark.parametrize("seconds", [5, 10])
def test_moments_are_those_of_the_style_and_the_body(seconds: int) -> None:
    dance = BY_SLUG["ballet"]
    for body in Body:
        rig = Rig(dance.choreography, SKELETONS[body], phrases=seconds // 5)
        assert moments.poster_moments(dance, seconds, Style.DANCER, body) == poster_moments(rig)
    chosen = moments.poster_moments(dance, seconds, Style.DANCER)
    assert chosen == moments.poster_moments(dance, seconds, Style.DANCER, Body.SLIM)
    whole = moments.poster_moments(dance, seconds, Style.WHOLE_PET)
    assert whole == choreography.poster_moments(dance, seconds) != chosen
