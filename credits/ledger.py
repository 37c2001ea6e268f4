"""How credits move. ``append`` is the only function that writes money; everything else calls it.

Each verb is safe to call inside the caller's transaction and leaves nothing behind when that is rolled back.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from credits.models import Account, Entry, Kind

if TYPE_CHECKING:
    from accounts.models import User


class InsufficientCredits(Exception):
    """The balance does not cover the amount; nothing was moved."""


class ReferenceTaken(ValueError):
    """The reference belongs to another entry; nothing was moved."""


class UnknownReference(LookupError):
    """There is no charge with that reference; nothing was moved."""


def account_of(user: User) -> Account:
    """The user's account, opened at its first use."""
    return Account.objects.get_or_create(user=user)[0]


def balance_of(user: User) -> int:
    """Credits the user can spend now."""
    return Account.objects.filter(user=user).values_list("balance", flat=True).first() or 0


def append(
    account: Account, amount: int, kind: Kind, reference: str, *, reason: str = "", by: User | None = None
) -> Entry:
    """Move ``amount`` credits (below nought: spend) and write the entry, both or neither.

    Raises InsufficientCredits when the balance would fall below nought, and IntegrityError when ``reference`` has
    been used; nothing moves then. The conditional UPDATE is the guard: it holds the row until the commit, so of two
    racing charges the second one sees the balance that the first one left.
    """
    with transaction.atomic():
        moved = Account.objects.filter(pk=account.pk, balance__gte=-amount).update(balance=F("balance") + amount)
        if not moved:
            raise InsufficientCredits
        balance = Account.objects.values_list("balance", flat=True).get(pk=account.pk)
        return Entry.objects.create(
            account=account,
            amount=amount,
            kind=kind,
            reference=reference,
            balance_after=balance,
            reason=reason,
            by=by,
        )


def append_once(
    account: Account, amount: int, kind: Kind, reference: str, *, reason: str = "", by: User | None = None
) -> Entry:
    """``append``, or the entry that already has this reference: the same thing told twice counts once.

    Raises ReferenceTaken when that entry is not the same thing (another account, amount or kind).
    """
    entry = Entry.objects.filter(reference=reference).first()
    if entry is None:
        try:
            return append(account, amount, kind, reference, reason=reason, by=by)
        except IntegrityError:
            # Lost a race against the same reference; any other broken rule leaves no such entry and is raised.
            entry = Entry.objects.filter(reference=reference).first()
            if entry is None:
                raise
    if (entry.account_id, entry.amount, entry.kind) != (account.pk, amount, kind):
        raise ReferenceTaken(f"{reference} was used for {entry.amount:+d} ({entry.kind}) of another request.")
    return entry


def charge(user: User, amount: int, subject: str, *, reason: str) -> Entry:
    """Spend ``amount`` credits on ``subject`` (``video:<id>``), once. Raises InsufficientCredits."""
    return append(account_of(user), -amount, Kind.CHARGE, f"{subject}:charge", reason=reason)


def refund(subject: str, *, reason: str, by: User | None = None) -> Entry:
    """Give back exactly what ``subject`` was charged, once. Raises UnknownReference when it never was charged."""
    charged = Entry.objects.select_related("account").filter(reference=f"{subject}:charge", kind=Kind.CHARGE).first()
    if charged is None:
        raise UnknownReference(subject)
    return append_once(charged.account, -charged.amount, Kind.REFUND, f"{subject}:refund", reason=reason, by=by)


def welcome(user: User) -> Entry | None:
    """The credits that come with a proven address: once for each user, however often it is called."""
    if not settings.WELCOME_CREDITS:
        return None
    reason = "Welcome to PetGroove"
    return append_once(account_of(user), settings.WELCOME_CREDITS, Kind.WELCOME, f"welcome:{user.pk}", reason=reason)


def grant(user: User, amount: int, *, reason: str, by: User | None, reference: str = "") -> Entry:
    """Give credits. With a ``reference`` the same grant counts once. Raises ValueError on bad amounts or no reason."""
    if amount <= 0:
        raise ValueError("A grant gives at least one credit.")
    if not reason.strip():
        raise ValueError("A grant needs a reason: the owner reads it.")
    return append_once(
        account_of(user), amount, Kind.GRANT, reference or f"grant:{uuid.uuid4()}", reason=reason.strip(), by=by
    )


def adjust(user: User, amount: int, *, reason: str, by: User | None) -> Entry:
    """Correct a balance by ``amount``, up or down. Raises InsufficientCredits; ValueError on nought or no reason."""
    if amount == 0:
        raise ValueError("An adjustment moves at least one credit.")
    if not reason.strip():
        raise ValueError("An adjustment needs a reason: the owner reads it.")
    return append(account_of(user), amount, Kind.ADJUSTMENT, f"adjustment:{uuid.uuid4()}", reason=reason.strip(), by=by)
