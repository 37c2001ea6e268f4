"""The shared Redis cache, which fails open: its contents are disposable, so an outage must not fail requests.

While Redis does not answer, the cache behaves as if empty: rate limits allow everything, and the outage is logged once.
``/readyz`` and ``doctor`` bypass this and report the outage.
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

# Seconds. After a timeout, calls skip Redis for RETRY_AFTER, so a dead server slows down one request, not all of them.
TIMEOUT = 1.0
RETRY_AFTER = 5.0

# Untyped: django-stubs lack the options and narrow the client's signatures.
DjangoRedisCache: Any = backend.RedisCache
DjangoRedisClient: Any = backend.RedisCacheClient


class FailOpenRedisClient(DjangoRedisClient):
    """Django's Redis client, which answers like an empty cache while the server is unavailable."""

    # Shared by the whole process: each thread has its own client, but all use the same server.
    unavailable_until = 0.0

    def _call[Result](self, method: Callable[..., Result], fallback: Result, *args: Any) -> Result:
        if time.monotonic() < FailOpenRedisClient.unavailable_until:
            return fallback
        try:
            return method(*args)
        except (RedisError, OSError) as error:
            FailOpenRedisClient.unavailable_until = time.monotonic() + RETRY_AFTER
            log.error("cache unavailable, rate limits not enforced", extra={"reason": type(error).__name__})
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
        """Raise ValueError for a missing key, as every Django cache does."""
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
        # By default, redis-py retries three times with a backoff while the server is down.
        options = {"socket_connect_timeout": TIMEOUT, "socket_timeout": TIMEOUT, "retry": Retry(NoBackoff(), 1)}
        return FailOpenRedisClient(self._servers, **options, **self._options)

    def check(self) -> None:
        """Ping the server; raise its error if it does not answer."""
        self._cache.get_client(write=True).ping()
