"""Where a pet's head is: the head finder, a small network run through OpenCV, and the outline where it is unsure.

The network is an EfficientNet-Lite0, cut short, with a few layers of our own. ``tools/head_finder`` trains it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from videos.photos.head import MAX_RADIUS, MAX_RATIO, MIN_RADIUS, FoundHead, Head, HeadSource
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.outline import find_head
from videos.studio.segmentation.weights import verified_weights

MODEL = Path(__file__).parent / "model" / "pet_head_finder.onnx"
MODEL_SHA256 = "50381d8c286e5949dfae6006f42568eef3961120d90fbcba334589d053d49735"
# The photo, centred in a grey square; and the side of one cell of the network's maps. In pixels.
SIDE, CELL = 320, 16
GREY = 127
# The confidence is the logistic function of these, times: 1, the logit of the heat, the next peak's heat, the distance
# and the change of size between the passes, and the spread of the boxes. `make train-head-finder` fits them on breeds
# that the network has not seen, and on pictures without a head.
CALIBRATION = (3.766, 3.723, -0.656, 0.0, -1.392, -0.921)
ROOM = 1.05  # Heads are found a little too small, with the tips of the ears outside.
MAX_HEADS = 5
MIN_HEAT = 0.08
# Where the finder is unsure, it is right more often than the outline, unless it sees nothing at all.
MIN_CONFIDENCE, OUTLINE_CONFIDENCE = 0.05, 0.3
# The middle of a person's face box, grown by this share on each side, and its overlap, are no place for a pet's head.
GROWN = 0.15
MAX_OVERLAP = 0.4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A peak of the heat map: its box (centre, width and height in pixels of the square) and what speaks for it."""

    box: tuple[float, float, float, float]
    evidence: tuple[float, ...]

    @property
    def confidence(self) -> float:
        total = sum(weight * value for weight, value in zip(CALIBRATION, self.evidence, strict=True))
        return 1 / (1 + math.exp(-min(max(total, -30.0), 30.0)))


def find_heads(bgr: np.ndarray, people: Sequence[Box] = (), model: Path = MODEL) -> tuple[FoundHead, ...]:
    """Return the heads of pets in ``bgr`` (uint8, (h, w, 3)), the most certain first, at most five.

    They do not overlap. A head in or over a face of ``people`` is left out: a person is never a candidate. Returns
    nothing if the file ``model`` is missing or is not the expected one.
    """
    net = _loaded(model)
    if net is None:
        return ()
    # As for the cutout, two threads halve the owner's wait.
    cv2.setNumThreads(2)
    square = letterboxed(bgr)
    peaks = candidates(run(net, square), run(net, square[:, ::-1]))
    inside = [head for head in (_found(peak, bgr) for peak in peaks) if head]
    found = leave_out_people(inside, bgr, people)
    return tuple(sorted(found, key=lambda one: -one.confidence)[:MAX_HEADS])


def leave_out_people(found: Sequence[FoundHead], bgr: np.ndarray, people: Sequence[Box]) -> list[FoundHead]:
    """Return the heads that are not in or over a human face of ``people``."""
    return [one for one in found if not _is_person(one.head, bgr, people)]


def letterboxed(bgr: np.ndarray) -> np.ndarray:
    """Return the picture centred in a grey square, as the network's input (uint8, (320, 320, 3))."""
    scale = SIDE / max(bgr.shape[:2])
    width, height = max(1, round(bgr.shape[1] * scale)), max(1, round(bgr.shape[0] * scale))
    left, top = (SIDE - width) // 2, (SIDE - height) // 2
    square: np.ndarray = np.full((SIDE, SIDE, 3), GREY, np.uint8)
    by = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    square[top : top + height, left : left + width] = cv2.resize(bgr, (width, height), interpolation=by)
    return square


def run(net: Any, square: np.ndarray) -> np.ndarray:
    """Return the network's maps for a square picture (float32, (5, 20, 20)).

    They are the logit of the heat, the way to the head's middle (in four cells) and the logarithms of its width and
    height (in half squares).
    """
    rgb = (square[..., ::-1].astype(np.float32) - 127.5) / 127.5
    net.setInput(np.ascontiguousarray(rgb.transpose(2, 0, 1)[None]))
    return net.forward()[0]


