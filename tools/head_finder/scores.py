"""How near found heads are to the real ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

EDGES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Score:
    """The distance between the middles, in heads (mean of width and height), the overlap, and the confidence."""

    distance: float
    overlap: float
    confidence: float

    @property
    def is_right(self) -> bool:
        return self.distance < 0.5


def compare(found: Sequence[float] | None, real: Sequence[float], confidence: float = 0.0) -> Score:
    """Compare two boxes, given as left, top, width and height. A head that was not found is infinitely far away."""
    if found is None:
        return Score(float("inf"), 0.0, 0.0)
    one, other = np.array(found, float), np.array(real, float)
    apart = np.hypot(*(one[:2] + one[2:] / 2 - other[:2] - other[2:] / 2))
    common = np.minimum(one[:2] + one[2:], other[:2] + other[2:]) - np.maximum(one[:2], other[:2])
    both = float(np.clip(common, 0, None).prod())
    either = float(one[2:].prod() + other[2:].prod()) - both
    return Score(float(apart / other[2:].mean()), both / either, confidence)


def row(name: str, scores: Sequence[Score]) -> str:
    """Return a line of the table of accuracy."""
    shares = (
        np.mean([score.distance < 0.5 for score in scores]),
        np.mean([score.distance < 0.25 for score in scores]),
        np.mean([score.overlap > 0.5 for score in scores]),
        np.mean([score.overlap > 0.3 for score in scores]),
    )
    return f"| {name} | {len(scores)} | " + " | ".join(f"{100 * share:.1f} %" for share in shares) + " |"


HEADER = """\
| photos | number | middle within half a head | within a quarter | IoU > 0.5 | IoU > 0.3 |
|---|---|---|---|---|---|"""


def reliability(scores: Sequence[Score]) -> str:
    """Return a table of what the confidence promises and what came true."""
    lines = ["| confidence | photos | mean confidence | right |", "|---|---|---|---|"]
    for low, high in pairwise(EDGES):
        inside = [score for score in scores if low <= score.confidence < high or (high == 1 and score.confidence == 1)]
        if inside:
            mean = np.mean([score.confidence for score in inside])
            right = np.mean([score.is_right for score in inside])
            lines.append(f"| {low:.2f} to {high:.2f} | {len(inside)} | {mean:.2f} | {right:.2f} |")
    return "\n".join(lines)


def sure(scores: Sequence[Score], threshold: float) -> str:
    """Return one sentence on the photos at or above the threshold."""
    above = [score for score in scores if score.confidence >= threshold]
    right = sum(score.is_right for score in above)
    return (
        f"At {threshold:.2f} and above: {len(above)} of {len(scores)} photos ({100 * len(above) / len(scores):.0f} %), "
        f"{right} of them right ({100 * right / max(len(above), 1):.1f} %)."
    )
