"""What every page shows of the owner's money."""

from typing import Any

from django.http import HttpRequest


def balance(request: HttpRequest) -> dict[str, Any]:
    """``balance``: the owner's credits, as they were when the request came (see ``credits.backends``)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    account = getattr(user, "credit_account", None)
    return {"balance": account.balance if account else 0}
