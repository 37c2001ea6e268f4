"""What the doctor looks at: each part asked for real, each answer one line that says what is wrong and how to mend it.

For commands only: asking Runway and OpenAI loads what the web process does without.
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
from django.utils import timezone

from videos.models import Video, WorkerHeartbeat
from videos.operations.doctor.providers import openai, runway, studio
from videos.operations.doctor.result import ERROR, OK, WARNING, CheckResult
from videos.storage.base import StorageUnavailable
from videos.worker.clock import MAX_OFFSET, database_clock_offset

# A clock that is off by more than this makes leases and promises unfair, in seconds.
CLOCK_TOLERANCE = 5


def run_checks() -> Iterator[CheckResult]:
    """Every part in turn. Without a database whatever lives in it is not asked."""
    first = database()
    yield first
    if first.state != ERROR:
        second = run_check(migrations)
        yield second
        # Tables that are not there yet cannot be asked.
        for part in (clock, worker, queue) if second.state == OK else (clock,):
            yield run_check(part)
    for part in (site, storage, shared_cache, mail, studio, runway, openai):
        yield run_check(part)


def run_check(part: Callable[[], CheckResult]) -> CheckResult:
    """The part's own finding; one that cannot even be asked is wrong, too."""
    try:
        return part()
    except Exception as error:
        return CheckResult(
            part.__name__, ERROR, f"could not be asked: {type(error).__name__}", "See the log of the worker."
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
            "database", ERROR, f"does not answer: {reason}", "Check DATABASE_URL, and that the server runs."
        )
    spent = (time.monotonic() - started) * 1000
    if connection.vendor == "sqlite" and not settings.DEBUG:
        hint = "Set DATABASE_URL to a PostgreSQL: SQLite serves one machine only."
        return CheckResult("database", WARNING, f"SQLite, answers in {spent:.0f} ms", hint)
    return CheckResult("database", OK, f"{connection.display_name}, answers in {spent:.0f} ms")


def migrations() -> CheckResult:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return CheckResult("migrations", ERROR, f"{missing} are not applied", "Run: python manage.py migrate")
    return CheckResult("migrations", OK, "all applied")


def clock() -> CheckResult:
    if connection.vendor != "postgresql":
        return CheckResult("clock", OK, "the database shares it")
    offset = abs(database_clock_offset())
    if offset > CLOCK_TOLERANCE:
        hint = f"Let both machines keep time by NTP; beyond {MAX_OFFSET:.0f} s the workers here wait."
        return CheckResult("clock", ERROR, f"{offset:.0f} s off the database's", hint)
    return CheckResult("clock", OK, f"{offset:.1f} s off the database's")


def worker() -> CheckResult:
    now = timezone.now()
    alive = list(WorkerHeartbeat.objects.alive(now).order_by("worker"))
    if not alive:
        hint = "Start one: python manage.py worker (Heroku: heroku ps:scale worker=1)"
        return CheckResult("worker", ERROR, "none was seen in the last five minutes: nothing is made", hint)
    queues = {heartbeat.queue for heartbeat in alive}
    if "all" not in queues and queues != {"api", "render"}:
        missing = ({"api", "render"} - queues).pop()
        hint = f"Start one more: python manage.py worker --queue {missing}"
        return CheckResult("worker", ERROR, f"nobody works on the queue {missing}", hint)
    return CheckResult(
        "worker", OK, f"{len(alive)} at work, last seen {seconds_ago(max(p.seen_at for p in alive), now)}"
    )


def queue() -> CheckResult:
    now = timezone.now()
    waiting, late = Video.objects.unfinished().count(), Video.objects.overdue(now).count()
    if late:
        hint = "See: python manage.py videos list --state late"
        return CheckResult("queue", ERROR, f"{late} of {waiting} living videos are beyond their promised time", hint)
    return CheckResult("queue", OK, f"{waiting} on the way, none late")


def site() -> CheckResult:
    if settings.DEBUG:
        return CheckResult("site", WARNING, "DEBUG is on: for your own machine only", "Unset DEBUG in production.")
    if not settings.HTTPS:
        return CheckResult("site", WARNING, f"SITE_URL is {settings.SITE_URL}", "Set SITE_URL to an https:// address.")
    return CheckResult("site", OK, settings.SITE_URL)


def storage() -> CheckResult:
    """A small file is written, read and deleted."""
    configured: Any = settings.STORAGES["default"]
    kind, where = configured["BACKEND"].rsplit(".", 1)[-1], "S3_BUCKET and its keys"
    if not getattr(settings, "S3", None):
        where = "that VAR_DIR can be written to"
    name, sent = f"videos/doctor/{uuid.uuid4()}.txt", uuid.uuid4().hex.encode()
    try:
        default_storage.save(name, ContentFile(sent))
        with default_storage.open(name) as file:
            same = file.read() == sent
        default_storage.delete(name)
    except Exception as error:
        message = str(error) if isinstance(error, StorageUnavailable) else type(error).__name__
        return CheckResult("storage", ERROR, f"{kind}: {message} on writing or reading", f"Check {where}.")
    if not same:
        return CheckResult("storage", ERROR, f"{kind}: what was read is not what was written", f"Check {where}.")
    if not getattr(settings, "S3", None) and not settings.DEBUG:
        hint = "Fine for one machine with a lasting disk; elsewhere set S3_BUCKET."
        return CheckResult("storage", WARNING, f"{kind}: files of this machine, written, read and deleted", hint)
    return CheckResult("storage", OK, f"{kind}: written, read and deleted")


def shared_cache() -> CheckResult:
    token = uuid.uuid4().hex
    check: Callable[[], None] | None = getattr(cache, "check", None)
    try:
        if check:
            check()
        cache.set("doctor", token, 10)
        same = cache.get("doctor") == token
    except Exception as error:
        hint = "Check REDIS_URL."
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            hint = "Its certificate is not one that this machine trusts. Where it signs its own (Heroku): "
            hint += "REDIS_TLS_VERIFY=0"
        return CheckResult("cache", ERROR, f"does not answer: {type(error).__name__}", hint)
    if not same:
        return CheckResult("cache", ERROR, "forgets what it is told", "Check REDIS_URL, and the memory of the server.")
    if not settings.REDIS_URL and not settings.DEBUG:
        hint = "Set REDIS_URL, so that limits hold over all web processes."
        return CheckResult("cache", WARNING, "in the memory of each process", hint)
    return CheckResult("cache", OK, "keeps what it is told")


def mail() -> CheckResult:
    backend = settings.MAILERS["default"]["BACKEND"].rsplit(".", 2)[-2]
    if backend != "smtp":
        hint = "Set EMAIL_URL: codes for sign-up go by mail."
        state = OK if settings.DEBUG else ERROR
        return CheckResult("mail", state, "written to files (see /outbox/)" if settings.DEBUG else "is not sent", hint)
    sender: Any = mailers["default"]
    try:
        sender.open()
        sender.close()
    except OSError as error:
        reason = type(error).__name__
        return CheckResult(
            "mail", ERROR, f"the server does not let us in: {reason}", "Check EMAIL_URL: host, port, password."
        )
    return CheckResult("mail", OK, "the server lets us in")


def seconds_ago(then: datetime, now: datetime) -> str:
    return f"{max(0, (now - then).total_seconds()):.0f} s ago"