def candidates(plain: np.ndarray, mirrored: np.ndarray) -> list[Candidate]:
    """Return the peaks of the mean of two passes, the hottest first. ``mirrored`` is of the mirrored picture."""
    mirrored = mirrored[..., ::-1] * np.array([1, -1, 1, 1, 1], np.float32)[:, None, None]
    both = (plain + mirrored) / 2
    heat, boxes = 1 / (1 + np.exp(-both[0])), _boxes(both)
    around = cv2.copyMakeBorder(heat, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    free = cv2.filter2D(around, -1, np.array([[0, 1, 0], [1, 2, 1], [0, 1, 0]], np.float32) / 6)[1:-1, 1:-1]
    peaks: list[tuple[float, np.ndarray, float]] = []
    for _ in range(3 * MAX_HEADS):
        at = np.unravel_index(np.argmax(free), free.shape)
        if free[at] <= 0 or (peaks and heat[at] < MIN_HEAT):
            break
        box, spread = _mean_box(heat, boxes, at)
        inside = (np.abs(_CENTRES[0] - box[0]) < box[2] / 2) & (np.abs(_CENTRES[1] - box[1]) < box[3] / 2)
        inside[at] = True
        free = np.where(inside, 0, free)
        if all(_are_apart(box, other) for _, other, _ in peaks):
            peaks.append((float(heat[at]), box, spread))
    singles = [_best_box(plain), _best_box(mirrored)]
    found = []
    for number, (hot, box, spread) in enumerate(peaks[:MAX_HEADS]):
        rival = max((other for index, (other, _, _) in enumerate(peaks) if index != number), default=0.0)
        size = math.sqrt(box[2] * box[3])
        apart = max(min(1.0, math.hypot(*(single[:2] - box[:2])) / size) for single in singles)
        resized = min(1.0, float(np.abs(np.log(singles[0][2:] / singles[1][2:])).sum()))
        logit = math.log(hot / (1 - hot)) if 0 < hot < 1 else math.copysign(16, hot - 0.5)
        evidence = (1.0, logit, rival, apart, resized, spread)
        found.append(Candidate((float(box[0]), float(box[1]), float(box[2]), float(box[3])), evidence))
    return found


def propose(
    bgr: np.ndarray, mask: np.ndarray | None, people: Sequence[Box] = (), model: Path = MODEL
) -> tuple[FoundHead, ...]:
    """Return the heads of ``find_heads``, and before them the head by the outline if they say nothing.

    Beside a head, what the finder hardly believes in is left out: it is nearly always something else.
    ``mask`` (float32, (h, w), 0 to 1) covers the same picture as ``bgr``, at any size, or is None without a cut-out.
    """
    found = find_heads(bgr, people, model)
    if found and found[0].confidence >= MIN_CONFIDENCE:
        return tuple(one for one in found if one.confidence >= MIN_CONFIDENCE)
    if mask is None:
        return found
    outlined = head_by_outline(mask, people)
    if outlined is None:
        return found
    own = _pixels(outlined.head, bgr)
    apart = [one for one in found if _are_apart(_pixels(one.head, bgr), own)]
    return (outlined, *apart[: MAX_HEADS - 1])


def head_by_outline(mask: np.ndarray, people: Sequence[Box] = ()) -> FoundHead | None:
    """Return the head that the outline alone suggests, or None without a pet or where a person's face is."""
    pet = mask > 0.5
    if not pet.any():
        return None
    rows, columns = np.flatnonzero(pet.any(axis=1)), np.flatnonzero(pet.any(axis=0))
    found = find_head(np.ascontiguousarray(pet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]))
    height, width = mask.shape
    radius = float(np.clip(0.5 * found.width / max(height, width), MIN_RADIUS, MAX_RADIUS))
    x, y = (found.x + columns[0]) / width, (found.top + rows[0] + 0.5 * found.width) / height
    head = Head(min(max(float(x), 0.0), 1.0), min(max(float(y), 0.0), 1.0), radius, radius)
    if _is_person(head, mask, people):
        return None
    return FoundHead(head, OUTLINE_CONFIDENCE, HeadSource.OUTLINE)


