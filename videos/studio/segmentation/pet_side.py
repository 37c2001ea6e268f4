"""The part of a photo that shows the pet and none of the people in it, for cards and stickers."""

import math
from collections.abc import Sequence
from io import BytesIO
from itertools import product

import cv2
import numpy as np
from PIL import Image

from videos.photos.head import Head, is_on_face
from videos.studio.raster.mattes import extend_colours
from videos.studio.raster.picture import decode
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.people import oval_mask, person_at

# Where a person is expected, in face widths and heights around the face: as ``person_at`` draws the head and the body.
HAIR, ASIDE, BELOW = 0.75, 1.7, 8.0
# The area beside the oval that a portrait shows, as a share of the oval.
MARGIN = 1.12
# Shares of the way from the middle of a person's face to the edge of its box: the face itself, and the hair around it.
FACE, HAIR_AROUND = 0.85, 1.6
FUR = 0.7  # Beside a person's face, the pet's head reaches this share of the way to the edge of its oval.
VIEW = 3.6  # A card shows this many times the head, if the pet can't be cut out.
ABOVE = 0.4  # The middle of the head is at this share of the card's height.
WORTHWHILE = 0.8  # A card that would show more of the longer side shows the whole photo.
QUALITY = 92


def pet_side(photo: bytes, faces: Sequence[Box], head: Head | None) -> bytes:
    """Return the photo (JPEG, or anything that Pillow reads) as a JPEG without the people with ``faces``.

    It is the largest part that has the whole of the pet's ``head`` and lies beside all people. If there is none, it is
    the head's oval on a plain ground of its own colours. Without a head that is not a person's, it is the whole photo
    with the people blurred. The photo is returned unchanged without faces. Raises InvalidImage.
    """
    if not faces:
        return photo
    bgr = decode(photo)
    if head is None or is_on_face(head, faces):
        return _jpeg(_blurred(bgr, faces))
    box = pet_box(bgr.shape, faces, head)
    if box is None:
        return _jpeg(_portrait(bgr, head, faces))
    left, top, right, bottom = box
    return _jpeg(bgr[top:bottom, left:right])


def around_head(photo: bytes, head: Head | None) -> bytes:
    """Return the part of the photo around the pet's head as a JPEG, or the photo unchanged if there is little more.

    It shows the head in its upper half, and about as much of the body as fits below. Raises InvalidImage.
    """
    if head is None:
        return photo
    bgr = decode(photo)
    height, width = bgr.shape[:2]
    across = VIEW * (head.rx + head.ry) * max(height, width)
    if across > WORTHWHILE * max(height, width):
        return photo
    wide, high = min(round(across), width), min(round(across), height)
    left = min(max(round(head.x * width - wide / 2), 0), width - wide)
    top = min(max(round(head.y * height - ABOVE * high), 0), height - high)
    return _jpeg(bgr[top : top + high, left : left + wide])


def pet_box(shape: tuple[int, ...], faces: Sequence[Box], head: Head) -> tuple[int, int, int, int] | None:
    """Return left, top, right and bottom in pixels of the largest part with the whole head and no person, or None.

    ``shape`` is the photo's height and width. A person is expected from the hair down to the feet, three faces wide.
    """
    height, width = shape[:2]
    inner = _bounds(oval_mask(head, (height, width)))
    people = []
    for left, top, right, bottom in faces:
        w, h, x = (right - left) * width, (bottom - top) * height, (left + right) / 2 * width
        people.append((x - ASIDE * w, top * height - HAIR * h, x + ASIDE * w, bottom * height + BELOW * h))
    best: tuple[int, int, int, int] | None = None
    edges = (
        [0, *(int(np.ceil(person[2])) for person in people)],
        [0, *(int(np.ceil(person[3])) for person in people)],
        [width, *(int(person[0]) for person in people)],
        [height, *(int(person[1]) for person in people)],
    )
    for left, top, right, bottom in product(*edges):
        holds = 0 <= left <= inner[0] and 0 <= top <= inner[1] and inner[2] <= right and inner[3] <= bottom
        if not holds or any(left < p[2] and p[0] < right and top < p[3] and p[1] < bottom for p in people):
            continue
        if best is None or (right - left) * (bottom - top) > (best[2] - best[0]) * (best[3] - best[1]):
            best = (left, top, right, bottom)
    return best


def reach_beside(x: np.ndarray, y: np.ndarray, size: tuple[int, int], faces: Sequence[Box]) -> np.ndarray:
    """Return how far a pet's head reaches, as a share (0 to 1) of the way from its middle to the edge of its oval.

    What lies between a person's face and the pet's head belongs to the nearer one. ``x`` and ``y`` are positions in a
    photo of ``size`` (width and height), in pixels; the result has their shape.
    """
    nearest = np.full(x.shape, np.inf)
    for left, top, right, bottom in faces:
        rx, ry = max((right - left) / 2 * size[0], 1.0), max((bottom - top) / 2 * size[1], 1.0)
        dx, dy = x - (left + right) / 2 * size[0], y - (top + bottom) / 2 * size[1]
        # There is more hair above the box.
        nearest = np.minimum(nearest, np.hypot(dx / rx, dy / np.where(dy < 0, 1.2 * ry, ry)))
    return np.interp(nearest, (FACE, HAIR_AROUND), (FUR, 1.0), left=0.0)


def _portrait(bgr: np.ndarray, head: Head, faces: Sequence[Box]) -> np.ndarray:
    """Return the head's oval on a ground of its own colours, so that nothing beside it is seen."""
    left, top, right, bottom = _bounds(oval_mask(head, bgr.shape, MARGIN))
    height, width = bgr.shape[:2]
    y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
    tilt, side = math.radians(head.tilt), max(height, width)
    dx, dy = x - head.x * width, y - head.y * height
    across, along = dx * math.cos(tilt) + dy * math.sin(tilt), dy * math.cos(tilt) - dx * math.sin(tilt)
    distance = np.hypot(across / (head.rx * side), along / (head.ry * side))
    inside = (distance < reach_beside(x, y, (width, height), faces)).astype(np.float32)
    part = bgr[top:bottom, left:right].astype(np.float32)
    ground = extend_colours(part, inside)
    ground = cv2.GaussianBlur(ground, (0, 0), max(part.shape) / 12)
    # Fade inside the oval only.
    fade = cv2.GaussianBlur(inside, (0, 0), max(part.shape) / 60)
    cover = (np.clip(2 * fade - 1, 0, 1) * inside)[..., None]
    return np.clip(part * cover + ground * (1 - cover) + 0.5, 0, 255).astype(np.uint8)


def _blurred(bgr: np.ndarray, faces: Sequence[Box]) -> np.ndarray:
    """Return the picture with all people blurred beyond recognition, from the hair to the feet."""
    result = bgr.astype(np.float32)
    for face in faces:
        person = person_at(face, bgr.shape)
        size = max((face[2] - face[0]) * bgr.shape[1], 8.0)
        smooth = cv2.GaussianBlur(result, (0, 0), size / 2)
        area = (person.head | person.body).astype(np.float32)
        # The soft edge lies outside, so that the whole area is blurred.
        grown = cv2.dilate(area, np.ones((3, 3), np.uint8), iterations=max(1, round(size / 6)))
        cover = np.maximum(area, cv2.GaussianBlur(grown, (0, 0), size / 12))[..., None]
        result = smooth * cover + result * (1 - cover)
    return np.clip(result + 0.5, 0, 255).astype(np.uint8)


def _bounds(area: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _jpeg(bgr: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(bgr[..., ::-1])).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
