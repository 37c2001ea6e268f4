"""What every choreography keeps: it loops, nothing pops, planted feet stay, limbs reach, and the face is seen."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from videos.dances import DANCES, Dance
from videos.studio.dance.choreography import Key
from videos.studio.dancer.motion.kinematics import project
from videos.studio.dancer.motion.rig import Pose, Rig, muzzle
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body

SLIM = SKELETONS[Body.SLIM]
each_dance = pytest.mark.parametrize("dance", DANCES, ids=lambda dance: dance.slug)
both_lengths = pytest.mark.parametrize("phrases", [1, 2], ids=["5 s", "10 s"])


@cache
def danced(slug: str, phrases: int) -> tuple[Rig, list[Pose]]:
    """Return the rig of a dance and its poses, 24 a beat."""
    dance = next(dance for dance in DANCES if dance.slug == slug)
    rig = Rig(dance.choreography, SLIM, phrases=phrases)
    return rig, [rig.pose(number / 24) for number in range(rig.beats * 24)]


def farthest(one: Pose, other: Pose) -> float:
    """Return how far the joint that differs most is from itself, in U."""
    return max(float(np.abs(one.joints[name] - other.joints[name]).max()) for name in one.joints)


@each_dance
@both_lengths
def test_fills_the_clip_and_loops(dance: Dance, phrases: int) -> None:
    rig, poses = danced(dance.slug, phrases)
    assert rig.beats == phrases * dance.beats(5)
    assert farthest(rig.pose(rig.beats - 0.0005), poses[0]) < 0.03


@each_dance
@both_lengths
def test_no_joint_jumps(dance: Dance, phrases: int) -> None:
    """Within a thousandth of a beat even the fastest hand moves less than a tenth of a head."""
    rig, poses = danced(dance.slug, phrases)
    jumps = {number / 24: farthest(rig.pose(number / 24 + 0.001), pose) for number, pose in enumerate(poses)}
    assert {beat: round(jump, 2) for beat, jump in jumps.items() if jump > 0.1} == {}


@each_dance
@both_lengths
def test_every_frame_keeps_the_body_together(dance: Dance, phrases: int) -> None:
    rig, _ = danced(dance.slug, phrases)
    for number in range(150 * phrases):
        pose = rig.pose(number / 150 / phrases * rig.beats)
        far = max(float(np.abs(joint - pose.joints["chest"]).max()) for joint in pose.joints.values())
        assert far < 2.5, number


@each_dance
@both_lengths
def test_planted_feet_stay(dance: Dance, phrases: int) -> None:
    """Between two keys at the same place on the floor, the ball of the foot does not move."""
    rig, _ = danced(dance.slug, phrases)
    parts = [dance.choreography.first] + [dance.choreography.second] * (
        phrases == 2 and bool(dance.choreography.second)
    )
    for offset, part in enumerate(parts):
        assert part is not None
        tracks = part().tracks()
        for side in "lr":
            for before, after in pairwise(tracks.get(f"foot_{side}", [])):
                if offset and before.beat < 1e-6:
                    continue  # The first part decides where the second starts.
                if planted(before, after):
                    balls = [
                        rig.pose(offset * dance.beats(5) + beat).joints[f"ball_{side}"]
                        for beat in np.linspace(before.beat, after.beat, 5)
                    ]
                    moved = max(float(np.hypot(*(ball - balls[0])[[0, 2]])) for ball in balls)
                    assert moved < 0.05, (side, before.beat, after.beat)


def planted(before: Key, after: Key) -> bool:
    places = [(key.value[0], key.value[3]) for key in (before, after)]
    return before.value[1] == after.value[1] == 0 and np.hypot(*np.subtract(*places)) < 1e-3


@each_dance
@both_lengths
def test_limbs_reach_their_goals(dance: Dance, phrases: int) -> None:
    _, poses = danced(dance.slug, phrases)
    for limb, most in (("arm", SLIM.arm_stretch), ("leg", SLIM.leg_stretch)):
        reach = np.array([pose.reach[f"{limb}_{side}"] for pose in poses for side in "lr"])
        assert np.mean(reach > most + 0.01) < 0.03, (limb, round(float(reach.max()), 2))


@each_dance
@both_lengths
def test_hands_leave_the_face_free(dance: Dance, phrases: int) -> None:
    _, poses = danced(dance.slug, phrases)
    gaps = [
        float(np.hypot(*(project(hand) - muzzle(pose.joints["head"], pose.head_tilt, pose.head_turn))))
        for pose in poses
        for side in "lr"
        if not pose.covers[side]
        and abs((pose.head_turn + 180) % 360 - 180) < 100
        and (hand := pose.joints[f"hand_{side}"])[2] > pose.joints["head"][2] - 0.1
        and hand[1] > 0.3  # a hand on the floor, or about to be
    ]
    assert min(gaps, default=1) > SLIM.muzzle + SLIM.paw - 0.03


@each_dance
@both_lengths
def test_no_sole_is_below_the_floor(dance: Dance, phrases: int) -> None:
    _, poses = danced(dance.slug, phrases)
    lowest = min(pose.joints[f"{end}_{side}"][1] for pose in poses for end in ("toe", "heel") for side in "lr")
    assert lowest > -0.03


@each_dance
@both_lengths
def test_nothing_freezes_for_two_beats(dance: Dance, phrases: int) -> None:
    _, poses = danced(dance.slug, phrases)
    for start in range(0, len(poses) - 48, 24):
        both = poses[start : start + 48 : 4]
        assert max(farthest(both[0], pose) for pose in both[1:]) > 0.04, start / 24


@each_dance
def test_the_second_half_is_other_material(dance: Dance) -> None:
    """It is neither the first half again nor its mirror image."""
    _, poses = danced(dance.slug, 2)
    half = len(poses) // 2
    for sign in (1, -1):
        differences = [
            abs(sign * one.joints[f"{limb}_{side if sign > 0 else other}"][0] - two.joints[f"{limb}_{side}"][0])
            for one, two in zip(poses[:half:3], poses[half::3], strict=True)
            for limb in ("hand", "ankle")
            for side, other in ("lr", "rl")
        ]
        assert np.mean(differences) > 0.08


@each_dance
def test_the_preview_loops(dance: Dance) -> None:
    start, length = dance.choreography.highlight, dance.loop_beats
    rig = Rig(dance.choreography, SLIM, excerpt=(start, length))
    assert farthest(rig.pose(start + length - 0.0005), rig.pose(start)) < 0.03
    assert max(farthest(rig.pose(start + length * share), rig.pose(start)) for share in (0.2, 0.4, 0.6, 0.8)) > 0.05
