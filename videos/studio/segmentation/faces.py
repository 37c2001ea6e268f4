"""Detection of human faces, with MediaPipe's full-range detector run through OpenCV. It does not detect pets' faces."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from videos.studio.segmentation.weights import verified_weights

MODEL = Path(__file__).parent / "model" / "face_detection_full_range.tflite"
MODEL_SHA256 = "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3"
# The model was trained with 192 by 192 pixels, R, G, B from -1 to 1, and one anchor per field of 4 by 4 pixels.
SIDE = 192
STRIDE = 4
# Human faces a tenth of the photo wide score 0.8 to 0.95. Cats, dogs, lions, tigers and horses score below 0.6.
MIN_CONFIDENCE = 0.65

type Box = tuple[float, float, float, float]


def human_faces(bgr: np.ndarray, model: Path = MODEL) -> tuple[Box, ...]:
    """Return the box of each human face in ``bgr`` (uint8, (h, w, 3)), the most certain first.

    A box is left, top, right and bottom as shares of the picture. Returns nothing if the file ``model`` is missing or
    is not the expected one.
    """
    net = _loaded(model)
    if net is None:
        return ()
    square, inner = _letterboxed(bgr)
    net.setInput(square)
    scores, boxes = net.forward(["reshaped_classifier_face_4", "reshaped_regressor_face_4"])
    confidence = 1 / (1 + np.exp(-np.clip(scores[0, :, 0], -80, 80)))
    fields = SIDE // STRIDE
    faces: list[Box] = []
    for number in np.argsort(-confidence)[:40].tolist():
        if confidence[number] < MIN_CONFIDENCE:
            break
        row, column = divmod(number, fields)
        x, y, width, height = boxes[0, number, :4].tolist()
        x, y = x + (column + 0.5) * STRIDE, y + (row + 0.5) * STRIDE
        box = _within((x - width / 2, y - height / 2, x + width / 2, y + height / 2), inner)
        if all(_are_apart(box, other) for other in faces):
            faces.append(box)
    return tuple(faces)


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


def _within(box: Box, inner: Box) -> Box:
    """Convert a box in the square to shares of the picture inside it."""
    left, top, width, height = inner
    shares = ((box[0] - left) / width, (box[1] - top) / height, (box[2] - left) / width, (box[3] - top) / height)
    x0, y0, x1, y1 = (round(min(max(share, 0.0), 1.0), 3) for share in shares)
    return x0, y0, x1, y1


def _are_apart(one: Box, other: Box) -> bool:
    """Return whether two boxes belong to two people.

    Their overlap is then less than 0.3 of the area that they cover together.
    """
    width = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    height = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    both = width * height
    either = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)) - both
    return both < 0.3 * either
