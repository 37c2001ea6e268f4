"""Moments of a clip that make a good still: the dancer faces the viewer, upright, with its limbs spread."""

import numpy as np

from videos.studio.dancer.motion.rig import Pose, Rig

CANDIDATES = 139
PROFILE = 95  # degrees; a head that is turned further shows its back
MARGIN = 0.04  # The first and the last moments of the clip are left out.


def poster_moments(rig: Rig, count: int = 12) -> list[float]:
    """Return the ``count`` best moments, in order, as shares (0 to 1) of the rig's beats."""
    at = np.linspace(MARGIN, 1 - MARGIN, CANDIDATES)
    scores = [_score(pose) for pose in rig.poses(at * rig.beats)]
    return sorted(at[np.argsort(scores, kind="stable")[-count:]].tolist())


def _score(pose: Pose) -> float:
    """Return how good a still the pose makes: spread limbs, less what hides or turns the face."""
    turn = abs((pose.head_turn + 180) % 360 - 180)
    joints = pose.joints
    reach = sum(float(np.hypot(*(joints[f"hand_{side}"] - joints["chest"])[:2])) for side in "lr")
    stride = float(np.hypot(*(joints["ankle_l"] - joints["ankle_r"])[:2]))
    hidden = 10.0 if turn > PROFILE else turn / 30
    return reach + 0.6 * stride - 12 * float(1 - pose.up[1]) - hidden - abs(pose.head_tilt) / 30
