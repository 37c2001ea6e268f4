"""The figures of single dances read: limbs are seen beside the body, and a held pose goes on breathing."""

from itertools import pairwise

import numpy as np
import pytest

from videos.dances import BY_SLUG, DANCES, Dance
from videos.studio.dancer.motion.kinematics import project
from videos.studio.dancer.motion.rig import Pose, Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body


def poses(slug: str, start: float, end: float) -> list[Pose]:
    """Return 24 poses a beat of a dance's five seconds."""
    rig = Rig(BY_SLUG[slug].choreography, SKELETONS[Body.SLIM])
    return [rig.pose(float(beat)) for beat in np.arange(start, end, 1 / 24)]


def seen(pose: Pose, joint: str) -> np.ndarray:
    """Return where a joint is in the picture, in U."""
    return np.array(project(pose.joints[joint]))


def apart(pose: Pose, one: str, other: str) -> float:
    """Return how far two joints are from each other in the picture, in U."""
    return float(np.hypot(*(seen(pose, one) - seen(pose, other))))


@pytest.mark.parametrize("start", [4, 6])
def test_the_can_can_kicks_beside_the_head_after_each_whirl(start: int) -> None:
    assert max(pose.joints["toe_r"][1] - pose.joints["neck"][1] for pose in poses("can_can", start, start + 2)) > 0.1


def test_the_split_of_the_can_can_shows_both_legs_below_the_skirt() -> None:
    for pose in poses("can_can", 9.3, 9.8):
        for side, sign in (("l", -1), ("r", 1)):
            assert sign * pose.joints[f"ankle_{side}"][0] > 0.9
            assert 0.2 < pose.joints["hip"][1] - pose.joints[f"ankle_{side}"][1] < 0.6


def test_the_fists_of_the_disco_roll_are_seen_to_circle() -> None:
    rolling = poses("disco", 8, 9.5)
    for side, sign in (("l", -1), ("r", 1)):
        places = np.array([seen(pose, f"hand_{side}") - seen(pose, "chest") for pose in rolling])
        assert (sign * places[:, 0]).min() > 0.1  # Neither arm hides the other.
        assert np.ptp(places, axis=0).min() > 0.2


@pytest.mark.parametrize("start", [1.1, 6.1])
def test_the_lunge_of_the_tango_never_freezes(start: float) -> None:
    for beat in (0, 0.35, 0.7, 1.05):
        held = poses("tango", start + beat, start + beat + 0.35)
        assert max(np.ptp([seen(pose, joint) for pose in held], axis=0).max() for joint in ("hip", "chest")) > 0.03
    heights = [pose.joints["hip"][1] for pose in poses("tango", start, start + 1.4)]
    assert max(heights) - heights[-1] > 0.1


def test_the_b_boy_stance_keeps_its_paws_off_the_chest() -> None:
    for pose in poses("hip_hop", 6.1, 6.7):
        assert apart(pose, "hand_l", "hand_r") > 0.8
        assert apart(pose, "hand_r", "chest") > 0.6


def test_the_arms_of_the_waltz_rise_and_fall() -> None:
    for start, side in ((0, "r"), (3, "r"), (3, "l")):
        heights = [(pose.joints[f"hand_{side}"] - pose.joints["chest"])[1] for pose in poses("waltz", start, start + 2)]
        assert np.ptp(heights) > 0.35


def test_the_free_foot_of_the_waltz_is_drawn_up_the_calf() -> None:
    for pose in poses("waltz", 4.6, 5.3):
        assert apart(pose, "ankle_r", "knee_l") < 0.55
        assert pose.joints["ankle_r"][1] > pose.joints["ankle_l"][1] + 0.2


def test_the_feet_tap_while_the_paws_wave() -> None:
    waving = poses("tap", 10, 11)
    for side, sign in (("l", -1), ("r", 1)):
        assert max(pose.joints[f"ball_{side}"][1] for pose in waving) > 0.2
        assert max(sign * pose.joints[f"ball_{side}"][0] for pose in waving) > 0.5


def test_both_paws_of_the_hug_are_seen() -> None:
    for pose in poses("slow_sway", 3.1, 4.8):
        assert apart(pose, "hand_l", "hand_r") > 0.3
        for side in "lr":
            assert apart(pose, f"hand_{side}", "head") > 0.7


@pytest.mark.parametrize("dance", DANCES, ids=lambda dance: dance.slug)
def test_no_close_up_cuts_hips_that_dance(dance: Dance) -> None:
    for start, end in dance.choreography.camera.close_ups:
        hips = [seen(pose, "hip") for pose in poses(dance.slug, start, end)]
        travelled = sum(float(np.hypot(*(after - before))) for before, after in pairwise(hips))
        assert travelled / (end - start) < 0.1
