"""Spots, stripes and patches on the fur of a drawn part."""

import zlib

import cv2
import numpy as np

from videos.studio.dancer.art.fur import Pattern

SHIFT = 4  # fractional bits of OpenCV's coordinates
# In U. A mitten is 0.35 wide and an arm 0.25: two or three spots lie across it.
SPOT = (0.028, 0.052)
SPOT_STEP = 0.15
STRIPE_STEP = 0.125
STRIPE_WIDTH = (0.05, 0.07)
# A stripe tapers from the edge of the part towards its middle, and ends at this part of the half width.
STRIPE_REACH = (0.9, 1.4)
PATCH = (0.13, 0.21)
PATCH_STEP = 0.42
WIDEST_PATCH = 0.55  # of the part's width
WOBBLE = 0.16  # how much the radius of a patch varies along its outline


def pattern_mask(pattern: Pattern, part: str, shape: tuple[int, int], unit: float) -> np.ndarray:
    """Return where the pattern lies on a part of ``shape`` (height, width) at ``unit`` pixels a U.

    The mask is uint8 (height, width), 255 inside the pattern. A part always gets the same one.
    """
    mask = np.zeros(shape, np.uint8)
    random = np.random.default_rng(zlib.crc32(part.encode()))
    shapes = {Pattern.SPOTS: spots, Pattern.STRIPES: stripes, Pattern.PATCHES: patches}[pattern](random, shape, unit)
    fixed = [np.rint(points * (1 << SHIFT)).astype(np.int32) for points in shapes]
    if fixed:
        cv2.fillPoly(mask, fixed, (255,), cv2.LINE_AA, SHIFT)
    return mask


def spots(random: np.random.Generator, shape: tuple[int, int], unit: float) -> list[np.ndarray]:
    """Return uneven ovals on a jittered grid; every second row is shifted by half a step."""
    found = []
    for row, y in enumerate(np.arange(0.3, shape[0] / unit / SPOT_STEP + 0.5)):
        for x in np.arange(0.25 + 0.5 * (row % 2), shape[1] / unit / SPOT_STEP + 0.5):
            centre = (np.array([x, y]) + random.uniform(-0.22, 0.22, 2)) * SPOT_STEP * unit
            found.append(blob(random, centre, random.uniform(*SPOT) * unit, points=20))
    return found


def stripes(random: np.random.Generator, shape: tuple[int, int], unit: float) -> list[np.ndarray]:
    """Return wedges across the part, from both edges in turn, which sag a little in the middle."""
    found = []
    width = shape[1]
    for row, y in enumerate(np.arange(0.4, shape[0] / unit / STRIPE_STEP)):
        thickness, reach = random.uniform(*STRIPE_WIDTH) * unit, random.uniform(*STRIPE_REACH) * width / 2
        sag, edge = random.uniform(0.02, 0.05) * unit, (y + random.uniform(-0.15, 0.15)) * STRIPE_STEP * unit
        along = np.linspace(0, 1, 9)
        middle = edge + sag * np.sin(along * np.pi / 2)
        half = thickness / 2 * np.sqrt(1 - along)
        wedge = np.concatenate(
            [np.stack([along * reach, middle - half], 1), np.stack([along * reach, middle + half], 1)[::-1]]
        )
        found.append(wedge if row % 2 else wedge * (-1, 1) + (width, 0))
    return found


def patches(random: np.random.Generator, shape: tuple[int, int], unit: float) -> list[np.ndarray]:
    """Return a few large blobs, most of which run over the edge of the part."""
    found = []
    for row in range(max(1, round(shape[0] / unit / PATCH_STEP))):
        side = 0.2 if (row + random.integers(2)) % 2 else 0.8
        centre = np.array([side * shape[1], (row + random.uniform(0.3, 0.7)) * PATCH_STEP * unit])
        radius = min(random.uniform(*PATCH) * unit, WIDEST_PATCH * shape[1])
        found.append(blob(random, centre, radius, points=40))
    return found


def blob(random: np.random.Generator, centre: np.ndarray, radius: float, points: int) -> np.ndarray:
    """Return a closed outline around ``centre`` whose radius varies smoothly."""
    angles = np.arange(points) * (2 * np.pi / points)
    phases = random.uniform(0, 2 * np.pi, 2)
    radii = radius * (1 + WOBBLE * np.sin(2 * angles + phases[0]) + WOBBLE / 2 * np.sin(3 * angles + phases[1]))
    return np.stack([np.cos(angles), np.sin(angles)], 1) * radii[:, None] + centre
