"""The grid of dance cards: it contains every dance once, and adjacent cards differ in colour."""

from pathlib import Path

import pytest

from videos.dances import DANCE_FLOOR, DANCES

CSS = Path(__file__).parent.parent / "static" / "css"


def test_grid_contains_every_dance_once() -> None:
    assert sorted(dance.slug for dance in DANCE_FLOOR) == sorted(dance.slug for dance in DANCES)
    assert DANCE_FLOOR[:4] == DANCES[:4]


@pytest.mark.parametrize("columns", [2, 4, 8])
def test_neighbours_differ_in_colour(columns: int) -> None:
    # Eight columns are the strip on a phone, which is two cards high and filled from top to bottom.
    cards = list(DANCE_FLOOR) if columns < 8 else [*DANCE_FLOOR[::2], *DANCE_FLOOR[1::2]]
    colours = [card.colour for card in cards]
    same_right = [i for i in range(15) if (i + 1) % columns and colours[i] == colours[i + 1]]
    same_below = [i for i in range(16 - columns) if colours[i] == colours[i + columns]]
    assert (same_right, same_below) == ([], [])


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda sheet: sheet.name)
def test_cards_have_a_fixed_size(sheet: Path) -> None:
    """Under load, Chromium 156 permanently left the content of size containers unstyled: empty and not clickable."""
    assert "container-type" not in sheet.read_text()
