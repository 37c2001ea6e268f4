"""Data export and closing of an account: photos and videos here, the rest in ``credits`` and ``accounts``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from accounts.privacy import ArchiveFile, ClosureReceipt, anonymise, export_profile, send_receipt, zip_archive
from credits.privacy import export_credits, forfeit_balance
from videos.models import Photo, Status, Takedown, Video, VideoExport, VideoReport
from videos.models.choices import ErrorCode
from videos.storage.base import purge

PHOTO_FIELDS = (
    "id",
    "created_at",
    "width",
    "height",
    "focus_x",
    "focus_y",
    "cutout",
    "head",
    "head_source",
    "head_confidence",
    "fur",
    "style",
    "body",
    "pet_name",
    "quality_notes",
    "removed_metadata",
)
VIDEO_FIELDS = (
    *("id", "photo_id", "dance", "format", "seconds", "price", "seed", "prompt", "status", "error_message"),
    *("head", "head_source", "style", "body", "pet_name"),
    *(
        "provider",
        "created_at",
        "finished_at",
        "deleted_at",
        "size",
        "sha256",
        "share_link__token",
        "share_link__shows_name",
    ),
)


def export_archive(user: User) -> Iterator[bytes]:
    """Yield the zip file of everything that belongs to the owner, in chunks."""
    rows, files = export_videos(user)
    yield from zip_archive(export_profile(user) | export_credits(user) | rows, files)


def export_videos(user: User) -> tuple[dict[str, Any], list[ArchiveFile]]:
    """Return the rows for the data export, and the files that go with them."""
    photos = Photo.objects.of(user)
    videos = Video.objects.filter(user=user).order_by("-created_at")
    parts = [ArchiveFile(f"photos/{photo.pk}.jpg", file_opener(photo.image)) for photo in photos]
    for video in videos.filter(status=Status.SUCCEEDED, deleted_at=None):
        parts.append(
            ArchiveFile(f"videos/{video.created_at:%Y-%m-%d}-{video.dance}-{video.pk}.mp4", file_opener(video.file))
        )
    exports = VideoExport.objects.filter(video__in=videos).order_by("created_at")
    for export in exports.exclude(file="").select_related("video"):
        parts.append(ArchiveFile(f"exports/{export.video_id}-{export.choice.file_name}", file_opener(export.file)))
    rows = {"exports": list(exports.values("video_id", "kind", "size", "created_at"))} | export_reports(user)
    return rows | {"photos": list(photos.values(*PHOTO_FIELDS)), "videos": list(videos.values(*VIDEO_FIELDS))}, parts


def export_reports(user: User) -> dict[str, Any]:
    """Return what staff took down, and the reports that the owner sent. Reports about the owner belong to others."""
    takedowns = takedowns_of(user).order_by("created_at")
    reports = VideoReport.objects.filter(email__in=addresses_of(user)).order_by("created_at")
    return {
        "takedowns": list(takedowns.values("video_id", "photo_id", "concern", "note", "refunded", "created_at")),
        "reports": list(reports.values("concern", "text", "email", "created_at", "outcome")),
    }


def takedowns_of(user: User) -> QuerySet[Takedown]:
    takedowns: QuerySet[Takedown] = Takedown.objects.filter(Q(video__user=user) | Q(photo__user=user))
    return takedowns


def addresses_of(user: User) -> set[str]:
    """Return the addresses that the owner has proved to be theirs."""
    confirmed = user.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]
    return {user.email, *confirmed.values_list("email", flat=True)}


def file_opener(stored: Any) -> Any:
    return lambda: stored.storage.open(stored.name)


class CannotCloseAccount(Exception):
    """The account cannot be closed. Nothing was changed; the message says what to do."""


def close_account(user: User, now: datetime) -> list[str]:
    """Close the account permanently and return the lines of the receipt, which is also sent by e-mail.

    If it is closed already, as after a second click, change nothing and return the lines that hold for every account.

    In one transaction, erase photos and videos, forfeit the credits, and anonymise the user, in this order.
    Raises CannotCloseAccount for members of staff, because ledger entries of other owners refer to them.
    """
    address, receipt = user.email, ClosureReceipt()
    with transaction.atomic():
        # A concurrent request for a dance waits for this row lock, and then finds no credits.
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.closed_at:
            return closing_lines()
        if user.is_staff:
            raise CannotCloseAccount(
                _("This is a staff account. Ask another staff member to remove its staff status first.")
            )
        folders = erase_user_data(user, receipt, now)
        forfeit_balance(user, receipt, now)
        anonymise(user, now)
    receipt.lines += closing_lines()
    purge(*folders)
    is_sent = send_receipt(address, receipt.lines)
    return [*receipt.lines, _("We emailed you a copy of this receipt.")] if is_sent else receipt.lines


def closing_lines() -> list[str]:
    """Return the lines that end every receipt."""
    return [
        _("Your account is closed. Your email, password, passkeys and devices were deleted."),
        _("Your credit history is kept without your name, as required for accounting."),
    ]


def erase_user_data(user: User, receipt: ClosureReceipt, now: datetime) -> list[str]:
    """Cancel and refund unfinished videos, then erase every photo and video. Return their folders in the storage.

    Runs inside the transaction that closes the account; the caller deletes the files after it commits. The rows stay
    without personal data, because ledger entries refer to them.
    """
    videos = Video.objects.filter(user=user)
    unfinished = [video for video in videos.unfinished().order_by("pk") if video.cancel(ErrorCode.ACCOUNT_CLOSED, now)]
    remaining = list(videos.filter(deleted_at=None))
    ready = sum(video.status == Status.SUCCEEDED for video in remaining)
    photos = list(Photo.objects.filter(user=user, deleted_at=None))
    for video in remaining:
        video.erase(now)
    for photo in photos:
        photo.erase(now)
    takedowns_of(user).update(note="", due_at=None)
    VideoReport.objects.filter(email__in=addresses_of(user)).update(email="")
    receipt.add_line(
        len(photos),
        ngettext_lazy("%(count)d photo: deleted, with previews.", "%(count)d photos: deleted, with previews.", "count"),
    )
    receipt.add_line(
        ready,
        ngettext_lazy(
            "%(count)d video: deleted, here and at the video provider.",
            "%(count)d videos: deleted, here and at the video provider.",
            "count",
        ),
    )
    receipt.add_line(
        len(unfinished),
        ngettext_lazy("%(count)d video in progress: canceled.", "%(count)d videos in progress: canceled.", "count"),
    )
    return [video.storage_name("") for video in remaining] + [photo.storage_name("") for photo in photos]
