"""What the machine knows of an owner, without asking the ledger."""

import uuid
from dataclasses import dataclass, field

from accounts.models import User
from videos.models import Photo, Status, Video

FIRST = 4


@dataclass
class Purse:
    """What the machine knows of an owner by itself: how many credits were put in, and which videos were asked for."""

    user: User
    photo: Photo
    given: int = FIRST
    videos: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    is_closed: bool = False

    def owed(self) -> int:
        """One credit for each that was given, less one for each own video that is made or being made."""
        spent = Video.objects.filter(pk__in=self.videos.values()).exclude(status=Status.FAILED).count()
        return 0 if self.is_closed else self.given - spent
