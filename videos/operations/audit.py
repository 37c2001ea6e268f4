"""The audit of videos against the ledger and the storage: every charged credit has a video or was refunded.

It also checks that no photo of a guest stays longer than promised, and that every file that a row names is stored.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import file_digest
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from credits.audit import Violation
from credits.models import Entry, Kind
from videos.models import (
    UNFINISHED_STATUSES,
    CardLoop,
    Photo,
    Preview,
    Status,
    Step,
    StoredFileDeletion,
    Takedown,
    Video,
    VideoExport,
    VideoReport,
)
from videos.operations.orphaned_files import MIN_AGE, referenced_among, referenced_names
from videos.providers.registry import REMOTE
from videos.storage.base import StoredFile

# An unfinished video may be this late: the worker's loop, its lease and a restart take time.
GRACE = timedelta(minutes=10)
FIELDS = (
    "pk",
    "user_id",
    "price",
    "status",
    "step",
    "provider",
    "task_provider",
    "provider_task_id",
    "previous_task_ids",
    "submissions",
    "file",
    "error_code",
    "started_at",
    "deleted_at",
    "promised_by",
)


class EntryDetails(NamedTuple):
    """The kind, the amount in credits and the owner of an entry."""

    kind: str
    amount: int
    user_id: int

    def __str__(self) -> str:
        return f"{self.amount:+d} ({self.kind}) for {self.user_id}"


def violations(now: datetime) -> Iterator[Violation]:
    """Yield all violations in the database and the storage. Raises OSError while the storage is unavailable."""
    yield from row_violations(now)
    yield from file_violations(now)


def row_violations(now: datetime) -> Iterator[Violation]:
    """Yield violations of I4, I5, I7, I11 to I14, I17 and I18."""
    video_entries = Q(kind__in=[Kind.CHARGE, Kind.REFUND]) | Q(reference__startswith="video:")
    fields = ("reference", "kind", "amount", "account__user_id")
    entries = {
        reference: EntryDetails(kind, amount, user_id)
        for reference, kind, amount, user_id in Entry.objects.filter(video_entries).values_list(*fields).iterator()
    }
    rows_by_task: dict[tuple[str, str], list[str]] = {}
    for video in Video.objects.values_list(*FIELDS, named=True).iterator():
        row = f"video {video.pk}"
        for task in known_tasks(video):
            rows_by_task.setdefault((video.task_provider or video.provider, task), []).append(row)
        charge, refund = entries.pop(f"video:{video.pk}:charge", None), entries.pop(f"video:{video.pk}:refund", None)
        yield from money_violations(row, video, charge, refund)
        yield from state_violations(row, video, now)
    for reference, entry in entries.items():
        yield Violation("I4", reference, f"{entry.amount:+d} credits for a video that does not exist")
    for (provider, task), rows in rows_by_task.items():
        if len(rows) > 1:
            yield Violation("I13", f"{provider} task {task}", f"belongs to {' and '.join(rows)}")
    yield from guest_violations(now)
    yield from takedown_violations()


def takedown_violations() -> Iterator[Violation]:
    """Yield violations of I18: what was taken down is gone and refunded as decided, and leaves no open report."""
    kept = Q(video__isnull=False, video__deleted_at=None) | Q(photo__isnull=False, photo__deleted_at=None)
    for takedown in Takedown.objects.filter(kept):
        kind = "video" if takedown.video_id else "photo"
        yield Violation("I18", f"{kind} {takedown.video_id or takedown.photo_id}", "taken down, but not erased")
    for takedown in Takedown.objects.filter(refunded=True, video__status=Status.SUCCEEDED):
        if not Entry.objects.filter(reference=f"grant:compensation:{takedown.video_id}").exists():
            yield Violation("I18", f"video {takedown.video_id}", "taken down with a refund that is not in the ledger")
    gone = VideoReport.objects.unresolved().exclude(video__deleted_at=None)
    for pk, video in gone.values_list("pk", "video_id"):
        yield Violation("I18", f"report {pk}", f"open, but video {video} is erased")


def guest_violations(now: datetime) -> Iterator[Violation]:
    """Yield violations of I17: a guest's photo has no videos, and goes after a day or to an account."""
    photos = Photo.objects.filter(Q(guest__isnull=False) | Q(user__isnull=True)).select_related("guest")
    oldest = now - settings.GUEST_PHOTO_LIFETIME - GRACE
    with_videos = set(Video.objects.filter(photo__user__isnull=True).values_list("photo_id", flat=True))
    for photo in photos.iterator():
        if photo.guest is None:
            yield Violation("I17", f"photo {photo.pk}", "it belongs to nobody")
        elif photo.guest.user_id and not photo.deleted_at:
            yield Violation("I17", f"photo {photo.pk}", "an account has taken its guest over, but not the photo")
        elif photo.created_at < oldest and not photo.guest.user_id:
            yield Violation("I17", f"photo {photo.pk}", f"a guest's, uploaded at {photo.created_at:%Y-%m-%d %H:%M}")
        if photo.pk in with_videos:
            yield Violation("I17", f"photo {photo.pk}", "it belongs to a guest, but has videos")


