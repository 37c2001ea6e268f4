"""The database itself rejects writes that would corrupt the ledger."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts.models import User
from credits import audit, ledger, triggers
from credits.models import Account, Entry, Kind

pytestmark = pytest.mark.engine


def refused(error: type[Exception], match: str):
    """Expect the statement to fail. Its savepoint is rolled back, so that the test can continue."""
    return pytest.raises(error, match=match)


def test_entry_cannot_be_changed(owner: User) -> None:
    with refused(DatabaseError, triggers.MESSAGE), transaction.atomic():
        Entry.objects.update(amount=500)
    assert list(Entry.objects.values_list("amount", flat=True)) == [5]


def test_entry_cannot_be_deleted(owner: User) -> None:
    with refused(DatabaseError, triggers.MESSAGE), transaction.atomic():
        Entry.objects.all().delete()
    assert Entry.objects.count() == 1


def test_entries_cannot_be_truncated(owner: User) -> None:
    connection.check_constraints()  # PostgreSQL cannot truncate a table with deferred checks.
    statement = {"postgresql": "TRUNCATE credits_entry", "sqlite": "DELETE FROM credits_entry"}[connection.vendor]
    with refused(DatabaseError, triggers.MESSAGE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 1


def test_entry_cannot_be_replaced(owner: User) -> None:
    """On SQLite, INSERT OR REPLACE fires delete triggers only if ``recursive_triggers`` is on."""
    verb = {
        "postgresql": "INSERT INTO {} ON CONFLICT (reference) DO UPDATE SET amount = 500",
        "sqlite": "INSERT OR REPLACE INTO {}",
    }[connection.vendor]
    columns = "account_id, amount, kind, reference, balance_after, reason, created_at"
    copied = columns.replace(" amount", " 500")
    statement = verb.format(f"credits_entry ({columns}) SELECT {copied} FROM credits_entry WHERE true")
    with refused(DatabaseError, triggers.MESSAGE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Entry.objects.values_list("amount", flat=True)) == [5]


def test_missing_or_disabled_trigger_is_reported(owner: User) -> None:
    assert triggers.missing(connection) == []
    connection.check_constraints()  # PostgreSQL cannot alter a table with deferred checks.
    names = list(triggers.NAMES[connection.vendor])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE credits_entry DISABLE TRIGGER {names[0]}")
            assert triggers.missing(connection) == names[:1]
    triggers.drop(connection)
    assert triggers.missing(connection) == names
    assert [(row.rule, row.row) for row in audit.violations()] == [("I3", f"trigger {name}") for name in names]


def test_balance_cannot_fall_below_zero(owner: User) -> None:
    with refused(IntegrityError, "balance"), transaction.atomic():
        Account.objects.filter(user=owner).update(balance=-1)
    assert ledger.balance_of(owner) == 5


@pytest.mark.parametrize(("kind", "amount"), [(Kind.CHARGE, 1), (Kind.REFUND, -1), (Kind.GRANT, -1), (Kind.GRANT, 0)])
def test_entry_has_the_sign_of_its_kind(owner: User, kind: Kind, amount: int) -> None:
    with refused(IntegrityError, "entry"), transaction.atomic():
        Entry.objects.create(account=owner.credit_account, kind=kind, amount=amount, reference="wrong", balance_after=5)
    assert Entry.objects.count() == 1


def test_user_with_entries_cannot_be_deleted(owner: User) -> None:
    with refused(ProtectedError, "protected"):
        owner.delete()
    assert ledger.balance_of(owner) == 5
