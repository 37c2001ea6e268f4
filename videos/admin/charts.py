"""The geometry of the SVG bar chart on the admin dashboard. It needs no JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Margins: counts on the left, half a day label on the right, day labels below, half the highest count's label above.
LEFT, RIGHT, BELOW, ABOVE = 28, 14, 24, 8
WIDTH, HEIGHT, GAP = 600, 230, 3
BASELINE = HEIGHT - BELOW
# Every seventh column has a label, counted from the last.
LABEL_EVERY = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """One column: the ``high`` part is stacked on the ``low`` one. y counts from the top, as in SVG."""

    x: float
    width: float
    low_y: float
    low: float
    high_y: float
    high: float
    title: str
    label: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Gridline:
    """A horizontal line at the height of ``count``."""

    count: int
    y: float


@dataclass(frozen=True, slots=True)
class BarChart:
    bars: tuple[Bar, ...]
    gridlines: tuple[Gridline, ...]
    top: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def stacked_bars(rows: Sequence[tuple[str, str, int, int]]) -> BarChart:
    """Return a chart for rows of (label, title, lower count, upper count), scaled to the highest column."""
    top = max((low + high for _, _, low, high in rows), default=0) or 1
    step = (WIDTH - LEFT - RIGHT) / max(1, len(rows))

    def height(count: int) -> float:
        return (BASELINE - ABOVE) * count / top

    bars = [
        Bar(
            x=round(LEFT + number * step, 1),
            width=round(step - GAP, 1),
            low_y=round(BASELINE - height(low), 1),
            low=round(height(low), 1),
            high_y=round(BASELINE - height(low + high), 1),
            high=round(height(high), 1),
            title=title,
            label=label if (len(rows) - 1 - number) % LABEL_EVERY == 0 else "",
        )
        for number, (label, title, low, high) in enumerate(rows)
    ]
    gridlines = [Gridline(count, round(BASELINE - height(count), 1)) for count in sorted({0, top // 2, top})]
    return BarChart(tuple(bars), tuple(gridlines), top)
