"""The floating gloves dance next to the pet and never cover its face."""

import math

import numpy as np
import pytest

from tests.studio.conftest import Photo, SceneOf, each_dance
from videos.dances import DANCES, Dance
from videos.studio.puppet.puppet import assemble_puppet
from videos.studio.render import Scene
from videos.studio.segmentation.cutout import Mode
from videos.studio.segmentation.outline import Head

# Run all in one process, so that the demo's pet is cut out once.
pytestmark = pytest.mark.xdist_group("demo pet")
SLUGS = [dance.slug for dance in DANCES]


@pytest.mark.parametrize(("dance", "shape"), [*each_dance("tall", every=2), *each_dance("square", every=4)])
def test_no_glove_covers_the_face(scene_of: SceneOf, dance: Dance, shape: str) -> None:
    """The middle of a glove stays outside three quarters of the face's radius, as seen in the frame."""
    scene = scene_of(dance, shape, True)
    hands, warp = scene.hands, scene.warp
    for frame_time in scene.frame_times(150, dance.beats(5)):
        pose = frame_time.pose
        if abs(pose.flip) < 0.95:
            continue
        face = warp.frame_position(pose, hands.neck, hands.brow)
        for side, out, up in ((-1, pose.lx, pose.ly), (1, pose.rx, pose.ry)):
            assert math.dist(face, hands.frame_position(pose, side, out, up)) > 0.75 * min(hands.face)


@pytest.mark.parametrize("dance", each_dance(every=2))
def test_gloves_stay_inside_the_frame(scene_of: SceneOf, dance: Dance) -> None:
    """This holds at least four times out of five, even in a tall frame. The palm is always visible."""
    scene = scene_of(dance, "tall", True)
    hands, width, distances = scene.hands, scene.warp.width, []
    for frame_time in scene.frame_times(150, dance.beats(5)):
        pose = frame_time.pose
        for side, out, up in ((-1, pose.lx, pose.ly), (1, pose.rx, pose.ry)):
            x, _ = hands.frame_position(pose, side, out, up)
            distances.append(min(x, width - x) / hands.size)
    assert min(distances) > 0.19
    assert np.mean(np.array(distances) >= 0.45) > 0.8


@pytest.mark.parametrize("dance", each_dance(every=4))
def test_gloves_do_not_cover_the_print(scene_of: SceneOf, dance: Dance) -> None:
    scene = scene_of(dance, "wide", False)
    for frame_time in scene.frame_times(100, dance.beats(5)):
        for side, out, up in (
            (-1, frame_time.pose.lx, frame_time.pose.ly),
            (1, frame_time.pose.rx, frame_time.pose.ry),
        ):
            assert side * scene.hands.rest_position(side, out, up)[0] >= 0.45 * scene.puppet.width


def test_gloves_of_a_lying_pet_stay_near_its_head(demo_pet: dict[str, Photo]) -> None:
    """They do not keep to the middle of its body, which is a chest or a flank."""
    from videos.studio.puppet.hands import Hands
    from videos.studio.puppet.warp import Warp
    from videos.studio.raster.scratch import Scratch

    head = Head(90.0, 20.0, 90.0)
    flat, alpha = np.zeros((200, 620, 3), np.float32), np.ones((200, 620), np.float32)
    puppet = assemble_puppet(Mode.FULL, flat, alpha, (310.0, 200.0), (600, 200), 500.0, head, (480, 640))
    hands = Hands(puppet, DANCES[0], Warp(puppet, 640, 480, Scratch()), (0, 0, 255), Scratch())
    for out, up in ((0.1, 0.2), (0.1, 0.5), (0.1, 0.9)):
        (left, low), (right, _) = (hands.rest_position(side, out, up) for side in (-1, 1))
        assert (left + right) / 2 == pytest.approx(90 - 310, abs=1)
        assert right - left < 200
        assert low > 0.45 * 200


def test_bust_continues_below_its_edge(demo_pet: dict[str, Photo]) -> None:
    """The area that a lean brings up from below is the pet's own fur, mirrored, and not one stretched row."""
    scene = Scene(*demo_pet["square"], dance=DANCES[0], width=320, height=320, seed=1, cutout=True)
    assert scene.puppet.mode is Mode.BUST
    luma, edge = scene.puppet.texture.luma.astype(int), round(scene.puppet.foot[1])
    assert len(luma) - edge > 0.12 * 320
    mirrored, rows = luma[edge - 40 : edge - 6][::-1], luma[edge : edge + 34]
    across = slice(round(scene.puppet.foot[0] - 40), round(scene.puppet.foot[0] + 40))
    offsets = [np.abs(mirrored[k:, across] - rows[: 34 - k, across]).mean() for k in range(8)]
    assert min(offsets) < 3
    assert np.abs(np.diff(rows[:, across], axis=0)).mean() > 1
