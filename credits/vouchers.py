"""Vouchers: codes that staff make and owners turn into credits, each owner once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from credits import ledger
from credits.models import Entry, Kind, Voucher
from credits.models.voucher import LENGTH

if TYPE_CHECKING:
    from accounts.models import User


class RedemptionError(Exception):
    """The code gives this owner nothing; the message is a sentence for the owner. Nothing was moved."""


class UnknownCode(RedemptionError):
    """There is no such code: a slip of the pen, or a guess."""

    def __init__(self) -> None:
        super().__init__("We do not know this code. Please look at it again, letter by letter.")


class VoucherNotValid(RedemptionError):
    """The code was good once: it has expired, was withdrawn, or is used up."""

    def __init__(self) -> None:
        super().__init__("This code is not valid any more. Nothing was changed.")


class AlreadyRedeemed(RedemptionError):
    """This owner has had the credits of this code."""

    def __init__(self) -> None:
        super().__init__("You have redeemed this code already: its credits are in your balance, once.")


def normalise_code(code: str) -> str:
    """A code as we keep it: however it was typed, in small letters, with hyphens or spaces."""
    return "".join(character for character in code.upper() if character.isalnum())


def redeem(code: str, user: User, now: datetime) -> Entry:
    """Turn a code into credits of ``user``. Raises UnknownCode, AlreadyRedeemed or VoucherNotValid; nothing moves then.

    Two guards, in one transaction: a conditional UPDATE counts the use, and the ledger's unique reference lets
    each owner redeem a code once, however many requests race.
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
        # Lost a race against the owner's own second click; the use that was counted here is rolled back.
        if Entry.objects.filter(reference=reference).exists():
            raise AlreadyRedeemed from None
        raise
