"""Measured on drawn frames: nothing flashes, and no foot sinks into the floor."""

import cv2
import numpy as np
import pytest

from tests.studio.conftest import Photo, of_format
from videos.dances import DANCES, Dance
from videos.studio.cutout import Mode
from videos.studio.render import Scene
from videos.studio.sheet import blank

SLUGS = [dance.slug for dance in DANCES]
SIDE = 128


def brightness(luma: np.ndarray) -> np.ndarray:
    """Relative luminance, 0 to 1, of limited-range luma."""
    value = np.clip((luma.astype(np.float64) - 16) / 219, 0, 1)
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def flashes_a_second(frames: np.ndarray, fps: int = 30) -> float:
    """The most flashes that a quarter of the frame shows within one second.

    After WCAG 2.3.1: a flash is a pair of opposing changes of relative luminance by a tenth or more, of which the
    darker side is below 0.8. ``frames`` is luminance (n, h, w).
    """
    low, high = frames[0].copy(), frames[0].copy()
    heading = np.zeros(frames[0].shape, int)
    changes = np.zeros(frames.shape, int)
    for number, now in enumerate(frames[1:], 1):
        low, high = (
            np.where(heading <= 0, np.minimum(low, now), low),
            np.where(heading >= 0, np.maximum(high, now), high),
        )
        up = (heading <= 0) & (now - low >= 0.1) & (low < 0.8)
        down = (heading >= 0) & (high - now >= 0.1) & (now < 0.8) & ~up
        heading = np.where(up, 1, np.where(down, -1, heading))
        low, high = np.where(up | down, now, low), np.where(up | down, now, high)
        changes[number] = up | down
    summed = np.cumsum(changes, axis=0)
    within = (summed[fps:] - summed[:-fps]) / 2
    return float(np.percentile(within.reshape(len(within), -1), 75, axis=1).max())


def test_the_meter_sees_a_flash() -> None:
    for times in (2, 4, 5):
        wave = np.tile(np.repeat([0.0, 1.0], 30 // (2 * times)), times * 3)
        frames = np.broadcast_to(wave[:, None, None], (len(wave), 4, 4))
        assert flashes_a_second(frames) == pytest.approx(30 / (30 // (2 * times) * 2), abs=0.6)
    quarter = np.zeros((90, 10, 10))
    quarter[::3, :2] = 1
    assert flashes_a_second(quarter) == 0


@pytest.mark.parametrize("cutout", [True, False], ids=["cut out", "as a card"])
@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
def test_nothing_large_flashes_more_than_three_times_a_second(dog: Photo, dance: Dance, cutout: bool) -> None:
    scene = Scene(*dog, dance=dance, width=SIDE, height=SIDE, seed=1, cutout=cutout)
    picture, frames = blank(SIDE, SIDE), []
    for moment in scene.moments(150, dance.beats(5)):
        scene.draw(picture, moment)
        frames.append(cv2.resize(picture.y, (32, 32), interpolation=cv2.INTER_AREA))
    shown = brightness(np.array(frames))
    assert flashes_a_second(np.concatenate([shown, shown[:31]])) <= 3


@pytest.mark.parametrize("cutout", [True, False], ids=["cut out", "as a card"])
@pytest.mark.parametrize("shape", ["tall", "square", "wide"])
@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
def test_a_bright_pet_does_not_flash_in_any_format(
    demo_pet: dict[str, Photo], dance: Dance, shape: str, cutout: bool
) -> None:
    """Three are allowed: two and a half leave room for pets with more contrast."""
    width, height = of_format(shape, 112)
    scene = Scene(*demo_pet[shape], dance=dance, width=width, height=height, seed=1, cutout=cutout)
    picture, frames = blank(width, height), []
    for moment in scene.moments(150, dance.beats(5)):
        scene.draw(picture, moment)
        frames.append(cv2.resize(picture.y, (width // 4, height // 4), interpolation=cv2.INTER_AREA))
    shown = brightness(np.array(frames))
    assert flashes_a_second(np.concatenate([shown, shown[:31]])) <= 2.5


@pytest.mark.parametrize("dance", DANCES, ids=SLUGS)
@pytest.mark.parametrize("cutout", [True, False], ids=["cut out", "as a card"])
def test_no_foot_goes_through_the_floor(dog: Photo, dance: Dance, cutout: bool) -> None:
    """The lowest pixel of the puppet stays within two hundredths of the frame of where it stands."""
    side = 240
    scene = Scene(*dog, dance=dance, width=side, height=side, seed=1, cutout=cutout)
    assert scene.puppet.mode is (Mode.FULL if cutout else Mode.PRINT)
    lowest = [
        max((bottom for bottom in rows if bottom is not None), default=0)
        for rows in (bottoms(scene, moment.pose) for moment in scene.moments(75, dance.beats(5)))
    ]
    assert max(lowest) <= scene.puppet.stand[1] + 0.022 * side


def bottoms(scene: Scene, pose: object) -> list[int | None]:
    """The lowest row of the frame that the puppet covers, region by region."""
    found: list[int | None] = []
    for region, _, half in scene._warp.at(pose):
        alpha = cv2.remap(scene.puppet.texture.chroma, *half, cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0))[..., 2]
        rows = np.flatnonzero((alpha > 128).any(axis=1))
        found.append(region.top + 2 * int(rows[-1]) + 1 if len(rows) else None)
    return found
