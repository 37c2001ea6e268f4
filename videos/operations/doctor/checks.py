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

from videos.models import Pulse, Video
from videos.operations.doctor.providers import openai, runway, studio
from videos.operations.doctor.result import FINE, LOOK, WRONG, Finding
from videos.storage.base import StorageAway
from videos.worker.clock import MOST_OFF, off_the_database

# A clock that is off by more than this makes leases and promises unfair, in seconds.
CLOCK = 5


def findings() -> Iterator[Finding]:
    """Every part in turn. Without a database whatever lives in it is not asked."""
    first = database()
    yield first
    if first.state != WRONG:
        second = asked(migrations)
        yield second
        # Tables that are not there yet cannot be asked.
        for part in (clock, worker, line) if second.state == FINE else (clock,):
            yield asked(part)
    for part in (site, storage, shared_cache, mail, studio, runway, openai):
        yield asked(part)


def asked(part: Callable[[], Finding]) -> Finding:
    """The part's own finding; one that cannot even be asked is wrong, too."""
    try:
        return part()
    except Exception as error:
        return Finding(
            part.__name__, WRONG, f"could not be asked: {type(error).__name__}", "See the log of the worker."
        )


def database() -> Finding:
    started = time.monotonic()
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        return Finding("database", WRONG, f"does not answer: {reason}", "Check DATABASE_URL, and that the server runs.")
    spent = (time.monotonic() - started) * 1000
    if connection.vendor == "sqlite" and not settings.DEBUG:
        mend = "Set DATABASE_URL to a PostgreSQL: SQLite serves one machine only."
        return Finding("database", LOOK, f"SQLite, answers in {spent:.0f} ms", mend)
    return Finding("database", FINE, f"{connection.display_name}, answers in {spent:.0f} ms")


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return Finding("migrations", WRONG, f"{missing} are not applied", "Run: python manage.py migrate")
    return Finding("migrations", FINE, "all applied")


def clock() -> Finding:
    if connection.vendor != "postgresql":
        return Finding("clock", FINE, "the database shares it")
    off = abs(off_the_database())
    if off > CLOCK:
        mend = f"Let both machines keep time by NTP; beyond {MOST_OFF:.0f} s the workers here wait."
        return Finding("clock", WRONG, f"{off:.0f} s off the database's", mend)
    return Finding("clock", FINE, f"{off:.1f} s off the database's")


def worker() -> Finding:
    now = timezone.now()
    alive = list(Pulse.objects.alive(now).order_by("worker"))
    if not alive:
        mend = "Start one: python manage.py work (Heroku: heroku ps:scale worker=1)"
        return Finding("worker", WRONG, "none was seen in the last five minutes: nothing is made", mend)
    lanes = {pulse.lane for pulse in alive}
    if "all" not in lanes and lanes != {"api", "render"}:
        missing = ({"api", "render"} - lanes).pop()
        mend = f"Start one more: python manage.py work --lane {missing}"
        return Finding("worker", WRONG, f"nobody works in the lane {missing}", mend)
    return Finding("worker", FINE, f"{len(alive)} at work, last seen {ago(max(p.seen_at for p in alive), now)}")


def line() -> Finding:
    now = timezone.now()
    waiting, late = Video.objects.living().count(), Video.objects.overdue(now).count()
    if late:
        mend = "See: python manage.py videos list --state late"
        return Finding("line", WRONG, f"{late} of {waiting} living videos are beyond their promised time", mend)
    return Finding("line", FINE, f"{waiting} on the way, none late")


def site() -> Finding:
    if settings.DEBUG:
        return Finding("site", LOOK, "DEBUG is on: for your own machine only", "Unset DEBUG in production.")
    if not settings.HTTPS:
        return Finding("site", LOOK, f"SITE_URL is {settings.SITE_URL}", "Set SITE_URL to an https:// address.")
    return Finding("site", FINE, settings.SITE_URL)


def storage() -> Finding:
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
        told = str(error) if isinstance(error, StorageAway) else type(error).__name__
        return Finding("storage", WRONG, f"{kind}: {told} on writing or reading", f"Check {where}.")
    if not same:
        return Finding("storage", WRONG, f"{kind}: what was read is not what was written", f"Check {where}.")
    if not getattr(settings, "S3", None) and not settings.DEBUG:
        mend = "Fine for one machine with a lasting disk; elsewhere set S3_BUCKET."
        return Finding("storage", LOOK, f"{kind}: files of this machine, written, read and deleted", mend)
    return Finding("storage", FINE, f"{kind}: written, read and deleted")


def shared_cache() -> Finding:
    mark = uuid.uuid4().hex
    ask: Callable[[], None] | None = getattr(cache, "ask", None)
    try:
        if ask:
            ask()
        cache.set("doctor", mark, 10)
        same = cache.get("doctor") == mark
    except Exception as error:
        mend = "Check REDIS_URL."
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            mend = "Its certificate is not one that this machine trusts. Where it signs its own (Heroku): "
            mend += "REDIS_TLS_VERIFY=0"
        return Finding("cache", WRONG, f"does not answer: {type(error).__name__}", mend)
    if not same:
        return Finding("cache", WRONG, "forgets what it is told", "Check REDIS_URL, and the memory of the server.")
    if not settings.REDIS_URL and not settings.DEBUG:
        mend = "Set REDIS_URL, so that limits hold over all web processes."
        return Finding("cache", LOOK, "in the memory of each process", mend)
    return Finding("cache", FINE, "keeps what it is told")


def mail() -> Finding:
    backend = settings.MAILERS["default"]["BACKEND"].rsplit(".", 2)[-2]
    if backend != "smtp":
        mend = "Set EMAIL_URL: codes for sign-up go by mail."
        state = FINE if settings.DEBUG else WRONG
        return Finding("mail", state, "written to files (see /outbox/)" if settings.DEBUG else "is not sent", mend)
    sender: Any = mailers["default"]
    try:
        sender.open()
        sender.close()
    except OSError as error:
        reason = type(error).__name__
        return Finding(
            "mail", WRONG, f"the server does not let us in: {reason}", "Check EMAIL_URL: host, port, password."
        )
    return Finding("mail", FINE, "the server lets us in")


def ago(then: datetime, now: datetime) -> str:
    return f"{max(0, (now - then).total_seconds()):.0f} s ago"
