"""The studio's colours, as B, G, R in 0 to 255, and palettes."""

from dataclasses import dataclass

Bgr = tuple[int, int, int]

MARIGOLD: Bgr = (52, 172, 250)
MINT: Bgr = (176, 214, 96)
SKY: Bgr = (244, 180, 84)
CORAL: Bgr = (96, 108, 250)
PINK: Bgr = (170, 70, 240)
CREAM: Bgr = (226, 240, 252)
CRIMSON: Bgr = (56, 32, 178)
GOLD: Bgr = (70, 190, 240)
LEAF: Bgr = (88, 140, 52)
PLUM: Bgr = (78, 30, 58)
NIGHT: Bgr = (46, 16, 30)
WHITE: Bgr = (255, 255, 255)
INK: Bgr = (52, 26, 38)

FLOOR_COLOURS: dict[str, Bgr] = {"marigold": MARIGOLD, "mint": MINT, "sky": SKY, "coral": CORAL}


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a dance.

    ``shade`` and ``light`` are those of the wall. ``tiles`` begin with the dance's own floor colour. ``depth`` (0 to 1)
    is how far the photo behind the pet turns into the wall.
    """

    shade: Bgr
    light: Bgr
    tiles: tuple[Bgr, ...]
    depth: float = 0.66


def mix_colours(one: Bgr, other: Bgr, share: float) -> Bgr:
    """Mix ``share`` of ``other`` into ``one``."""
    b, g, r = (round(a * (1 - share) + z * share) for a, z in zip(one, other, strict=True))
    return b, g, r
