"""The camera: the dancer's size and place in the frame, never cut, and never moved with a jerk."""

import numpy as np
import pytest

from videos.formats import FORMATS, Format
from videos.studio.dance.camera import CameraPlan
from videos.studio.dancer.camera import Bounds, Shot, shots

FPS, FRAMES, BEATS = 30, 150, 10
AT = np.arange(FRAMES) / FRAMES * BEATS
STILL = CameraPlan(push_in=0)


def standing(**changes: np.ndarray) -> list[Bounds]:
    """Return a dancer of 3.1 U with its arms at its sides, with other edges in some frames."""
    edges = {"left": -0.7, "right": 0.7, "bottom": -0.05, "top": 3.1, "crown": 3.1, "bust": 1.2}
    rows = {name: np.broadcast_to(changes.get(name, edge), FRAMES) for name, edge in edges.items()}
    return [Bounds(*(float(rows[name][at]) for name in edges)) for at in range(FRAMES)]


def around(middle: float, width: float) -> np.ndarray:
    """Return a bump of height 1 around a frame, as wide at half its height as ``width`` frames."""
    away = (np.arange(FRAMES) - middle + FRAMES / 2) % FRAMES - FRAMES / 2
    return np.exp(-np.log(2) * (2 * away / width) ** 2)


# Dancers that are wide, high, or walk, in U.
DANCERS = {
    "standing": standing(),
    "arms out": standing(left=-0.7 - 1.0 * around(40, 20), right=0.7 + 1.0 * around(40, 20)),
    "wide for long": standing(left=-0.7 - 1.1 * around(75, 90), right=0.7 + 0.9 * around(75, 90)),
    "walking": standing(left=-0.7 + np.sin(AT * 0.2 * np.pi), right=0.7 + np.sin(AT * 0.2 * np.pi)),
    "leap": standing(top=3.1 + 1.2 * around(100, 12), crown=3.1 + 0.9 * around(100, 12), right=0.7 + around(98, 14)),
    "on the floor": standing(top=3.1 - 1.8 * around(75, 80), crown=3.1 - 1.8 * around(75, 80)),
}
PLANS = {
    "still": STILL,
    "push": CameraPlan(push_in=0.12),
    "kicks": CameraPlan(push_in=0.05, kicks=(0, 2, 4, 6, 8)),
}


def taken(bounds: list[Bounds], shape: Format, plan: CameraPlan = STILL) -> list[Shot]:
    return shots(bounds, AT.tolist(), shape.width, shape.height, FPS, plan)


@pytest.mark.parametrize("shape", FORMATS, ids=lambda shape: shape.slug)
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("dancer", DANCERS)
def test_nothing_is_ever_cut(dancer: str, plan: str, shape: Format) -> None:
    for box, shot in zip(DANCERS[dancer], taken(DANCERS[dancer], shape, PLANS[plan]), strict=True):
        assert shape.width / 2 + (box.left - shot.x) * shot.scale >= 0
        assert shape.width / 2 + (box.right - shot.x) * shot.scale <= shape.width
        assert shot.floor - box.top * shot.scale >= 0
        assert shot.floor - box.bottom * shot.scale <= shape.height


@pytest.mark.parametrize("shape", FORMATS, ids=lambda shape: shape.slug)
def test_a_standing_dancer_fills_the_frame(shape: Format) -> None:
    least, most = (0.65, 0.75) if shape.height > shape.width else (0.75, 0.90)
    for shot in taken(DANCERS["standing"], shape, CameraPlan()):
        assert least <= 3.1 * shot.scale / shape.height <= most


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("dancer", DANCERS)
def test_the_camera_moves_smoothly_and_the_clip_repeats_without_a_seam(dancer: str, plan: str) -> None:
    """Its speed and acceleration are bounded, and the last frame leads to the first like any other."""
    path = taken(DANCERS[dancer], FORMATS[0], PLANS[plan])
    zoom = np.log([shot.scale for shot in path])
    across = np.array([shot.x for shot in path])
    for values, speed, acceleration in ((zoom, 0.03, 0.012), (across, 0.06, 0.012)):
        first = values - np.roll(values, 1)
        if plan == "kicks" and values is zoom:
            speed, acceleration = 0.04, 0.04  # A punch of 2 % takes a tenth of a beat.
        assert np.abs(first).max() < speed
        assert np.abs(first - np.roll(first, 1)).max() < acceleration


def test_the_camera_stands_still_if_the_dancer_fits() -> None:
    path = taken(DANCERS["standing"], FORMATS[0])
    assert {shot.x for shot in path} == {0.0}
    assert np.ptp([shot.scale for shot in path]) < 1e-9


def test_the_camera_moves_in_on_a_dancer_that_stays_on_the_floor() -> None:
    """A dancer that only bends its knees grows no larger."""
    path = taken(DANCERS["on the floor"], FORMATS[1])
    assert path[75].scale > 1.2 * path[0].scale
    bent = taken(standing(crown=3.1 - 0.5 * around(75, 20)), FORMATS[1])
    assert np.ptp([shot.scale for shot in bent]) < 1


