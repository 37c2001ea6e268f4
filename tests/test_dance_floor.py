"""The grid of dance cards: it contains every dance once, and adjacent cards differ in colour."""

import subprocess
import sys
from pathlib import Path

import pytest

from videos.dances import DANCES
from videos.studio import dances

CSS = Path(__file__).parent.parent / "static" / "css"


def test_each_file_is_a_dance_with_a_place_of_its_own() -> None:
    files = {path.stem for path in Path(dances.__file__).parent.glob("*.py")} - {"__init__"}
    assert {dance.slug for dance in DANCES} == files
    assert [dance.place for dance in DANCES] == list(range(1, len(files) + 1))


def test_the_catalogue_is_light() -> None:
    """Web processes import it, and render nothing."""
    heavy = "import sys, videos.dances; print({'numpy', 'cv2', 'av', 'PIL'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize("columns", [2, 4, "strip"])
def test_neighbours_differ_in_colour(columns: int | str) -> None:
    cards = list(DANCES)
    if columns == "strip":
        # On a phone. It is two cards high and filled from top to bottom.
        cards, columns = [*DANCES[::2], *DANCES[1::2]], (len(DANCES) + 1) // 2
    colours = [card.colour for card in cards]
    same_right = [i for i in range(len(cards) - 1) if (i + 1) % columns and colours[i] == colours[i + 1]]
    same_below = [i for i in range(len(cards) - columns) if colours[i] == colours[i + columns]]
    assert (same_right, same_below) == ([], [])


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda sheet: sheet.name)
def test_cards_have_a_fixed_size(sheet: Path) -> None:
    """Under load, Chromium 156 permanently left the content of size containers unstyled: empty and not clickable."""
    assert "container-type" not in sheet.read_text()
