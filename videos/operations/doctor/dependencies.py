"""The checks of the site's dependencies, for the ``doctor`` command and ``/readyz``.

They are cheap, and the web process imports this module: no check loads a large library or writes to the storage.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from videos import clock
from videos.models import WorkerHeartbeat
from videos.operations.doctor.result import ERROR, OK, WARNING, CheckResult
from videos.storage.base import StorageUnavailable


def database() -> CheckResult:
    started = time.monotonic()
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        return CheckResult(
            "database", ERROR, f"no response: {reason}", "Check DATABASE_URL and that the server is running."
        )
    duration = (time.monotonic() - started) * 1000
    if connection.vendor == "sqlite" and not settings.DEBUG:
        hint = "SQLite supports one machine only. Set DATABASE_URL to a PostgreSQL database."
        return CheckResult("database", WARNING, f"SQLite, responds in {duration:.0f} ms", hint)
    return CheckResult("database", OK, f"{connection.display_name}, responds in {duration:.0f} ms")


def migrations() -> CheckResult:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return CheckResult("migrations", ERROR, f"{missing} not applied", "Run: python manage.py migrate")
    return CheckResult("migrations", OK, "all applied")


def storage() -> CheckResult:
    """Check that the bucket is accessible, or the folder writable. Nothing is written."""
    return storage_result(access_storage)


def access_storage() -> str:
    backend: Any = default_storage  # one of our classes, which have check()
    backend.check()
    return "accessible"


def storage_result(use: Callable[[], str]) -> CheckResult:
    """Return the result of a function that uses the storage. It returns what works, or raises an error."""
    configured: Any = settings.STORAGES["default"]
    backend = configured["BACKEND"].rsplit(".", 1)[-1]
    try:
        message = f"{backend}: {use()}"
    except Exception as error:
        is_ours = isinstance(error, StorageUnavailable)
        reason = str(error) if is_ours else f"{type(error).__name__} while writing or reading"
        hint = "Check S3_BUCKET and its keys." if settings.S3 else "Check that VAR_DIR is writable."
        return CheckResult("storage", ERROR, f"{backend}: {reason}", hint)
    if not settings.S3 and not settings.DEBUG:
        hint = "This works for one machine with a persistent disk. Otherwise set S3_BUCKET."
        return CheckResult("storage", WARNING, message, hint)
    return CheckResult("storage", OK, message)


def cache() -> CheckResult:
    """Check that the cache keeps a value. An unavailable one fails open and does not enforce rate limits."""
    backend, token = caches["default"], uuid.uuid4().hex
    ping: Callable[[], None] | None = getattr(backend, "check", None)
    try:
        if ping:
            ping()
        backend.set(f"check:{token}", token, 10)
        matches = backend.get(f"check:{token}") == token
    except Exception as error:
        hint = "Check REDIS_URL."
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            hint = "This machine does not trust the server's certificate. If it is self-signed (Heroku), set "
            hint += "REDIS_TLS_VERIFY=0"
        return CheckResult("cache", ERROR, f"no response: {type(error).__name__}", hint)
    if not matches:
        return CheckResult("cache", ERROR, "does not keep values", "Check REDIS_URL and the memory of the server.")
    if not settings.REDIS_URL and not settings.DEBUG:
        hint = "Set REDIS_URL so that all web processes share rate limits."
        return CheckResult("cache", WARNING, "in the memory of each process", hint)
    return CheckResult("cache", OK, "values can be written and read")


def static() -> CheckResult:
    """Check that static files are collected. With hashed names, every page would fail without the manifest."""
    if settings.DEBUG or not isinstance(staticfiles_storage, ManifestFilesMixin):
        return CheckResult("static", OK, "served from their sources")
    if not staticfiles_storage.hashed_files:
        return CheckResult("static", ERROR, "not collected", "Run: python manage.py collectstatic --noinput")
    return CheckResult("static", OK, f"{len(staticfiles_storage.hashed_files)} files collected")


def worker() -> CheckResult:
    now = clock.now()
    alive = WorkerHeartbeat.objects.running(now)
    if not alive:
        hint = "Start one: python manage.py worker (Heroku: heroku ps:scale worker=1)"
        return CheckResult("worker", ERROR, "no worker is running; nothing is rendered", hint)
    queues = {heartbeat.queue for heartbeat in alive}
    if "all" not in queues and queues != {"api", "render"}:
        missing = ({"api", "render"} - queues).pop()
        hint = f"Start another: python manage.py worker --queue {missing}"
        return CheckResult("worker", ERROR, f"no worker serves the queue {missing}", hint)
    last_seen = max(heartbeat.seen_at for heartbeat in alive)
    message = f"{len(alive)} running, last seen {seconds_ago(last_seen, now)}"
    if silent := [heartbeat for heartbeat in alive if heartbeat.is_silent(now)]:
        since = min(heartbeat.seen_at for heartbeat in silent)
        message += f"; {len(silent)} of them dead or busy with a long step, last seen {seconds_ago(since, now)}"
    return CheckResult("worker", OK, message)


def seconds_ago(then: datetime, now: datetime) -> str:
    return f"{max(0, (now - then).total_seconds()):.0f} s ago"


# The checks of /readyz. ``doctor`` runs them as well, and writes a file to check the storage.
DEPENDENCIES = (database, migrations, storage, cache, static, worker)
