"""The edges of a cutout: from the model's soft mask to a clean outline, and colours that extend beyond it."""

import cv2
import numpy as np


def smoothstep(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return 0 below ``low``, 1 above ``high``, and a smooth transition between."""
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def refine_mask(mask: np.ndarray, bgr: np.ndarray) -> np.ndarray:
    """Align a mask with the edges in the picture ``bgr`` of the same size, and remove specks.

    ``mask`` is float32, (h, w), 0 to 1.
    """
    radius = max(2, round(max(mask.shape) / 110))
    grey = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
    sharp = smoothstep(guided_filter(grey, mask, radius, 2e-4), 0.35, 0.75).astype(np.float32)
    return remove_specks(sharp)


def remove_specks(mask: np.ndarray) -> np.ndarray:
    """Keep only parts of at least a quarter of the largest one's area, with the soft rim around them."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8), connectivity=8)
    if count < 2:
        return mask
    areas = stats[1:, cv2.CC_STAT_AREA]
    is_large = np.concatenate([[False], areas >= 0.25 * areas.max()]).astype(np.uint8)
    large = is_large[labels]
    rim = max(2, round(max(mask.shape) / 160))
    return mask * cv2.dilate(large, np.ones((2 * rim + 1, 2 * rim + 1), np.uint8))


def fill_holes(mask: np.ndarray) -> np.ndarray:
    """Close the holes in the mask, except those with 0.35 of the pet's area or more.

    Small holes are usually part of the pet, such as a white belly.
    """
    pet = (mask > 0.5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - pet, connectivity=4)
    rows, columns = mask.shape
    closed: np.ndarray = np.zeros_like(pet)
    for number in range(1, count):
        left, top, width, height, area = stats[number]
        inside = left > 0 and top > 0 and left + width < columns and top + height < rows
        if inside and area < 0.35 * pet.sum():
            closed |= (labels == number).astype(np.uint8)
    rim = max(2, round(max(mask.shape) / 200))
    closed = cv2.dilate(closed, np.ones((2 * rim + 1, 2 * rim + 1), np.uint8))
    return np.maximum(mask, closed.astype(np.float32))


def extend_colours(bgr: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return ``bgr`` (float32) where ``weight`` (float32, 0 to 1) is 1, with its colours extended to all other pixels.

    Push-pull over an image pyramid (Gortler et al., "The Lumigraph", 1996).
    """
    levels = [(bgr * weight[..., None], weight)]
    while min(levels[-1][1].shape) > 2:
        colour, known = levels[-1]
        size = ((known.shape[1] + 1) // 2, (known.shape[0] + 1) // 2)
        levels.append(
            (
                cv2.resize(colour, size, interpolation=cv2.INTER_AREA),
                cv2.resize(known, size, interpolation=cv2.INTER_AREA),
            )
        )
    colour, known = levels[-1]
    result = colour / np.maximum(known, 1e-4)[..., None]
    for colour, known in reversed(levels[:-1]):
        size = (known.shape[1], known.shape[0])
        coarse = cv2.resize(result, size, interpolation=cv2.INTER_LINEAR)
        full = np.minimum(known * 4, 1.0)[..., None]
        result = colour / np.maximum(known, 1e-4)[..., None] * full + coarse * (1 - full)
    return result


def grow_outline(alpha: np.ndarray, width: float) -> np.ndarray:
    """Return ``alpha`` (float32, 0 to 1) grown by ``width`` pixels, with a soft one-pixel edge."""
    radius = max(1, round(width))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    grown = cv2.dilate((alpha > 0.4).astype(np.float32), disc)
    blur = max(1.0, width * 0.35)
    return smoothstep(cv2.GaussianBlur(grown, (0, 0), blur), 0.5 - 0.45 / blur, 0.5 + 0.45 / blur).astype(np.float32)


def guided_filter(guide: np.ndarray, mask: np.ndarray, radius: int, epsilon: float) -> np.ndarray:
    """Apply the grey guided filter (He, Sun, Tang, "Guided Image Filtering", 2010)."""
    window = (2 * radius + 1, 2 * radius + 1)

    def mean(values: np.ndarray) -> np.ndarray:
        return cv2.blur(values, window, borderType=cv2.BORDER_REFLECT)

    mean_guide, mean_mask = mean(guide), mean(mask)
    slope = (mean(guide * mask) - mean_guide * mean_mask) / (mean(guide * guide) - mean_guide**2 + epsilon)
    return mean(slope) * guide + mean(mean_mask - slope * mean_guide)
