"""Draw the dancer: ``python -m tools.dancer_art.build [NAME ...]``.

It renders the sheets, or only the named ones, to the atlases beside the studio. The SVG files are the sources: change
them, run this, and commit both.
"""

import sys
from pathlib import Path

from tools.dancer_art import atlas, render, sheets

UNIT = 300  # pixels a U: the head of a dancer in a tall 720p video is 290 pixels wide


def main(names: list[str]) -> int:
    chosen = [sheet for sheet in sheets.sheets() if not names or sheet.stem in names]
    if unknown := set(names) - {sheet.stem for sheet in chosen}:
        sys.stderr.write(f"No sheet is called {', '.join(sorted(unknown))}.\n")
        return 1
    sheets.ATLASES.mkdir(parents=True, exist_ok=True)
    for sheet in chosen:
        parts = render.parts(sheet, UNIT)
        atlas.write(sheets.ATLASES, sheet.stem, parts, {**sheets.fingerprints(sheet), "unit": UNIT})
        size = sum(Path(sheets.ATLASES / f"{sheet.stem}{end}").stat().st_size for end in (".webp", "-fur.webp"))
        sys.stdout.write(f"{sheet.stem}: {len(parts)} parts, {size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
