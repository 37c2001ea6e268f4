"""Where a pet's head is: the head finder, a small network run through OpenCV, and the outline where it is unsure."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from videos.photos.head import MAX_RADIUS, MIN_RADIUS, SURE, FoundHead, Head, HeadSource
from videos.studio.segmentation.faces import Box
from videos.studio.segmentation.outline import find_head
from videos.studio.segmentation.weights import verified_weights

MODEL = Path(__file__).parent / "model" / "pet_head_finder.onnx"
MODEL_SHA256 = ""
MOST = 5


def find_heads(bgr: np.ndarray, people: Sequence[Box] = (), model: Path = MODEL) -> tuple[FoundHead, ...]:
    """Return the heads of pets in ``bgr`` (uint8, (h, w, 3)), the most certain first, at most five.

    They do not overlap. A head in or over a face of ``people`` is left out: a person is never a candidate. Returns
    nothing if the file ``model`` is missing or is not the expected one.
    """
    if verified_weights(model, MODEL_SHA256) is None:
        return ()
    return ()


def propose(
    bgr: np.ndarray, mask: np.ndarray | None, people: Sequence[Box] = (), model: Path = MODEL
) -> tuple[FoundHead, ...]:
    """Return the heads of ``find_heads``, and first the head by the outline if it is the better guess.

    ``mask`` (float32, (h, w), 0 to 1) covers the same picture as ``bgr``, at any size, or is None without a cut-out.
    """
    found = find_heads(bgr, people, model)
    if mask is None or (found and found[0].confidence >= SURE):
        return found
    outlined = head_by_outline(mask, people)
    if outlined is None or (found and found[0].confidence >= outlined.confidence):
        return found
    return (outlined, *found[: MOST - 1])


def head_by_outline(mask: np.ndarray, people: Sequence[Box] = ()) -> FoundHead | None:
    """Return the head that the outline alone suggests, or None without a pet or where a person's face is."""
    pet = mask > 0.5
    if not pet.any():
        return None
    rows, columns = np.flatnonzero(pet.any(axis=1)), np.flatnonzero(pet.any(axis=0))
    found = find_head(np.ascontiguousarray(pet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]))
    height, width = mask.shape
    side = max(height, width)
    radius = float(np.clip(0.5 * found.width / side, MIN_RADIUS, MAX_RADIUS))
    x, y = (found.x + columns[0]) / width, (found.top + rows[0] + 0.5 * found.width) / height
    head = Head(min(max(float(x), 0.0), 1.0), min(max(float(y), 0.0), 1.0), radius, radius)
    return FoundHead(head, 0.5, HeadSource.OUTLINE)
