"""The catalogue of dances, in the order of their cards.

Each dance is a file in ``videos/studio/dances``.
"""

from videos.studio.dance import Colour, Dance
from videos.studio.dances import DANCES

BY_SLUG: dict[str, Dance] = {dance.slug: dance for dance in DANCES}


def choices() -> list[tuple[str, str]]:
    """Return the slugs and names, for fields of models and forms."""
    return [(dance.slug, dance.name) for dance in DANCES]


__all__ = ["BY_SLUG", "DANCES", "Colour", "Dance", "choices"]
