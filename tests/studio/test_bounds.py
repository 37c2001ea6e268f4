"""The whole pet with its hat stays in the frame while it leans, spins and leaps."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.studio.conftest import Photo, SceneOf, each_dance, of_format
from videos.dances import BY_SLUG, DANCES, Dance
from videos.studio.choreography import Poses, choreograph
from videos.studio.puppet.podium import podium_for
from videos.studio.puppet.warp import Warp
from videos.studio.raster.scratch import Scratch
from videos.studio.render import Scene
from videos.studio.segmentation.cutout import Mode
from videos.subject import Subject

# Run all in one process, so that the demo's pet is cut out once.
pytestmark = pytest.mark.xdist_group("demo pet")
SLUGS = [dance.slug for dance in DANCES]


def share_outside(scene: Scene, width: int, height: int, dance: Dance) -> float:
    """Return the largest share of the puppet that is left, right or above the frame at any moment."""
    around = 16 * (min(width, height) // 16)
    puppet = scene.performer.puppet
    x, y = puppet.stand
    warp = Warp(replace(puppet, stand=(x + around, y + around)), width + 2 * around, height + around, Scratch())
    worst = 0.0
    for frame_time in scene.frame_times(60, dance.beats(5)):
        seen = np.zeros(((height + around) // 2 + 8, width // 2 + around + 8), bool)
        for region, _, half in warp.at(frame_time.pose):
            alpha = cv2.remap(puppet.texture.chroma, *half, cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0))[..., 2]
            top, left = region.top // 2, region.left // 2
            seen[top : top + alpha.shape[0], left : left + alpha.shape[1]] |= alpha > 128
        inside = seen[around // 2 :, around // 2 : (around + width) // 2].sum()
        assert inside > 0
        worst = max(worst, 1 - inside / seen.sum())
    return worst


@pytest.mark.parametrize(("dance", "shape"), [*each_dance("tall", every=1), *each_dance("wide", every=4)])
def test_nothing_of_the_pet_leaves_the_frame(scene_of: SceneOf, dance: Dance, shape: str) -> None:
    """The tall frame shows a pet, and the wide one a card."""
    cutout, (width, height) = shape == "tall", of_format(shape, 160)
    scene = scene_of(dance, shape, cutout)
    assert scene.performer.puppet.mode is (Mode.FULL if cutout else Mode.PRINT)
    assert scene.performer.puppet.height > 0.4 * height
    assert share_outside(scene, width, height, dance) < 0.01


def test_bounds_keep_the_steps(scene_of: SceneOf) -> None:
    """Even in a tight frame, a moonwalk slides more than a sixth of the width."""
    dance = BY_SLUG["moonwalk"]
    scene = scene_of(dance, "tall", True)
    steps = [
        frame_time.pose.tx * scene.performer.puppet.height for frame_time in scene.frame_times(150, dance.beats(5))
    ]
    assert max(steps) - min(steps) > scene.performer.warp.width / 6


def lying_pet(dog: Photo) -> Photo:
    """Return the dog's fur in the shape of a pet that is more than twice as long as high."""
    mask = np.zeros((640, 640), np.uint8)
    cv2.ellipse(mask, (330, 420), (280, 110), 0, 0, 360, 255, -1)
    cv2.ellipse(mask, (100, 340), (70, 70), 0, 0, 360, 255, -1)
    return Photo(dog.frame, cv2.imencode(".png", mask)[1].tobytes())


@pytest.mark.parametrize("slug", ["disco", "conga", "breakdance", "tango"])
def test_a_long_pet_fits_into_a_tall_frame(dog: Photo, slug: str) -> None:
    width, height = of_format("tall", 160)
    scene = Scene(Subject(*lying_pet(dog)), dance=BY_SLUG[slug], width=width, height=height, seed=1)
    assert scene.performer.puppet.mode is Mode.FULL
    assert share_outside(scene, width, height, BY_SLUG[slug]) < 0.01


def test_a_long_pet_is_wider_than_others_may_be(dog: Photo) -> None:
    width, height = of_format("tall", 160)
    scene = Scene(Subject(*lying_pet(dog)), dance=BY_SLUG["disco"], width=width, height=height, seed=1)
    assert scene.performer.puppet.width >= 0.78 * width


