"""The dances: one file each. A file that defines ``DANCE`` is all that a new dance needs."""

from importlib import import_module
from pkgutil import iter_modules

from videos.studio.dance import Dance

DANCES: tuple[Dance, ...] = tuple(
    sorted(
        (import_module(f"{__name__}.{module.name}").DANCE for module in iter_modules(__path__)),
        key=lambda dance: dance.place,
    )
)
