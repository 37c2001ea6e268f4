"""A reference names what an entry is for: the same thing counts once, and nobody reads the reference in the log."""

import logging

import pytest
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Entry, Voucher
from credits.vouchers import redeem
from petgroove.logs import Line


def test_a_charge_comes_back_once_whatever_the_reason(owner: User) -> None:
    ledger.charge(owner, 2, "video:1", reason="Disco")
    first = ledger.refund("video:1", reason="did not work out")
    assert ledger.refund("video:1", reason="was stopped") == first
    assert ledger.balance_of(owner) == 5


def test_a_charge_comes_back_to_the_account_that_paid(owner: User, stranger: User) -> None:
    ledger.charge(owner, 1, "video:1", reason="Disco")
    ledger.charge(stranger, 2, "video:2", reason="Disco")
    ledger.refund("video:2", reason="did not work out")
    assert (ledger.balance_of(owner), ledger.balance_of(stranger)) == (4, 5)


def test_a_new_address_brings_no_second_welcome(poor: User, settings) -> None:
    settings.WELCOME_CREDITS = 3
    first = ledger.welcome(poor)
    poor.email = "another@example.org"
    poor.save()
    assert ledger.welcome(poor) == first
    assert ledger.balance_of(poor) == 3


def test_the_log_names_no_code_of_a_voucher(
    owner: User, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks
) -> None:
    voucher = Voucher.objects.create(credits=3, uses=2, note="Spring fair")
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        entry = redeem(voucher.code, owner, timezone.now())
    assert voucher.code in Entry.objects.get(pk=entry.pk).reference
    [line] = [Line().format(record) for record in caplog.records]
    assert f"credits moved entry={entry.pk} kind=voucher amount=3" in line
    assert voucher.code not in line
