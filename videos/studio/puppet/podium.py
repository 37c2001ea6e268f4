"""A round podium for a low pet, which would otherwise leave most of a tall frame empty."""

import numpy as np

from videos.studio.puppet.puppet import FLOOR, Puppet
from videos.studio.raster.canvas import Canvas, oval
from videos.studio.raster.colours import CREAM, NIGHT, WHITE, Palette, mix_colours
from videos.studio.raster.layer import make_layer
from videos.studio.scene.stage import Podium
from videos.studio.segmentation.cutout import Mode

FLAT = 0.11  # The height of the upper side, as a share of its width.
ROOM = 0.12  # The steps that fit beside the pet, as a share of its height.
MIN_RISE = 0.02  # A share of the frame's height.
LAMPS = 11


def podium_for(puppet: Puppet, palette: Palette, width: int, height: int) -> Podium | None:
    """Return a podium for a puppet that stands above the floor of a frame of ``width`` by ``height``, or None."""
    floor = FLOOR[Mode.FULL] * height
    if puppet.mode is not Mode.FULL or puppet.stand[1] > floor - MIN_RISE * height:
        return None
    foot, middle, room = puppet.stand[0], puppet.stand[0] + puppet.axis, ROOM * puppet.height
    x0 = max(min(foot - 0.5 * puppet.sole, middle - 0.36 * puppet.width) - room, 0.012 * width)
    x1 = min(max(foot + 0.5 * puppet.sole, middle + 0.36 * puppet.width) + room, 0.988 * width)
    if puppet.side:
        x0, x1 = (x0 - 0.1 * width, x1) if puppet.side < 0 else (x0, x1 + 0.1 * width)
    x, rx = (x0 + x1) / 2, (x1 - x0) / 2
    ry = FLAT * rx
    y, base = puppet.stand[1] - 0.1 * ry, floor
    left, right = max(int(x0) - 3, 0) & ~1, min((int(x1) + 4) & ~1, width & ~1)
    top, bottom = int(y - ry - 2) & ~1, min((int(base + ry + 4) + 1) & ~1, height & ~1)
    canvas = Canvas(np.full((bottom - top, right - left, 3), NIGHT, np.uint8))
    x, y, base = x - left, y - top, base - top
    lower = oval(x, base, rx, ry, points=60)
    wall = mix_colours(palette.tiles[0], NIGHT, 0.45)
    canvas.shape(oval(x, base + 0.25 * ry, rx, ry, points=60), NIGHT, 0.55)
    canvas.shape(np.concatenate([[(x - rx, y)], lower[:31][::-1], [(x + rx, y)]]), wall)
    lamp = min(0.045 * rx, 0.22 * (base - y))
    for place in np.linspace(0, np.pi, LAMPS + 2)[1:-1]:
        lamp_x, lamp_y = x - rx * np.cos(place), (y + base) / 2 + ry * np.sin(place)
        canvas.disc(lamp_x, lamp_y, lamp * (0.5 + 0.5 * np.sin(place)), CREAM)
    canvas.shape(oval(x, y, rx, ry, points=60), mix_colours(palette.tiles[0], WHITE, 0.25))
    canvas.shape(oval(x, y, 0.94 * rx, 0.86 * ry, points=60), mix_colours(palette.tiles[0], NIGHT, 0.12))
    return Podium(make_layer(canvas.colour, canvas.alpha.astype(np.float32) / 255), left, top)
