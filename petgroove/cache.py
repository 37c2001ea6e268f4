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
TIMEOUT = 1.0
RETRY_AFTER = 5.0

# Their stubs know neither the options nor how much a client may be told.
DjangoRedisCache: Any = backend.RedisCache
DjangoRedisClient: Any = backend.RedisCacheClient


class FailOpenRedisClient(DjangoRedisClient):
    """Django's own, with the answer of an empty cache where there is none from the server."""

    # Of the whole process: each thread has a client of its own, and all ask the same server.
    unavailable_until = 0.0

    def _call[Result](self, method: Callable[..., Result], fallback: Result, *args: Any) -> Result:
        if time.monotonic() < FailOpenRedisClient.unavailable_until:
            return fallback
        try:
            return method(*args)
        except (RedisError, OSError) as error:
            FailOpenRedisClient.unavailable_until = time.monotonic() + RETRY_AFTER
            log.error("the cache is away: limits do not hold", extra={"reason": type(error).__name__})
            return fallback

    def add(self, key: str, value: Any, timeout: int | None) -> bool:
        return self._call(super().add, True, key, value, timeout)

    def get(self, key: str, default: Any) -> Any:
        return self._call(super().get, default, key, default)

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        self._call(super().set, None, key, value, timeout)

    def touch(self, key: str, timeout: int | None) -> bool:
        return self._call(super().touch, False, key, timeout)

    def delete(self, key: str) -> bool:
        return self._call(super().delete, False, key)

    def get_many(self, keys: Any) -> dict[str, Any]:
        return self._call(super().get_many, {}, keys)

    def has_key(self, key: str) -> bool:
        return self._call(super().has_key, False, key)

    def incr(self, key: str, delta: int) -> int:
        """Raises ValueError when there is no such key, as every cache does."""
        count = self._call(super().incr, None, key, delta)
        if count is None:
            raise ValueError(f"Key {key!r} not found.")
        return count

    def set_many(self, data: dict[str, Any], timeout: int | None) -> None:
        self._call(super().set_many, None, data, timeout)

    def delete_many(self, keys: list[str]) -> None:
        self._call(super().delete_many, None, keys)

    def clear(self) -> bool:
        return self._call(super().clear, False)


class FailOpenRedisCache(DjangoRedisCache):
    @cached_property
    def _cache(self) -> FailOpenRedisClient:
        # Redis' own way with a dead server is to wait and try again, three times.
        options = {"socket_connect_timeout": TIMEOUT, "socket_timeout": TIMEOUT, "retry": Retry(NoBackoff(), 1)}
        return FailOpenRedisClient(self._servers, **options, **self._options)

    def check(self) -> None:
        """Raises whatever the server's trouble is."""
        self._cache.get_client(write=True).ping()
