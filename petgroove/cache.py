"""The shared cache at Redis. What it holds may be lost at any time, so nobody waits or fails because it is away.

While it does not answer it holds nothing: limits let everybody through, and a line of the log says so. Readiness and
the doctor ask it for real.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.cache.backends import redis as backend
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

# Seconds to wait for an answer, and to do without after there was none: a dead server slows one request, not each.
PATIENCE = 1.0
LOOK_AGAIN = 5.0

# Their stubs know neither the options nor how much a client may be told.
DjangosCache: Any = backend.RedisCache
DjangosClient: Any = backend.RedisCacheClient


class Client(DjangosClient):
    """Django's own, with the answer of an empty cache where there is none from the server."""

    # Of the whole process: each thread has a client of its own, and all ask the same server.
    away_until = 0.0

    def tried[Answer](self, ask: Callable[..., Answer], otherwise: Answer, *what: Any) -> Answer:
        if time.monotonic() < Client.away_until:
            return otherwise
        try:
            return ask(*what)
        except (RedisError, OSError) as error:
            Client.away_until = time.monotonic() + LOOK_AGAIN
            log.error("the cache is away: limits do not hold", extra={"reason": type(error).__name__})
            return otherwise

    def add(self, key: str, value: Any, timeout: int | None) -> bool:
        return self.tried(super().add, True, key, value, timeout)

    def get(self, key: str, default: Any) -> Any:
        return self.tried(super().get, default, key, default)

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        self.tried(super().set, None, key, value, timeout)

    def touch(self, key: str, timeout: int | None) -> bool:
        return self.tried(super().touch, False, key, timeout)

    def delete(self, key: str) -> bool:
        return self.tried(super().delete, False, key)

    def get_many(self, keys: Any) -> dict[str, Any]:
        return self.tried(super().get_many, {}, keys)

    def has_key(self, key: str) -> bool:
        return self.tried(super().has_key, False, key)

    def incr(self, key: str, delta: int) -> int:
        """Raises ValueError when there is no such key, as every cache does."""
        count = self.tried(super().incr, None, key, delta)
        if count is None:
            raise ValueError(f"Key {key!r} not found.")
        return count

    def set_many(self, data: dict[str, Any], timeout: int | None) -> None:
        self.tried(super().set_many, None, data, timeout)

    def delete_many(self, keys: list[str]) -> None:
        self.tried(super().delete_many, None, keys)

    def clear(self) -> bool:
        return self.tried(super().clear, False)


class Redis(DjangosCache):
    @cached_property
    def _cache(self) -> Client:
        # Redis' own way with a dead server is to wait and try again, three times.
        patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE, "retry": Retry(NoBackoff(), 1)}
        return Client(self._servers, **patience, **self._options)

    def ask(self) -> None:
        """Raises whatever the server's trouble is."""
        self._cache.get_client(write=True).ping()
