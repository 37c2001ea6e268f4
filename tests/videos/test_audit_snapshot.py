"""``audit_credits`` on a running site: it reads one snapshot, writes nothing and needs a constant number of queries."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from credits import ledger
from credits.audit import snapshot
from credits.models import Account, Entry
from tests.storage.hooked_storage import hook
from tests.videos.conftest import QuickStudio
from tests.videos.test_audit import audit, create_books, set_age
from videos.models import Photo, Video
from videos.worker.runner import work_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
READ_STATEMENTS = {"SELECT", "DECLARE", "QUERY", "BEGIN", "SET", "COMMIT", "ROLLBACK", "CLOSE"}


@pytest.fixture
def books(prepared: Photo, studio: QuickStudio) -> dict[str, Video]:
    return create_books(prepared)


def audit_statements() -> list[str]:
    """Return every SQL statement of one complete audit, with files, that finds no violation."""
    with CaptureQueriesContext(connection) as context:
        call_command("audit_credits", "--json", "--files")
    return [query["sql"] for query in context.captured_queries]


def in_another_connection(act: Callable[[], object]) -> None:
    """Call ``act`` in another connection, which has committed when this returns."""

    def run() -> None:
        act()
        connections.close_all()

    other = threading.Thread(target=run)
    other.start()
    other.join()


@contextmanager
def just_before_reading(table: str, act: Callable[[], object]) -> Iterator[list[str]]:
    """Call ``act`` in another connection before the first query of the table. The list then holds that query."""
    seen: list[str] = []

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not seen and f'FROM "{table}"' in sql:
            seen.append(sql)
            in_another_connection(act)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield seen


def test_the_audit_writes_nothing(books: dict[str, Video], capsys) -> None:
    statements = audit_statements()
    assert json.loads(capsys.readouterr().out)["violations"] == []
    assert {sql.split()[0] for sql in statements} <= READ_STATEMENTS
    assert len(statements) <= 36


def test_writes_inside_the_snapshot_are_rolled_back(owner: User) -> None:
    balance = ledger.balance_of(owner)
    try:
        with snapshot():
            Account.objects.update(balance=99)
    except DatabaseError:
        assert connection.vendor == "postgresql"
    else:
        assert connection.vendor == "sqlite"
    assert ledger.balance_of(owner) == balance


def test_query_count_is_constant(books: dict[str, Video], request_video: Callable[..., Video], owner: User) -> None:
    statements = audit_statements()
    ledger.grant(owner, 6, reason="For the tests", by=None)
    for number in range(6):
        request_video()
        if number % 2:
            work_once(queue="render")
    assert len(audit_statements()) == len(statements)


def test_snapshot_is_consistent_and_blocks_no_writer(owner: User) -> None:
    with snapshot():
        assert Entry.objects.count() == 1
        in_another_connection(lambda: ledger.grant(owner, 1, reason="In the middle of the audit", by=None))
        assert Entry.objects.count() == 1
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("table", ["credits_account", "videos_video"])
def test_video_requested_during_the_audit_is_no_violation(
    request_video: Callable[..., Video], table: str, capsys
) -> None:
    """The audit reads entries first, then videos. Without a snapshot, the new video would look uncharged."""
    request_video()
    with just_before_reading(table, request_video) as seen:
        call_command("audit_credits", "--json")
    assert len(seen) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["violations"], report["seen"]["videos"], Video.objects.count()) == ([], 1, 2)


def test_video_deleted_during_the_audit_is_no_violation(books: dict[str, Video], capsys, settings: Any) -> None:
    set_age(books["ready"].file.name, 25)
    hook(settings, listed=lambda: books["ready"].delete_by_owner(timezone.now()))
    assert audit(capsys) == []
    assert books["ready"].deleted_at is None
    books["ready"].refresh_from_db()
    assert books["ready"].deleted_at is not None


def test_storage_outage_is_reported_beside_the_rows(books: dict[str, Video], capsys, settings: Any) -> None:
    def fail() -> None:
        raise OSError("the disk is gone")

    hook(settings, listed=fail)
    with pytest.raises(CommandError, match="The storage is unavailable"):
        call_command("audit_credits", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["violations"], "the disk is gone" in report["away"]) == ([], True)
