"""`grant_credits` grants credits once per reference; a dry run grants nothing."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from credits import ledger

pytestmark = pytest.mark.engine


def test_dry_run_shows_the_balance_and_grants_nothing(owner: User, capsys: Any) -> None:
    call_command("grant_credits", owner.email, "2", reason="Sorry", dry_run=True)
    assert capsys.readouterr().out == f"+2 credits for {owner.email}; the balance would be 7.\n"
    assert ledger.balance_of(owner) == 5


def test_json_output_is_one_document(owner: User, capsys: Any) -> None:
    call_command("grant_credits", owner.email, "2", "--json", reason="Sorry")
    expected = {"email": owner.email, "amount": 2, "balance": 7, "dry_run": False}
    assert json.loads(capsys.readouterr().out) == expected
    assert ledger.balance_of(owner) == 7


def test_same_reference_grants_once_and_says_so(owner: User, capsys: Any) -> None:
    for _ in range(2):
        call_command("grant_credits", owner.email, "3", reason="Sorry", reference="ticket-7")
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"+3 credits for {owner.email}; the balance is 8."
    today = f"{timezone.now():%Y-%m-%d}"
    assert second == (
        f"{owner.email} already got +3 credits for this reference on {today}; nothing granted. The balance is 8."
    )
    call_command("grant_credits", owner.email, "3", "--json", reason="Sorry", reference="ticket-7")
    assert json.loads(capsys.readouterr().out)["amount"] == 0


@pytest.mark.parametrize(
    ("amount", "reason", "reference", "message"),
    [
        ("99999999999999999999", "Sorry", "", "at most 1,000,000 credits"),
        ("1000001", "Sorry", "", "at most 1,000,000 credits"),
        ("3", "so " * 200, "", "The reason has 599 characters. Shorten it to 200"),
        ("3", "Sorry", "x" * 115, "Shorten it to 114 characters"),
    ],
)
def test_invalid_arguments_are_explained(owner: User, amount: str, reason: str, reference: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("grant_credits", owner.email, amount, reason=reason, reference=reference)
    assert ledger.balance_of(owner) == 5


def test_grant_above_the_maximum_is_refused(owner: User) -> None:
    maximum = ledger.MAX_BALANCE
    ledger.adjust(owner, maximum - ledger.balance_of(owner) - 2, reason="A great many", by=None)
    call_command("grant_credits", owner.email, "2", reason="Sorry")
    with pytest.raises(CommandError, match="can't hold that many"):
        call_command("grant_credits", owner.email, "1", reason="Sorry")
    assert ledger.balance_of(owner) == maximum
