"""The width of a cut-out head without its ears, and where its crown is."""

import numpy as np

from videos.studio.raster.discs import opened
from videos.studio.segmentation.head_shape import Oval

SKULL = 0.4  # Ears and tufts that are thinner than twice this do not count for the skull's width.
# The depths below the crown, in shares of the oval's radius, at which the round of the skull is measured. Hanging ears
# begin lower, and pointed ones end higher.
DEPTHS = np.linspace(0.12, 0.5, 12)
NARROWEST = 0.75  # The round of a crown between high ears, or of a tilted one, says no less than this of the width.
# The skull's share of the oval's width if there is no mask to measure it: the mean of 55 photos with a mask.
USUAL_SKULL = 0.9


def crown_row(head: np.ndarray, oval: Oval) -> int:
    """Return the first row of the bool mask ``head`` that is solid between the ears, up from the oval's middle."""
    middle = min(max(round(oval.y), 0), len(head) - 1)
    left, right = (round(oval.x + side * 0.15 * oval.rx) for side in (-1, 1))
    near = head[:, max(0, left) : right + 1].mean(axis=1) > 0.5
    above = np.flatnonzero(~near[:middle])
    return max(int(above[-1]) + 1 if above.size else 0, round(oval.y - oval.ry), 0)


def skull_width(head: np.ndarray, oval: Oval) -> float:
    """Return the width in pixels of the head (float32, (h, w), 0 to 1) without its ears.

    Ears that stand or hang beside the head do not count where the crown between them is narrower.
    """
    solid = head > 0.5
    skull = opened(solid, SKULL * min(oval.rx, oval.ry)) & (oval.distance(head.shape) < 1)
    widths = skull.sum(axis=1)
    widest = float(widths.max(initial=0))
    middle = widths[max(0, round(oval.y - 0.2 * oval.ry)) : max(1, round(oval.y + 0.2 * oval.ry) + 1)]
    width = float(np.median(middle)) if middle.size else 0.0
    # With long ears, the oval's middle is above the skull.
    width = (width if width > 0.6 * widest else widest) or USUAL_SKULL * 2 * oval.rx
    return max(min(width, _round_width(solid, oval)), NARROWEST * width)


def _round_width(head: np.ndarray, oval: Oval) -> float:
    """Return the width of the circle that fits the crown, or infinity if the crown is not in the picture."""
    rows, columns = head.shape
    x = round(oval.x)
    if not 0 <= x < columns:
        return float("inf")
    crown = crown_row(head, oval)
    depths = np.maximum(1, np.round(DEPTHS * oval.ry)).astype(int)
    chords = np.array([_run(head[min(crown + depth, rows - 1)], x) for depth in depths])
    if not chords.all():
        return float("inf")
    # A circle has a chord of this length at this depth if it is so wide. A row's middle is half a pixel below its top.
    deep = depths + 0.5
    return float(np.percentile(chords**2 / (4 * deep) + deep, 35))


def _run(row: np.ndarray, at: int) -> int:
    """Return the length of the unbroken run of ``row`` around ``at``; 0 if there is none."""
    if not row[at]:
        return 0
    gaps = np.flatnonzero(~row)
    return int(gaps[gaps > at].min(initial=len(row)) - gaps[gaps < at].max(initial=-1) - 1)
