"""How often somebody may do something: counted in the shared cache, in windows of fixed length."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True, slots=True)
class RateLimitResult:
    """What is left of a limit. ``reset_after`` is in whole seconds, at least 1."""

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
    """``amount`` times in ``seconds``, for each key (an owner, an address)."""

    name: str
    amount: int
    seconds: int

    def hit(self, key: object) -> RateLimitResult:
        """Count one more for ``key``, and say whether it is still allowed."""
        slot, reset_after = self.window(key)
        cache.add(slot, 0, timeout=reset_after + 1)
        try:
            count = cache.incr(slot)
        except ValueError:
            # The window closed, or the cache dropped it, between the two calls.
            count = 1
        return self.result(count, reset_after)

    def peek(self, key: object) -> RateLimitResult:
        """What ``hit`` would say next, without counting."""
        slot, reset_after = self.window(key)
        return self.result((cache.get(slot) or 0) + 1, reset_after)

    def window(self, key: object) -> tuple[str, int]:
        now = int(time.time())
        return f"limit:{self.name}:{key}:{now // self.seconds}", self.seconds - now % self.seconds

    def result(self, count: int, reset_after: int) -> RateLimitResult:
        return RateLimitResult(count <= self.amount, self.amount, max(0, self.amount - count), reset_after)


def humanize_seconds(seconds: int) -> str:
    """``a minute``, ``25 minutes``, ``3 hours``: rounded up, so that it is never too soon."""
    if seconds <= 60:
        return "a minute"
    if seconds <= 3600:
        return f"{-(-seconds // 60)} minutes"
    return f"{-(-seconds // 3600)} hours"


def too_many_requests(request: HttpRequest, result: RateLimitResult, reason: str) -> HttpResponse:
    """429, with the sentence ``reason`` and the time to come back."""
    context = {"reason": reason, "retry_in": humanize_seconds(result.reset_after)}
    response = render(request, "429.html", context, status=429)
    for name, value in result.headers.items():
        response.headers[name] = value
    return response
