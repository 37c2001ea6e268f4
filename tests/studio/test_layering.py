"""What lies before what: no part changes its depth or its view where it would be seen to jump."""

from dataclasses import replace

import numpy as np
import pytest

from videos.dances import BY_SLUG
from videos.studio.dance.choreography import Choreography, Part
from videos.studio.dancer.drawing.layering import Depth, Look, View, looks, steadiest, with_hysteresis, without_short
from videos.studio.dancer.motion.kinematics import project
from videos.studio.dancer.motion.rig import Pose, Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body

FRAMES = 150


def clip(dance: str) -> tuple[list[Pose], list[Look]]:
    rig = Rig(BY_SLUG[dance].choreography, SKELETONS[Body.SLIM])
    poses = [rig.pose(rig.beats * frame / FRAMES) for frame in range(FRAMES)]
    return poses, looks(poses)


def still() -> Pose:
    return Rig(Choreography(lambda: Part(4)), SKELETONS[Body.SLIM]).pose(0)


def with_joints(pose: Pose, **joints: tuple[float, float, float]) -> Pose:
    return replace(pose, joints=pose.joints | {name: np.array(point) for name, point in joints.items()})


def changes(values: list) -> list[int]:
    """Return the frames whose value differs from the one before."""
    return [at for at in range(len(values)) if values[at] != values[at - 1]]


def test_a_view_is_kept_until_the_body_has_turned_well_beyond_it() -> None:
    turns = np.array([0, 90, 110, 119, 121, 110, 101, 99, 110, 0.0])
    assert with_hysteresis(turns, 120, 100) == [False] * 4 + [True] * 3 + [False] * 3


def test_a_view_at_the_start_is_that_of_the_end() -> None:
    assert with_hysteresis(np.array([110.0, 90, 130, 110]), 120, 100) == [True, False, True, True]


def test_states_change_where_it_costs_least() -> None:
    wrong = np.array([[0, 1]] * 5 + [[1, 0]] * 5, float)
    change = np.full((10, 2, 2), 100.0) * (1 - np.eye(2))
    change[[3, 8]] = 0.1 * (1 - np.eye(2))
    assert steadiest(wrong, change) == [0, 0, 0, 1, 1, 1, 1, 1, 0, 0]


def test_states_stay_if_every_change_costs_too_much() -> None:
    wrong = np.array([[0, 1]] * 6 + [[1, 0]] * 4, float)
    assert steadiest(wrong, np.full((10, 2, 2), 100.0) * (1 - np.eye(2))) == [0] * 10


def test_the_moonwalk_does_not_flicker_between_side_and_back() -> None:
    _, layers = clip("moonwalk")
    bodies = [look.body for look in layers]
    assert View.SIDE in bodies
    assert len(changes(bodies)) <= 10  # It turns once in each half: side, back, side, front, side.


@pytest.mark.parametrize("dance", list(BY_SLUG))
def test_an_arm_changes_its_depth_only_beside_the_body(dance: str) -> None:
    poses, layers = clip(dance)
    for name in "lr":
        depths = [min(look.arms[name], Depth.BEFORE) for look in layers]
        for at in changes(depths):
            assert min(_on_torso(poses[at], name), _on_torso(poses[at - 1], name)) < 0.5, f"frame {at}"


@pytest.mark.parametrize("dance", list(BY_SLUG))
def test_legs_change_their_order_only_apart(dance: str) -> None:
    poses, layers = clip(dance)
    for at in changes([look.legs for look in layers]):
        joints = poses[at].joints
        apart = min(np.hypot(*(project(joints[f"{k}_l"]) - project(joints[f"{k}_r"]))) for k in ("knee", "ankle"))
        assert apart > 0.2, f"frame {at}"


@pytest.mark.parametrize("dance", list(BY_SLUG))
def test_arms_change_their_order_only_apart(dance: str) -> None:
    poses, layers = clip(dance)
    orders = [look.arm_order for look in layers]
    for at in changes(orders):
        joints = poses[at].joints
        ends = [[project(joints[f"{joint}_{side}"]) for joint in ("elbow", "hand")] for side in "lr"]
        assert min(np.hypot(*(left - right)) for left in ends[0] for right in ends[1]) > 0.2, f"frame {at}"


