"""What happens to photos, videos and credits when their owner closes the account."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from videos.models import Photo, Video
from videos.rubbish import empty_now

if TYPE_CHECKING:
    from accounts.farewell import Goodbye
    from accounts.models import User


def erase(user: User, goodbye: Goodbye, now: datetime) -> None:
    """Stop the dances in the making, give their credits back, and delete every photo and video.

    Runs inside the transaction that closes the account; the files follow it. The rows stay without what was personal
    in them: the ledger's entries are for them.
    """
    videos = Video.objects.filter(user=user)
    stopped = sum(video.stop("closed", now) for video in videos.living())
    made = list(videos.filter(deleted_at=None))
    taken = list(Photo.objects.filter(user=user, deleted_at=None))
    for video in made:
        video.discard(now)
    for photo in taken:
        photo.discard(now)
    folders = [video.name_of("") for video in made] + [photo.name_of("") for photo in taken]
    goodbye.tell(len(taken), "photo", "deleted, with cut-outs and previews")
    goodbye.tell(len(made), "dance", "deleted, here and at the studio")
    goodbye.tell(stopped, "dance in the making", "stopped, and paid back first")
    goodbye.afterwards.append(lambda: empty_now(*folders))
