"""The colours of a pet's fur, for the drawn body."""

from dataclasses import dataclass
from enum import StrEnum

from videos.studio.raster.colours import Bgr


class Pattern(StrEnum):
    PLAIN = "plain"
    SPOTS = "spots"
    STRIPES = "stripes"
    PATCHES = "patches"


@dataclass(frozen=True, slots=True)
class Fur:
    """The colours of a pet: most of its fur, its lighter chest and muzzle, its toe beans, and its markings."""

    main: Bgr
    second: Bgr
    pad: Bgr
    pattern: Pattern
    pattern_colour: Bgr
