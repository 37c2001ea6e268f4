"""A reference names the subject of an entry: it counts once and is never logged."""

import logging

import pytest
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.models import Entry, Voucher
from credits.vouchers import redeem
from petgroove.logs import LogfmtFormatter


def test_charge_is_refunded_once_whatever_the_reason(owner: User) -> None:
    ledger.charge(owner, 2, "video:1", reason="Disco")
    first = ledger.refund("video:1", reason="did not work out")
    assert ledger.refund("video:1", reason="was stopped") == first
    assert ledger.balance_of(owner) == 5


def test_charge_is_refunded_to_the_account_that_paid(owner: User, stranger: User) -> None:
    ledger.charge(owner, 1, "video:1", reason="Disco")
    ledger.charge(stranger, 2, "video:2", reason="Disco")
    ledger.refund("video:2", reason="did not work out")
    assert (ledger.balance_of(owner), ledger.balance_of(stranger)) == (4, 5)


def test_changed_address_grants_no_second_welcome(owner_without_credits: User, settings) -> None:
    settings.WELCOME_CREDITS = 3
    first = ledger.welcome(owner_without_credits)
    owner_without_credits.email = "another@example.org"
    owner_without_credits.save()
    assert ledger.welcome(owner_without_credits) == first
    assert ledger.balance_of(owner_without_credits) == 3


def test_voucher_codes_are_not_logged(
    owner: User, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks
) -> None:
    voucher = Voucher.objects.create(credits=3, uses=2, note="Spring fair")
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        entry = redeem(voucher.code, owner, timezone.now())
    assert voucher.code in Entry.objects.get(pk=entry.pk).reference
    [line] = [LogfmtFormatter().format(record) for record in caplog.records]
    assert f"credits moved entry={entry.pk} kind=voucher amount=3" in line
    assert voucher.code not in line