def money_violations(
    row: str, video: Any, charge: EntryDetails | None, refund: EntryDetails | None
) -> Iterator[Violation]:
    if charge != EntryDetails(Kind.CHARGE, -video.price, video.user_id):
        yield Violation("I4", row, f"the price is {video.price} for {video.user_id}, the charge is {charge or 'none'}")
    if refund and refund != EntryDetails(Kind.REFUND, video.price, video.user_id):
        yield Violation("I5", row, f"the price is {video.price} for {video.user_id}, the refund is {refund}")
    if (video.status == Status.FAILED) != (refund is not None):
        yield Violation("I7", row, f"{video.status}, but {'refunded' if refund else 'not refunded'}")


def state_violations(row: str, video: Any, now: datetime) -> Iterator[Violation]:
    tasks = len(known_tasks(video))
    if not tasks <= video.submissions <= settings.MAX_SUBMISSIONS:
        counts = f"{video.submissions} submissions, {tasks} known tasks"
        yield Violation("I11", row, f"{counts}, at most {settings.MAX_SUBMISSIONS} submissions allowed")
    if problem := impossible_state(video):
        yield Violation("I12", row, f"{video.status}, but {problem}")
    if video.status in UNFINISHED_STATUSES and video.promised_by + GRACE < now:
        yield Violation("I14", row, f"still {video.status}, promised by {video.promised_by:%Y-%m-%d %H:%M}")


def known_tasks(video: Any) -> list[str]:
    """Return the ids of a video's provider tasks, oldest first."""
    return [*video.previous_task_ids, *filter(None, [video.provider_task_id])]


def impossible_state(video: Any) -> str:
    """Return why this row cannot result from the allowed transitions, or "" if it can."""
    has_task = bool(video.provider_task_id)
    if video.status in UNFINISHED_STATUSES and video.deleted_at:
        return "deleted by its owner"
    if video.status != Status.SUCCEEDED and video.file:
        return "it has a file"
    if video.status in (Status.PROCESSING, Status.SUCCEEDED) and not video.started_at:
        return "it was never started"
    if video.status == Status.SUCCEEDED and video.error_code:
        return f"it has an error code ({video.error_code})"
    if video.status == Status.QUEUED and has_task:
        return "it has a provider task"
    if video.step == Step.SUBMITTING and (has_task or video.provider not in REMOTE):
        return "it already has a provider task" if has_task else "the embedded studio needs no submission"
    needs_task = video.status == Status.SUCCEEDED or video.step in (Step.RENDERING, Step.STORING)
    if needs_task and video.provider in REMOTE and not has_task:
        return "it has no provider task"
    return ""


