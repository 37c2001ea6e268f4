"""The rig: keys, kinematics and bodies."""

import numpy as np
import pytest

from videos.dances import BY_SLUG
from videos.studio.dance.choreography import REST, Choreography, Part, foot, mirrored
from videos.studio.dancer.motion.kinematics import project, solve_limb, solve_limbs
from videos.studio.dancer.motion.rig import Rig, muzzle
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.studio.dancer.motion.tracks import Track
from videos.styles import Body

SLIM = SKELETONS[Body.SLIM]


def rig_of(part: Part, body: Body = Body.SLIM, **options: float) -> Rig:
    return Rig(Choreography(lambda: part, **options), SKELETONS[body])


@pytest.mark.parametrize("distance", [0.2, 0.5, 0.85])
def test_limb_keeps_its_bones_and_bends_towards_its_pole(distance: float) -> None:
    start, goal, pole = np.zeros(3), np.array([0.0, -distance, 0.0]), np.array([1.0, 0.0, 0.0])
    middle, end, reach = solve_limb(start, goal, 0.5, 0.4, pole, 1.1)
    assert np.allclose(end, goal)
    assert np.linalg.norm(middle) == pytest.approx(0.5)
    assert np.linalg.norm(end - middle) == pytest.approx(0.4)
    assert middle[0] > 0
    assert reach == pytest.approx(distance / 0.9)


def test_limb_stretches_only_a_little() -> None:
    goal = np.array([2.0, 0.0, 0.0])
    _, end, reach = solve_limb(np.zeros(3), goal, 0.5, 0.5, np.array([0.0, 1.0, 0.0]), 1.1)
    assert end[0] == pytest.approx(1.1)
    assert reach == pytest.approx(2)


def test_a_pose_is_hit_on_its_beat_and_held_until_its_move_begins() -> None:
    part = Part(4)
    part.key("lean", (0, 0), (2, 20, "smooth", 0.5))
    track = Track(part.tracks()["lean"], 4)
    assert [round(float(track.at(beat).value[0]), 3) for beat in (0, 1.5, 2)] == [0, 0, 20]
    assert 0 < track.at(1.8).value[0] < 20


def test_a_rounding_error_before_a_key_changes_nothing() -> None:
    part = Part(4)
    part.key("lean", (0, 0), (1.3, 1), (2, 0))
    track = Track(part.tracks()["lean"], 4)
    for error in (-1e-12, 0, 1e-12):
        assert track.at(1.3 + error).value[0] == pytest.approx(1)


def test_held_values_do_not_overshoot() -> None:
    part = Part(4)
    part.key("lean", (0, 0), (1, 30), (2, 30), (3, 0))
    track = Track(part.tracks()["lean"], 4)
    values = [float(track.at(beat).value[0]) for beat in np.linspace(0, 4, 200)]
    assert min(values) >= -1e-9
    assert max(values) <= 30 + 1e-9
    assert track.at(1.5).value[0] == pytest.approx(30)


def test_a_whole_turn_does_not_unwind_at_the_seam() -> None:
    part = Part(4)
    part.key("yaw", (0, 0), (3, 360))
    rig = rig_of(part)
    yaws = [rig.pose(beat).yaw % 360 for beat in np.linspace(3, 4, 20)]
    assert all(yaw < 1e-6 or yaw > 360 - 1e-6 for yaw in yaws)


def test_mirrored_values_swap_sides() -> None:
    part = Part(4)
    part.both("hand", (0, (0.9, 0.3, 0.1)))
    part.key("yaw", (0, 40))
    part.mirror(2)
    assert [key.value for key in part.keys["hand_l"]] == [(-0.9, 0.3, 0.1)] * 2
    assert [key.value[0] for key in part.keys["yaw"]] == [40, -40]
    assert mirrored("hand_r", ("floor", 0.5, 0.1, 0)) == ("floor", -0.5, 0.1, 0)


def test_a_value_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="hand_r takes 3 numbers"):
        Part(4).key("hand_r", (0, (1, 2)))


def test_a_step_is_lifted_and_a_slide_is_not() -> None:
    heights = {}
    for ease in ("smooth", "slide"):
        part = Part(4)
        part.key("foot_r", (0, foot(0.2)), (1, foot(0.6), ease), (2, foot(0.6)), (3, foot(0.2), ease))
        heights[ease] = rig_of(part).pose(0.5).feet["r"].height
    assert heights["smooth"] > 0.08
    assert heights["slide"] == 0


def test_a_raised_heel_leaves_the_toes_on_the_floor() -> None:
    for pitch in (-30, 0, 40, 80):
        part = Part(4)
        part.key("foot_r", (0, foot(0.2, 0, pitch)))
        joints = rig_of(part).pose(0).joints
        assert min(joints["toe_r"][1], joints["heel_r"][1]) == pytest.approx(0, abs=0.02)
        assert joints["ankle_r"][1] > 0.1


