"""Videos against the ledger and the storage: every credit that was spent has a video or came back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import file_digest
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q

from credits.audit import Violation
from credits.models import Entry, Kind
from videos.models import UNFINISHED_STATUSES, Status, Step, StoredFileDeletion, Video
from videos.operations.orphaned_files import MIN_AGE, referenced_among, referenced_names
from videos.providers.registry import REMOTE
from videos.storage.base import StoredFile

# A living video may be this late before the audit speaks: the worker's turn, its lease and a restart lie in between.
GRACE = timedelta(minutes=10)
FIELDS = (
    "pk",
    "user_id",
    "price",
    "status",
    "step",
    "provider",
    "provider_task_id",
    "previous_task_ids",
    "submissions",
    "file",
    "error_code",
    "started_at",
    "deleted_at",
    "promised_by",
)


class EntryFacts(NamedTuple):
    """What an entry says: what it is, how many credits, and whose."""

    kind: str
    amount: int
    user_id: int

    def __str__(self) -> str:
        return f"{self.amount:+d} ({self.kind}) of {self.user_id}"


def violations(now: datetime) -> Iterator[Violation]:
    """All that rows and storage can show. Raises OSError while the storage is away."""
    yield from row_violations(now)
    yield from file_violations(now)


def row_violations(now: datetime) -> Iterator[Violation]:
    """I4, I5, I7 and I11 to I14."""
    spent = Q(kind__in=[Kind.CHARGE, Kind.REFUND]) | Q(reference__startswith="video:")
    fields = ("reference", "kind", "amount", "account__user_id")
    moved = {
        reference: EntryFacts(kind, amount, user_id)
        for reference, kind, amount, user_id in Entry.objects.filter(spent).values_list(*fields).iterator()
    }
    holders: dict[str, list[str]] = {}
    for video in Video.objects.values_list(*FIELDS, named=True).iterator():
        row = f"video {video.pk}"
        for task in known_tasks(video):
            holders.setdefault(task, []).append(row)
        charged, refunded = moved.pop(f"video:{video.pk}:charge", None), moved.pop(f"video:{video.pk}:refund", None)
        yield from money_violations(row, video, charged, refunded)
        yield from state_violations(row, video, now)
    for reference, move in moved.items():
        yield Violation("I4", reference, f"{move.amount:+d} credits for a video that is not there")
    for task, rows in holders.items():
        if len(rows) > 1:
            yield Violation("I13", f"task {task}", f"belongs to {' and '.join(rows)}")


def money_violations(
    row: str, video: Any, charged: EntryFacts | None, refunded: EntryFacts | None
) -> Iterator[Violation]:
    if charged != EntryFacts(Kind.CHARGE, -video.price, video.user_id):
        yield Violation("I4", row, f"the price is {video.price} for {video.user_id}, the charge is {charged or 'none'}")
    if refunded and refunded != EntryFacts(Kind.REFUND, video.price, video.user_id):
        yield Violation("I5", row, f"the price is {video.price} for {video.user_id}, the refund is {refunded}")
    if (video.status == Status.FAILED) != (refunded is not None):
        yield Violation("I7", row, f"{video.status}, but {'refunded' if refunded else 'not refunded'}")


def state_violations(row: str, video: Any, now: datetime) -> Iterator[Violation]:
    tasks = len(known_tasks(video))
    if not tasks <= video.submissions <= settings.MAX_SUBMISSIONS:
        counts = f"{video.submissions} orders were counted, {tasks} tasks are known"
        yield Violation("I11", row, f"{counts}, {settings.MAX_SUBMISSIONS} orders are allowed")
    if wrong := impossible_state(video):
        yield Violation("I12", row, f"{video.status}, but {wrong}")
    if video.status in UNFINISHED_STATUSES and video.promised_by + GRACE < now:
        yield Violation("I14", row, f"still {video.status}, promised by {video.promised_by:%Y-%m-%d %H:%M}")


def known_tasks(video: Any) -> list[str]:
    """What a provider calls its tasks for a video, the earlier ones first."""
    return [*video.previous_task_ids, *filter(None, [video.provider_task_id])]


def impossible_state(video: Any) -> str:
    """What no allowed way through the steps leaves in a row; empty when there is nothing of the kind."""
    has_task = bool(video.provider_task_id)
    if video.status in UNFINISHED_STATUSES and video.deleted_at:
        return "deleted by its owner"
    if video.status != Status.SUCCEEDED and video.file:
        return "it has a file"
    if video.status in (Status.PROCESSING, Status.SUCCEEDED) and not video.started_at:
        return "it was never begun"
    if video.status == Status.SUCCEEDED and video.error_code:
        return f"it failed ({video.error_code})"
    if video.status == Status.QUEUED and has_task:
        return "its order is under way"
    if video.step == Step.SUBMITTING and (has_task or video.provider not in REMOTE):
        return "its order is answered already" if has_task else "nothing is sent to our own studio"
    made_remotely = video.status == Status.SUCCEEDED or video.step in (Step.RENDERING, Step.STORING)
    if made_remotely and video.provider in REMOTE and not has_task:
        return "no task made it"
    return ""


def file_violations(now: datetime, *, read: bool = False) -> Iterator[Violation]:
    """I15 and I16, by one listing of the storage; ``read`` compares the bytes, too. Raises OSError.

    Owners go on deleting meanwhile, so whatever looks wrong is looked at once more before it is told.
    """
    storage: Any = default_storage
    stored: dict[str, StoredFile] = {file.name: file for file in storage.list_files()}
    ready = Video.objects.filter(status=Status.SUCCEEDED, deleted_at=None)
    for pk, name, size, sha256, poster in ready.values_list("pk", "file", "size", "sha256", "poster").iterator():
        is_intact = name in stored and stored[name].size == size and not read
        wrong = "" if is_intact else file_problem(name, size, sha256 if read else "")
        if not wrong and poster not in stored and not (poster and default_storage.exists(poster)):
            wrong = "its poster is not in the storage"
        if wrong and ready.filter(pk=pk).exists():
            yield Violation("I15", f"video {pk}", wrong)
    yield from orphan_violations(stored, now)


def file_problem(name: str, size: int, sha256: str) -> str:
    """What is wrong with a stored file, in words; its bytes are read where a ``sha256`` is given."""
    if not default_storage.exists(name):
        return "its file is not in the storage"
    actual_size = default_storage.size(name)
    if actual_size != size:
        return f"its file has {actual_size} bytes, the row says {size}"
    if sha256:
        with default_storage.open(name) as file:
            if file_digest(file, "sha256").hexdigest() != sha256:
                return "its file has other bytes than the ones that were checked"
    return ""


def orphan_violations(stored: dict[str, StoredFile], now: datetime) -> Iterator[Violation]:
    """I16. What the worker has on its list to delete is not forgotten."""
    old = [file for file in stored.values() if file.modified < now - MIN_AGE]
    names = referenced_names() if old else set()
    if not (orphans := [file for file in old if file.name not in names]):
        return
    pending = tuple(StoredFileDeletion.objects.values_list("folder", flat=True))
    for file in orphans:
        if file.name.startswith(pending) or referenced_among([file.name]) or not default_storage.exists(file.name):
            continue
        yield Violation("I16", file.name, f"of {file.modified:%Y-%m-%d %H:%M}, and no row names it")
