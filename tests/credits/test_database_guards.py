"""What the code might get wrong one day, the database refuses."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts.models import User
from credits import audit, ledger, triggers
from credits.models import Account, Entry, Kind

pytestmark = pytest.mark.engine


def refused(error: type[Exception], match: str):
    """The statement fails and its savepoint is rolled back, so that the test can go on looking."""
    return pytest.raises(error, match=match)


def test_an_entry_is_never_changed(owner: User) -> None:
    with refused(DatabaseError, triggers.MESSAGE), transaction.atomic():
        Entry.objects.update(amount=500)
    assert list(Entry.objects.values_list("amount", flat=True)) == [5]


def test_an_entry_is_never_deleted(owner: User) -> None:
    with refused(DatabaseError, triggers.MESSAGE), transaction.atomic():
        Entry.objects.all().delete()
    assert Entry.objects.count() == 1


def test_entries_are_never_truncated(owner: User) -> None:
    connection.check_constraints()  # PostgreSQL empties no table that has checks outstanding.
    statement = {"postgresql": "TRUNCATE credits_entry", "sqlite": "DELETE FROM credits_entry"}[connection.vendor]
    with refused(DatabaseError, triggers.MESSAGE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 1


def test_entry_is_never_replaced(owner: User) -> None:
    """SQLite deletes what INSERT OR REPLACE stands in the way of without a word, unless it is told to ask."""
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
    connection.check_constraints()  # PostgreSQL alters no table that has checks outstanding.
    gone = list(triggers.NAMES[connection.vendor])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE credits_entry DISABLE TRIGGER {gone[0]}")
            assert triggers.missing(connection) == gone[:1]
    triggers.drop(connection)
    assert triggers.missing(connection) == gone
    assert [(row.rule, row.row) for row in audit.violations()] == [("I3", f"trigger {name}") for name in gone]


def test_balance_never_falls_below_zero(owner: User) -> None:
    with refused(IntegrityError, "balance"), transaction.atomic():
        Account.objects.filter(user=owner).update(balance=-1)
    assert ledger.balance_of(owner) == 5


@pytest.mark.parametrize(("kind", "amount"), [(Kind.CHARGE, 1), (Kind.REFUND, -1), (Kind.GRANT, -1), (Kind.GRANT, 0)])
def test_an_entry_has_the_sign_of_its_kind(owner: User, kind: Kind, amount: int) -> None:
    with refused(IntegrityError, "entry"), transaction.atomic():
        Entry.objects.create(account=owner.credit_account, kind=kind, amount=amount, reference="wrong", balance_after=5)
    assert Entry.objects.count() == 1


def test_an_account_with_entries_cannot_be_deleted_with_its_user(owner: User) -> None:
    with refused(ProtectedError, "protected"):
        owner.delete()
    assert ledger.balance_of(owner) == 5
