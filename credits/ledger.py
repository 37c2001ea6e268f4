"""How credits move. ``append`` is the only function that writes money; everything else calls it.

Each verb is safe to call inside the caller's transaction and leaves nothing behind when that is rolled back.
"""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from credits.models import Account, Entry, Kind

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)

# More in one grant is a slip of the finger, and more in one account does not fit into its row.
MAX_GRANT, MAX_BALANCE = 1_000_000, 2_000_000_000


class InsufficientCredits(Exception):
    """The balance does not cover the amount; nothing was moved."""


class ReferenceTaken(ValueError):
    """The reference belongs to another entry; nothing was moved."""


class TooManyCredits(ValueError):
    """The account could not hold them; nothing was moved."""


class UnknownReference(LookupError):
    """There is no charge with that reference; nothing was moved."""


def account_of(user: User) -> Account:
    """The user's account, opened at its first use."""
    return Account.objects.get_or_create(user=user)[0]


def balance_of(user: User) -> int:
    """Credits the user can spend now."""
    return Account.objects.filter(user=user).values_list("balance", flat=True).first() or 0


def is_known(reference: str) -> bool:
    """Whether an entry has this reference."""
    return Entry.objects.filter(reference=reference).exists()


def append(
    account: Account, amount: int, kind: Kind, reference: str, *, reason: str = "", by: User | None = None
) -> Entry:
    """Move ``amount`` credits (below nought: spend) and write the entry, both or neither.

    Raises InsufficientCredits when the balance would fall below nought, TooManyCredits when it would outgrow its row,
    and IntegrityError when ``reference`` has been used; nothing moves then. The conditional UPDATE is the guard: it
    holds the row until the commit, so of two racing charges the second one sees the balance that the first one left.
    """
    with transaction.atomic():
        limits = Q(balance__gte=-amount) if amount < 0 else Q(balance__lte=MAX_BALANCE - amount)
        if not Account.objects.filter(limits, pk=account.pk).update(balance=F("balance") + amount):
            raise InsufficientCredits if amount < 0 else TooManyCredits("An account cannot hold that many credits.")
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
    # Neither the reason, which is the owner's to read, nor the reference, which may hold a voucher's code.
    facts = {
        "entry": entry.pk,
        "kind": kind.value,
        "amount": amount,
        "user": account.user_id,
        "by": by.pk if by else "-",
    }
    transaction.on_commit(lambda: log.info("credits moved", extra=facts))
    return entry


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
    """The credits that come with a proven address: once for each user, however often the setting changes."""
    if not settings.WELCOME_CREDITS:
        return None
    reference, reason = f"welcome:{user.pk}", "Welcome to PetGroove"
    known = Entry.objects.filter(reference=reference).first()
    return known or append_once(account_of(user), settings.WELCOME_CREDITS, Kind.WELCOME, reference, reason=reason)


def validate_reason(action: str, reason: str) -> str:
    """The reason as the entry keeps it. Raises ValueError when there is none, or when it is too long."""
    reason, max_length = reason.strip(), Entry._meta.get_field("reason").max_length or 0
    if not reason:
        raise ValueError(f"{action} needs a reason: the owner reads it.")
    if len(reason) > max_length:
        raise ValueError(f"The reason has {len(reason)} characters; there is room for {max_length}.")
    return reason


def grant(user: User, amount: int, *, reason: str, by: User | None, reference: str = "") -> Entry:
    """Give credits. With a ``reference`` the same grant counts once. Raises ValueError on bad amounts or no reason."""
    if amount <= 0:
        raise ValueError("A grant gives at least one credit.")
    if amount > MAX_GRANT:
        raise ValueError(f"A grant gives {MAX_GRANT:,} credits at most.")
    reason = validate_reason("A grant", reason)
    return append_once(account_of(user), amount, Kind.GRANT, reference or f"grant:{uuid.uuid4()}", reason=reason, by=by)


def adjust(user: User, amount: int, *, reason: str, by: User | None, reference: str = "") -> Entry:
    """Correct a balance by ``amount``, up or down. With a ``reference`` the same correction counts once.

    Raises InsufficientCredits; ValueError on nought or no reason.
    """
    if amount == 0:
        raise ValueError("An adjustment moves at least one credit.")
    if abs(amount) > MAX_BALANCE:
        raise TooManyCredits("No account holds that many credits.")
    reason = validate_reason("An adjustment", reason)
    reference = reference or f"adjustment:{uuid.uuid4()}"
    return append_once(account_of(user), amount, Kind.ADJUSTMENT, reference, reason=reason, by=by)
