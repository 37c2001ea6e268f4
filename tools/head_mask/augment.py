"""Crops around heads, as the network sees them and made harder, with the mask that follows."""

from dataclasses import dataclass

import cv2
import numpy as np

from tools.head_finder.augment import recoloured
from tools.head_mask.photos import BACKGROUND, PET, Photo, head_in
from tools.head_mask.scores import pet_of
from videos.studio.segmentation.head_mask import GREY, SIDE, cropped, to_crop

OUT = SIDE // 2
OUTSIDE = 0  # in a trimap, beyond the photo
BORDER_WEIGHT = 0.4  # The trimap's border is drawn coarsely. The nearer side is right more often than not.


@dataclass(frozen=True, slots=True)
class Sample:
    """A crop (uint8, (SIDE, SIDE, 3), B, G, R), the pet in it, and what each pixel counts.

    Both are uint8, (OUT, OUT), 0 to 255.
    """

    picture: np.ndarray
    pet: np.ndarray
    weight: np.ndarray


def sample(photo: Photo, random: np.random.Generator | None = None, *, mirrored: bool = False) -> Sample:
    """Return the photo's crop as it is, or a ``random`` variant of it."""
    bgr, trimap = photo.pixels(), photo.trimap()
    matrix = to_crop(head_in(photo.box, bgr.shape), bgr.shape)
    if random is not None:
        matrix = np.vstack([_jitter(random), [0, 0, 1]]) @ np.vstack([matrix, [0, 0, 1]])
        matrix = matrix[:2]
        mirrored = bool(random.random() < 0.5)
    if mirrored:
        matrix = np.array([[-1, 0, SIDE - 1], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]])
    picture = cropped(bgr, matrix)
    if random is not None:
        picture = _coarser(recoloured(picture, random), random)
        picture = _shaded(picture, random)
    trimap = cv2.warpAffine(trimap, matrix, (SIDE, SIDE), flags=cv2.INTER_NEAREST, borderValue=OUTSIDE)
    if random is not None:
        picture = np.where((trimap == OUTSIDE)[..., None], np.uint8(GREY), picture)
    sure = (trimap == PET) | (trimap == BACKGROUND)
    weight = np.where(sure, 1.0, BORDER_WEIGHT) * (trimap != OUTSIDE)
    pet = pet_of(np.where(trimap == OUTSIDE, 3, trimap)).astype(np.float32)
    small = (cv2.resize(part.astype(np.float32), (OUT, OUT), interpolation=cv2.INTER_AREA) for part in (pet, weight))
    return Sample(picture, *((255 * part + 0.5).astype(np.uint8) for part in small))


def _jitter(random: np.random.Generator) -> np.ndarray:
    """Return a random change of the crop's place, size, tilt and shape."""
    scale = np.exp(random.normal(0, 0.16))
    angle = np.deg2rad(random.normal(0, 10) if random.random() < 0.75 else random.normal(0, 35))
    stretch = np.exp(random.normal(0, 0.07))
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = linear @ np.diag([stretch, 1 / stretch])
    middle = np.array([SIDE / 2, 0.6 * SIDE])
    return np.column_stack([linear, middle - linear @ middle + random.normal(0, 0.045 * SIDE, 2)])


def _coarser(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return the picture as a small head in a large photo shows it, now and then."""
    if random.random() > 0.35:
        return picture
    small = int(random.integers(56, 160))
    picture = cv2.resize(picture, (small, small), interpolation=cv2.INTER_AREA)
    if random.random() < 0.5:
        picture = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], cv2.IMREAD_COLOR)
    return cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def _shaded(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return the picture under a gradient of light, now and then."""
    if random.random() > 0.3:
        return picture
    along = np.linspace(-1, 1, SIDE, dtype=np.float32) * random.uniform(-0.35, 0.35)
    across = np.linspace(-1, 1, SIDE, dtype=np.float32) * random.uniform(-0.35, 0.35)
    light = 1 + along[:, None, None] + across[None, :, None]
    return np.clip(picture * light, 0, 255).astype(np.uint8)
