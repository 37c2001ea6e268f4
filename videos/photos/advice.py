"""Notes for an owner about how well the pet can be cut out of a photo, before any credits are spent.

Pure functions: measurements in, sentences out.
"""

from __future__ import annotations

from typing import Any

from videos import mark
from videos.translation import gettext

# Below the first share of the photo, a pet is only a few dozen pixels high in the video. Above the second, it has no
# outline.
SMALL_COVER, CLOSE_COVER = 0.03, 0.86
# Outside these shares the pet cannot be cut out, even if the owner asks for it.
MIN_COVER, MAX_COVER = 0.01, 0.95
# A pet that touches the edges is an intended portrait from this share up. Below it, part of the pet is missing.
PORTRAIT_COVER = 0.5
# From this confidence up, what was found is more likely a pet's head than not.
LIKELY = 0.5

NOT_FOUND = mark.gettext("We couldn't separate your pet from the background.")
TOO_SMALL = mark.gettext("Your pet is small in this photo.")
TOO_CLOSE = mark.gettext("Your pet fills this whole photo.")
CUT_OFF = mark.gettext("Your pet is cut off by the edge of this photo.")
# The person and the pet are in touch, and only the pet's head is known.
TOO_CLOSE_TO_PERSON = mark.gettext("A person is too close to your pet to cut it out.")
PERSON_ONLY = mark.gettext("We found a person, but no pet. Show us your pet's head, or choose another photo.")
# A person, and what may be a pet's head, which is not confirmed.
PERSON_AND_HEAD = mark.gettext(
    "There's a person in this photo, too. Show us your pet's head, and only your pet will dance."
)
PERSON = mark.gettext("There's a person in this photo, too. Photos of just your pet work best.")

SHOWN_AS_PRINT = mark.gettext(
    "The whole photo will dance. For best results, use a full-body shot on a plain background."
)
BETTER_PHOTO = mark.gettext("For best results, use a full-body shot on a plain background.")

BETTER_PHOTO_ALONE = mark.gettext("For best results, use a full-body shot of just your pet.")


def cutout_notes(cutout_info: dict[str, Any], *, found: bool, as_print: bool) -> list[str]:
    """Return the notes about a photo, from the JSON of its cutout.

    There are none for a pet that is whole or cut off at the lower edge only, or before the photo is examined. A face
    that fills the photo counts as a portrait and gets no note. ``found`` says whether there is a mask to be trusted.
    ``as_print`` says whether such a photo dances as a print, as it does in the studio but not at the provider.
    """
    if cutout_info.get("people") == "alone":
        likely = any(head["confidence"] >= LIKELY for head in cutout_info.get("heads", ()))
        return [gettext(PERSON_AND_HEAD if likely else PERSON_ONLY)]
    if cutout_info.get("people") == "touching":
        return [f"{gettext(TOO_CLOSE_TO_PERSON)} {gettext(BETTER_PHOTO_ALONE if as_print else BETTER_PHOTO)}"]
    notes = [gettext(PERSON)] if cutout_info.get("faces") else []
    cover = cutout_info.get("cover", 0.0)
    if (
        not cutout_info.get("passes")
        or cutout_info.get("mode") != "print"
        or (found and PORTRAIT_COVER <= cover <= CLOSE_COVER)
    ):
        return notes
    problem = (
        NOT_FOUND if not found else TOO_SMALL if cover < SMALL_COVER else TOO_CLOSE if cover > CLOSE_COVER else CUT_OFF
    )
    return [*notes, f"{gettext(problem)} {gettext(SHOWN_AS_PRINT if as_print else BETTER_PHOTO)}"]
