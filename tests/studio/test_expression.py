"""The life of the dancer's head over a clip."""

import numpy as np

from videos.studio.dance.choreography import Choreography, Part
from videos.studio.dancer.motion.expression import HeadMoment, head_moments
from videos.studio.dancer.motion.rig import Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body

FRAMES, BEATS = 150, 10


def moments(part: Part | None = None, **options: object) -> list[HeadMoment]:
    rig = Rig(Choreography(lambda: part or Part(BEATS)), SKELETONS[Body.SLIM])
    beats = np.arange(FRAMES) * BEATS / FRAMES
    given = {"notes": (), "bounce": 1.0, "seed": 1} | options
    return head_moments([rig.pose(beat) for beat in beats], beats, 30, **given)


def test_head_squashes_on_each_beat_and_a_stiff_one_never() -> None:
    squash = [moment.squash for moment in moments()]
    peaks = [
        number for number in range(FRAMES) if squash[number] > max(squash[number - 1], squash[(number + 1) % FRAMES])
    ]
    assert peaks == list(range(0, FRAMES, 15))
    assert {moment.squash for moment in moments(bounce=0.0)} == {0.0}


def test_ears_lag_behind_a_moving_head_and_settle() -> None:
    part = Part(BEATS)
    part.key("hip", (0, (-0.4, 1.1)), (1, (0.4, 1.1)), (4, (0.4, 1.1)), (5, (-0.4, 1.1)), (9, (-0.4, 1.1)))
    lag = [moment.ear_lag for moment in moments(part)]
    assert min(lag[:15]) < -0.2
    assert max(lag[60:75]) > 0.2
    assert abs(lag[50]) < 0.03


def test_mouth_opens_for_each_note() -> None:
    jaw = [moment.jaw for moment in moments(notes=[(2, 1), (9.9, 0.5)])]
    assert jaw[30] == 1
    assert jaw[25] < 0.5
    assert jaw[60] == 0
    assert jaw[0] > 0.5  # the last note sounds over the seam


def test_eyes_blink_now_and_then() -> None:
    shut = np.array([moment.blink for moment in moments()])
    assert shut.max() == 1
    assert 3 <= np.count_nonzero(shut) < 40
    assert shut[0] == shut[-1] == 0
    assert moments() == moments()
    assert [moment.blink for moment in moments(seed=2)] != shut.tolist()
