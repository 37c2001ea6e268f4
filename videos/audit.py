"""Videos against the ledger: every credit that was spent has a video or came back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from credits.audit import Violation
from credits.models import Entry, Kind
from videos.models import LIVING, Status, Video

# A living video may be this late before the audit speaks: the worker's turn, its lease and a restart lie in between.
GRACE = timedelta(minutes=10)


def violations(now: datetime) -> Iterator[Violation]:
    """I4, I5, I7, I14 and the presence of files (I15)."""
    moved: dict[str, int] = dict(
        Entry.objects.filter(kind__in=[Kind.CHARGE, Kind.REFUND], reference__startswith="video:")
        .values_list("reference", "amount")
        .iterator()
    )
    fields = ("pk", "price", "status", "file", "size", "deleted_at", "promised_by")
    for pk, price, status, file, size, deleted_at, promised_by in Video.objects.values_list(*fields).iterator():
        row = f"video {pk}"
        charged = moved.pop(f"video:{pk}:charge", None)
        refunded = moved.pop(f"video:{pk}:refund", None)
        if charged != -price:
            yield Violation("I4", row, f"the price is {price}, the charge is {charged}")
        if refunded is not None and refunded != price:
            yield Violation("I5", row, f"the price is {price}, the refund is {refunded}")
        if (status == Status.FAILED) != (refunded is not None):
            yield Violation("I7", row, f"{status}, but {'refunded' if refunded else 'not refunded'}")
        if status in LIVING and promised_by + GRACE < now:
            yield Violation("I14", row, f"still {status}, promised by {promised_by:%Y-%m-%d %H:%M}")
        if status == Status.SUCCEEDED and deleted_at is None:
            yield from file_violations(row, file, size)
    for reference, amount in moved.items():
        yield Violation("I4", reference, f"{amount:+d} credits for a video that is not there")


def file_violations(row: str, name: str, size: int) -> Iterator[Violation]:
    if not default_storage.exists(name):
        yield Violation("I15", row, "its file is not in the storage")
    elif default_storage.size(name) != size:
        yield Violation("I15", row, f"its file has {default_storage.size(name)} bytes, the row says {size}")
