"""Staff actions on a video: retry, refund and cancel. Each is done once.

``ACTIONS`` lists them for the admin and for the command ``videos``. Call them through ``Action.perform``, which locks
the rows that they check and change.

A finished video keeps its outcome: succeeded and charged, or failed and refunded. Compensation is a new entry in the
ledger or a new video.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.models import User
from credits import ledger
from videos import ordering, photos
from videos.models import ProviderUnavailable, Status, Video
from videos.models.choices import ErrorCode
from videos.styles import Body, Style

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

log = logging.getLogger(__name__)


class ActionNotAllowed(Exception):
    """The action is not possible for this video. The message tells staff why. Nothing was changed."""


class AlreadyDone(ActionNotAllowed):
    """The action was done before. The message says so. Nothing was changed."""


def cancel(video: Video, now: datetime, by: User | None) -> StrOrPromise:
    """Cancel an unfinished video and refund it; the worker then deletes its provider task."""
    check_can_cancel(video)
    video.cancel(ErrorCode.CANCELLED_BY_STAFF, now, by)
    log_action("cancelled", video, by)
    return gettext_lazy("canceled and refunded")


def check_can_cancel(video: Video) -> None:
    """Raise AlreadyDone if staff have cancelled the video, and ActionNotAllowed if it is finished otherwise."""
    if video.error_code == ErrorCode.CANCELLED_BY_STAFF:
        raise AlreadyDone(_("This video has already been canceled and refunded."))
    if not video.is_unfinished:
        raise ActionNotAllowed(_("This video is already finished."))


def retry(video: Video, now: datetime, by: User | None) -> StrOrPromise:
    """Make a failed video again, at most once: grant the current price and charge it for a new video.

    Raises ActionNotAllowed also if no finishing time can be promised. If the new video fails too, it is refunded, so
    the owner keeps the grant. It can then be retried itself.
    """
    check_can_retry(video)
    # The failed video may have had another price.
    price = ordering.price_of(video.seconds)
    reason = f"Free retry of {video.catalogue_dance.english.name}"
    ledger.grant(video.user, price, reason=reason, by=by, reference=f"grant:retry:{video.pk}")
    try:
        new_video = ordering.request_video(
            user=video.user,
            photo=video.photo,
            dance=video.catalogue_dance,
            shape=video.shape,
            focus=photos.Focus(video.focus_x, video.focus_y),
            idempotency_key=retry_key(video),
            now=now,
            seconds=video.seconds,
            style=Style(video.style) if video.style else None,
            body=Body(video.body) if video.body else None,
            pet_name=video.pet_name,
        )
    except ProviderUnavailable as error:
        raise ActionNotAllowed(_("The provider is unavailable. Retry this video later.")) from error
    log_action("retried", video, by, new_video=new_video.pk)
    return format_lazy(gettext_lazy("free retry queued: {video}"), video=new_video.pk)


def retry_key(video: Video) -> uuid.UUID:
    """Return the idempotency key of the video that retries this one."""
    return uuid.uuid5(video.pk, "retry")


def retry_of(video: Video) -> Video | None:
    """Return the video that retries a failed one, or None."""
    return Video.objects.filter(user=video.user_id, idempotency_key=retry_key(video)).first()


def check_can_retry(video: Video) -> None:
    """Raise AlreadyDone if the video has been retried, and ActionNotAllowed if it cannot be retried."""
    if video.status != Status.FAILED:
        raise ActionNotAllowed(_("Only failed videos can be retried."))
    if new_video := retry_of(video):
        raise AlreadyDone(_("This video has already been retried: %(video)s") % {"video": new_video.pk})
    if video.photo.deleted_at:
        raise ActionNotAllowed(_("The owner has deleted the photo."))
    if not video.user.is_active:
        raise ActionNotAllowed(_("The owner's account is suspended or closed."))


def refund(video: Video, now: datetime, by: User | None) -> StrOrPromise:
    """Return the price of a video to its owner, once.

    An unfinished video is cancelled. A succeeded video is kept and its price becomes a grant, because a refund entry
    in the ledger means that there is no video.
    """
    check_can_refund(video)
    if video.is_unfinished:
        cancel(video, now, by)
    else:
        compensate(video, by)
    text = ngettext_lazy("{count} credit refunded", "{count} credits refunded", video.price)
    return format_lazy(text, count=video.price)


def compensate(video: Video, by: User | None) -> None:
    """Grant the price of a succeeded video to its owner, once."""
    reason = f"Sorry about {video.catalogue_dance.english.name}"
    ledger.grant(video.user, video.price, reason=reason, by=by, reference=f"grant:compensation:{video.pk}")
    log_action("compensated", video, by)


def check_can_refund(video: Video) -> None:
    """Raise AlreadyDone if the owner has the price back, and ActionNotAllowed if the account is closed."""
    if video.status == Status.FAILED or is_compensated(video):
        raise AlreadyDone(_("This video has already been refunded."))
    # A suspended owner may come back and spend the credits.
    if video.user.closed_at:
        raise ActionNotAllowed(_("The owner's account is closed."))


def is_compensated(video: Video) -> bool:
    """Return whether the price of a succeeded video was granted back to its owner."""
    return video.status == Status.SUCCEEDED and ledger.is_known(f"grant:compensation:{video.pk}")


def log_action(event: str, video: Video, by: User | None, **extra: object) -> None:
    """Log an action after the transaction commits, with the id of the staff user, or "-" for a command."""
    details = {"video": video.pk, "by": by.pk if by else "-", **extra}
    transaction.on_commit(lambda: log.info(event, extra=details))


def locked(pk: uuid.UUID) -> Video:
    """Lock the owner's row, then the video's, and return the video.

    Of two simultaneous calls, the second waits here and then sees the result of the first. ``close_account`` takes the
    locks in the same order; any other order would allow deadlocks. ``no_key`` lets the database check foreign keys to
    the owner: a request for a video does that while it holds the owner's credits.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(videos=pk)
    return Video.objects.select_for_update(of=("self",)).select_related("photo", "user").get(pk=pk)


