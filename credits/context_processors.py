"""The owner's balance for every page."""

from typing import Any

from django.http import HttpRequest


def balance(request: HttpRequest) -> dict[str, Any]:
    """Return ``balance``: the owner's credits at the start of the request (see ``credits.backends``)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    account = getattr(user, "credit_account", None)
    return {"balance": account.balance if account else 0}
