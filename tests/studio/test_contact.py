"""Feet and hands: none below the floor, no sole hovering over it, and none that slides while it is planted."""

import functools

import numpy as np
import pytest

from videos.dances import BY_SLUG
from videos.studio.dancer.drawing.contact import PALM, Footing, footing, grip
from videos.studio.dancer.drawing.layering import View, looks
from videos.studio.dancer.motion.kinematics import TILT, project
from videos.studio.dancer.motion.rig import Pose, Rig
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.styles import Body

FRAMES = 150
# Shoes in U from the ankle, y down: seen from the front, from the side with the toes to the right, and pointed.
FRONT = np.array([(-0.2, 0.0), (0.25, 0.0), (0.25, 0.136), (-0.2, 0.136)])
SIDE = np.array([(-0.16, 0.0), (0.1, -0.1), (0.4, 0.136), (-0.16, 0.136)])
TOE = np.array([(-0.15, 0.0), (0.15, 0.0), (0.12, 0.36), (-0.12, 0.36)])


def clip(dance: str, body: Body = Body.SLIM) -> list[Pose]:
    rig = Rig(BY_SLUG[dance].choreography, SKELETONS[body])
    return [rig.pose(rig.beats * frame / FRAMES) for frame in range(FRAMES)]


def shoe_of(view: View, pointed: bool) -> np.ndarray:
    return SIDE if view is View.SIDE else TOE if pointed else FRONT


def sole(foot: Footing, outline: np.ndarray) -> np.ndarray:
    """Return the shoe's corners in the picture in U, y up."""
    sin, cos = np.sin(np.radians(foot.angle)), np.cos(np.radians(foot.angle))
    scaled = outline * (foot.across, foot.along)
    turned = np.stack([scaled[:, 0] * cos - scaled[:, 1] * sin, scaled[:, 0] * sin + scaled[:, 1] * cos], 1)
    return project(foot.ankle) + turned * (1, -1)


@functools.cache
def feet_of(dance: str) -> list[tuple[Pose, str, Footing, np.ndarray]]:
    """Return each foot of each frame with its corners on the picture."""
    poses = clip(dance)
    found = []
    for pose, look in zip(poses, looks(poses), strict=True):
        for name in "lr":
            pointed = look.pointed[name] and look.feet[name] is not View.SIDE
            outline = shoe_of(look.feet[name], pointed)
            foot = footing(pose, name, look.feet[name], outline, pointed=pointed)
            found.append((pose, name, foot, sole(foot, outline)))
    return found


@pytest.mark.parametrize("dance", list(BY_SLUG))
def test_no_sole_is_below_the_floor(dance: str) -> None:
    for pose, name, _, corners in feet_of(dance):
        floor = -TILT * pose.joints[f"ball_{name}"][2]
        assert corners[:, 1].min() > floor - 0.005


@pytest.mark.parametrize("dance", list(BY_SLUG))
def test_feet_on_the_floor_do_not_hover(dance: str) -> None:
    heights = [
        corners[:, 1].min() + TILT * pose.joints[f"ball_{name}"][2]
        for pose, name, _, corners in feet_of(dance)
        if pose.feet[name].height == 0 and pose.reach[f"leg_{name}"] < 1
    ]
    assert np.quantile(heights, 0.95) < 0.03


@pytest.mark.parametrize("dance", list(BY_SLUG))
def test_a_planted_foot_does_not_slide(dance: str) -> None:
    """While the pose leaves a foot where it is, its shoe stays there to a fiftieth of a head."""
    for name in "lr":
        rows = [row for row in feet_of(dance) if row[1] == name]
        views = [look.feet[name] for look in looks([row[0] for row in rows])]
        for at in range(1, FRAMES):
            (before, _, _, old), (after, _, _, new) = rows[at - 1], rows[at]
            planted = before.feet[name] == after.feet[name] and after.feet[name].height == 0
            within_reach = max(before.reach[f"leg_{name}"], after.reach[f"leg_{name}"]) < 0.99
            if planted and within_reach and views[at] is views[at - 1] and before.yaw == after.yaw:
                assert np.abs(new - old)[old[:, 1] < 0.05, 0].max(initial=0) < 0.02, f"frame {at}"


