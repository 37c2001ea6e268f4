"""Staff actions on a video: retry, refund and cancel. Each is idempotent.

``ACTIONS`` lists them for the admin and for the command ``videos``.

A finished video keeps its outcome: succeeded and charged, or failed and refunded. Compensation is a new entry in the
ledger or a new video.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from credits import ledger
from videos import photos
from videos.models import ProviderUnavailable, Status, Video
from videos.ordering import request_video

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)


class ActionNotAllowed(Exception):
    """The action is not possible for this video. The message tells staff why. Nothing was changed."""


class AlreadyDone(ActionNotAllowed):
    """The action was done before. The message says so. Nothing was changed."""


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
    if new_video := retry_of(video):
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
            idempotency_key=uuid.uuid5(video.pk, "retry"),
            now=now,
            seconds=video.seconds,
        )
        log_action("retried", video, by, new_video=new_video.pk)
        return new_video


def retry_of(video: Video) -> Video | None:
    """Return the video that retries a failed one, or None."""
    return Video.objects.filter(user=video.user_id, idempotency_key=uuid.uuid5(video.pk, "retry")).first()


def check_can_retry(video: Video) -> None:
    """Raise ActionNotAllowed if the video cannot be retried."""
    if video.status != Status.FAILED:
        raise ActionNotAllowed("Only failed videos can be retried.")
    if video.photo.deleted_at:
        raise ActionNotAllowed("The owner has deleted the photo.")
    if not video.user.is_active:
        raise ActionNotAllowed("The owner's account is suspended or closed.")


def check_not_retried(video: Video) -> None:
    """Raise AlreadyDone if the video has been retried, and ActionNotAllowed if it cannot be retried."""
    if new_video := retry_of(video):
        raise AlreadyDone(f"This video has already been retried: {new_video.pk}")
    check_can_retry(video)


def is_compensated(video: Video) -> bool:
    """Return whether the price of a succeeded video was granted back to its owner."""
    return ledger.is_known(f"grant:compensation:{video.pk}")


def is_refunded(video: Video) -> bool:
    """Return whether the owner has the price of a video back, by itself or from staff."""
    return video.status == Status.FAILED or (video.status == Status.SUCCEEDED and is_compensated(video))


def refund(video: Video, now: datetime, by: User | None) -> bool:
    """Return the price of a video to its owner, once. Return False if this was already done.

    An unfinished video is cancelled. A succeeded video is kept and its price becomes a grant, because a refund entry
    in the ledger means that there is no video.
    """
    video.refresh_from_db()
    if video.is_unfinished:
        return cancel(video, now, by)
    if is_refunded(video):
        return False
    reason = f"Sorry: {video.title} was not as it should be"
    ledger.grant(video.user, video.price, reason=reason, by=by, reference=f"grant:compensation:{video.pk}")
    log_action("compensated", video, by)
    return True


def check_can_refund(video: Video) -> None:
    """Raise AlreadyDone if the owner has the price back."""
    if is_refunded(video):
        raise AlreadyDone("This video has already been refunded.")


def check_can_cancel(video: Video) -> None:
    """Raise ActionNotAllowed if the video is finished."""
    if not video.is_unfinished:
        raise ActionNotAllowed("This video is already finished.")


@dataclass(frozen=True)
class Action:
    """What staff can do with a video: a button and a list action of the admin, and a subcommand of ``videos``.

    ``check`` raises ActionNotAllowed if the action is not possible now.
    """

    name: str
    # The button.
    label: str
    # A sentence for the confirmation page and the help of the command.
    description: str
    # Completes "would be ...".
    outcome: str
    # The result. It can contain {credits}, and {done}, which is what ``act`` returned.
    result: str
    check: Callable[[Video], None]
    act: Callable[[Video, datetime, User | None], Any]

    def is_possible(self, video: Video) -> bool:
        try:
            self.check(video)
        except ActionNotAllowed:
            return False
        return True

    def perform(self, pk: uuid.UUID, now: datetime, by: User | None) -> str:
        """Act on the video and return the result. Raises ActionNotAllowed, and then changes nothing."""
        with transaction.atomic():
            # Of two simultaneous calls, the second waits here and then sees the result of the first.
            video = Video.objects.select_for_update(of=("self",)).select_related("photo", "user").get(pk=pk)
            self.check(video)
            try:
                done = self.act(video, now, by)
            except ProviderUnavailable as error:
                raise ActionNotAllowed("The provider is unavailable. Retry this video later.") from error
        credits = f"{video.price} credit{'s' if video.price > 1 else ''}"
        return self.result.format(credits=credits, done=done)


RETRY = Action(
    name="retry",
    label="Retry for free",
    description="Retry failed videos, free of charge.",
    outcome="retried, free of charge",
    result="retry queued, free of charge: {done.pk}",
    check=check_not_retried,
    act=retry,
)
REFUND = Action(
    name="refund",
    label="Refund the credits",
    description="Refund videos. A ready video stays with its owner; an unfinished one is cancelled.",
    outcome="refunded",
    result="{credits} refunded",
    check=check_can_refund,
    act=refund,
)
CANCEL = Action(
    name="cancel",
    label="Cancel and refund",
    description="Cancel and refund unfinished videos.",
    outcome="cancelled and refunded",
    result="cancelled and refunded",
    check=check_can_cancel,
    act=cancel,
)
ACTIONS = {action.name: action for action in (RETRY, REFUND, CANCEL)}


def available_actions(video: Video) -> list[Action]:
    """Return the actions to offer for a video now. For an unfinished one, cancel stands for refund as well."""
    possible = [action for action in ACTIONS.values() if action.is_possible(video)]
    return [action for action in possible if action is not REFUND or not video.is_unfinished]
