"""What staff do about videos and photos that break the terms: take them down, and tell their owner."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from videos.models import Concern, Outcome, Photo, Status, Takedown, Video, VideoDeletion
from videos.models.choices import ErrorCode
from videos.operations.actions import ActionNotAllowed, AlreadyDone, check_can_refund, compensate, locked
from videos.storage.base import purge

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decision:
    """What staff decided. ``note`` is for the owner. ``all_of_photo`` takes down the photo and all videos of it."""

    concern: Concern
    note: str = ""
    refund: bool = False
    all_of_photo: bool = False


def check_can_take_down(video: Video) -> None:
    """Raise AlreadyDone if the video was taken down, and ActionNotAllowed if there is nothing left of it."""
    if video.deleted_at and Takedown.objects.filter(video=video).exists():
        raise AlreadyDone(_("This video has already been taken down."))
    if video.deleted_at:
        raise ActionNotAllowed(_("The owner has deleted this video."))
    if video.status == Status.FAILED:
        raise ActionNotAllowed(_("This video failed, so there is nothing to take down."))


def take_down_video(pk: uuid.UUID, decision: Decision, now: datetime, by: User) -> Takedown:
    """Erase the video, delete its files, and queue the e-mail to its owner. Raises ActionNotAllowed.

    An unfinished video is canceled, and then always refunded. The previews in the same dance go as well.
    """
    with transaction.atomic():
        video = locked(pk)
        check_can_take_down(video)
        takedown = erase_video(video, decision, now, by)
        folders, files = [video.storage_name("")], []
        if decision.all_of_photo:
            folders += erase_photo(video.photo, decision, now, by, notify=False)
        else:
            files = erase_previews(video)
    purge(*folders)
    delete_files(files)
    return takedown


def check_can_take_down_photo(photo: Photo) -> None:
    """Raise ActionNotAllowed if the photo was deleted, by its owner or by staff."""
    if photo.deleted_at:
        raise AlreadyDone(_("This photo has already been deleted."))


def take_down_photo(pk: uuid.UUID, decision: Decision, now: datetime, by: User) -> Takedown:
    """Erase the photo and delete its files, cancel unfinished videos of it, and queue the e-mail to its owner.

    Finished videos of it stay, unless the decision is about all of the photo. Raises ActionNotAllowed.
    """
    with transaction.atomic():
        # The owner's row first, as everywhere; a guest has none.
        User.objects.select_for_update(of=("self",), no_key=True).filter(photos=pk).first()
        photo = Photo.objects.select_for_update(of=("self",)).get(pk=pk)
        check_can_take_down_photo(photo)
        folders = erase_photo(photo, decision, now, by, notify=True)
    purge(*folders)
    return Takedown.objects.get(photo=photo)


def erase_video(video: Video, decision: Decision, now: datetime, by: User, *, notify: bool = True) -> Takedown:
    """Erase a locked video and settle its credits. The caller deletes its files."""
    if video.is_unfinished:
        video.cancel(ErrorCode.CANCELLED_BY_STAFF, now, by)
    elif decision.refund and may_refund(video):
        compensate(video, by)
    video.reports.resolve(Outcome.TAKEN_DOWN, now, by)
    video.erase(now)
    VideoDeletion.objects.filter(video=video).delete()
    takedown = Takedown.objects.create(
        video=video,
        concern=decision.concern,
        note=decision.note,
        refunded=not may_refund(video),
        by=by,
        created_at=now,
        due_at=now if notify else None,
    )
    log_takedown("video", video.pk, takedown)
    return takedown


def may_refund(video: Video) -> bool:
    """Return whether the owner does not have the price back yet. A closed account cannot spend it."""
    try:
        check_can_refund(video)
    except ActionNotAllowed:
        return False
    return True


def erase_photo(photo: Photo, decision: Decision, now: datetime, by: User, *, notify: bool) -> list[str]:
    """Erase a photo, and what belongs to it. Return the folders of all that was erased."""
    folders = [photo.storage_name("")]
    for video in photo.videos.filter(deleted_at=None).exclude(status=Status.FAILED).select_related("photo", "user"):
        if video.is_unfinished or decision.all_of_photo:
            erase_video(video, decision, now, by, notify=False)
            folders.append(video.storage_name(""))
    if photo.erase(now):
        is_told = notify and photo.user_id is not None
        takedown = Takedown.objects.create(
            photo=photo,
            concern=decision.concern,
            note=decision.note,
            by=by,
            created_at=now,
            due_at=now if is_told else None,
        )
        log_takedown("photo", photo.pk, takedown)
    return folders


def erase_previews(video: Video) -> list[str]:
    """Delete the previews and the loop of the photo in the dance of the video. Return the names of their files."""
    names = []
    for rows in (video.photo.previews.filter(dance=video.dance), video.photo.loops.filter(dance=video.dance)):
        names += list(rows.exclude(file="").values_list("file", flat=True))
        rows.delete()
    return names


def delete_files(names: list[str]) -> None:
    """Delete single files. ``delete_orphaned_files`` finds those that cannot be deleted now."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError as error:
            log.error("file not deleted", extra={"file": name, "reason": type(error).__name__})


def log_takedown(kind: str, pk: uuid.UUID, takedown: Takedown) -> None:
    extra = {kind: pk, "concern": takedown.concern, "refunded": takedown.refunded, "by": takedown.by_id}
    transaction.on_commit(lambda: log.info("taken down", extra=extra))