@dataclass(frozen=True)
class Action:
    """What staff can do with a video: a button and a list action of the admin, and a subcommand of ``videos``.

    ``check`` raises ActionNotAllowed if the action is not possible now.
    """

    name: str
    # The button.
    label: StrOrPromise
    # A sentence for the confirmation page and the help of the command.
    description: StrOrPromise
    # Completes "would be ...", in English.
    outcome: str
    check: Callable[[Video], None]
    # Calls ``check`` and returns the result as a text for staff.
    act: Callable[[Video, datetime, User | None], StrOrPromise]

    def is_possible(self, video: Video) -> bool:
        try:
            self.check(video)
        except ActionNotAllowed:
            return False
        return True

    def perform(self, pk: uuid.UUID, now: datetime, by: User | None) -> StrOrPromise:
        """Act on the video and return the result. Raises ActionNotAllowed, and then changes nothing."""
        with transaction.atomic():
            return self.act(locked(pk), now, by)


RETRY = Action(
    name="retry",
    label=gettext_lazy("Retry for free"),
    description=gettext_lazy("Retry failed videos, free of charge."),
    outcome="retried, free of charge",
    check=check_can_retry,
    act=retry,
)
REFUND = Action(
    name="refund",
    label=gettext_lazy("Refund the credits"),
    description=gettext_lazy("Refund videos. Owners keep ready videos; unfinished videos are canceled."),
    outcome="refunded",
    check=check_can_refund,
    act=refund,
)
CANCEL = Action(
    name="cancel",
    label=gettext_lazy("Cancel and refund"),
    description=gettext_lazy("Cancel and refund unfinished videos."),
    outcome="canceled and refunded",
    check=check_can_cancel,
    act=cancel,
)
ACTIONS = {action.name: action for action in (RETRY, REFUND, CANCEL)}


def available_actions(video: Video) -> list[Action]:
    """Return the actions to offer for a video now. For an unfinished one, cancel stands for refund as well."""
    possible = [action for action in ACTIONS.values() if action.is_possible(video)]
    return [action for action in possible if action is not REFUND or not video.is_unfinished]
