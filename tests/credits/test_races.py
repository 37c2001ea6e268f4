"""Races of twenty threads on PostgreSQL. A negative control shows that the race is real."""

import uuid

import pytest

from accounts.models import User
from credits import ledger
from credits.models import Account, Entry
from tests.threads import CONTROL_ROUNDS, ROUNDS, THREADS, all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_five_credits_pay_for_five_of_twenty_charges(owner: User) -> None:
    for _ in range(ROUNDS):
        ledger.grant(owner, 5 - ledger.balance_of(owner) or 1, reason="Another round", by=None)
        before = ledger.balance_of(owner)
        results = all_at_once(lambda _: ledger.charge(owner, 1, f"video:{uuid.uuid4()}", reason="Disco"))
        assert sum(isinstance(result, Entry) for result in results) == before
        assert sum(isinstance(result, ledger.InsufficientCredits) for result in results) == THREADS - before
        assert ledger.balance_of(owner) == 0


def test_without_the_guard_the_same_race_overdraws(owner: User) -> None:
    """The negative control is a naive read followed by a write."""

    def charge_unguarded(_: int) -> bool:
        account = Account.objects.get(user=owner)
        if account.balance >= 1:
            Account.objects.filter(pk=account.pk).update(balance=account.balance - 1)
            return True
        return False

    def race() -> int:
        Account.objects.filter(user=owner).update(balance=5)
        return sum(result is True for result in all_at_once(charge_unguarded))

    assert any(race() > 5 for _ in range(CONTROL_ROUNDS))


def test_concurrent_grants_with_one_reference_count_once(owner: User) -> None:
    for number in range(ROUNDS):
        results = all_at_once(
            lambda _, n=number: ledger.grant(owner, 1, reason="A present", by=None, reference=f"grant:{n}")
        )
        assert len({entry.pk for entry in results}) == 1
    assert ledger.balance_of(owner) == 5 + ROUNDS


def test_concurrent_requests_create_one_account(owner_without_credits: User) -> None:
    results = all_at_once(lambda _: ledger.account_of(owner_without_credits).pk)
    assert set(results) == {Account.objects.get(user=owner_without_credits).pk}


def test_balance_after_a_race_is_the_sum_of_its_entries(owner: User) -> None:
    all_at_once(lambda number: ledger.adjust(owner, 1 if number % 2 else -1, reason="Back and forth", by=None))
    entries = list(Entry.objects.filter(account__user=owner).order_by("id").values_list("amount", "balance_after"))
    total = 0
    for amount, after in entries:
        total += amount
        assert after == total
    assert ledger.balance_of(owner) == total
