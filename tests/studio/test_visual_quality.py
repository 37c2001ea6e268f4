"""Measurements on drawn frames: nothing flashes, the clip loops, and no foot sinks into the floor."""

from itertools import pairwise, product
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest

from tests.studio.conftest import DOG_HEAD, Photo, demo_head, each_dance, of_format
from videos.dances import DANCES, Dance
from videos.studio.contact_sheet import blank
from videos.studio.render import Scene
from videos.studio.segmentation.cutout import Mode

# Run all in one process, so that the demo's pet is cut out once.
pytestmark = pytest.mark.xdist_group("demo pet")
SLUGS = [dance.slug for dance in DANCES]
SIDE = 128


class Film(NamedTuple):
    """The luma of a clip's frames, (n, h, w) and uint8, at ``fps``, and how many flashes per second it may show."""

    luma: np.ndarray
    fps: int
    most: float


def films() -> list[Any]:
    """Return parameters for films of each dance.

    The slow ones are at 30 fps: the demo's pet in each format and the dog in a square, each as a pet and as a card. The
    quick ones are one film of each dance at 15 fps, in alternating combinations of format and kind of puppet.
    """
    kinds = list(product(["tall", "square", "wide", ""], [True, False]))
    parameters = []
    for number, dance in enumerate(DANCES):
        for kind, (shape, cutout) in enumerate(kinds):
            name = f"{dance.slug}-{shape or 'dog'}-{'pet' if cutout else 'card'}"
            parameters.append(pytest.param((dance, shape, cutout, 30), id=f"{name}-30", marks=pytest.mark.slow))
            if kind == number % 6:
                parameters.append(pytest.param((dance, shape, cutout, 15), id=f"{name}-15"))
    return parameters


def brightness(luma: np.ndarray) -> np.ndarray:
    """Return the relative luminance, 0 to 1, of limited-range luma."""
    value = np.clip((luma.astype(np.float64) - 16) / 219, 0, 1)
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def flashes_per_second(frames: np.ndarray, fps: int) -> float:
    """Return the most flashes that a quarter of the frame shows within one second.

    According to WCAG 2.3.1, a flash is a pair of opposing changes of relative luminance by a tenth or more, with the
    darker state below 0.8. ``frames`` is luminance (n, h, w).
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
        assert flashes_per_second(frames, 30) == pytest.approx(30 / (30 // (2 * times) * 2), abs=0.6)
    quarter = np.zeros((90, 10, 10))
    quarter[::3, :2] = 1
    assert flashes_per_second(quarter, 30) == 0


@pytest.fixture(scope="module", params=films())
def film(request: pytest.FixtureRequest, dog: Photo, demo_pet: dict[str, Photo]) -> Film:
    """Return the luma of one clip. Both of its tests run in one process."""
    dance, shape, cutout, fps = request.param
    photo, (width, height) = (demo_pet[shape], of_format(shape, 112)) if shape else (dog, (SIDE, SIDE))
    head = demo_head(shape) if shape else DOG_HEAD
    scene = Scene(*photo, dance=dance, width=width, height=height, seed=1, cutout=cutout, head=head)
    picture, frames = blank(width, height), []
    for frame_time in scene.frame_times(5 * fps, dance.beats(5)):
        scene.draw(picture, frame_time)
        frames.append(picture.y.copy())
    return Film(np.array(frames), fps, most=2.5 if shape else 3)


def test_at_most_three_large_flashes_a_second(film: Film) -> None:
    """Three are allowed. The limit of 2.5 for the bright demo pet leaves a margin for pets with more contrast."""
    height, width = (side // 4 for side in film.luma.shape[1:])
    frames = [cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA) for luma in film.luma]
    shown = brightness(np.array(frames))
    assert flashes_per_second(np.concatenate([shown, shown[: film.fps + 1]]), film.fps) <= film.most


def test_clip_loops_without_a_seam(film: Film) -> None:
    """The step from the last frame to the first is no larger than the steps within the clip."""
    luma = film.luma.astype(np.int16)
    steps = [np.abs(after - before).mean() for before, after in pairwise(luma)]
    assert np.abs(luma[0] - luma[-1]).mean() <= 1.25 * max(steps)


@pytest.mark.parametrize(("dance", "cutout"), [*each_dance(True, every=2), *each_dance(False, every=4)])
def test_no_foot_goes_through_the_floor(dog: Photo, dance: Dance, cutout: bool) -> None:
    """The lowest pixel of the puppet is at most 0.022 of the frame's height below the point where it stands."""
    side = 240
    scene = Scene(*dog, dance=dance, width=side, height=side, seed=1, cutout=cutout)
    assert scene.performer.puppet.mode is (Mode.FULL if cutout else Mode.PRINT)
    lowest = [
        max((bottom for bottom in rows if bottom is not None), default=0)
        for rows in (bottoms(scene, frame_time.pose) for frame_time in scene.frame_times(75, dance.beats(5)))
    ]
    assert max(lowest) <= scene.performer.puppet.stand[1] + 0.022 * side


def bottoms(scene: Scene, pose: object) -> list[int | None]:
    """Return the lowest row of the frame that the puppet covers, region by region."""
    rows_covered: list[int | None] = []
    pet = scene.performer
    for region, _, half in pet.warp.at(pose):
        alpha = cv2.remap(pet.puppet.texture.chroma, *half, cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0))[..., 2]
        rows = np.flatnonzero((alpha > 128).any(axis=1))
        rows_covered.append(region.top + 2 * int(rows[-1]) + 1 if len(rows) else None)
    return rows_covered
