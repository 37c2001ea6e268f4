"""`grant_credits` gives once, and a dry run gives nothing."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from credits import ledger

pytestmark = pytest.mark.engine


def test_a_dry_run_tells_the_balance_and_gives_nothing(owner: User, capsys: Any) -> None:
    call_command("grant_credits", owner.email, "2", reason="Sorry", dry_run=True)
    assert capsys.readouterr().out == f"+2 credits for {owner.email}; the balance would be 7.\n"
    assert ledger.balance_of(owner) == 5


def test_a_script_gets_one_document(owner: User, capsys: Any) -> None:
    call_command("grant_credits", owner.email, "2", "--json", reason="Sorry")
    told = {"email": owner.email, "amount": 2, "balance": 7, "dry_run": False}
    assert json.loads(capsys.readouterr().out) == told
    assert ledger.balance_of(owner) == 7


def test_the_same_reference_gives_once_and_says_so(owner: User, capsys: Any) -> None:
    for _ in range(2):
        call_command("grant_credits", owner.email, "3", reason="Sorry", reference="ticket-7")
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"+3 credits for {owner.email}; the balance is 8."
    when = f"{timezone.now():%Y-%m-%d}"
    assert second == (
        f"{owner.email} was given +3 credits for this reference on {when}: nothing now. The balance is 8."
    )
    call_command("grant_credits", owner.email, "3", "--json", reason="Sorry", reference="ticket-7")
    assert json.loads(capsys.readouterr().out)["amount"] == 0


@pytest.mark.parametrize(
    ("amount", "reason", "reference", "told"),
    [
        ("99999999999999999999", "Sorry", "", "1,000,000 credits at most"),
        ("1000001", "Sorry", "", "1,000,000 credits at most"),
        ("3", "so " * 200, "", "The reason has 599 characters; there is room for 200"),
        ("3", "Sorry", "x" * 115, "there is room for 114 characters"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(
    owner: User, amount: str, reason: str, reference: str, told: str
) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("grant_credits", owner.email, amount, reason=reason, reference=reference)
    assert ledger.balance_of(owner) == 5


def test_an_account_that_is_full_takes_no_more(owner: User) -> None:
    most = ledger.MAX_BALANCE
    ledger.adjust(owner, most - ledger.balance_of(owner) - 2, reason="A great many", by=None)
    call_command("grant_credits", owner.email, "2", reason="Sorry")
    with pytest.raises(CommandError, match="cannot hold that many"):
        call_command("grant_credits", owner.email, "1", reason="Sorry")
    assert ledger.balance_of(owner) == most
