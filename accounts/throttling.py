"""How often somebody may do something: counted in the shared cache, in windows of fixed length."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left of a limit. ``resets_in`` is in whole seconds, at least 1."""

    allowed: bool
    limit: int
    remaining: int
    resets_in: int

    @property
    def headers(self) -> dict[str, str]:
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.resets_in),
        }
        return told if self.allowed else told | {"Retry-After": str(self.resets_in)}


@dataclass(frozen=True, slots=True)
class Limit:
    """``amount`` times in ``seconds``, for each key (an owner, an address)."""

    name: str
    amount: int
    seconds: int

    def take(self, key: object) -> Verdict:
        """Count one more for ``key``, and say whether it is still allowed."""
        slot, resets_in = self.window(key)
        cache.add(slot, 0, timeout=resets_in + 1)
        try:
            count = cache.incr(slot)
        except ValueError:
            # The window closed, or the cache dropped it, between the two calls.
            count = 1
        return self.verdict(count, resets_in)

    def look(self, key: object) -> Verdict:
        """What ``take`` would say next, without counting."""
        slot, resets_in = self.window(key)
        return self.verdict((cache.get(slot) or 0) + 1, resets_in)

    def window(self, key: object) -> tuple[str, int]:
        now = int(time.time())
        return f"limit:{self.name}:{key}:{now // self.seconds}", self.seconds - now % self.seconds

    def verdict(self, count: int, resets_in: int) -> Verdict:
        return Verdict(count <= self.amount, self.amount, max(0, self.amount - count), resets_in)


def in_words(seconds: int) -> str:
    """``a minute``, ``25 minutes``, ``3 hours``: rounded up, so that it is never too soon."""
    if seconds <= 60:
        return "a minute"
    if seconds <= 3600:
        return f"{-(-seconds // 60)} minutes"
    return f"{-(-seconds // 3600)} hours"


def too_often(request: HttpRequest, verdict: Verdict, why: str) -> HttpResponse:
    """429, with the sentence ``why`` and the time to come back."""
    context = {"why": why, "when": in_words(verdict.resets_in)}
    answer = render(request, "429.html", context, status=429)
    for name, value in verdict.headers.items():
        answer.headers[name] = value
    return answer
