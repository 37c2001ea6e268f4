"""The ledger's functions: the credits they move, the entries they write, and the requests they refuse."""

import pytest
from django.db import transaction

from accounts.models import User
from credits import ledger
from credits.models import Account, Entry, Kind

pytestmark = pytest.mark.engine


def entries_of(user: User) -> list[tuple[str, int, int]]:
    return list(Entry.objects.filter(account__user=user).order_by("id").values_list("kind", "amount", "balance_after"))


def test_charge_takes_the_amount_and_records_its_reference(owner: User) -> None:
    entry = ledger.charge(owner, 2, "video:1", reason="Disco")
    assert ledger.balance_of(owner) == 3
    assert (entry.kind, entry.amount, entry.balance_after) == (Kind.CHARGE, -2, 3)
    assert (entry.reference, entry.reason, entry.by) == ("video:1:charge", "Disco", None)


def test_charge_beyond_the_balance_moves_nothing(owner: User) -> None:
    with pytest.raises(ledger.InsufficientCredits):
        ledger.charge(owner, 6, "video:1", reason="Disco")
    assert ledger.balance_of(owner) == 5
    assert entries_of(owner) == [("grant", 5, 5)]


def test_owner_without_account_cannot_be_charged(owner_without_credits: User) -> None:
    assert ledger.balance_of(owner_without_credits) == 0
    with pytest.raises(ledger.InsufficientCredits):
        ledger.charge(owner_without_credits, 1, "video:1", reason="Disco")
    assert entries_of(owner_without_credits) == []


def test_refund_returns_the_charge_once(owner: User) -> None:
    ledger.charge(owner, 2, "video:1", reason="Disco")
    first = ledger.refund("video:1", reason="did not work out")
    repeated = ledger.refund("video:1", reason="did not work out")
    assert first == repeated
    assert entries_of(owner) == [("grant", 5, 5), ("charge", -2, 3), ("refund", 2, 5)]


def test_refund_without_charge_is_refused(owner: User) -> None:
    with pytest.raises(ledger.UnknownReference):
        ledger.refund("video:1", reason="did not work out")
    assert ledger.balance_of(owner) == 5


def test_grant_records_staff_and_reason(owner: User, staff: User) -> None:
    entry = ledger.grant(owner, 3, reason=" Sorry for the wait ", by=staff)
    assert (entry.kind, entry.amount, entry.reason, entry.by) == (Kind.GRANT, 3, "Sorry for the wait", staff)
    assert ledger.balance_of(owner) == 8


@pytest.mark.parametrize("amount", [0, -1])
def test_grant_must_be_at_least_one_credit(owner: User, amount: int) -> None:
    with pytest.raises(ValueError, match="at least one credit"):
        ledger.grant(owner, amount, reason="A present", by=None)
    assert ledger.balance_of(owner) == 5


@pytest.mark.parametrize("verb", [ledger.grant, ledger.adjust])
def test_grant_and_adjustment_need_a_reason(owner: User, verb) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        verb(owner, 1, reason="  ", by=None)
    assert ledger.balance_of(owner) == 5


def test_grant_with_a_reference_counts_once(owner: User) -> None:
    ledger.grant(owner, 3, reason="A present", by=None, reference="grant:spring")
    ledger.grant(owner, 3, reason="A present", by=None, reference="grant:spring")
    assert ledger.balance_of(owner) == 8


def test_reference_of_another_request_is_refused(owner: User, stranger: User) -> None:
    ledger.grant(owner, 3, reason="A present", by=None, reference="grant:spring")
    for user, amount in ((stranger, 3), (owner, 4)):
        with pytest.raises(ledger.ReferenceTaken, match="grant:spring"):
            ledger.grant(user, amount, reason="A present", by=None, reference="grant:spring")
    assert (ledger.balance_of(owner), ledger.balance_of(stranger)) == (8, 5)


def test_adjustment_goes_both_ways_but_never_below_zero(owner: User, staff: User) -> None:
    ledger.adjust(owner, 2, reason="Counted wrong", by=staff)
    ledger.adjust(owner, -4, reason="Counted wrong", by=staff)
    with pytest.raises(ledger.InsufficientCredits):
        ledger.adjust(owner, -4, reason="Counted wrong", by=staff)
    assert entries_of(owner) == [("grant", 5, 5), ("adjustment", 2, 7), ("adjustment", -4, 3)]


def test_rollback_of_the_caller_undoes_the_entry(owner: User) -> None:
    with transaction.atomic():
        ledger.charge(owner, 2, "video:1", reason="Disco")
        transaction.set_rollback(True)
    assert ledger.balance_of(owner) == 5
    assert entries_of(owner) == [("grant", 5, 5)]


def test_welcome_credits_are_granted_once(owner_without_credits: User, settings) -> None:
    settings.WELCOME_CREDITS = 3
    ledger.welcome(owner_without_credits)
    ledger.welcome(owner_without_credits)
    assert entries_of(owner_without_credits) == [("welcome", 3, 3)]


def test_changed_welcome_amount_applies_to_new_accounts(owner_without_credits: User, settings) -> None:
    settings.WELCOME_CREDITS = 3
    first = ledger.welcome(owner_without_credits)
    settings.WELCOME_CREDITS = 5
    assert ledger.welcome(owner_without_credits) == first
    assert entries_of(owner_without_credits) == [("welcome", 3, 3)]


def test_no_welcome_credits_when_the_setting_is_zero(owner_without_credits: User, settings) -> None:
    settings.WELCOME_CREDITS = 0
    ledger.welcome(owner_without_credits)
    assert entries_of(owner_without_credits) == []
    assert not Account.objects.filter(user=owner_without_credits).exists()


def test_raising_the_setting_from_zero_grants_welcome_credits_to_existing_owners(
    owner_without_credits: User, settings
) -> None:
    settings.WELCOME_CREDITS = 0
    ledger.welcome(owner_without_credits)
    settings.WELCOME_CREDITS = 3
    ledger.welcome(owner_without_credits)
    assert entries_of(owner_without_credits) == [("welcome", 3, 3)]