def _loaded(model: Path) -> Any | None:
    weights = verified_weights(model, MODEL_SHA256)
    if weights is None:
        return None
    return cv2.dnn.readNetFromONNX(np.frombuffer(weights, np.uint8), cv2.dnn.ENGINE_CLASSIC)


_CENTRES = np.meshgrid(*2 * [np.arange(SIDE // CELL, dtype=np.float32) * CELL + CELL / 2])


def _boxes(maps: np.ndarray) -> np.ndarray:
    """Return each cell's box: centre, width and height in pixels (float32, (4, 20, 20))."""
    sizes = np.exp(np.clip(maps[3:], -4, 1)) * SIDE / 2 * ROOM
    return np.stack([*(_CENTRES[axis] + maps[1 + axis] * 4 * CELL for axis in (0, 1)), *sizes])


def _best_box(maps: np.ndarray) -> np.ndarray:
    row, column = np.unravel_index(np.argmax(maps[0]), maps[0].shape)
    return _boxes(maps)[:, row, column]


def _mean_box(heat: np.ndarray, boxes: np.ndarray, at: tuple[Any, ...]) -> tuple[np.ndarray, float]:
    """Return the mean of the boxes around the peak ``at``, and how far they spread, in parts of the head's size."""
    x, y, width, height = boxes[:, *at]
    near = ((_CENTRES[0] - x) / width) ** 2 + ((_CENTRES[1] - y) / height) ** 2 < 0.35**2
    near[at] = True
    weights = heat[near] ** 2
    weights /= weights.sum()
    middle, size = boxes[:2, near] @ weights, np.exp(np.log(boxes[2:, near]) @ weights)
    spread = math.sqrt(float(((boxes[:2, near] - middle[:, None]) ** 2 @ weights).sum()) / float(size.prod()))
    return np.concatenate([middle, size]), min(spread, 1.0)


def _found(candidate: Candidate, bgr: np.ndarray) -> FoundHead | None:
    """Convert a box in the square to an oval in the picture. Returns None if its middle is outside the picture."""
    height, width = bgr.shape[:2]
    scale = SIDE / max(height, width)
    x, y = ((candidate.box[axis] - SIDE / 2) / (side * scale) + 0.5 for axis, side in ((0, width), (1, height)))
    if not (0 <= x <= 1 and 0 <= y <= 1):
        return None
    rx, ry = (min(max(size / 2 / SIDE, MIN_RADIUS), MAX_RADIUS) for size in candidate.box[2:])
    thinnest = 1.01 * max(rx, ry) / MAX_RATIO
    rx, ry = max(rx, thinnest), max(ry, thinnest)
    return FoundHead(Head(x, y, rx, ry), candidate.confidence, HeadSource.DETECTOR)


def _is_person(head: Head, picture: np.ndarray, people: Sequence[Box]) -> bool:
    for left, top, right, bottom in people:
        x, y = GROWN * (right - left), GROWN * (bottom - top)
        if left - x <= head.x <= right + x and top - y <= head.y <= bottom + y:
            return True
        height, width = picture.shape[:2]
        face = np.array([(left + right) / 2 * width, (top + bottom) / 2 * height, (right - left) * width, 0.0])
        face[3] = (bottom - top) * height
        if _overlap(_pixels(head, picture), face) > MAX_OVERLAP:
            return True
    return False


def _pixels(head: Head, picture: np.ndarray) -> np.ndarray:
    """Return the box around the head: centre, width and height in pixels of the picture."""
    height, width = picture.shape[:2]
    side = max(height, width)
    return np.array([head.x * width, head.y * height, 2 * head.rx * side, 2 * head.ry * side])


def _are_apart(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether the ovals in two boxes do not overlap."""
    return float((((one[:2] - other[:2]) / ((one[2:] + other[2:]) / 2)) ** 2).sum()) >= 1


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Return the common area of two boxes as a share of the smaller box."""
    reach = np.minimum(one[:2] + one[2:] / 2, other[:2] + other[2:] / 2)
    common = np.clip(reach - np.maximum(one[:2] - one[2:] / 2, other[:2] - other[2:] / 2), 0, None).prod()
    return float(common / min(one[2:].prod(), other[2:].prod()))
