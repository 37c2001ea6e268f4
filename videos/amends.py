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
from videos.models import LIVING, Status, Video
from videos.offer import request_video

if TYPE_CHECKING:
    from accounts.models import User


log = logging.getLogger(__name__)

# What staff are told that each verb does.
TOLD = {
    "retry": "Retry: another take, on the house",
    "refund": "Refund: give the credit back",
    "cancel": "Cancel: stop it, and give the credit back",
}


class NoAmends(Exception):
    """This is not to be done with this video; the message says why, for staff. Nothing was moved."""


def cancel(video: Video, now: datetime, by: User | None) -> bool:
    """End a living video: failed, the credit is back, and the worker deletes its task. False when it had ended."""
    stopped = video.stop("stopped", now, by)
    if stopped:
        told("cancelled", video, by)
    return stopped


def told(what: str, video: Video, by: User | None, **more: object) -> None:
    """One line in the log, once it is true; staff are named by their id, a command by nobody."""
    facts = {"video": video.pk, "by": by.pk if by else "-", **more}
    transaction.on_commit(lambda: log.info(what, extra=facts))


def retake(video: Video, now: datetime, by: User | None) -> Video:
    """Another take of a failed video, at the house's expense: a gift of its price, and a new video charged with it.

    Raises NoAmends, and StudioClosed when the take could not be promised; nothing moved then. The same video gives
    the same take. Should that fail, too, its credit comes back and the owner keeps the gift; the take may be retaken.
    """
    can_be_retaken(video)
    form_key = uuid.uuid5(video.pk, "retake")
    if take := Video.objects.filter(user=video.user, form_key=form_key).first():
        return take
    with transaction.atomic():
        reason = f"Another take of {video.title}, on the house"
        ledger.grant(video.user, video.price, reason=reason, by=by, reference=f"grant:retake:{video.pk}")
        take = request_video(
            user=video.user,
            photo=video.photo,
            dance=video.style,
            shape=video.shape,
            focus=photos.Focus(video.focus_x, video.focus_y),
            form_key=form_key,
            now=now,
            seconds=video.seconds,
        )
        told("retried", video, by, take=take.pk)
        return take


def take_of(video: Video) -> Video | None:
    """The take that was made of a failed video, on the house."""
    return Video.objects.filter(user=video.user_id, form_key=uuid.uuid5(video.pk, "retake")).first()


def is_made_good(video: Video) -> bool:
    """Whether a video that succeeded was paid back all the same."""
    return ledger.is_known(f"grant:made-good:{video.pk}")


def open_for(video: Video) -> dict[str, str]:
    """What may be done about a video now, in the words of ``TOLD``."""
    if video.is_living:
        return {"cancel": TOLD["cancel"]}
    if video.status == Status.SUCCEEDED:
        return {} if is_made_good(video) else {"refund": TOLD["refund"]}
    try:
        can_be_retaken(video)
    except NoAmends:
        return {}
    return {} if take_of(video) else {"retry": TOLD["retry"]}


def can_be_retaken(video: Video) -> None:
    """Raises NoAmends when there cannot be another take."""
    if video.status != Status.FAILED:
        raise NoAmends("Only a dance that failed can be retried.")
    if video.photo.deleted_at:
        raise NoAmends("Its photo was deleted by the owner.")
    if not video.user.is_active:
        raise NoAmends("Its owner cannot log in: the account is suspended or closed.")


def refund(video: Video, now: datetime, by: User | None) -> bool:
    """Give the owner the price of a video back, once; False when it is back already.

    A living video is ended for it. One that succeeded stays as it is, and its price is given as a gift: a refund in
    the ledger says that there is no video.
    """
    video.refresh_from_db()
    if video.status in LIVING:
        return cancel(video, now, by)
    if video.status == Status.FAILED or is_made_good(video):
        return False
    reason = f"Sorry: {video.title} was not as it should be"
    ledger.grant(video.user, video.price, reason=reason, by=by, reference=f"grant:made-good:{video.pk}")
    told("made good", video, by)
    return True
