"""The studio's colours, as B, G, R in 0 to 255, and the palette of each dance."""

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


PALETTES: dict[str, Palette] = {
    "macarena": Palette((40, 96, 196), (120, 214, 255), (MARIGOLD, SKY, CREAM), 0.74),
    "salsa": Palette((52, 14, 62), (84, 96, 250), (CORAL, MARIGOLD, PINK), 0.72),
    "hip_hop": Palette((72, 40, 34), (214, 150, 84), (SKY, PINK, CREAM), 0.70),
    "robot": Palette((44, 30, 16), (150, 170, 60), (MINT, SKY, (200, 240, 190)), 0.80),
    "ballet": Palette((92, 74, 140), (196, 206, 250), (MARIGOLD, CREAM, (190, 170, 250)), 0.70),
    "disco": Palette((70, 18, 60), (150, 70, 220), (CORAL, PINK, SKY, MARIGOLD), 0.72),
    "breakdance": Palette((86, 46, 22), (240, 170, 70), (SKY, MARIGOLD, CORAL), 0.72),
    "waltz": Palette((84, 60, 30), (206, 214, 150), (MINT, CREAM, SKY), 0.68),
    "tango": Palette((24, 12, 46), (60, 120, 226), (MARIGOLD, CRIMSON, (40, 60, 120)), 0.76),
    "cha_cha": Palette((110, 120, 236), (196, 220, 255), (CORAL, MINT, CREAM), 0.78),
    "moonwalk": Palette((70, 24, 16), (214, 130, 70), (SKY, CREAM, (150, 80, 60)), 0.80),
    "floss": Palette((150, 150, 40), (214, 236, 150), (MINT, PINK, MARIGOLD), 0.80),
    "conga": Palette((40, 40, 130), (70, 180, 250), (MARIGOLD, PINK, MINT, SKY), 0.72),
    "tap": Palette((30, 14, 70), (90, 110, 236), (CORAL, GOLD, CREAM), 0.74),
    "happy_wiggle": Palette((214, 150, 70), (250, 226, 180), (SKY, MARIGOLD, PINK, MINT), 0.80),
    "slow_sway": Palette((104, 70, 92), (186, 204, 160), (MINT, (190, 200, 250), CREAM), 0.8),
}


def mix_colours(one: Bgr, other: Bgr, share: float) -> Bgr:
    """Mix ``share`` of ``other`` into ``one``."""
    b, g, r = (round(a * (1 - share) + z * share) for a, z in zip(one, other, strict=True))
    return b, g, r