def test_a_hand_passes_beside_the_muzzle() -> None:
    part = Part(4)
    part.key("hand_r", (0, (0.0, 0.65, 0.5)))
    covering = Part(4)
    covering.key("hand_r", (0, ("chest+cover", 0.0, 0.65, 0.5)))
    gaps = []
    for keys in (part, covering):
        pose = rig_of(keys).pose(0)
        nose = muzzle(pose.joints["head"], pose.head_tilt, pose.head_turn)
        gaps.append(float(np.hypot(*(project(pose.joints["hand_r"]) - nose))))
    assert gaps[0] == pytest.approx(SLIM.muzzle + SLIM.paw + 0.01)
    assert gaps[1] < 0.1


def test_small_bodies_stand_on_the_floor_as_well() -> None:
    part = Part(4)
    part.key("hip", (0, REST["hip"]))
    slim, small = (rig_of(part, body).pose(0) for body in (Body.SLIM, Body.SMALL))
    assert small.joints["head"][1] < 0.85 * slim.joints["head"][1]
    for pose in (slim, small):
        assert abs(pose.joints["toe_r"][1]) < 0.02
        assert pose.reach["leg_r"] < 1.02


def test_a_sitting_body_stays_seated_and_faces_the_viewer() -> None:
    part = Part(4)
    part.key("hip", (0, (0.6, 1.1)), (2, (-0.6, 1.3)))
    part.key("yaw", (0, 0), (2, 180))
    part.key("pitch", (0, 0), (2, 80))
    part.key("lean", (0, 0), (2, 180))
    part.key("head", (0, (0, 0)), (2, (0, 0, 0, 2)))
    rig = rig_of(part, Body.SITTING)
    poses = [rig.pose(beat) for beat in np.linspace(0, 4, 20)]
    assert max(pose.joints["hip"][1] for pose in poses) < 0.45
    assert max(abs(pose.yaw) for pose in poses) <= 30
    assert 30 < max(abs(pose.head_turn) for pose in poses) <= 60
    assert min(pose.joints["head"][1] for pose in poses) > 1.3
    assert max(abs(pose.joints["hip"][0]) for pose in poses) > 0.1


def test_the_second_part_starts_and_ends_in_the_first_pose() -> None:
    first, second = Part(4), Part(4)
    first.key("lean", (0, 10), (2, -10))
    second.key("lean", (2, 30))
    second.key("shrug_l", (1, 0.1))
    rig = Rig(Choreography(lambda: first, lambda: second), SLIM, phrases=2)
    assert rig.beats == 8
    assert [round(rig.pose(beat).lean, 3) for beat in (0, 2, 4, 6)] == [10, -10, 10, 30]


def test_poses_are_the_same_one_by_one_and_together() -> None:
    for excerpt in (None, (2.0, 4.0)):
        rig = Rig(BY_SLUG["moonwalk"].choreography, SKELETONS[Body.SLIM], excerpt=excerpt)
        beats = np.linspace(0, 12, 40)
        for beat, pose in zip(beats, rig.poses(beats), strict=True):
            alone = rig.pose(float(beat))
            assert (pose.feet, pose.covers, pose.reach) == (alone.feet, alone.covers, alone.reach)
            assert all(np.array_equal(point, alone.joints[name]) for name, point in pose.joints.items())


def test_limbs_are_solved_together_as_one_by_one() -> None:
    random = np.random.default_rng(1)
    starts, goals, poles = random.uniform(-1, 1, (3, 200, 3))
    goals[:3] = starts[:3] + np.array([(0.01, 0, 0), (3, 0, 0), (0, 0.5, 0)])
    poles[2] = (0, 1, 0)
    together = solve_limbs(starts, goals, 0.5, 0.4, poles, 1.1)
    for at, rows in enumerate(zip(*together, strict=True)):
        alone = solve_limb(starts[at], goals[at], 0.5, 0.4, poles[at], 1.1)
        for found, expected in zip(rows, alone, strict=True):
            assert found == pytest.approx(expected, abs=1e-9)


def test_arms_of_another_length_reach_as_far_in_proportion() -> None:
    shorter = SLIM.with_arms(0.9)
    assert (shorter.upper_arm, shorter.lower_arm, shorter.reach) == pytest.approx((0.405, 0.405, 0.9))
    assert shorter.thigh == SLIM.thigh


def test_only_hands_that_are_on_the_floor_carry_weight() -> None:
    def leans(y: float) -> bool:
        part = Part(4)
        part.key("hand_r", (0, ("floor", 0.5, y, 0.1)))
        return Choreography(lambda: part).leans_on_hands

    assert leans(0.1)
    assert not leans(0.5)
    assert not BY_SLUG["disco"].choreography.leans_on_hands
    assert BY_SLUG["breakdance"].choreography.leans_on_hands