@pytest.mark.parametrize("dance", list(BY_SLUG))
def test_the_leg_reaches_its_foot(dance: str) -> None:
    """A foot that was lifted to the floor has a knee that fits: both bones keep their lengths."""
    for pose, name, foot, _ in feet_of(dance):
        joints = pose.joints
        for start, end, before in (
            (joints[f"hip_{name}"], foot.knee, (f"hip_{name}", f"knee_{name}")),
            (foot.knee, foot.ankle, (f"knee_{name}", f"ankle_{name}")),
        ):
            length = np.linalg.norm(joints[before[1]] - joints[before[0]])
            assert np.linalg.norm(end - start) == pytest.approx(length, rel=0.2)


def test_soles_point_up_on_a_dancer_upside_down() -> None:
    """Shoes turn with the shin: in a headstand the sole is above the ankle."""
    upside_down = [
        row for row in feet_of("breakdance") if row[0].up[1] < -0.9 and row[2].ankle[1] > row[2].knee[1] + 0.3
    ]
    assert upside_down
    for _, _, foot, corners in upside_down:
        assert corners[:, 1].max() > project(foot.ankle)[1] + 0.1


@pytest.mark.parametrize(("yaw", "across"), [(90, 1), (-90, -1)])
def test_a_shoe_from_the_side_points_where_its_toes_are(yaw: float, across: int) -> None:
    rig = Rig(BY_SLUG["moonwalk"].choreography, SKELETONS[Body.SLIM])
    poses = [rig.pose(beat) for beat in np.linspace(0, rig.beats, 200)]
    seen = [pose for pose in poses if abs((pose.yaw - yaw + 180) % 360 - 180) < 10]
    assert seen
    for pose in seen:
        foot = footing(pose, "l", View.SIDE, SIDE, pointed=False)
        assert foot.across == across
        assert np.sign(pose.joints["toe_l"][0] - pose.joints["heel_l"][0]) == across


def test_shoes_turn_without_jumps() -> None:
    """A foot in the air turns with its shin, but by less than twice as much between two frames."""
    for dance in ("breakdance", "tap", "disco", "salsa"):
        for name in "lr":
            rows = [row for row in feet_of(dance) if row[1] == name]
            views = [look.feet[name] for look in looks([row[0] for row in rows])]
            for at in range(1, len(rows)):
                (before, _, old, _), (after, _, new, _) = rows[at - 1], rows[at]
                if views[at] is views[at - 1] and old.across * new.across > 0:
                    turned = abs((new.angle - old.angle + 180) % 360 - 180)
                    shin = abs((_shin(after, name) - _shin(before, name) + 180) % 360 - 180)
                    pitch = abs(after.feet[name].pitch - before.feet[name].pitch)
                    assert turned < 2 * (shin + pitch) + 12, f"{dance} {name} {at}"


def _shin(pose: Pose, name: str) -> float:
    way = pose.joints[f"ankle_{name}"] - pose.joints[f"knee_{name}"]
    return float(np.degrees(np.arctan2(-way[0], -way[1])))


def test_no_hand_is_below_the_floor() -> None:
    """In breakdance, hands carry the body. They stay within reach of their shoulder."""
    mitten = np.array([(-0.15, -0.1), (0.15, -0.1), (0.15, 0.27), (-0.15, 0.27)])
    low = 0
    for pose in clip("breakdance"):
        for name in "lr":
            joints = pose.joints
            elbow, hand = grip(pose, name, mitten)
            low += int(hand[1] > joints[f"hand_{name}"][1] + 0.05)
            way = hand - elbow
            angle = float(np.degrees(np.arctan2(-way[0], -way[1])))
            held = Footing(elbow, hand, angle, -1 if name == "l" else 1, 1)
            assert hand[1] + sole(held, mitten)[:, 1].min() - project(hand)[1] > -PALM - 0.03
            upper = np.linalg.norm(joints[f"elbow_{name}"] - joints[f"shoulder_{name}"])
            assert np.linalg.norm(elbow - joints[f"shoulder_{name}"]) == pytest.approx(upper, rel=0.1)
    assert low > 20


def test_a_hand_in_the_air_stays_where_the_pose_has_it() -> None:
    mitten = np.array([(-0.15, -0.1), (0.15, -0.1), (0.15, 0.27), (-0.15, 0.27)])
    for pose in clip("macarena"):
        elbow, hand = grip(pose, "r", mitten)
        assert elbow is pose.joints["elbow_r"]
        assert hand is pose.joints["hand_r"]
