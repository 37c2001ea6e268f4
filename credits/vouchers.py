"""Redemption of vouchers: each owner can redeem a code once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from credits import ledger
from credits.models import Entry, Kind, Voucher
from credits.models.voucher import LENGTH

if TYPE_CHECKING:
    from accounts.models import User


class RedemptionError(Exception):
    """The owner cannot redeem this code. No credits were moved; the message is for the owner."""


class UnknownCode(RedemptionError):
    """No voucher has this code: it was mistyped or guessed."""

    def __init__(self) -> None:
        super().__init__(_("We don't recognize that code. Check it and try again."))


class VoucherNotValid(RedemptionError):
    """The voucher has expired, was withdrawn or is used up."""

    def __init__(self) -> None:
        super().__init__(_("This code is no longer valid."))


class AlreadyRedeemed(RedemptionError):
    """The owner has already redeemed this code."""

    def __init__(self) -> None:
        super().__init__(_("You've already redeemed this code."))


def normalise_code(code: str) -> str:
    """Return a typed code as it is stored: in upper case, without hyphens and spaces."""
    return "".join(character for character in code.upper() if character.isalnum())


def redeem(code: str, user: User, now: datetime) -> Entry:
    """Redeem a code for ``user`` and return the new entry.

    Raises UnknownCode, AlreadyRedeemed or VoucherNotValid, and moves nothing then. One transaction holds two guards:
    a conditional UPDATE counts the use, and the ledger's unique reference lets each owner redeem a code once,
    even if requests race.
    """
    voucher = (
        Voucher.objects.filter(code=normalise_code(code)[:LENGTH]).first()
        if len(normalise_code(code)) == LENGTH
        else None
    )
    if voucher is None:
        raise UnknownCode
    reference = f"voucher:{voucher.code}:{user.pk}"
    account = ledger.account_of(user)
    try:
        with transaction.atomic():
            if Entry.objects.filter(reference=reference).exists():
                raise AlreadyRedeemed
            if not Voucher.objects.valid(now).filter(pk=voucher.pk).update(used=F("used") + 1):
                raise VoucherNotValid
            return ledger.append(account, voucher.credits, Kind.VOUCHER, reference, reason=voucher.note)
    except (IntegrityError, VoucherNotValid):
        # Another request of the same owner won the race. The use that was counted here is rolled back.
        if Entry.objects.filter(reference=reference).exists():
            raise AlreadyRedeemed from None
        raise
