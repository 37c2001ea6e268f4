"""The sheets of the dancer's art, where their atlases lie, and which atlases are stale.

A sheet is an SVG file in ``bodies/`` or ``outfits/``. Each part of it is a ``<g id>`` in its ``<defs>``, with the joint
at (0, 0) and the limb towards +y; 100 units are one head width (U). Nothing here needs the renderer.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ATLASES = HERE.parents[1] / "videos" / "studio" / "dancer" / "art" / "atlases"
# What an atlas depends on beside its sheet.
TOOL = ("render.py", "atlas.py")


def sheets() -> list[Path]:
    """Return the SVG files of all bodies and outfits."""
    return sorted([*HERE.glob("bodies/*.svg"), *HERE.glob("outfits/*.svg")])


def fingerprints(sheet: Path) -> dict[str, str]:
    """Return the SHA-256 of the sheet and of the tool, as its atlas must name them."""
    tool = hashlib.sha256()
    for name in TOOL:
        tool.update((HERE / name).read_bytes())
    return {"svg": hashlib.sha256(sheet.read_bytes()).hexdigest(), "tool": tool.hexdigest()}


def stale(atlases: Path = ATLASES) -> Iterator[str]:
    """Yield a message for each atlas in ``atlases`` that is missing, stale or has no sheet."""
    expected = set()
    for sheet in sheets():
        files = [atlases / f"{sheet.stem}{ending}" for ending in (".json", ".webp", "-fur.webp")]
        expected |= set(files)
        if not all(file.is_file() for file in files):
            yield f"The atlas of {sheet.name} is missing."
            continue
        recorded = json.loads(files[0].read_text())
        for what, digest in fingerprints(sheet).items():
            if recorded[what] != digest:
                yield f"The atlas of {sheet.name} was made from another {what}."
    for file in sorted(set(atlases.glob("*.*")) - expected):
        yield f"{file.name} belongs to no sheet."
