"""The credits part of a data export and of closing an account."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop, ngettext_lazy

from credits import ledger
from credits.models import Entry

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.privacy import ClosureReceipt


def forfeit_balance(user: User, receipt: ClosureReceipt, now: datetime) -> None:
    """Remove the remaining balance of a closing account with an adjustment entry."""
    remaining = ledger.balance_of(user)
    if remaining:
        ledger.adjust(user, -remaining, reason=gettext_noop("The account was closed"), by=None)
    receipt.add_line(remaining, ngettext_lazy("%(count)d credit: deleted.", "%(count)d credits: deleted.", "count"))


def export_credits(user: User) -> dict[str, Any]:
    entries = Entry.objects.filter(account__user=user).order_by("id")
    fields = ("created_at", "kind", "amount", "balance_after", "reason", "reference")
    return {"credits": {"balance": ledger.balance_of(user), "entries": list(entries.values(*fields))}}
