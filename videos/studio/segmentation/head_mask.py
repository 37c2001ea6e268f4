"""The mask of a pet's head: a crop around its oval, segmented at a resolution of its own.

The network is an EfficientNet-Lite0, cut short, with a few layers of our own. ``tools/head_mask`` trains it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from videos.photos.head import Head
from videos.studio.raster.mattes import fill_holes, guided_filter, smoothstep
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.head_shape import Oval
from videos.studio.segmentation.pet_side import reach_beside
from videos.studio.segmentation.weights import verified_weights

MODEL = Path(__file__).parent / "model" / "pet_head_mask.onnx"
MODEL_SHA256 = "419451813d73ae18ec629c242a1e0795de3f6aabc9b9aaa10b9eaf1591e7591f"
SIDE, GREY = 256, 127  # The side of the crop in pixels, and its colour beyond the photo.
ROOM = 2.2  # Its side, as a share of the longer side of the oval's box.
RISE = 0.1  # The share of its side by which its middle is above the oval's, because ears reach further than a chin.
FADE = 12  # In the crop's outermost pixels, the mask of the whole photo takes over.
FUR = 4  # The radius in pixels in which the mask follows the crop's edges.
INNER, MIN_COVER = 0.8, 0.65  # A head covers at least this share of the inner part of its oval, which has corners.
AROUND, MIN_CONFIDENCE = 1.6, 0.85  # Below it, in and around the oval, there may be no animal that the network knows.
CERTAIN = 0.02  # The least doubt that counts.
MIN_AGREEMENT = 0.85  # Masks of the crop and of the whole photo that overlap by this show the same pet.


@dataclass(frozen=True, slots=True)
class HeadMask:
    """The mask of a pet that shows its head at its best.

    ``mask`` is float32, 0 to 1, and covers the whole photo. ``confidence`` (0 to 1) is how clearly the pixels in and
    around the head are pet or something else.
    """

    mask: np.ndarray
    confidence: float


def head_mask(
    bgr: np.ndarray, head: Head, whole: np.ndarray | None = None, faces: Sequence[Box] = (), model: Path = MODEL
) -> HeadMask | None:
    """Segment the surroundings of ``head`` in a photo, and put the result into the mask of the whole photo.

    ``bgr`` is the photo (uint8, (h, w, 3)). ``whole`` is the pet's mask of the whole photo (float32, 0 to 1, of any
    size), or None. ``faces`` are human faces, as in ``Cutout``, which are left out. Returns None if the result is not
    to be trusted, or the file ``model`` is missing or is not the expected one.
    """
    net = _loaded(model)
    if net is None:
        return None
    matrix = to_crop(head, bgr.shape)
    crop, oval = cropped(bgr, matrix), oval_of(head)
    pet = (run(net, crop) + run(net, crop[:, ::-1])[:, ::-1]) / 2
    distance = oval.distance(pet.shape)
    near = distance < AROUND
    confidence = float(np.abs(2 * pet - 1)[near].mean())
    if confidence < MIN_CONFIDENCE or float(pet[distance < INNER].mean()) < MIN_COVER:
        return None
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
    pet = fill_holes(np.clip(guided_filter(grey, pet, FUR, 1e-3), 0, 1))
    if whole is not None:
        pet = merged(pet, cropped(_like(whole, bgr), matrix), near, people=bool(faces))
    elif faces:
        pet = pet * _beside(matrix, oval, bgr.shape, faces)
    return HeadMask(_placed(pet, matrix, bgr.shape, whole), confidence)


def to_crop(head: Head, shape: tuple[int, ...]) -> np.ndarray:
    """Return the matrix from the pixels of a photo of ``shape`` to those of the crop, with the head upright in it."""
    height, width = shape[:2]
    longer = max(height, width)
    scale = SIDE / (ROOM * 2 * max(head.rx, head.ry) * longer)
    turn = np.radians(head.tilt)
    cos, sin = scale * float(np.cos(turn)), scale * float(np.sin(turn))
    linear = np.array([[cos, sin], [-sin, cos]])
    middle = np.array([SIDE / 2, (0.5 + RISE) * SIDE]) - 0.5
    return np.column_stack([linear, middle - linear @ (head.x * width - 0.5, head.y * height - 0.5)])


def cropped(photo: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return the crop of a photo or a mask, smoothed first where it is reduced. Beyond a photo, it is grey."""
    grey = (GREY,) * 3
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if scale < 0.7:
        # Smooth only what is seen.
        square = np.array([[[0, 0], [SIDE, 0], [0, SIDE], [SIDE, SIDE]]], np.float32)
        corners = cv2.transform(square, _inverse(matrix))[0]
        margin = 2 / scale
        low = np.clip(np.floor(corners.min(axis=0) - margin), 0, None).astype(int)
        high = np.ceil(corners.max(axis=0) + margin).astype(int)
        photo = photo[low[1] : high[1], low[0] : high[0]]
        matrix = np.column_stack([matrix[:, :2], matrix[:, 2] + matrix[:, :2] @ low])
        photo = cv2.GaussianBlur(photo, (0, 0), 0.4 / scale)
    beyond = cv2.BORDER_CONSTANT if photo.ndim == 3 else cv2.BORDER_REPLICATE
    return cv2.warpAffine(photo, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=beyond, borderValue=grey)


