"""The ledger's verbs: what moves, what it says, and what is refused."""

import pytest
from django.db import transaction

from accounts.models import User
from credits import ledger
from credits.models import Account, Entry, Kind

pytestmark = pytest.mark.engine


def lines(user: User) -> list[tuple[str, int, int]]:
    return list(Entry.objects.filter(account__user=user).order_by("id").values_list("kind", "amount", "balance_after"))


def test_a_charge_takes_the_amount_and_writes_what_it_was_for(owner: User) -> None:
    entry = ledger.charge(owner, 2, "video:1", reason="Disco")
    assert ledger.balance_of(owner) == 3
    assert (entry.kind, entry.amount, entry.balance_after) == (Kind.CHARGE, -2, 3)
    assert (entry.reference, entry.reason, entry.by) == ("video:1:charge", "Disco", None)


def test_a_charge_beyond_the_balance_moves_nothing(owner: User) -> None:
    with pytest.raises(ledger.InsufficientCredits):
        ledger.charge(owner, 6, "video:1", reason="Disco")
    assert ledger.balance_of(owner) == 5
    assert lines(owner) == [("grant", 5, 5)]


def test_an_owner_who_never_had_a_credit_has_none_to_spend(poor: User) -> None:
    assert ledger.balance_of(poor) == 0
    with pytest.raises(ledger.InsufficientCredits):
        ledger.charge(poor, 1, "video:1", reason="Disco")
    assert lines(poor) == []


def test_a_refund_gives_back_what_was_charged_and_only_once(owner: User) -> None:
    ledger.charge(owner, 2, "video:1", reason="Disco")
    first = ledger.refund("video:1", reason="did not work out")
    again = ledger.refund("video:1", reason="did not work out")
    assert first == again
    assert lines(owner) == [("grant", 5, 5), ("charge", -2, 3), ("refund", 2, 5)]


def test_nothing_is_refunded_that_was_never_charged(owner: User) -> None:
    with pytest.raises(ledger.UnknownReference):
        ledger.refund("video:1", reason="did not work out")
    assert ledger.balance_of(owner) == 5


def test_a_grant_names_who_gave_it_and_why(owner: User, staff: User) -> None:
    entry = ledger.grant(owner, 3, reason=" Sorry for the wait ", by=staff)
    assert (entry.kind, entry.amount, entry.reason, entry.by) == (Kind.GRANT, 3, "Sorry for the wait", staff)
    assert ledger.balance_of(owner) == 8


@pytest.mark.parametrize("amount", [0, -1])
def test_a_grant_gives_at_least_one_credit(owner: User, amount: int) -> None:
    with pytest.raises(ValueError, match="at least one credit"):
        ledger.grant(owner, amount, reason="A present", by=None)
    assert ledger.balance_of(owner) == 5


@pytest.mark.parametrize("verb", [ledger.grant, ledger.adjust])
def test_staff_must_say_why(owner: User, verb) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        verb(owner, 1, reason="  ", by=None)
    assert ledger.balance_of(owner) == 5


def test_a_grant_with_a_reference_counts_once(owner: User) -> None:
    ledger.grant(owner, 3, reason="A present", by=None, reference="grant:spring")
    ledger.grant(owner, 3, reason="A present", by=None, reference="grant:spring")
    assert ledger.balance_of(owner) == 8


def test_a_reference_that_was_used_for_something_else_is_refused(owner: User, stranger: User) -> None:
    ledger.grant(owner, 3, reason="A present", by=None, reference="grant:spring")
    for user, amount in ((stranger, 3), (owner, 4)):
        with pytest.raises(ledger.ReferenceTaken, match="grant:spring"):
            ledger.grant(user, amount, reason="A present", by=None, reference="grant:spring")
    assert (ledger.balance_of(owner), ledger.balance_of(stranger)) == (8, 5)


def test_an_adjustment_goes_both_ways_but_never_below_nought(owner: User, staff: User) -> None:
    ledger.adjust(owner, 2, reason="Counted wrong", by=staff)
    ledger.adjust(owner, -4, reason="Counted wrong", by=staff)
    with pytest.raises(ledger.InsufficientCredits):
        ledger.adjust(owner, -4, reason="Counted wrong", by=staff)
    assert lines(owner) == [("grant", 5, 5), ("adjustment", 2, 7), ("adjustment", -4, 3)]


def test_what_the_caller_rolls_back_never_happened(owner: User) -> None:
    with transaction.atomic():
        ledger.charge(owner, 2, "video:1", reason="Disco")
        transaction.set_rollback(True)
    assert ledger.balance_of(owner) == 5
    assert lines(owner) == [("grant", 5, 5)]


def test_welcome_credits_come_once_however_often_the_address_is_verified(poor: User, settings) -> None:
    settings.WELCOME_CREDITS = 3
    ledger.welcome(poor)
    ledger.welcome(poor)
    assert lines(poor) == [("welcome", 3, 3)]


def test_a_welcome_of_another_amount_is_for_those_who_come_after(poor: User, settings) -> None:
    settings.WELCOME_CREDITS = 3
    first = ledger.welcome(poor)
    settings.WELCOME_CREDITS = 5
    assert ledger.welcome(poor) == first
    assert lines(poor) == [("welcome", 3, 3)]


def test_no_welcome_credits_where_the_setting_is_nought(poor: User, settings) -> None:
    settings.WELCOME_CREDITS = 0
    ledger.welcome(poor)
    assert lines(poor) == []
    assert not Account.objects.filter(user=poor).exists()
