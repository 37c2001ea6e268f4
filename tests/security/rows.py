"""All rows of all tables, and the statements that write: both tell whether anything has changed."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

# What any visit may touch: the visitor's own session.
VISITS = {"sessions.Session", "usersessions.UserSession"}
READS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


def all_rows() -> dict[str, list[Any]]:
    return {
        model._meta.label: sorted(map(str, model._base_manager.values()))
        for model in apps.get_models()
        if model._meta.label not in VISITS
    }


@contextmanager
def recorded_writes() -> Iterator[list[str]]:
    """Record each statement that is neither a read nor a write to the table of a session."""
    visits = {apps.get_model(label)._meta.db_table for label in VISITS}
    found: list[str] = []

    def record(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        target = re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
        if not sql.startswith(READS) and not (target and target[1] in visits):
            found.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(record):
        yield found
