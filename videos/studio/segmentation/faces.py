"""Detection of human faces, with MediaPipe's full-range detector run through OpenCV. It does not detect pets' faces."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from videos.photos.head import FoundHead, Head
from videos.studio.segmentation.weights import verified_weights

MODEL = Path(__file__).parent / "model" / "face_detection_full_range.tflite"
MODEL_SHA256 = "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3"
# The model was trained with 192 by 192 pixels, R, G, B from -1 to 1, and one anchor per field of 4 by 4 pixels.
SIDE = 192
STRIDE = 4
# A face that may be one at the first look is looked at again, in four pictures of its surroundings.
CANDIDATE = 0.2
SURROUNDINGS = (4.0, 7.0)
# The mean of the second looks. In 389 photos of cats and dogs, one face of a pet scores above 0.55. Outside the pet's
# head, all people score above 0.25, and one other thing does.
MIN_SCORE, MIN_SCORE_BESIDE_PET = 0.55, 0.25
# A pet's face that is taken for a person's is a pet's head of at least this confidence. People's faces have up to 0.72.
CERTAIN_PET = 0.95
# Faces smaller than this share of the photo are missed in the whole photo. They are looked for in tiles.
SMALL = 0.09
TILE = 0.6
# Two boxes are the same face if they share this much of the area that they cover together.
SAME = 0.3

type Box = tuple[float, float, float, float]


class FaceCandidate(NamedTuple):
    """What may be a human face: its box, and the mean score of the second looks (0 to 1).

    ``in_tile`` says that only a tile of the picture showed it.
    """

    box: Box
    score: float
    in_tile: bool


def human_faces(bgr: np.ndarray, model: Path = MODEL) -> tuple[Box, ...]:
    """Return the box of each human face in ``bgr`` (uint8, (h, w, 3)), the most certain first.

    A box is left, top, right and bottom as shares of the picture. Returns nothing if the file ``model`` is missing or
    is not the expected one.
    """
    return confirmed_faces(face_candidates(bgr, model))


def confirmed_faces(
    candidates: Sequence[FaceCandidate], pets: Sequence[Head] = (), shape: tuple[int, ...] = (1, 1)
) -> tuple[Box, ...]:
    """Return the boxes of the candidates that are human faces, the most certain first.

    ``pets`` are the heads of pets that are sure, in a picture of ``shape`` (height and width). If there are any, a much
    lower score is enough away from them.
    """
    faces: list[Box] = []
    for candidate in candidates:
        box = candidate.box
        beside = bool(pets) and not candidate.in_tile and not any(_is_on(box, pet, shape) for pet in pets)
        if candidate.score >= (MIN_SCORE_BESIDE_PET if beside else MIN_SCORE):
            faces.append(box)
    return tuple(faces)


def without_pets(
    candidates: Sequence[FaceCandidate], found: Sequence[FoundHead], shape: tuple[int, ...]
) -> list[FaceCandidate]:
    """Return the candidates that are not the face of a pet. ``found`` are the heads of pets in the same picture."""
    pets = [one.head for one in found if one.confidence >= CERTAIN_PET]
    return [candidate for candidate in candidates if not any(_is_on(candidate.box, pet, shape) for pet in pets)]


def face_candidates(bgr: np.ndarray, model: Path = MODEL) -> tuple[FaceCandidate, ...]:
    """Return everything in ``bgr`` (uint8, (h, w, 3)) that may be a human face, the most certain first.

    The detector looks at the whole picture and at four overlapping tiles, and at each find again from nearby.
    """
    net = _loaded(model)
    if net is None:
        return ()
    finds = [(box, False) for box, score in _detect(net, bgr) if score >= CANDIDATE]
    for box in _small_finds(net, bgr):
        if not any(_is_same(box, other, 0.5) for other, _ in finds):
            finds.append((box, True))
    found = [FaceCandidate(_shares(box, bgr), _second_look(net, bgr, box), in_tile) for box, in_tile in finds]
    return tuple(sorted(found, key=lambda candidate: -candidate.score))


def _small_finds(net: Any, bgr: np.ndarray) -> list[Box]:
    """Return the small boxes (in pixels) that the detector sees in four overlapping tiles."""
    height, width = bgr.shape[:2]
    rows, columns = round(TILE * height), round(TILE * width)
    finds = []
    for top in (0, height - rows):
        for left in (0, width - columns):
            for box, score in _detect(net, bgr[top : top + rows, left : left + columns]):
                if score >= CANDIDATE and max(box[2] - box[0], box[3] - box[1]) < SMALL * max(height, width):
                    finds.append((box[0] + left, box[1] + top, box[2] + left, box[3] + top))
    return finds


def _shares(box: Box, bgr: np.ndarray) -> Box:
    """Return a box in pixels as shares of the picture, cut off at its edges."""
    height, width = bgr.shape[:2]
    edges = zip(box, (width, height, width, height), strict=True)
    left, top, right, bottom = (round(min(max(edge / side, 0.0), 1.0), 3) for edge, side in edges)
    return left, top, right, bottom


def _second_look(net: Any, bgr: np.ndarray, box: Box) -> float:
    """Return the mean score of the face at ``box`` (pixels) in its surroundings, also mirrored."""
    x, y, side = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, max(box[2] - box[0], box[3] - box[1])
    scores = []
    for times in SURROUNDINGS:
        across = max(2, int(side * times))
        left, top = int(x - across / 2), int(y - across / 2)
        beyond = max(0, -left, -top, left + across - bgr.shape[1], top + across - bgr.shape[0])
        padded = cv2.copyMakeBorder(bgr, beyond, beyond, beyond, beyond, cv2.BORDER_CONSTANT)
        near = padded[top + beyond : top + beyond + across, left + beyond : left + beyond + across]
        at = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
        mirrored = (across - at[2], at[1], across - at[0], at[3])
        for picture, place in ((near, at), (np.ascontiguousarray(near[:, ::-1]), mirrored)):
            same = [score for found, score in _detect(net, picture) if _is_same(found, place)]
            scores.append(max(same, default=0.0))
    return sum(scores) / len(scores)


def _detect(net: Any, bgr: np.ndarray) -> list[tuple[Box, float]]:
    """Return the box in pixels and the score (0 to 1) of what the detector sees, the most certain first."""
    square, (left, top, width, height) = _letterboxed(bgr)
    net.setInput(square)
    scores, boxes = net.forward(["reshaped_classifier_face_4", "reshaped_regressor_face_4"])
    confidence = 1 / (1 + np.exp(-np.clip(scores[0, :, 0], -80, 80)))
    across, down = bgr.shape[1] / width, bgr.shape[0] / height
    found: list[tuple[Box, float]] = []
    for number in np.argsort(-confidence)[:40].tolist():
        if confidence[number] < 0.02:
            break
        row, column = divmod(number, SIDE // STRIDE)
        x, y, w, h = boxes[0, number, :4].tolist()
        x, y = x + (column + 0.5) * STRIDE - left, y + (row + 0.5) * STRIDE - top
        box = ((x - w / 2) * across, (y - h / 2) * down, (x + w / 2) * across, (y + h / 2) * down)
        if not any(_is_same(box, other, 0.5) for other, _ in found):
            found.append((box, float(confidence[number])))
    return found


def _is_on(box: Box, pet: Head, shape: tuple[int, ...]) -> bool:
    """Return whether the middle of the box lies in the pet's head."""
    side = max(shape[:2])
    x = ((box[0] + box[2]) / 2 - pet.x) * shape[1] / side
    y = ((box[1] + box[3]) / 2 - pet.y) * shape[0] / side
    tilt = math.radians(pet.tilt)
    across, along = x * math.cos(tilt) + y * math.sin(tilt), y * math.cos(tilt) - x * math.sin(tilt)
    return math.hypot(across / pet.rx, along / pet.ry) < 1


