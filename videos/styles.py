"""The two ways in which a pet can dance, and the bodies of the dancer."""

from enum import StrEnum

from videos import mark


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
STYLES = [(Style.DANCER.value, mark.gettext("Dancer")), (Style.WHOLE_PET.value, mark.gettext("Whole pet"))]
BODIES = [
    (Body.SLIM.value, mark.pgettext("build of a pet", "Slim")),
    (Body.ROUND.value, mark.pgettext("build of a pet", "Round")),
    (Body.SMALL.value, mark.pgettext("build of a pet", "Small")),
    (Body.BIRD.value, mark.pgettext("build of a pet", "Bird")),
    (Body.SITTING.value, mark.pgettext("build of a pet", "Sitting")),
]
# What an owner reads who asks for a dancer without a head.
NO_HEAD = mark.gettext("The dancer needs your pet's head. Show us where it is, or choose the whole pet.")