def test_an_arm_on_one_side_moves_the_picture_to_that_side() -> None:
    """In a tall frame, the other side's edge stays where it is."""
    path = taken(standing(left=-0.7 - 1.4 * around(75, 60)), FORMATS[0])
    assert path[75].x < path[0].x - 0.3
    assert path[75].scale > 720 * 0.98 / 2 / 2.1


def test_a_dancer_that_reaches_below_the_floor_stands_higher() -> None:
    plain, low = (taken(standing(bottom=bottom), FORMATS[1])[0] for bottom in (-0.05, -0.3))
    assert low.floor < plain.floor - 20
    assert low.scale > 0.9 * plain.scale


def test_the_camera_follows_a_walk_that_would_be_cut() -> None:
    followed = taken(DANCERS["walking"], FORMATS[0])
    assert np.ptp([shot.x for shot in followed]) > 0.8
    wide = taken(DANCERS["walking"], FORMATS[2])
    assert np.ptp([shot.x for shot in wide]) == 0


def test_a_push_in_grows_the_dancer() -> None:
    plain, pushed = (taken(DANCERS["standing"], FORMATS[1], CameraPlan(push_in=share)) for share in (0, 0.08))
    growth = np.array([shot.scale for shot in pushed]) / np.array([shot.scale for shot in plain])
    assert growth.max() == pytest.approx(1.08, abs=0.005)
    assert growth[0] < 1.01


def test_a_kick_punches_by_two_percent() -> None:
    plain, punched = (
        taken(DANCERS["standing"], FORMATS[1], CameraPlan(push_in=0, kicks=kicks)) for kicks in ((), (4.0,))
    )
    growth = np.array([shot.scale for shot in punched]) / np.array([shot.scale for shot in plain])
    assert growth.argmax() == 60
    assert growth.max() == pytest.approx(1.02, abs=0.002)
    assert growth[75:].max() < growth[61]


@pytest.mark.parametrize("shape", FORMATS, ids=lambda shape: shape.slug)
def test_a_close_up_shows_head_shoulders_and_hands(shape: Format) -> None:
    dancer = standing(left=-0.75 - 0.1 * around(75, 20))
    plain, close = (taken(dancer, shape, CameraPlan(push_in=0, close_ups=spans)) for spans in ((), ((4.0, 6.0),)))
    for at in range(62, 89):
        box, shot = dancer[at], close[at]
        assert shot.scale > 1.15 * plain[at].scale
        assert shot.floor - box.top * shot.scale >= 0
        assert shot.floor - box.bust * shot.scale <= shape.height
        assert shape.width / 2 + (box.left - shot.x) * shot.scale >= 0
        assert shape.width / 2 + (box.right - shot.x) * shot.scale <= shape.width
    assert close[0] == plain[0]
    assert close[120] == plain[120]


def test_a_close_up_moves_in_within_a_third_of_a_second_without_a_jump() -> None:
    path = taken(DANCERS["standing"], FORMATS[0], CameraPlan(push_in=0, close_ups=((4.0, 6.0),)))
    zoom = np.log([shot.scale for shot in path])
    assert np.abs(np.diff(zoom)).max() < 0.12
    tops = np.array([shot.floor - 3.1 * shot.scale for shot in path])
    assert tops.min() >= 0


def test_a_clip_of_ten_seconds_repeats_the_plan_of_five() -> None:
    bounds, beats = standing() * 2, (np.arange(300) / 300 * 20).tolist()
    path = shots(bounds, beats, 720, 1280, FPS, CameraPlan(push_in=0.1, kicks=(2.0,)), cycle=10)
    scales = np.array([shot.scale for shot in path])
    assert scales[:150] == pytest.approx(scales[150:])
    assert np.ptp(scales) > 0


def test_a_close_up_that_would_hardly_be_closer_is_not_made() -> None:
    tall = next(shape for shape in FORMATS if shape.height > shape.width)
    dancer = standing(left=-1.06 * np.ones(FRAMES), right=1.06 * np.ones(FRAMES))
    plain, close = (taken(dancer, tall, CameraPlan(push_in=0, close_ups=spans)) for spans in ((), ((4.0, 6.0),)))
    assert close == plain


def test_a_close_up_is_as_close_as_its_own_frames_allow() -> None:
    """Arms that are spread at another time do not keep the camera away, and shoes are not cut."""
    dancer = standing(left=-0.7 - 0.7 * around(0, 40), right=0.7 + 0.7 * around(0, 40))
    for shape in FORMATS:
        plan = CameraPlan(push_in=0, close_ups=((4.0, 6.0),))
        shot, still = taken(dancer, shape, plan)[75], taken(dancer, shape)[75]
        assert shot.scale > 1.15 * still.scale
        assert shot.floor - 0.5 * shot.scale >= shape.height


def test_an_excerpt_has_the_camera_work_of_its_own_beats() -> None:
    plan = CameraPlan(push_in=0.1, close_ups=((0, 2), (5, 6), (7, 9)), kicks=(1, 4, 7, 8))
    assert plan.of_excerpt(4, 4) == CameraPlan(push_in=0.1, close_ups=((1, 2),), kicks=(0, 3))
