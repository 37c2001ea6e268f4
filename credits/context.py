"""What every page shows of the owner's money."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from credits.ledger import balance_of


def purse(request: HttpRequest) -> dict[str, Any]:
    """``balance``: the owner's credits, asked for once, and only where a page shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"balance": cache(lambda: balance_of(user))}