@pytest.mark.parametrize("slug", ["disco", "hip_hop", "slow_sway", "tap"])
def test_a_sitting_pet_fills_the_frame(demo_pet: dict[str, Photo], dog: Photo, slug: str) -> None:
    """The drawn pet is 75 to 90 % of a square's or wide frame's height, and over half of a tall one's."""
    for shape, low, high in (("tall", 0.55, 0.75), ("square", 0.72, 0.9), ("wide", 0.75, 0.9)):
        width, height = of_format(shape, 160)
        scene = Scene(Subject(*dog, whole=dog), dance=BY_SLUG[slug], width=width, height=height, seed=1)
        puppet = scene.performer.puppet
        assert low <= puppet.height / height <= high, shape


def test_a_low_pet_stands_on_a_podium_in_a_tall_frame(dog: Photo) -> None:
    """The podium reaches from its feet to the floor where others stand. A wide frame needs none."""
    pet = lying_pet(dog)
    stands = {}
    for shape in ("tall", "wide"):
        width, height = of_format(shape, 160)
        size = {"width": width, "height": height}
        scene = Scene(Subject(*pet, whole=pet), dance=BY_SLUG["slow_sway"], seed=1, **size)
        podium = podium_for(scene.performer.puppet, BY_SLUG["slow_sway"].palette, width, height)
        stands[shape] = scene.performer.puppet.stand[1] / height
        assert (podium is not None) == (shape == "tall")
        if podium is not None:
            rows, columns = podium.layer.luma.shape
            foot = scene.performer.puppet.stand[1]
            assert podium.top < foot < podium.top + rows
            assert podium.top + rows > 0.92 * height
            assert columns > 0.6 * scene.performer.puppet.width
            assert 0 <= podium.left < podium.left + columns <= width
    assert stands["tall"] < 0.8
    assert stands["wide"] == pytest.approx(0.93)


def test_long_pet_hops_by_its_length(dog: Photo) -> None:
    dance = BY_SLUG["conga"]
    scene = Scene(Subject(*lying_pet(dog)), dance=dance, width=160, height=160, seed=1)
    hop = np.ptp([frame_time.pose.ty for frame_time in scene.frame_times(150, 10)])
    assert hop > 1.5 * np.ptp(choreograph(dance, np.linspace(0, 10, 150), 10).ty)


@pytest.mark.parametrize("slug", ["moonwalk", "conga"])
def test_pet_facing_left_is_mirrored(slug: str) -> None:
    dance = BY_SLUG[slug]
    beats = np.linspace(0, dance.beats(5), 50)
    right = choreograph(dance, beats, dance.beats(5))
    left = choreograph(dance, beats, dance.beats(5), faces_left=True)
    assert np.array_equal(left.tx, -right.tx)
    assert np.array_equal(left.rot, -right.rot)
    assert np.array_equal(left.flip, right.flip)


def test_the_moonwalk_goes_backwards() -> None:
    """The pet slides left while it looks right, and right while it looks left."""
    dance = BY_SLUG["moonwalk"]
    danced: Poses = choreograph(dance, np.linspace(0, dance.beats(5), 400), dance.beats(5))
    assert (np.diff(danced.tx) * danced.flip[1:] < 1e-6).all()


def test_a_bust_never_shows_its_lower_edge() -> None:
    """It neither leaps nor leans far."""
    for dance in DANCES:
        beats = np.linspace(0, dance.beats(5), 200)
        danced = choreograph(dance, beats, dance.beats(5)).adapted_to(cut_off=True, flat=False)
        assert np.abs(danced.rot).max() <= 4
        assert danced.ty.max() <= 0.06


def test_bust_continues_below_its_edge(demo_pet: dict[str, Photo]) -> None:
    """The area that a lean brings up from below is the pet's own fur, mirrored, and not one stretched row."""
    scene = Scene(Subject(*demo_pet["square"]), dance=DANCES[0], width=320, height=320, seed=1)
    assert scene.performer.puppet.mode is Mode.BUST
    luma, edge = scene.performer.puppet.texture.luma.astype(int), round(scene.performer.puppet.foot[1])
    assert len(luma) - edge > 0.12 * 320
    mirrored, rows = luma[edge - 40 : edge - 6][::-1], luma[edge : edge + 34]
    across = slice(round(scene.performer.puppet.foot[0] - 40), round(scene.performer.puppet.foot[0] + 40))
    offsets = [np.abs(mirrored[k:, across] - rows[: 34 - k, across]).mean() for k in range(8)]
    assert min(offsets) < 3
    assert np.abs(np.diff(rows[:, across], axis=0)).mean() > 1
