"""No paw rests before the lap of a dancer that faces the viewer: it reads as a rude gesture. It may swing past."""

import numpy as np
import pytest

from videos.dances import DANCES, Dance
from videos.studio.dancer.drawing.layering import Depth, Look, looks
from videos.studio.dancer.motion.kinematics import project
from videos.studio.dancer.motion.rig import Pose, Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body

FRAMES = 300
PAW = 0.12  # U; the middle of a paw is this far beyond its wrist
ASIDE, ABOVE, BELOW = 0.17, 0.08, 0.3  # U; the lap around the middle of the pelvis
LONGEST = 5  # frames of 30 a second


@pytest.mark.parametrize("body", [Body.SLIM, Body.SMALL, Body.ROUND])
@pytest.mark.parametrize("dance", DANCES, ids=lambda dance: dance.slug)
def test_no_paw_rests_on_the_lap(dance: Dance, body: Body) -> None:
    rig = Rig(dance.choreography, SKELETONS[body], phrases=2)
    poses = [rig.pose(rig.beats * frame / FRAMES) for frame in range(FRAMES)]
    seen = looks(poses)
    for name in "lr":
        run = 0
        for frame, (pose, look) in enumerate(zip(poses, seen, strict=True)):
            run = run + 1 if is_on_lap(pose, look, name) else 0
            assert run <= LONGEST, f"{name}, frame {frame}"


def is_on_lap(pose: Pose, look: Look, name: str) -> bool:
    turned = abs((pose.yaw + 180) % 360 - 180) > 60
    if turned or pose.up[1] < 0.7 or look.arms[name] is Depth.BEHIND:
        return False
    hand, elbow = project(pose.joints[f"hand_{name}"]), project(pose.joints[f"elbow_{name}"])
    along = (hand - elbow) / max(float(np.hypot(*(hand - elbow))), 1e-6)
    aside, up = hand + PAW * along - project(pose.joints["hip"])
    return abs(aside) < ASIDE and -BELOW < up < ABOVE