def test_a_hand_before_the_body_is_drawn_before_it_and_one_behind_it_behind() -> None:
    pose = still()
    before = with_joints(pose, hand_r=(0.1, 1.4, 0.4), elbow_r=(0.4, 1.4, 0.3), hand_l=(-0.1, 1.4, -0.4))
    before = with_joints(before, elbow_l=(-0.4, 1.4, -0.3))
    look = looks([before] * 4)[0]
    assert look.arms == {"l": Depth.BEHIND, "r": Depth.BEFORE}


def test_a_hand_covers_the_face_only_on_purpose_and_never_upside_down() -> None:
    head = still().joints["head"]
    raised = with_joints(still(), hand_r=(head[0] + 0.2, head[1], 0.5), elbow_r=(0.5, 1.6, 0.4))
    meant = replace(raised, covers={"l": False, "r": True})
    assert looks([raised] * 4)[0].arms["r"] is Depth.BEFORE
    assert looks([meant] * 4)[0].arms["r"] is Depth.OVER
    upside_down = replace(meant, up=np.array([0.0, -1.0, 0.0]))
    assert looks([upside_down] * 4)[0].arms["r"] is Depth.BEFORE


def test_a_head_is_never_mirrored_while_the_body_faces_the_viewer() -> None:
    pose = still()
    assert not looks([replace(pose, head_turn=-80.0)] * 4)[0].mirrored
    assert looks([replace(pose, head_turn=-80.0, yaw=-90.0)] * 4)[0].mirrored
    assert not looks([replace(pose, head_turn=-45.0, yaw=-90.0)] * 4)[0].mirrored
    assert not looks([replace(pose, head_turn=80.0, yaw=90.0)] * 4)[0].mirrored


def test_a_head_on_a_back_shows_its_back() -> None:
    """Also one that looks over its shoulder: its face in the photo would look like an owl's."""
    assert looks([replace(still(), head_turn=540.0, yaw=180.0)] * 4)[0].head_back
    assert looks([replace(still(), head_turn=90.0, yaw=180.0)] * 4)[0].head_back
    assert not looks([replace(still(), head_turn=90.0, yaw=90.0)] * 4)[0].head_back


def turning(frames: int) -> list[Pose]:
    """Return one full turn within ``frames``, before a second of standing still."""
    turns = [0.0] * 30 + [360 * (at + 0.5) / frames for at in range(frames)]
    return [replace(still(), yaw=turn, head_turn=turn) for turn in turns]


def test_a_back_or_a_mirrored_head_is_never_shown_as_a_flash() -> None:
    quick, slow, slowest = (looks(turning(frames)) for frames in (10, 24, 120))
    assert not any(look.body is View.BACK or look.head_back or look.mirrored for look in quick)
    assert sum(look.head_back for look in slow) >= 6
    assert not any(look.mirrored for look in slow)
    assert sum(look.mirrored for look in slowest) >= 15


def test_a_run_that_is_long_enough_goes_on_from_the_end_to_the_start() -> None:
    assert without_short([True, False, True, False, True], 2) == [True, False, False, False, True]
    assert without_short([True] * 3, 5) == [True] * 3


@pytest.mark.parametrize("dance", list(BY_SLUG))
def test_no_dance_flashes_the_other_side_of_the_head(dance: str) -> None:
    _, layers = clip(dance)
    backs, heads = [look.body is View.BACK for look in layers], [look.head_back for look in layers]
    faces = [not back for back in heads]
    for shown, least in ((backs, 6), (heads, 6), (faces, 6), ([look.mirrored for look in layers], 15)):
        assert without_short(shown, least) == shown


@pytest.mark.parametrize("dance", list(BY_SLUG))
def test_no_dance_shows_a_face_on_a_back(dance: str) -> None:
    _, layers = clip(dance)
    assert all(look.head_back for look in layers if look.body is View.BACK)


def _on_torso(pose: Pose, name: str) -> float:
    """Return the share of five points of the forearm that lie within 0.24 U of the torso's axis."""
    hip, neck = project(pose.joints["hip"]), project(pose.joints["neck"])
    elbow, hand = project(pose.joints[f"elbow_{name}"]), project(pose.joints[f"hand_{name}"])
    inside = 0
    for share in np.linspace(0, 1, 5):
        point = elbow + share * (hand - elbow)
        along = np.clip((point - hip) @ (neck - hip) / ((neck - hip) @ (neck - hip)), 0, 1)
        inside += int(np.hypot(*(point - hip - along * (neck - hip))) < 0.24)
    return inside / 5
