"""Spots and stripes in the fur of a head, found by measures that rather miss a pattern than invent one.

The head has a radius of about 48 pixels here.
"""

import cv2
import numpy as np

SPOT_AREA = (10, 260)  # The size of a spot in pixels.
SPOT_CONTRAST = 22.0  # How much darker than the fur around it a spot is, in lightness.
MIN_SPOTS = 9  # Eyes, nostrils, nose and mouth make fewer.
ROUND = 0.5  # A spot covers at least this share of the circle around it.
LIGHT = 55.0  # Spots are looked for on fur that is lighter than this.
SPREAD = 0.5  # The share of the head's quarters (4 by 4) that hold a spot.
STRIPE = 1.2  # The width of a stripe: the smaller deviation of a difference of Gaussians, in pixels.
STRIPE_CONTRAST = 2.2  # The median lightness of the stripes of a whole head against the fur between them.
# Striped fur is grey or brown, and not pale. In red or white fur, locks look like stripes.
MAX_STRIPE_CHROMA, MAX_STRIPE_LIGHT = 21.0, 70.0
MAX_PARALLEL = 0.47  # Locks lie in one direction, and stripes run in many.
MIRRORED = 0.48  # Stripes are as alike on both sides of a forehead, as a correlation.


def flecks(lab: np.ndarray, face: np.ndarray, main: np.ndarray) -> np.ndarray | None:
    """Return where the spots of a spotted head are (bool (h, w)), or None if there are too few for a pattern."""
    light = lab[..., 0]
    if np.median(light[main]) < LIGHT:
        return None
    around = cv2.medianBlur(np.clip(light * 2.55, 0, 255).astype(np.uint8), 31).astype(np.float32) / 2.55
    dark = (face & (light < around - SPOT_CONTRAST)).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(dark, connectivity=4)
    spots = []
    for number in range(1, count):
        _, _, width, height, area = stats[number]
        if SPOT_AREA[0] <= area <= SPOT_AREA[1] and area > ROUND * np.pi / 4 * max(width, height) ** 2:
            spots.append(number)
    rows, columns = face.shape
    cells = {(int(4 * centres[number][1] / rows), int(4 * centres[number][0] / columns)) for number in spots}
    if len(spots) < MIN_SPOTS or len(cells) < SPREAD * 12:
        return None
    return np.isin(labels, spots)


def has_stripes(lab: np.ndarray, face: np.ndarray) -> bool:
    """Whether the head (float32 Lab, (h, w, 3)) has the stripes of a tabby cat or a tiger."""
    forehead = _forehead(face)
    both = forehead & forehead[:, ::-1]
    if both.sum() < 100:
        return False
    light = np.ascontiguousarray(lab[..., 0])
    inside = cv2.erode(face.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    detail = cv2.GaussianBlur(light, (0, 0), STRIPE) - cv2.GaussianBlur(light, (0, 0), 2.4 * STRIPE)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    return bool(
        np.median(np.abs(detail[inside])) > STRIPE_CONTRAST
        and np.median(chroma[forehead]) < MAX_STRIPE_CHROMA
        and np.median(light[forehead]) < MAX_STRIPE_LIGHT
        and np.median(_parallel(light)[forehead]) < MAX_PARALLEL
        and _mirrored(light, forehead, both) > MIRRORED
    )


def _forehead(face: np.ndarray) -> np.ndarray:
    """Return what is between the eyes and the crown, in the middle of the head."""
    rows, columns = face.shape
    forehead = np.zeros_like(face)
    forehead[round(0.1 * rows) : round(0.4 * rows), round(0.24 * columns) : round(0.76 * columns)] = True
    return forehead & (cv2.erode(face.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)


def _parallel(light: np.ndarray) -> np.ndarray:
    """Return how far everything around a pixel runs in one direction (0 to 1): the coherence of its gradients."""
    soft = cv2.GaussianBlur(light, (0, 0), 1.3)
    x, y = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    across, along, mixed = (cv2.GaussianBlur(part, (0, 0), 4) for part in (x * x, y * y, x * y))
    return np.sqrt((across - along) ** 2 + 4 * mixed**2) / (across + along + 1e-3)


def _mirrored(light: np.ndarray, forehead: np.ndarray, both: np.ndarray) -> float:
    """Return how alike the upright lines on both sides of the forehead are (a correlation)."""
    narrow, wide = (cv2.GaussianBlur(light, (0, 0), by * STRIPE, sigmaY=3.5 * STRIPE) for by in (1.0, 2.4))
    lines = narrow - wide
    lines = lines - lines[forehead].mean()
    return max(_alike(lines, np.roll(lines[:, ::-1], shift, 1), both) for shift in range(-10, 11))


def _alike(one: np.ndarray, other: np.ndarray, where: np.ndarray) -> float:
    deviation = one[where].std() * other[where].std()
    return float(
        np.mean((one[where] - one[where].mean()) * (other[where] - other[where].mean())) / max(deviation, 1e-6)
    )
