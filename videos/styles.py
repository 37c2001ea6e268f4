"""The two ways in which a pet can dance, and the bodies of the dancer."""

from enum import StrEnum


class Style(StrEnum):
    """The dancer is the pet's head on a jointed body; the whole pet is the cut-out picture itself."""

    DANCER = "dancer"
    WHOLE_PET = "whole_pet"


class Body(StrEnum):
    """The build of a dancer. A bird has wings for arms."""

    SLIM = "slim"
    ROUND = "round"
    SMALL = "small"
    BIRD = "bird"
    SITTING = "sitting"


# What owners and staff read.
STYLES = [(Style.DANCER.value, "Dancer"), (Style.WHOLE_PET.value, "Whole pet")]
BODIES = [(body.value, body.value.capitalize()) for body in Body]
# What an owner reads who asks for a dancer without a head.
NO_HEAD = "The dancer needs your pet's head. Show us where it is, or choose the whole pet."
