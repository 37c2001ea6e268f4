"""Renders the parts of a sheet to sprites with exact masks of the fur. It needs resvg, which only this tool uses.

Each part is drawn twice: with black fur, and with fur in pure red, ``fur2`` in pure green and ``pad`` in pure blue.
Compositing is linear in a colour, so the difference says how much of each shows in a pixel, under shades and glints.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import resvg_py

SVG = "http://www.w3.org/2000/svg"
UNITS = 100  # of the drawing in U
REACH = 150  # how far from its joint a part is looked for, in units
MARGIN = 3  # units that are added around the rough box
BLACK = {"fur": "#000", "fur2": "#000", "pad": "#000"}
PRIMARIES = {"fur": "#f00", "fur2": "#0f0", "pad": "#00f"}

ET.register_namespace("", SVG)


@dataclass(frozen=True, slots=True)
class Part:
    """A rendered part.

    ``colour`` is premultiplied BGRA with black fur, and ``masks`` the amount of pad, ``fur2`` and ``fur`` (as B, G, R);
    both are uint8. ``joint`` (x, y) is in pixels from the outer corner of the first pixel.
    """

    colour: np.ndarray
    masks: np.ndarray
    joint: tuple[int, int]


def parts(sheet: Path, unit: int) -> dict[str, Part]:
    """Render all parts of ``sheet`` at ``unit`` pixels a U, a multiple of 100."""
    root = ET.parse(sheet).getroot()  # noqa: S314  (our own drawing)
    style = root.findtext(f"{{{SVG}}}style", "")
    defs = root.find(f"{{{SVG}}}defs")
    assert defs is not None, sheet
    return {group.attrib["id"]: part(style, ET.tostring(group, "unicode"), unit) for group in defs}


def part(style: str, group: str, unit: int) -> Part:
    """Render one ``<g id>``, cut to what is drawn.

    A small picture, one pixel a unit, shows the box to render. It begins at a whole unit, so the joint is at the corner
    of a pixel.
    """
    whole = picture(style, group, BLACK, (-REACH, -REACH, 2 * REACH, 2 * REACH), 1)
    rows, columns = np.nonzero(whole[..., 3].any(1))[0], np.nonzero(whole[..., 3].any(0))[0]
    left, top = int(columns[0]) - REACH - MARGIN, int(rows[0]) - REACH - MARGIN
    box = (left, top, int(np.ptp(columns)) + 2 * MARGIN + 1, int(np.ptp(rows)) + 2 * MARGIN + 1)
    scale = unit // UNITS
    black = picture(style, group, BLACK, box, scale)
    masks = picture(style, group, PRIMARIES, box, scale)[..., :3] - black[..., :3]
    rows, columns = np.nonzero(black[..., 3].any(1))[0], np.nonzero(black[..., 3].any(0))[0]
    cut = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Part(
        colour=eight_bit(black[cut]),
        masks=eight_bit(masks[cut]),
        joint=(-left * scale - int(columns[0]), -top * scale - int(rows[0])),
    )


def picture(style: str, group: str, colours: dict[str, str], box: tuple[int, int, int, int], scale: int) -> np.ndarray:
    """Draw the group on transparent ground: premultiplied BGRA, float32 in 0 to 1, ``scale`` pixels a unit."""
    name = re.search(r'\bid="(\w+)"', group)
    assert name, group[:80]
    rules = style + "".join(f".{key}{{fill:{colour}}}" for key, colour in colours.items())
    view = " ".join(map(str, box))
    svg = (
        f'<svg xmlns="{SVG}" viewBox="{view}" width="{box[2]}" height="{box[3]}">'
        f'<style>{rules}</style><defs>{group}</defs><use href="#{name[1]}"/></svg>'
    )
    png = resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, skip_system_fonts=True)
    image = cv2.imdecode(np.frombuffer(bytes(png), np.uint8), cv2.IMREAD_UNCHANGED).astype(np.float32) / 255
    image[..., :3] *= image[..., 3:]
    return image


def eight_bit(values: np.ndarray) -> np.ndarray:
    return np.rint(values.clip(0, 1) * 255).astype(np.uint8)
