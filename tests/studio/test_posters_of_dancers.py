"""The moments from which the poster of a dancer is taken."""

import pytest

from videos.dances import DANCES, Dance
from videos.studio.dancer.motion.posters import poster_moments
from videos.studio.dancer.motion.rig import Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body


@pytest.mark.parametrize("phrases", [1, 2])
@pytest.mark.parametrize("dance", DANCES, ids=lambda dance: dance.slug)
def test_the_dancer_is_upright_and_its_face_is_seen(dance: Dance, phrases: int) -> None:
    rig = Rig(dance.choreography, SKELETONS[Body.SLIM], phrases=phrases)
    moments = poster_moments(rig)
    assert moments == sorted(set(moments))
    assert len(moments) == 12
    for moment in moments:
        pose = rig.pose(moment * rig.beats)
        assert pose.up[1] > 0.8
        assert abs((pose.head_turn + 180) % 360 - 180) <= 100
