"""The checks of the ``doctor`` command. Each one uses a dependency and returns a one-line result with a hint.

Only commands may import this module: the checks of Runway and OpenAI load libraries that the web process avoids.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import mailers
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from videos import clock as database_clock
from videos.models import Video, WorkerHeartbeat
from videos.operations.doctor.providers import openai, runway, studio
from videos.operations.doctor.result import ERROR, OK, WARNING, CheckResult
from videos.storage.base import StorageUnavailable

# Pages show wrong times if this machine's clock differs from the database's by more seconds.
CLOCK_TOLERANCE = 5


def run_checks() -> Iterator[CheckResult]:
    """Yield the result of each check. Without a database, skip those that need it."""
    database_result = database()
    yield database_result
    if database_result.state != ERROR:
        migrations_result = run_check(migrations)
        yield migrations_result
        # The worker and queue checks need all tables.
        for check in (clock, worker, queue) if migrations_result.state == OK else (clock,):
            yield run_check(check)
    for check in (site, storage, shared_cache, mail, studio, runway, openai):
        yield run_check(check)


def run_check(check: Callable[[], CheckResult]) -> CheckResult:
    """Return the result of a check. A check that crashes is an error."""
    try:
        return check()
    except Exception as error:
        return CheckResult(
            check.__name__, ERROR, f"the check failed: {type(error).__name__}", "See the log of the worker."
        )


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


def clock() -> CheckResult:
    if connection.vendor != "postgresql":
        return CheckResult("clock", OK, "shared with the database")
    offset = abs(database_clock.offset())
    if offset > CLOCK_TOLERANCE:
        hint = "Synchronise both machines with NTP. Leases and promises use the database's clock; pages show this one."
        return CheckResult("clock", WARNING, f"differs from the database's clock by {offset:.0f} s", hint)
    return CheckResult("clock", OK, f"differs from the database's clock by {offset:.1f} s")


def worker() -> CheckResult:
    now = database_clock.now()
    alive = list(WorkerHeartbeat.objects.alive(now).order_by("worker"))
    if not alive:
        hint = "Start one: python manage.py worker (Heroku: heroku ps:scale worker=1)"
        return CheckResult("worker", ERROR, "no worker seen in the last five minutes; nothing is rendered", hint)
    queues = {heartbeat.queue for heartbeat in alive}
    if "all" not in queues and queues != {"api", "render"}:
        missing = ({"api", "render"} - queues).pop()
        hint = f"Start another: python manage.py worker --queue {missing}"
        return CheckResult("worker", ERROR, f"no worker serves the queue {missing}", hint)
    last_seen = max(heartbeat.seen_at for heartbeat in alive)
    return CheckResult("worker", OK, f"{len(alive)} running, last seen {seconds_ago(last_seen, now)}")


def queue() -> CheckResult:
    now = database_clock.now()
    unfinished, late = Video.objects.unfinished().count(), Video.objects.overdue(now).count()
    if late:
        hint = "List them: python manage.py videos list --state late"
        return CheckResult("queue", ERROR, f"{late} of {unfinished} unfinished videos past their promised time", hint)
    return CheckResult("queue", OK, f"{unfinished} unfinished, none late")


def site() -> CheckResult:
    if settings.DEBUG:
        return CheckResult("site", WARNING, "DEBUG is on, which is for development only", "Unset DEBUG in production.")
    if not settings.HTTPS:
        return CheckResult("site", WARNING, f"SITE_URL is {settings.SITE_URL}", "Set SITE_URL to an https:// address.")
    return CheckResult("site", OK, settings.SITE_URL)


def storage() -> CheckResult:
    """Write, read and delete a small file."""
    configured: Any = settings.STORAGES["default"]
    backend, hint = configured["BACKEND"].rsplit(".", 1)[-1], "Check S3_BUCKET and its keys."
    if not getattr(settings, "S3", None):
        hint = "Check that VAR_DIR is writable."
    name, content = f"videos/doctor/{uuid.uuid4()}.txt", uuid.uuid4().hex.encode()
    try:
        default_storage.save(name, ContentFile(content))
        with default_storage.open(name) as file:
            matches = file.read() == content
        default_storage.delete(name)
    except Exception as error:
        message = str(error) if isinstance(error, StorageUnavailable) else type(error).__name__
        return CheckResult("storage", ERROR, f"{backend}: {message} while writing or reading", hint)
    if not matches:
        return CheckResult("storage", ERROR, f"{backend}: a file read back differs from the one written", hint)
    if not getattr(settings, "S3", None) and not settings.DEBUG:
        hint = "This works for one machine with a persistent disk. Otherwise set S3_BUCKET."
        return CheckResult("storage", WARNING, f"{backend}: local files can be written, read and deleted", hint)
    return CheckResult("storage", OK, f"{backend}: files can be written, read and deleted")


def shared_cache() -> CheckResult:
    token = uuid.uuid4().hex
    check: Callable[[], None] | None = getattr(cache, "check", None)
    try:
        if check:
            check()
        cache.set("doctor", token, 10)
        matches = cache.get("doctor") == token
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


def mail() -> CheckResult:
    backend = settings.MAILERS["default"]["BACKEND"].rsplit(".", 2)[-2]
    if backend != "smtp":
        hint = "Set EMAIL_URL. Sign-up codes are sent by e-mail."
        state = OK if settings.DEBUG else ERROR
        return CheckResult("mail", state, "written to files (see /outbox/)" if settings.DEBUG else "not sent", hint)
    sender: Any = mailers["default"]
    try:
        sender.open()
        sender.close()
    except OSError as error:
        reason = type(error).__name__
        return CheckResult(
            "mail", ERROR, f"cannot log in to the server: {reason}", "Check EMAIL_URL: host, port, password."
        )
    return CheckResult("mail", OK, "login to the server succeeded")


def seconds_ago(then: datetime, now: datetime) -> str:
    return f"{max(0, (now - then).total_seconds()):.0f} s ago"
