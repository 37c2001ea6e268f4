"""What every page shows of the owner's money."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from credits.ledger import balance_of


def purse(request: HttpRequest) -> dict[str, Any]:
    """``balance``: the owner's credits, asked for only where a page shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"balance": SimpleLazyObject(lambda: balance_of(user))}
