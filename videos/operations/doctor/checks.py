"""The checks of the ``doctor`` command. Each one uses a dependency and returns a one-line result with a hint.

Only commands may import this module: the checks of providers and OpenAI load libraries that the web process avoids.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import InvalidMailer, mailers
from django.db import connection

from videos import clock as database_clock
from videos.emails.staff import staff_recipients
from videos.models import Video
from videos.operations.doctor.dependencies import cache, database, migrations, static, storage_result, worker
from videos.operations.doctor.prompts import openai
from videos.operations.doctor.providers import remote_checks, studio
from videos.operations.doctor.result import ERROR, OK, WARNING, Check, CheckResult, run_check
from videos.operations.doctor.signing import signing
from videos.providers.registry import configured_remotes
from videos.storage.base import StorageUnavailable

# Pages show wrong times if this machine's clock differs from the database's by more seconds.
CLOCK_TOLERANCE = 5


def run_checks() -> Iterator[CheckResult]:
    """Yield the result of each check. If one is an error, skip those that depend on it."""
    skipped: set[Check] = set()
    for check in (*CHECKS, *remote_checks(), openai):
        if check not in skipped:
            result = run_check(check)
            if result.state == ERROR:
                skipped |= DEPENDENT_CHECKS.get(check, set())
            yield result


def clock() -> CheckResult:
    if connection.vendor != "postgresql":
        return CheckResult("clock", OK, "shared with the database")
    offset = abs(database_clock.offset())
    if offset > CLOCK_TOLERANCE:
        hint = "Synchronise both machines with NTP. Leases and promises use the database's clock; pages show this one."
        return CheckResult("clock", WARNING, f"differs from the database's clock by {offset:.0f} s", hint)
    return CheckResult("clock", OK, f"differs from the database's clock by {offset:.1f} s")


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
    """Write, read and delete a small file. ``/readyz`` writes none."""
    return storage_result(use_storage)


def use_storage() -> str:
    name, content = f"videos/doctor/{uuid.uuid4()}.txt", uuid.uuid4().hex.encode()
    default_storage.save(name, ContentFile(content))
    with default_storage.open(name) as file:
        matches = file.read() == content
    default_storage.delete(name)
    if not matches:
        raise StorageUnavailable("a file read back differs from the one written")
    return "files can be written, read and deleted"


def mail() -> CheckResult:
    """Log in to the mail server, and ask whether it would take an email for our own address. It sends none."""
    backend = settings.MAILERS["default"]["BACKEND"].rsplit(".", 2)[-2]
    if backend != "smtp":
        return mail_in_files()
    sender: Any = mailers["default"]
    us = sender.prep_address(settings.DEFAULT_FROM_EMAIL)
    try:
        sender.open()
        try:
            replies = sender.connection.mail(us), sender.connection.rcpt(sender.prep_address(settings.SUPPORT_EMAIL))
        finally:
            sender.close()
    except (OSError, UnicodeError) as error:
        reason, hint = type(error).__name__, "Check EMAIL_URL: host, port, password."
        return CheckResult("mail", ERROR, f"cannot log in to the server: {reason}", hint)
    if refusals := [code for code, _ in replies if code >= 300]:
        hint = "Check DEFAULT_FROM_EMAIL and SUPPORT_EMAIL, and from where the server takes emails."
        return CheckResult("mail", ERROR, f"the server refuses emails: {refusals[0]}", hint)
    return CheckResult("mail", OK, "login to the server succeeded")


def mail_in_files() -> CheckResult:
    hint = "Set EMAIL_URL. Sign-up codes are sent by email."
    try:
        mailers["default"]
    except InvalidMailer:
        return CheckResult("mail", ERROR, f"cannot write to {settings.OUTBOX_DIR}", hint)
    state = OK if settings.DEBUG else ERROR
    return CheckResult("mail", state, "written to files (see /outbox/)" if settings.DEBUG else "not sent", hint)


def staff() -> CheckResult:
    """Check that somebody is notified when a remote provider is unavailable."""
    recipients = staff_recipients()
    if not recipients and configured_remotes():
        message = "nobody is notified of an outage: there is no active staff with an email address"
        return CheckResult("staff", WARNING, message, "Set STAFF_EMAIL, or run: python manage.py createsuperuser")
    return CheckResult("staff", OK, f"{len(recipients)} notified of outages")


# Those of the remote providers and OpenAI follow.
CHECKS = (
    database,
    migrations,
    clock,
    worker,
    queue,
    site,
    storage,
    cache,
    static,
    mail,
    staff,
    studio,
    signing,
)
# What to skip if a check fails. The checks of the worker and the queue need all tables.
DEPENDENT_CHECKS: dict[Check, set[Check]] = {
    database: {migrations, clock, worker, queue, staff},
    migrations: {worker, queue, staff},
}
