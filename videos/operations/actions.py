"""Staff actions on a video: cancel, retry and refund. Each is idempotent.

A finished video keeps its outcome: succeeded and charged, or failed and refunded. Compensation is a new entry in the
ledger or a new video.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from credits import ledger
from videos import photos
from videos.models import UNFINISHED_STATUSES, Status, Video
from videos.ordering import request_video

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

# Labels of the buttons in the admin.
ACTION_LABELS = {
    "retry": "Retry for free",
    "refund": "Refund the credits",
    "cancel": "Cancel and refund",
}


class ActionNotAllowed(Exception):
    """The action is not possible for this video. The message tells staff why. Nothing was changed."""


def cancel(video: Video, now: datetime, by: User | None) -> bool:
    """Cancel an unfinished video and refund it; the worker then deletes its provider task.

    Return False if the video was already finished.
    """
    cancelled = video.cancel("stopped", now, by)
    if cancelled:
        log_action("cancelled", video, by)
    return cancelled


def log_action(event: str, video: Video, by: User | None, **extra: object) -> None:
    """Log an action after the transaction commits. ``by`` is the id of the staff user, or "-" for a command."""
    details = {"video": video.pk, "by": by.pk if by else "-", **extra}
    transaction.on_commit(lambda: log.info(event, extra=details))


def retry(video: Video, now: datetime, by: User | None) -> Video:
    """Grant the price of a failed video and charge it for a new one. Return the new video, at most one per video.

    Raises ActionNotAllowed, and ProviderUnavailable if no finishing time can be promised; nothing is changed then. If
    the new video fails too, it is refunded, so the owner keeps the grant. It can then be retried itself.
    """
    check_can_retry(video)
    idempotency_key = uuid.uuid5(video.pk, "retry")
    if new_video := Video.objects.filter(user=video.user, idempotency_key=idempotency_key).first():
        return new_video
    with transaction.atomic():
        reason = f"Another take of {video.title}, on the house"
        ledger.grant(video.user, video.price, reason=reason, by=by, reference=f"grant:retry:{video.pk}")
        new_video = request_video(
            user=video.user,
            photo=video.photo,
            dance=video.style,
            shape=video.shape,
            focus=photos.Focus(video.focus_x, video.focus_y),
            idempotency_key=idempotency_key,
            now=now,
            seconds=video.seconds,
        )
        log_action("retried", video, by, new_video=new_video.pk)
        return new_video


def retry_of(video: Video) -> Video | None:
    """Return the video that retries a failed one, or None."""
    return Video.objects.filter(user=video.user_id, idempotency_key=uuid.uuid5(video.pk, "retry")).first()


def is_compensated(video: Video) -> bool:
    """Return whether the price of a succeeded video was granted back to its owner."""
    return ledger.is_known(f"grant:compensation:{video.pk}")


def available_actions(video: Video) -> dict[str, str]:
    """Return the actions that are possible for a video now, with their labels."""
    if video.is_unfinished:
        return {"cancel": ACTION_LABELS["cancel"]}
    if video.status == Status.SUCCEEDED:
        return {} if is_compensated(video) else {"refund": ACTION_LABELS["refund"]}
    try:
        check_can_retry(video)
    except ActionNotAllowed:
        return {}
    return {} if retry_of(video) else {"retry": ACTION_LABELS["retry"]}


def check_can_retry(video: Video) -> None:
    """Raise ActionNotAllowed if the video cannot be retried."""
    if video.status != Status.FAILED:
        raise ActionNotAllowed("Only failed videos can be retried.")
    if video.photo.deleted_at:
        raise ActionNotAllowed("The owner has deleted the photo.")
    if not video.user.is_active:
        raise ActionNotAllowed("The owner's account is suspended or closed.")


def refund(video: Video, now: datetime, by: User | None) -> bool:
    """Return the price of a video to its owner, once. Return False if this was already done.

    An unfinished video is cancelled. A succeeded video is kept and its price becomes a grant, because a refund entry
    in the ledger means that there is no video.
    """
    video.refresh_from_db()
    if video.status in UNFINISHED_STATUSES:
        return cancel(video, now, by)
    if video.status == Status.FAILED or is_compensated(video):
        return False
    reason = f"Sorry: {video.title} was not as it should be"
    ledger.grant(video.user, video.price, reason=reason, by=by, reference=f"grant:compensation:{video.pk}")
    log_action("compensated", video, by)
    return True
