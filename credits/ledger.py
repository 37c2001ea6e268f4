"""Movements of credits. ``append`` is the only function that writes them; all others call it.

Every function can be called inside the caller's transaction and leaves nothing behind if that is rolled back.
"""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from credits.models import Account, Entry, Kind

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

# A larger grant is a typing error; a larger balance does not fit into its column.
MAX_GRANT, MAX_BALANCE = 1_000_000, 2_000_000_000


class InsufficientCredits(Exception):
    """The balance does not cover the amount; nothing was moved."""


class ReferenceTaken(ValueError):
    """The reference belongs to a different entry; nothing was moved."""


class TooManyCredits(ValueError):
    """The balance would exceed MAX_BALANCE; nothing was moved."""


class UnknownReference(LookupError):
    """No charge has this reference; nothing was moved."""


def account_of(user: User) -> Account:
    """Return the user's account, creating it on first use."""
    return Account.objects.get_or_create(user=user)[0]


def balance_of(user: User) -> int:
    """Return the number of credits the user can spend now."""
    return Account.objects.filter(user=user).values_list("balance", flat=True).first() or 0


def is_known(reference: str) -> bool:
    """Return whether an entry has this reference."""
    return Entry.objects.filter(reference=reference).exists()


def append(
    account: Account, amount: int, kind: Kind, reference: str, *, reason: str = "", by: User | None = None
) -> Entry:
    """Move ``amount`` credits (negative to spend) and write the entry, atomically.

    Raises InsufficientCredits if the balance would fall below zero, TooManyCredits if it would exceed MAX_BALANCE,
    and IntegrityError if ``reference`` has been used. Nothing moves then. The conditional UPDATE is the guard: it
    locks the row until the commit, so the second of two racing charges sees the balance after the first.
    """
    with transaction.atomic():
        limits = Q(balance__gte=-amount) if amount < 0 else Q(balance__lte=MAX_BALANCE - amount)
        if not Account.objects.filter(limits, pk=account.pk).update(balance=F("balance") + amount):
            raise InsufficientCredits if amount < 0 else TooManyCredits(_("An account can't hold that many credits."))
        balance = Account.objects.values_list("balance", flat=True).get(pk=account.pk)
        entry = Entry.objects.create(
            account=account,
            amount=amount,
            kind=kind,
            reference=reference,
            balance_after=balance,
            reason=reason,
            by=by,
        )
    # Do not log the reason, which is written for the owner, or the reference, which may contain a voucher's code.
    extra = {
        "entry": entry.pk,
        "kind": kind.value,
        "amount": amount,
        "user": account.user_id,
        "by": by.pk if by else "-",
    }
    transaction.on_commit(lambda: log.info("credits moved", extra=extra))
    return entry


def append_once(
    account: Account, amount: int, kind: Kind, reference: str, *, reason: str = "", by: User | None = None
) -> Entry:
    """Call ``append``, or return the entry that already has this reference, so that a repeated request counts once.

    Raises ReferenceTaken if that entry has another account, amount or kind.
    """
    entry = Entry.objects.filter(reference=reference).first()
    if entry is None:
        try:
            return append(account, amount, kind, reference, reason=reason, by=by)
        except IntegrityError:
            # Another request with the same reference won the race. Any other violated constraint is raised again.
            entry = Entry.objects.filter(reference=reference).first()
            if entry is None:
                raise
    if (entry.account_id, entry.amount, entry.kind) != (account.pk, amount, kind):
        raise ReferenceTaken(f"{reference} was already used by another request, for {entry.amount:+d} ({entry.kind}).")
    return entry


def charge(user: User, amount: int, subject: str, *, reason: str) -> Entry:
    """Spend ``amount`` credits on ``subject`` (``video:<id>``), once. Raises InsufficientCredits."""
    return append(account_of(user), -amount, Kind.CHARGE, f"{subject}:charge", reason=reason)


def refund(subject: str, *, reason: str, by: User | None = None) -> Entry:
    """Refund exactly what ``subject`` was charged, once. Raises UnknownReference if it was never charged."""
    charged = Entry.objects.select_related("account").filter(reference=f"{subject}:charge", kind=Kind.CHARGE).first()
    if charged is None:
        raise UnknownReference(subject)
    return append_once(charged.account, -charged.amount, Kind.REFUND, f"{subject}:refund", reason=reason, by=by)


def welcome(user: User) -> Entry | None:
    """Grant the credits for a verified address, once per user, even if the setting changes later.

    While the setting is 0, nothing is granted or recorded. A later call with a higher setting then grants the credits.
    """
    if not settings.WELCOME_CREDITS:
        return None
    reference, reason = f"welcome:{user.pk}", gettext_noop("Welcome to PetGroove")
    known = Entry.objects.filter(reference=reference).first()
    return known or append_once(account_of(user), settings.WELCOME_CREDITS, Kind.WELCOME, reference, reason=reason)


def validate_reason(action: str, reason: str) -> str:
    """Return the reason as it is stored. Raises ValueError if it is empty or too long."""
    reason, max_length = reason.strip(), Entry._meta.get_field("reason").max_length or 0
    if not reason:
        raise ValueError(f"{action} needs a reason, which the owner can read.")
    if len(reason) > max_length:
        raise ValueError(f"The reason has {len(reason)} characters. Shorten it to {max_length} characters.")
    return reason


def grant(user: User, amount: int, *, reason: str, by: User | None, reference: str = "") -> Entry:
    """Grant credits. Repeating a ``reference`` counts once. Raises ValueError on an invalid amount or reason."""
    if amount <= 0:
        raise ValueError("A grant must be at least one credit.")
    if amount > MAX_GRANT:
        raise ValueError(f"A grant can be at most {MAX_GRANT:,} credits.")
    reason = validate_reason("A grant", reason)
    return append_once(account_of(user), amount, Kind.GRANT, reference or f"grant:{uuid.uuid4()}", reason=reason, by=by)


def adjust(user: User, amount: int, *, reason: str, by: User | None, reference: str = "") -> Entry:
    """Correct a balance by ``amount``, up or down. Repeating a ``reference`` counts once.

    Raises InsufficientCredits, TooManyCredits, or ValueError if the amount is zero or the reason is invalid.
    """
    if amount == 0:
        raise ValueError("An adjustment must be at least one credit.")
    if abs(amount) > MAX_BALANCE:
        raise TooManyCredits(_("An account can't hold that many credits."))
    reason = validate_reason("An adjustment", reason)
    reference = reference or f"adjustment:{uuid.uuid4()}"
    return append_once(account_of(user), amount, Kind.ADJUSTMENT, reference, reason=reason, by=by)
