"""Packs rendered parts into an atlas: two lossless pictures and a table."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from tools.dancer_art.render import Part

WIDTH = 1024  # pixels
GAP = 2  # transparent pixels between two parts


def pack(sizes: dict[str, tuple[int, int]]) -> tuple[dict[str, tuple[int, int]], int]:
    """Place parts of ``sizes`` (height, width) on shelves, tallest first.

    Return their corners (x, y) and the height of them all.
    """
    corners, x, y, shelf = {}, GAP, GAP, 0
    for name in sorted(sizes, key=lambda name: (-sizes[name][0], name)):
        height, width = sizes[name]
        if x + width + GAP > WIDTH:
            x, y, shelf = GAP, y + shelf + GAP, 0
        corners[name] = (x, y)
        x, shelf = x + width + GAP, max(shelf, height)
    return corners, y + shelf + GAP


def write(folder: Path, name: str, parts: dict[str, Part], facts: dict[str, object]) -> None:
    """Write ``NAME.webp`` (BGRA with black fur), ``NAME-fur.webp`` (pad, fur2, fur) and ``NAME.json``.

    Both pictures are premultiplied. The table holds ``facts`` and, of each part, [x, y, width, height, joint x, joint
    y] in pixels; the joint counts from the outer corner of the part's first pixel.
    """
    corners, height = pack({key: part.colour.shape[:2] for key, part in parts.items()})
    colour, masks = np.zeros((height, WIDTH, 4), np.uint8), np.zeros((height, WIDTH, 3), np.uint8)
    table = {}
    for key, (x, y) in corners.items():
        part = parts[key]
        h, w = part.colour.shape[:2]
        colour[y : y + h, x : x + w], masks[y : y + h, x : x + w] = part.colour, part.masks
        table[key] = [x, y, w, h, *part.joint]
    for ending, picture in ((".webp", colour[..., [2, 1, 0, 3]]), ("-fur.webp", masks[..., ::-1])):
        # Not cv2.imencode: it stores other colours where alpha is 0, which premultiplied compositing would add.
        image = Image.fromarray(np.ascontiguousarray(picture))
        image.save(folder / f"{name}{ending}", lossless=True, exact=True, quality=100)
    rows = ",\n".join(f"    {json.dumps(key)}: {json.dumps(table[key])}" for key in parts)
    head = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in facts.items())
    (folder / f"{name}.json").write_text(f'{{\n{head}  "parts": {{\n{rows}\n  }}\n}}\n')
