"""Fixed-window rate limits, counted in the shared cache."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# The usual periods of a limit, in seconds.
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class RateLimitResult:
    """The state of a limit for one key. ``reset_after`` is in whole seconds, at least 1."""

    allowed: bool
    limit: int
    remaining: int
    reset_after: int

    @property
    def headers(self) -> dict[str, str]:
        headers = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_after),
        }
        return headers if self.allowed else headers | {"Retry-After": str(self.reset_after)}


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A limit of ``amount`` hits per ``seconds`` for each key (an owner or an address)."""

    name: str
    amount: int
    seconds: int

    def hit(self, key: object) -> RateLimitResult:
        """Count a hit for ``key`` and return whether it is allowed."""
        slot, reset_after = self.window(key)
        cache.add(slot, 0, timeout=reset_after + 1)
        try:
            count = cache.incr(slot)
        except ValueError:
            # The key expired or was evicted between the two calls.
            count = 1
        return self.result(count, reset_after)

    def undo(self, key: object) -> None:
        """Take back a hit of this window."""
        with suppress(ValueError):
            # The key may have expired.
            cache.decr(self.window(key)[0])

    def peek(self, key: object) -> RateLimitResult:
        """Return what the next ``hit`` would return, without counting."""
        slot, reset_after = self.window(key)
        return self.result((cache.get(slot) or 0) + 1, reset_after)

    def window(self, key: object) -> tuple[str, int]:
        now = int(time.time())
        return f"limit:{self.name}:{key}:{now // self.seconds}", self.seconds - now % self.seconds

    def result(self, count: int, reset_after: int) -> RateLimitResult:
        return RateLimitResult(count <= self.amount, self.amount, max(0, self.amount - count), reset_after)


def humanize_seconds(seconds: int) -> str:
    """Return ``a minute``, ``25 minutes`` or ``3 hours``, rounded up so that a retry is never too early."""
    if seconds <= MINUTE:
        # Translators: follows "in" or "after", as in "Try again in a minute."; so do the minutes and hours.
        return _("a minute")
    if seconds <= HOUR:
        count = -(-seconds // MINUTE)
        return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
    count = -(-seconds // HOUR)
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}


def too_many_requests(
    request: HttpRequest, result: RateLimitResult, reason: str | Promise, *, offer_account: bool = False
) -> HttpResponse:
    """Return a 429 page with the sentence ``reason`` and the time until a retry.

    ``offer_account`` proposes to sign up instead of waiting.
    """
    context = {"reason": reason, "retry_in": humanize_seconds(result.reset_after), "offer_account": offer_account}
    response = render(request, "429.html", context, status=429)
    for name, value in result.headers.items():
        response.headers[name] = value
    return response