def _loaded(model: Path) -> Any | None:
    if verified_weights(model, MODEL_SHA256) is None:
        return None
    # OpenCV 5.0 ignores the requested engine when it loads from a buffer, and its new engine loses one of two outputs.
    # Load from the path instead.
    return cv2.dnn.readNetFromTFLite(str(model), cv2.dnn.ENGINE_CLASSIC)


def _letterboxed(bgr: np.ndarray) -> tuple[np.ndarray, Box]:
    """Return the picture centred in a black square, as the model's input, and its box in the square in pixels."""
    scale = SIDE / max(bgr.shape[:2])
    width, height = max(1, round(bgr.shape[1] * scale)), max(1, round(bgr.shape[0] * scale))
    left, top = (SIDE - width) // 2, (SIDE - height) // 2
    square: np.ndarray = np.zeros((SIDE, SIDE, 3), np.uint8)
    square[top : top + height, left : left + width] = cv2.resize(bgr, (width, height), interpolation=cv2.INTER_AREA)
    rgb = square[..., ::-1].astype(np.float32) / 127.5 - 1
    return np.ascontiguousarray(rgb.transpose(2, 0, 1)[None]), (left, top, width, height)


def _is_same(one: Box, other: Box, within: float = 1.0) -> bool:
    """Return whether two boxes show one face.

    They overlap by ``SAME``, or the smaller lies in the other by more than the share ``within``.
    """
    width = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    height = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    both = width * height
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return both > SAME * (sum(areas) - both) or both > within * min(areas)
