"""The segmentation model, u2netp (the small version of U-2-Net), run through OpenCV.

It makes a second pass if the result of the first is not clear.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from videos.studio.segmentation.weights import verified_weights

MODEL = Path(__file__).parent / "model" / "u2netp.onnx"
MODEL_SHA256 = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"
# The model was trained with 320 by 320 pixels and ImageNet's mean and deviation in R, G, B.
SIDE = 320
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
PADDING = 0.15


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The result of the model.

    ``mask`` is float32, 320 by 320, 0 to 1, and covers the whole picture. An ``agreement`` of 0 means that the passes
    disagree.
    """

    mask: np.ndarray
    confidence: float
    agreement: float
    passes: int


def segment(
    bgr: np.ndarray, report: Callable[[float], None] = lambda progress: None, model: Path = MODEL
) -> Segmentation | None:
    """Segment the pet in ``bgr`` (uint8, (h, w, 3)).

    Returns None if the file ``model`` is missing or is not the expected one. ``report`` is called before each pass and
    may raise.
    """
    net = _loaded(model)
    if net is None:
        return None
    # Two threads halve the owner's wait, and leave the other cores of a large machine free.
    cv2.setNumThreads(2)
    report(0.3)
    plain = _run(net, bgr)
    report(0.6)
    mask, agreement, passes = (plain, 1.0, 1) if _is_crisp(plain) else _second_opinion(net, bgr, plain)
    return Segmentation(mask, _confidence(mask), agreement, passes)


def _loaded(model: Path) -> Any | None:
    weights = verified_weights(model, MODEL_SHA256)
    if weights is None:
        return None
    return cv2.dnn.readNetFromONNX(np.frombuffer(weights, np.uint8), cv2.dnn.ENGINE_CLASSIC)


def _run(net: Any, bgr: np.ndarray) -> np.ndarray:
    """Return the model's mask (float32, 320 by 320, 0 to 1) for the whole of ``bgr``."""
    rgb = cv2.resize(bgr, (SIDE, SIDE), interpolation=cv2.INTER_AREA)[..., ::-1].astype(np.float32)
    rgb = (rgb / max(float(rgb.max()), 1.0) - MEAN) / DEVIATION
    net.setInput(np.ascontiguousarray(rgb.transpose(2, 0, 1)[None], np.float32))
    return np.clip(net.forward(net.getUnconnectedOutLayersNames()[0])[0, 0], 0, 1)


def _second_opinion(net: Any, bgr: np.ndarray, plain: np.ndarray) -> tuple[np.ndarray, float, int]:
    """Run the model again with a grey rim around the picture.

    Returns the mask, the agreement and the number of passes. An agreement of 0 means that the mask is not to be
    trusted.
    """
    height, width = bgr.shape[:2]
    rim_y, rim_x = round(height * PADDING), round(width * PADDING)
    wide = cv2.copyMakeBorder(bgr, rim_y, rim_y, rim_x, rim_x, cv2.BORDER_CONSTANT, value=(128, 128, 128))
    whole = cv2.resize(_run(net, wide), (wide.shape[1], wide.shape[0]), interpolation=cv2.INTER_LINEAR)
    padded = cv2.resize(whole[rim_y : rim_y + height, rim_x : rim_x + width], (SIDE, SIDE))
    both, either = ((plain > 0.5) & (padded > 0.5)).sum(), ((plain > 0.5) | (padded > 0.5)).sum()
    overlap = float(both / either) if either else 0.0
    if overlap > 0.6:
        return (plain + padded) / 2, overlap, 2
    small, large = float((plain > 0.5).mean()), float((padded > 0.5).mean())
    if (small < 0.35 * large and large < 0.9) or _is_crisp(padded):
        return padded, max(overlap, 0.01), 2
    return plain, 0.0, 2


def _is_crisp(mask: np.ndarray) -> bool:
    pet = mask > 0.5
    area = float(pet.mean())
    if not 0.05 <= area <= 0.72 or _confidence(mask) <= 0.93:
        return False
    soft = ((mask > 0.1) & (mask < 0.9)).sum() / pet.sum()
    _, _, stats, _ = cv2.connectedComponentsWithStats(pet.astype(np.uint8))
    return bool(soft < 0.15 and stats[1:, cv2.CC_STAT_AREA].max() > 0.55 * pet.sum())


def _confidence(mask: np.ndarray) -> float:
    pet = mask[mask > 0.5]
    return float(pet.mean()) if pet.size else 0.0
