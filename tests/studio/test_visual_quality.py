"""Measurements on drawn frames: nothing flashes, the clip loops, and no foot sinks into the floor."""

from enum import StrEnum
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
from videos.styles import Style
from videos.subject import Subject

# Run all in one process, so that the demo's pet is cut out once.
pytestmark = pytest.mark.xdist_group("demo pet")
SLUGS = [dance.slug for dance in DANCES]
SIDE = 128


class Kind(StrEnum):
    """What dances: the pet's head on a dancer's body, the cut-out pet, or the photo as a card."""

    DANCER = "dancer"
    PET = "pet"
    CARD = "card"


class Film(NamedTuple):
    """The luma of a clip's frames, (n, h, w) and uint8, at ``fps``."""

    luma: np.ndarray
    fps: int
    kind: Kind
    shape: str


def films() -> list[Any]:
    """Return parameters for films of each dance.

    The slow ones are at 30 fps: the demo's pet in each format and the dog in a square, each as a dancer, as a whole pet
    and as a card, and a dancer of ten seconds. The quick ones are two films of each dance at 15 fps, in alternating
    formats: a dancer, and a pet or a card.
    """
    shapes = ["tall", "square", "wide", ""]
    parameters = []
    for number, dance in enumerate(DANCES):
        for shape, kind in product(shapes, Kind):
            name = f"{dance.slug}-{shape or 'dog'}-{kind}"
            parameters.append(pytest.param((dance, shape, kind, 30, 5), id=f"{name}-30", marks=pytest.mark.slow))
        for kind in (Kind.DANCER, Kind.CARD if number % 6 % 2 else Kind.PET):
            shape = shapes[number % 6 // 2]
            parameters.append(pytest.param((dance, shape, kind, 15, 5), id=f"{dance.slug}-{shape}-{kind}-15"))
        long = (dance, shapes[number % 3], Kind.DANCER, 30, 10)
        parameters.append(pytest.param(long, id=f"{dance.slug}-dancer-long", marks=pytest.mark.slow))
    return parameters


def brightness(luma: np.ndarray) -> np.ndarray:
    """Return the relative luminance, 0 to 1, of limited-range luma."""
    value = np.clip((luma.astype(np.float64) - 16) / 219, 0, 1)
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def changes(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where (n, h, w) a pixel has become brighter, and where darker, by half of a flash.

    According to WCAG 2.3.1, a flash is a pair of opposing changes of relative luminance by a tenth or more, with the
    darker state below 0.8. ``frames`` is luminance (n, h, w).
    """
    low, high = frames[0].copy(), frames[0].copy()
    heading = np.zeros(frames[0].shape, int)
    ups, downs = np.zeros(frames.shape, bool), np.zeros(frames.shape, bool)
    for number, now in enumerate(frames[1:], 1):
        low, high = (
            np.where(heading <= 0, np.minimum(low, now), low),
            np.where(heading >= 0, np.maximum(high, now), high),
        )
        up = (heading <= 0) & (now - low >= 0.1) & (low < 0.8)
        down = (heading >= 0) & (high - now >= 0.1) & (now < 0.8) & ~up
        heading = np.where(up, 1, np.where(down, -1, heading))
        low, high = np.where(up | down, now, low), np.where(up | down, now, high)
        ups[number], downs[number] = up, down
    return ups, downs


def flashes_per_second(frames: np.ndarray, fps: int) -> float:
    """Return the most flashes that a quarter of the frame shows within one second, at the same time or not."""
    ups, downs = changes(frames)
    return most_pairs(ups | downs, fps)


def concurrent_flashes_per_second(frames: np.ndarray, fps: int) -> float:
    """Return the same for flashes that occur concurrently, as WCAG has it.

    Of the changes, only those count with which a quarter of the frame changes in the same direction within a tenth of a
    second. Limbs and stripes that pass a place one after the other are no flash.
    """
    window = max(1, fps // 10)
    ups, downs = (changed & together(changed, window)[:, None, None] for changed in changes(frames))
    return most_pairs(ups | downs, fps)


def most_pairs(changed: np.ndarray, fps: int) -> float:
    """Return the most pairs of changes (n, h, w) within one second that a quarter of the pixels see."""
    summed = np.cumsum(changed, axis=0)
    within = (summed[fps:] - summed[:-fps]) / 2
    return float(np.percentile(within.reshape(len(within), -1), 75, axis=1).max())


def together(changed: np.ndarray, window: int) -> np.ndarray:
    """Return the frames (bool) of each ``window`` in which a quarter of the pixels change."""
    frames = np.zeros(len(changed), bool)
    for end in range(1, len(changed) + 1):
        span = slice(max(0, end - window), end)
        if changed[span].any(axis=0).mean() >= 0.25:
            frames[span] = True
    return frames


METERS = {"any": flashes_per_second, "concurrent": concurrent_flashes_per_second}


@pytest.mark.parametrize("kind", METERS)
def test_the_meter_sees_a_flash(kind: str) -> None:
    for times in (2, 4, 5):
        wave = np.tile(np.repeat([0.0, 1.0], 30 // (2 * times)), times * 3)
        frames = np.broadcast_to(wave[:, None, None], (len(wave), 4, 4))
        assert METERS[kind](frames, 30) == pytest.approx(30 / (30 // (2 * times) * 2), abs=0.6)
    part = np.zeros((90, 10, 10))
    part[::3, :2] = 1
    assert METERS[kind](part, 30) == 0
    part[::3, :3] = 1
    assert METERS[kind](part, 30) >= 9


def test_a_bar_that_sweeps_a_part_of_the_frame_is_no_flash() -> None:
    """A twentieth of the frame crosses six twentieths four times a second."""
    frames = np.zeros((90, 10, 20))
    for number, frame in enumerate(frames):
        frame[:, int(number / 7.5 * 6) % 6] = 1
    assert flashes_per_second(frames, 30) >= 4
    assert concurrent_flashes_per_second(frames, 30) == 0


@pytest.fixture(scope="module", params=films())
def film(request: pytest.FixtureRequest, dog: Photo, demo_pet: dict[str, Photo]) -> Film:
    """Return the luma of one clip. Both of its tests run in one process."""
    dance, shape, kind, fps, seconds = request.param
    photo, (width, height) = (demo_pet[shape], of_format(shape, 112)) if shape else (dog, (SIDE, SIDE))
    head = demo_head(shape) if shape else DOG_HEAD
    style = Style.DANCER if kind is Kind.DANCER else Style.WHOLE_PET
    look = {"cutout": kind is not Kind.CARD, "head": head, "style": style}
    scene = Scene(Subject(*photo, **look), dance=dance, width=width, height=height, seed=1)
    picture, frames = blank(width, height), []
    for frame_time in scene.frame_times(seconds * fps, dance.beats(5), seconds // 5):
        scene.draw(picture, frame_time)
        frames.append(picture.y.copy())
    return Film(np.array(frames), fps, kind, shape)


def test_at_most_three_large_flashes_a_second(film: Film) -> None:
    """Three are allowed, and only those that are concurrent count.

    For a whole pet, all count. The limit of 2.5 for the bright demo pet leaves a margin for pets with more contrast.
    """
    height, width = (side // 4 for side in film.luma.shape[1:])
    frames = [cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA) for luma in film.luma]
    shown = brightness(np.array(frames))
    looped = np.concatenate([shown, shown[: film.fps + 1]])
    if film.kind is Kind.DANCER:
        assert concurrent_flashes_per_second(looped, film.fps) <= 3
    else:
        assert flashes_per_second(looped, film.fps) <= (2.5 if film.shape else 3)


def test_clip_loops_without_a_seam(film: Film) -> None:
    """The step from the last frame to the first is no larger than the steps within the clip."""
    luma = film.luma.astype(np.int16)
    steps = [np.abs(after - before).mean() for before, after in pairwise(luma)]
    assert np.abs(luma[0] - luma[-1]).mean() <= 1.25 * max(steps)


@pytest.mark.parametrize(("dance", "cutout"), [*each_dance(True, every=2), *each_dance(False, every=4)])
def test_no_foot_goes_through_the_floor(dog: Photo, dance: Dance, cutout: bool) -> None:
    """The lowest pixel of the puppet is at most 0.022 of the frame's height below the point where it stands."""
    side = 240
    scene = Scene(Subject(*dog, cutout=cutout), dance=dance, width=side, height=side, seed=1)
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
