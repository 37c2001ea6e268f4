"""Loads the drawn parts of a dancer from their atlases, in the colours of the pet's fur.

``tools/dancer_art`` draws the atlases. ``NAME.webp`` is premultiplied and has black fur; ``NAME-fur.webp`` says how
much of the fur's colours shows in each pixel. Compositing is linear in a colour, so recolouring is exact:

    colour = base + fur mask * main + fur2 mask * second + pad mask * pad
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from videos.studio.dancer.art.fur import Fur, Pattern
from videos.studio.dancer.art.fur_pattern import pattern_mask
from videos.studio.dancer.art.parts import length, sources
from videos.studio.dancer.sprite import Sprite
from videos.styles import Body

FOLDER = Path(__file__).parent / "atlases"
PAWS = ("mitten", "foot", "hind_paw")  # the beginnings of the names of paws
BORDER = 2  # transparent pixels around a sprite, so that a turned one keeps soft edges


@dataclass(frozen=True, slots=True)
class Atlas:
    """The decoded pictures, and {part: [x, y, width, height, joint x, joint y]} in pixels, ``unit`` to a U."""

    base: np.ndarray
    masks: np.ndarray
    boxes: dict[str, list[int]]
    unit: int


def load_sprites(outfit: str, body: Body, fur: Fur, unit: float) -> dict[str, Sprite]:
    """Return the parts of the figure by name, at ``unit`` pixels a U.

    Every body has ``torso``, arms, mittens and a tail; ``sitting`` has ``haunch`` and ``hind_paw`` for legs and shoes.
    """
    worn, bare = decode(outfit), decode(body)
    if body is Body.BIRD:
        fur = replace(fur, paw=None)  # Its hands are feathers.
    chosen = sources(outfit, body, set(worn.boxes), set(bare.boxes))
    sprites = {}
    for name, source in chosen.items():
        colour, joint = coloured(bare if source.sheet == body else worn, source.part, fur)
        if source.under:
            colour, joint = laid_over(*coloured(bare, source.under, fur), colour, joint)
        across, down = (factor * unit / bare.unit for factor in source.scale)
        sprites[name] = Sprite(
            scale(colour, across, down),
            ((joint[0] + BORDER) * across - 0.5 + BORDER, (joint[1] + BORDER) * down - 0.5 + BORDER),
            length(name, body),
        )
    return sprites


def decode(name: str) -> Atlas:
    table: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    base = cv2.imdecode(np.fromfile(FOLDER / f"{name}.webp", np.uint8), cv2.IMREAD_UNCHANGED)
    masks = cv2.imdecode(np.fromfile(FOLDER / f"{name}-fur.webp", np.uint8), cv2.IMREAD_COLOR)
    assert base is not None, name
    assert masks is not None, name
    return Atlas(base, masks, table["parts"], table["unit"])


def coloured(atlas: Atlas, part: str, fur: Fur) -> tuple[np.ndarray, tuple[int, int]]:
    """Return a part in the colours of the fur, and its joint (x, y) from the outer corner of its first pixel."""
    x, y, width, height, *joint = atlas.boxes[part]
    if part.startswith(PAWS):
        fur = fur.of_paws
    cut = np.s_[y : y + height, x : x + width]
    return recolour(atlas.base[cut], atlas.masks[cut], part, fur, atlas.unit), (joint[0], joint[1])


def laid_over(
    lower: np.ndarray, lower_joint: tuple[int, int], upper: np.ndarray, upper_joint: tuple[int, int]
) -> tuple[np.ndarray, tuple[int, int]]:
    """Lay one premultiplied part over another, joint on joint; return the picture and its joint."""
    left, top = (max(pair) for pair in zip(lower_joint, upper_joint, strict=True))
    right, bottom = (
        max(one - at, other - to)
        for one, at, other, to in zip(lower.shape[1::-1], lower_joint, upper.shape[1::-1], upper_joint, strict=True)
    )
    layers = []
    for picture, (x, y) in ((lower, lower_joint), (upper, upper_joint)):
        height, width = picture.shape[:2]
        after = (top + bottom - (top - y) - height, left + right - (left - x) - width)
        layers.append(cv2.copyMakeBorder(picture, top - y, after[0], left - x, after[1], cv2.BORDER_CONSTANT))
    below, above = layers
    clear = 1 - above[..., 3:].astype(np.float32) / 255
    return np.rint(below * clear + above).astype(np.uint8), (left, top)


def recolour(base: np.ndarray, masks: np.ndarray, part: str, fur: Fur, unit: float) -> np.ndarray:
    """Return the part (BGRA uint8, premultiplied) in the colours of the fur."""
    if not masks.any():
        return base
    colours = np.array([fur.pad, fur.second, fur.main], np.float32) / 255
    amount = masks.astype(np.float32)
    added = cv2.transform(amount, colours.T)
    if fur.pattern is not Pattern.PLAIN and masks[..., 2].any():
        shape = masks.shape[:2]
        share = amount[..., 2] * (pattern_mask(fur.pattern, part, shape, unit).astype(np.float32) / 255)
        added += share[..., None] * (np.array(fur.pattern_colour, np.float32) / 255 - colours[2])
    result = base.copy()
    result[..., :3] = np.rint(base[..., :3] + added).clip(0, 255)
    return result


def scale(image: np.ndarray, across: float, down: float) -> np.ndarray:
    """Resize by exactly these factors, whatever the rounded size, with a transparent border before and after."""
    padded = cv2.copyMakeBorder(image, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT)
    if (across, down) != (1.0, 1.0):
        method = cv2.INTER_AREA if across <= 1 and down <= 1 else cv2.INTER_LINEAR
        # Without a size, OpenCV samples at the factors themselves.
        padded = cv2.resize(padded, None, fx=across, fy=down, interpolation=method)
    return cv2.copyMakeBorder(padded, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT)
