"""A word on the studio before a credit is spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from videos.line import Line, StudioClosed
from videos.makers import REMOTE, STOOD_IN_WORDS
from videos.models import Video

if TYPE_CHECKING:
    from accounts.models import User

CLOSED = (
    "The studio is closed just now, so we could not promise you a video in time. Nothing was spent, and your photo and "
    "your choice are kept right here. Please try again in a while."
)
WAITING = (
    "The studio is closed for the moment. You can ask for a dance all the same: it waits in line, and if there is no "
    "video by the promised time, your credit comes back by itself."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """``notice`` is what the owner should know first; usually nothing. ``ours`` is whether the embedded studio dances:
    only there it matters whether the pet is cut out."""

    notice: str
    ours: bool


def offer_for(user: User, now: datetime) -> Offer:
    """Who would make a dance that this owner asks for now."""
    try:
        provider, stood_in = Video.objects.maker_for(user, now)
    except StudioClosed:
        return Offer(CLOSED, ours=False)
    if provider not in REMOTE:
        return Offer(STOOD_IN_WORDS.get(stood_in, ""), ours=True)
    return Offer(WAITING if Line.objects.closed(provider) else "", ours=False)
