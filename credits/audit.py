"""An audit that recomputes the ledger and reports rows that violate an invariant.

It is read-only, uses one snapshot, and can run at any time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum, Window
from django.db.models.functions import Coalesce

from credits import triggers
from credits.models import Account, Entry


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that violates an invariant. ``rule`` is the name of the invariant (I1, I2, ...)."""

    rule: str
    row: str
    sentence: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@contextmanager
def snapshot() -> Iterator[None]:
    """Give all reads inside the same snapshot, without blocking writers."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # On SQLite, a plain BEGIN takes no write lock; ``atomic`` would (transaction_mode IMMEDIATE).
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def violations() -> Iterator[Violation]:
    """Yield violations of I1, I2 and I6 (balances, entries and sums agree) and of I3 (the triggers are active)."""
    for name in triggers.missing(connection):
        yield Violation("I3", f"trigger {name}", "is missing or disabled")
    latest = Entry.objects.filter(account=OuterRef("pk")).order_by("-id").values("balance_after")[:1]
    accounts = Account.objects.annotate(
        summed=Coalesce(Sum("entries__amount"), 0), last=Coalesce(Subquery(latest), 0)
    ).filter(~Q(balance=F("summed")) | ~Q(balance=F("last")))
    for row in accounts:
        details = f"balance is {row.balance}, entries sum to {row.summed}, the last balance_after is {row.last}"
        yield Violation("I1", f"account {row.pk}", details)
    running = Window(Sum("amount"), partition_by=F("account_id"), order_by=F("id").asc())
    for gap in Entry.objects.annotate(running=running).filter(~Q(running=F("balance_after"))).order_by("id"):
        details = f"balance_after is {gap.balance_after}, entries up to this one sum to {gap.running}"
        yield Violation("I1", f"entry {gap.pk}", details)
    for account in Account.objects.filter(balance__lt=0):
        yield Violation("I2", f"account {account.pk}", f"balance {account.balance}")
    for entry in Entry.objects.filter(balance_after__lt=0):
        yield Violation("I2", f"entry {entry.pk}", f"balance_after {entry.balance_after}")
    moved = Entry.objects.aggregate(all=Coalesce(Sum("amount"), 0))["all"]
    held = Account.objects.aggregate(all=Coalesce(Sum("balance"), 0))["all"]
    if moved != held:
        yield Violation("I6", "all accounts", f"entries sum to {moved}, balances to {held}")
