"""Translation for modules that do not import Django.

``gettext`` and ``pgettext`` return a text in the language of the current request or e-mail, as Django's functions do,
and ``grouped`` a number, once ``VideosConfig`` has connected them. Without Django all is English.
"""

from collections.abc import Callable

_gettext: Callable[[str], str] | None = None
_pgettext: Callable[[str, str], str] | None = None
_grouped: Callable[[int], str] | None = None


def connect(simple: Callable[[str], str], contextual: Callable[[str, str], str], numbers: Callable[[int], str]) -> None:
    """Translate with these functions from now on."""
    global _gettext, _pgettext, _grouped
    _gettext, _pgettext, _grouped = simple, contextual, numbers


def gettext(text: str) -> str:
    return _gettext(text) if _gettext else text


def pgettext(context: str, text: str) -> str:
    return _pgettext(context, text) if _pgettext else text


def grouped(number: int) -> str:
    """Return a number with the separators of thousands: 12,000."""
    return _grouped(number) if _grouped else f"{number:,}"