def file_violations(now: datetime, *, read: bool = False) -> Iterator[Violation]:
    """Yield violations of I15 and I16, using one listing of the storage. ``read`` also compares the bytes.

    Raises OSError while the storage is unavailable. Owners may delete files during the audit, so each violation is
    checked again before it is reported.
    """
    storage: Any = default_storage
    storage.check(is_used=any(kind.named.exists() for kind in FILES))
    stored: dict[str, StoredFile] = {file.name: file for file in storage.list_files()}
    reported: set[str] = set()
    for kind in FILES:
        for violation in missing_files(kind, stored, read=read):
            # The first missing file of a row says enough.
            if violation.row not in reported:
                reported.add(violation.row)
                yield violation
    yield from orphan_violations(stored, now)


class KindOfFile(NamedTuple):
    """Files that rows name in one field, with the fields of their size and SHA-256 if those are known."""

    row: str
    rows: QuerySet[Any]
    field: str
    what: str
    size: str = ""
    sha256: str = ""
    is_required: bool = False

    @property
    def named(self) -> QuerySet[Any]:
        """Return the rows that name a file, or must name one."""
        return self.rows.all() if self.is_required else self.rows.exclude(**{self.field: ""})


READY, KEPT = Video.objects.filter(status=Status.SUCCEEDED, deleted_at=None), Photo.objects.filter(deleted_at=None)
FILES = (
    KindOfFile("video", READY, "file", "file", "size", "sha256", is_required=True),
    KindOfFile("video", READY, "poster", "poster", is_required=True),
    KindOfFile("photo", KEPT, "image", "picture", "size", "sha256", is_required=True),
    KindOfFile("photo", KEPT, "thumbnail", "thumbnail", is_required=True),
    KindOfFile("photo", KEPT, "mask", "mask"),
    KindOfFile("photo", KEPT, "sticker", "sticker"),
    KindOfFile("photo", KEPT, "head_sticker", "head"),
    KindOfFile("preview", Preview.objects.all(), "file", "file"),
    KindOfFile("export", VideoExport.objects.all(), "file", "file", "size"),
    KindOfFile("card loop", CardLoop.objects.all(), "file", "file"),
)


def missing_files(kind: KindOfFile, stored: dict[str, StoredFile], *, read: bool) -> Iterator[Violation]:
    """Yield violations of I15 among the files of one kind."""
    columns = [column for column in (kind.size, kind.sha256) if column]
    for pk, name, *known in kind.named.values_list("pk", kind.field, *columns).iterator():
        facts = dict(zip(columns, known, strict=True))
        # Photos from before sizes were stored have none.
        size, sha256 = facts.get(kind.size) or None, facts.get(kind.sha256, "") if read else ""
        if name in stored and size in (None, stored[name].size) and not sha256:
            continue
        problem = file_problem(name, size, sha256, kind.what)
        if problem and kind.named.filter(pk=pk, **{kind.field: name}).exists():
            yield Violation("I15", f"{kind.row} {pk}", problem)


def file_problem(name: str, size: int | None, sha256: str, what: str) -> str:
    """Return what is wrong with a stored file, or "". The bytes are read if a ``sha256`` is given."""
    if not name or not default_storage.exists(name):
        return f"its {what} is not in the storage"
    actual_size = default_storage.size(name)
    if size is not None and actual_size != size:
        return f"its {what} has {actual_size} bytes instead of {size}"
    if sha256:
        with default_storage.open(name) as file:
            if file_digest(file, "sha256").hexdigest() != sha256:
                return f"the SHA-256 of its {what} does not match"
    return ""


def orphan_violations(stored: dict[str, StoredFile], now: datetime) -> Iterator[Violation]:
    """Yield violations of I16. Files that the worker has queued for deletion are not violations."""
    old = [file for file in stored.values() if file.modified < now - MIN_AGE]
    names = referenced_names() if old else set()
    if not (orphans := [file for file in old if file.name not in names]):
        return
    pending = tuple(StoredFileDeletion.objects.values_list("folder", flat=True))
    for file in orphans:
        if file.name.startswith(pending) or referenced_among([file.name]) or not default_storage.exists(file.name):
            continue
        yield Violation("I16", file.name, f"stored at {file.modified:%Y-%m-%d %H:%M}, but no row references it")
