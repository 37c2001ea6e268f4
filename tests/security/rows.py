"""Detect changes in the database: compare all rows, or record the statements that write."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

# Any request may write to the visitor's session.
SESSION_MODELS = {"sessions.Session", "usersessions.UserSession"}
READS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


def all_rows() -> dict[str, list[Any]]:
    return {
        model._meta.label: sorted(map(str, model._base_manager.values()))
        for model in apps.get_models()
        if model._meta.label not in SESSION_MODELS
    }


@contextmanager
def recorded_writes() -> Iterator[list[str]]:
    """Record each statement that writes to a table other than those of sessions."""
    session_tables = {apps.get_model(label)._meta.db_table for label in SESSION_MODELS}
    writes: list[str] = []

    def record(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        target = re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
        if not sql.startswith(READS) and not (target and target[1] in session_tables):
            writes.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(record):
        yield writes
