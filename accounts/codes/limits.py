"""How many codes may be sent to an address, and tried for it.

A code has six digits, so the tries must be few. They are counted in the cache: the attempts that allauth counts in the
session can be raced by sending them in parallel, and start again with each new code.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.http import client_ip
from accounts.throttling import HOUR, RateLimit, RateLimitResult

# Seconds until another code can be requested on the same page.
COOLDOWN = 30
# A whole school may share one IP address.
SENT = RateLimit("codes-to-email", 10, HOUR), RateLimit("codes-from-ip", 100, HOUR)
TRIED = RateLimit("code-tries-for-email", 20, HOUR), RateLimit("code-tries-from-ip", 200, HOUR)
TOO_MANY_SENT, TOO_MANY_TRIED = _("You've asked for too many codes."), _("You've entered too many codes.")
# The e-mails that are limited: those with a code, and those that are sent in place of one.
LIMITED_EMAILS = {
    "account/email/account_already_exists",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/login_code",
    "account/email/password_reset_code",
    "account/email/reauthentication_code",
    "account/email/unknown_account",
}


def count(limits: tuple[RateLimit, RateLimit], request: HttpRequest, email: str) -> RateLimitResult | None:
    """Count a code for the address and for the client's IP address. Return the limit that is exceeded, if any."""
    per_email, per_ip = limits
    results = per_email.hit(key_of(email)), per_ip.hit(client_ip(request))
    return next((result for result in results if not result.allowed), None)


def peek(limits: tuple[RateLimit, RateLimit], request: HttpRequest, email: str) -> RateLimitResult | None:
    """Return what the next ``count`` would return, without counting."""
    per_email, per_ip = limits
    results = per_email.peek(key_of(email)), per_ip.peek(client_ip(request))
    return next((result for result in results if not result.allowed), None)


def undo(limits: tuple[RateLimit, RateLimit], request: HttpRequest, email: str) -> None:
    """Take back a code that could not be sent, so that the address can ask for another one immediately.

    allauth limits codes to an address, too. The client's IP address keeps the count: the try cost us time.
    """
    limits[0].undo(key_of(email))
    for action in ("confirm_email", "request_login_code", "reset_password"):
        rates = str(app_settings.RATE_LIMITS.get(action) or "").split(",")
        if per_email := ",".join(rate for rate in rates if rate.endswith("/key")):
            config = {action: per_email}
            ratelimit.clear(request, app="allauth.account", action=action, config=config, key=email.lower())


def key_of(email: str) -> str:
    """Return the hash of an address, so that the cache contains no addresses."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def wait_message(seconds: int) -> str:
    """Return the sentence about the time until another code can be sent."""
    return ngettext(
        "Wait %(count)d second, then ask for a new code.", "Wait %(count)d seconds, then ask for a new code.", seconds
    ) % {"count": seconds}


def cooldown(state: dict[str, Any]) -> int:
    """Return the seconds until another code can be sent, from allauth's state of the last one."""
    return max(0, round(state["at"] + COOLDOWN - time.time()))
