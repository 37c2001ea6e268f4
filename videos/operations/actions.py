"""What staff do about a video: stop it, retry it, make it good. Each may be told twice and counts once.

An ended video never changes its end (succeeded without, failed with its refund): amends are new entries and new videos.
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

# What staff are told that each verb does.
ACTION_LABELS = {
    "retry": "Retry: another take, on the house",
    "refund": "Refund: give the credit back",
    "cancel": "Cancel: stop it, and give the credit back",
}


class ActionNotAllowed(Exception):
    """This is not to be done with this video; the message says why, for staff. Nothing was moved."""


def cancel(video: Video, now: datetime, by: User | None) -> bool:
    """End a living video: failed, the credit is back, and the worker deletes its task. False when it had ended."""
    stopped = video.cancel("stopped", now, by)
    if stopped:
        log_action("cancelled", video, by)
    return stopped


def log_action(event: str, video: Video, by: User | None, **extra: object) -> None:
    """One line in the log, once it is true; staff are named by their id, a command by nobody."""
    facts = {"video": video.pk, "by": by.pk if by else "-", **extra}
    transaction.on_commit(lambda: log.info(event, extra=facts))


def retry(video: Video, now: datetime, by: User | None) -> Video:
    """Another take of a failed video, at the house's expense: a gift of its price, and a new video charged with it.

    Raises ActionNotAllowed, and ProviderUnavailable when the take could not be promised; nothing moved then. The same video gives
    the same take. Should that fail, too, its credit comes back and the owner keeps the gift; the take may be retaken.
    """
    check_can_retry(video)
    idempotency_key = uuid.uuid5(video.pk, "retry")
    if take := Video.objects.filter(user=video.user, idempotency_key=idempotency_key).first():
        return take
    with transaction.atomic():
        reason = f"Another take of {video.title}, on the house"
        ledger.grant(video.user, video.price, reason=reason, by=by, reference=f"grant:retry:{video.pk}")
        take = request_video(
            user=video.user,
            photo=video.photo,
            dance=video.style,
            shape=video.shape,
            focus=photos.Focus(video.focus_x, video.focus_y),
            idempotency_key=idempotency_key,
            now=now,
            seconds=video.seconds,
        )
        log_action("retried", video, by, take=take.pk)
        return take


def retry_of(video: Video) -> Video | None:
    """The take that was made of a failed video, on the house."""
    return Video.objects.filter(user=video.user_id, idempotency_key=uuid.uuid5(video.pk, "retry")).first()


def is_compensated(video: Video) -> bool:
    """Whether a video that succeeded was paid back all the same."""
    return ledger.is_known(f"grant:compensation:{video.pk}")


def available_actions(video: Video) -> dict[str, str]:
    """What may be done about a video now, in the words of ``ACTION_LABELS``."""
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
    """Raises ActionNotAllowed when there cannot be another take."""
    if video.status != Status.FAILED:
        raise ActionNotAllowed("Only a dance that failed can be retried.")
    if video.photo.deleted_at:
        raise ActionNotAllowed("Its photo was deleted by the owner.")
    if not video.user.is_active:
        raise ActionNotAllowed("Its owner cannot log in: the account is suspended or closed.")


def refund(video: Video, now: datetime, by: User | None) -> bool:
    """Give the owner the price of a video back, once; False when it is back already.

    A living video is ended for it. One that succeeded stays as it is, and its price is given as a gift: a refund in
    the ledger says that there is no video.
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
