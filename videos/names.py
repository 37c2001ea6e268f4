"""The names of pets: what is stored of one, and how it stands in titles and in the names of files."""

import re
import unicodedata

from videos.translation import gettext as _

MAX_NAME = 30
# The longest text that is looked at. Composing a long run of accents takes quadratic time.
MAX_INPUT = 10 * MAX_NAME
# Emoji and some scripts join characters with these. All other format characters can turn text around or hide it.
JOINERS = "\u200c\u200d"
# Control characters, format characters, halves of a character, and characters without a meaning.
REMOVED = ("Cc", "Cf", "Cs", "Co")
# Letters, marks and symbols that show nothing.
BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


class InvalidName(ValueError):
    """The name is too long. The message says how long it may be."""

    def __init__(self) -> None:
        super().__init__(_("A name can have up to %(most)d characters.") % {"most": MAX_NAME})


def clean(text: str) -> str:
    """Return a name as it is stored: on one line, and without characters that nobody sees.

    A name with nothing to see is empty. Raises InvalidName if it is too long.
    """
    if len(text) > MAX_INPUT:
        raise InvalidName
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    line = " ".join("".join(filter(is_kept, line)).split())
    if len(line) > MAX_NAME:
        raise InvalidName
    return line if any(unicodedata.category(character)[0] in "LNPS" for character in line) else ""


def is_kept(character: str) -> bool:
    return character in JOINERS or not (character in BLANK or unicodedata.category(character) in REMOVED)


def title(name: str, dance: str) -> str:
    """Return "Biscuit's hip-hop", or "Your pet's hip-hop" without a name. ``dance`` is translated already."""
    return (_("%(name)s's %(dance)s") if name else _("Your pet's %(dance)s")) % {"name": name, "dance": dance}


def file_slug(name: str) -> str:
    """Return the name for the name of a file, or an empty string if ASCII cannot spell it."""
    plain = "".join(part for part in unicodedata.normalize("NFKD", name) if not unicodedata.combining(part))
    if any(character.isalnum() and not character.isascii() for character in plain):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", re.sub("['’]", "", plain.lower())).strip("-")
