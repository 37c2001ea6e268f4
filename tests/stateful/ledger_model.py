"""What the machine knows of an owner, without asking the ledger."""

import uuid
from collections.abc import Container
from dataclasses import dataclass, field

from accounts.models import User
from videos.models import Photo

INITIAL_CREDITS = 4


@dataclass
class OwnerModel:
    """How many credits an owner was given, and which videos the owner asked for: the key of each form and its video."""

    user: User
    photo: Photo
    given: int = INITIAL_CREDITS
    videos: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    is_closed: bool = False

    def owed(self, paid: Container[uuid.UUID]) -> int:
        """The balance: one credit for each that was given, less one for each own video among ``paid``."""
        return 0 if self.is_closed else self.given - sum(pk in paid for pk in self.videos.values())
