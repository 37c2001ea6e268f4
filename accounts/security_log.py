"""The security log: one line for each event that matters to the safety of an account.

``petgroove.security`` logs the event, the user's id and the client's IP address, and never an email or a secret.
docs/operations.md lists the events and shows how fail2ban reads them.
"""

from __future__ import annotations

import logging

from allauth.account.internal.stagekit import unstash_login
from django.http import HttpRequest

from accounts.http import client_address

log = logging.getLogger("petgroove.security")

# Logged as warnings: many of them from one address are an attack.
FAILURES = {"login_failed", "code_failed", "second_factor_failed", "token_rejected", "locked_out"}


def record(event: str, request: HttpRequest | None, user: object = None, **details: object) -> None:
    """Log an event of ``user``, a user or an id. Without one, it is who is logged in, or about to be."""
    if user is None and request is not None:
        user = user_of(request)
    context = {
        "user": getattr(user, "pk", user) or "-",
        "ip": client_address(request) if request is not None else "-",
    }
    log.log(logging.WARNING if event in FAILURES else logging.INFO, event, extra=context | details)


def user_of(request: HttpRequest) -> object:
    """Return the user who is logged in, or whose login waits for a code."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return user
    login = unstash_login(request, peek=True) if hasattr(request, "session") else None
    return login.user if login else None
