"""What the worker's look for the pet tells its owner, before anything is spent. Pure: figures in, sentences out."""

from __future__ import annotations

from typing import Any

# Below this share of the photo a pet is a few dozen pixels high in the video; above the other one it has no outline.
SMALL_COVER, CLOSE_COVER = 0.03, 0.86
# Outside of these shares there is nothing to be cut out at all, even by hand.
MIN_COVER, MAX_COVER = 0.01, 0.95
# From this share on a pet that touches the edges is a portrait, as it was meant to be; below it something is missing.
PORTRAIT_COVER = 0.5

NOT_FOUND = "We could not make out your pet against what is around it."
TOO_SMALL = "Your pet is quite small in this photo."
TOO_CLOSE = "Your pet fills this photo up to its edges."
CUT_OFF = "Your pet is cut off by the edge of this photo."
PERSON = "There is a person in this photo, too. One of your pet alone usually dances better."

SHOWN_AS_PRINT = (
    "The photo dances as a print; one from nose to tail before a calm background lets the pet itself dance."
)
BETTER_PHOTO = "A photo from nose to tail before a calm background usually dances better."


def cutout_notes(cut: dict[str, Any], *, found: bool, as_print: bool) -> list[str]:
    """None, for a pet that was found whole or from its lower edge up, and for a photo nobody has looked at.

    ``found`` is whether there is a mask to be trusted. ``as_print`` is whether a photo like this dances as a print: in
    our own studio, not at a remote one. A face that fills the photo is a portrait and gets no note.
    """
    notes = [PERSON] if cut.get("faces") else []
    cover = cut.get("cover", 0.0)
    if not cut.get("passes") or cut.get("mode") != "print" or (found and PORTRAIT_COVER <= cover <= CLOSE_COVER):
        return notes
    what = (
        NOT_FOUND if not found else TOO_SMALL if cover < SMALL_COVER else TOO_CLOSE if cover > CLOSE_COVER else CUT_OFF
    )
    return [*notes, f"{what} {SHOWN_AS_PRINT if as_print else BETTER_PHOTO}"]