def run(net: Any, crop: np.ndarray) -> np.ndarray:
    """Return how certainly each pixel of the crop is pet (float32, (SIDE, SIDE), 0 to 1)."""
    rgb = (crop[..., ::-1].astype(np.float32) - 127.5) / 127.5
    net.setInput(np.ascontiguousarray(rgb.transpose(2, 0, 1)[None]))
    quarters = net.forward()[0]
    # Each cell of the network's map stands for two by two pixels.
    side = 2 * quarters.shape[1]
    logits = quarters.reshape(2, 2, side // 2, side // 2).transpose(2, 0, 3, 1).reshape(side, side)
    return 1 / (1 + np.exp(-cv2.resize(logits, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)))


def merged(pet: np.ndarray, whole: np.ndarray, near: np.ndarray, *, people: bool) -> np.ndarray:
    """Return the mask of a crop from the network's, and from the crop of the mask of the whole photo.

    If they show the same pet where ``near`` says so, both count, and the more certain one counts more. With ``people``
    in the photo, nothing is added to ``whole``, which shows none of them.
    """
    one, other = (pet > 0.5) & near, (whole > 0.5) & near
    both, either = int((one & other).sum()), int((one | other).sum())
    if both >= MIN_AGREEMENT * max(either, 1):
        pet = 1 / (1 + np.exp(-_logit(pet) - _logit(whole)))
    return np.minimum(pet, cv2.dilate(whole, np.ones((5, 5), np.uint8))) if people else pet


def _logit(share: np.ndarray) -> np.ndarray:
    return np.log(share + CERTAIN) - np.log(1 - share + CERTAIN)


def _loaded(model: Path) -> Any | None:
    weights = verified_weights(model, MODEL_SHA256)
    if weights is None:
        return None
    return cv2.dnn.readNetFromONNX(np.frombuffer(weights, np.uint8), cv2.dnn.ENGINE_CLASSIC)


def oval_of(head: Head) -> Oval:
    """Return the head in the crop."""
    radius = SIDE / 2 / ROOM / max(head.rx, head.ry)
    return Oval(SIDE / 2 - 0.5, (0.5 + RISE) * SIDE - 0.5, radius * head.rx, radius * head.ry)


def _beside(matrix: np.ndarray, oval: Oval, shape: tuple[int, ...], faces: Sequence[Box]) -> np.ndarray:
    """Return a bool mask of the crop without what is nearer to a person's face than to the head."""
    grid = np.dstack(np.meshgrid(np.arange(SIDE), np.arange(SIDE))).astype(np.float32)
    place = cv2.transform(grid, _inverse(matrix))
    reach = reach_beside(place[..., 0], place[..., 1], (shape[1], shape[0]), faces)
    return (reach >= 1) | (oval.distance((SIDE, SIDE)) < reach)


def _placed(pet: np.ndarray, matrix: np.ndarray, shape: tuple[int, ...], whole: np.ndarray | None) -> np.ndarray:
    """Return the mask of the whole photo with ``pet`` in the place of the crop, as large as the crop's pixels need."""
    scale = min(1.0, float(np.sqrt(abs(np.linalg.det(matrix[:, :2])))))
    size = (max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale)))
    larger = np.diag([shape[1] / size[0], shape[0] / size[1]])
    # The middles of pixels, which are half a pixel from their corners, stay in place.
    linear = matrix[:, :2] @ larger
    placing = np.column_stack([linear, matrix[:, 2] + matrix[:, :2] @ (np.diag(larger) / 2 - 0.5)])
    edge = np.minimum(np.arange(SIDE), np.arange(SIDE)[::-1]).astype(np.float32)
    share: np.ndarray = smoothstep(np.minimum(edge[None], edge[:, None]), 0, FADE).astype(np.float32)

    def seen(part: np.ndarray, beyond: int) -> np.ndarray:
        way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(part, placing, size, flags=way, borderMode=beyond)

    if whole is None:
        return seen(pet, cv2.BORDER_CONSTANT)
    share, pet = seen(share, cv2.BORDER_CONSTANT), seen(pet, cv2.BORDER_REPLICATE)
    return share * pet + (1 - share) * cv2.resize(whole, size, interpolation=cv2.INTER_LINEAR)


def _like(mask: np.ndarray, bgr: np.ndarray) -> np.ndarray:
    return cv2.resize(mask, bgr.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def _inverse(matrix: np.ndarray) -> np.ndarray:
    return cv2.invertAffineTransform(matrix)
