"""The state machine's own record of each owner, independent of the ledger."""

import uuid
from collections.abc import Container
from dataclasses import dataclass, field

from accounts.models import User
from videos.models import Photo

INITIAL_CREDITS = 4


@dataclass
class OwnerModel:
    """The credits granted to an owner, and the owner's videos: the video's id for each idempotency key."""

    user: User
    photo: Photo
    granted: int = INITIAL_CREDITS
    videos: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    is_closed: bool = False

    def owed(self, paid: Container[uuid.UUID]) -> int:
        """Return the expected balance: the credits granted less one for each of the owner's videos in ``paid``."""
        return 0 if self.is_closed else self.granted - sum(pk in paid for pk in self.videos.values())
