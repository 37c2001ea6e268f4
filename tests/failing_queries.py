"""Simulated database errors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def failing_queries(error: Exception, table: str = "") -> Iterator[None]:
    """Raise ``error`` for each statement that names ``table``, or for all statements."""

    def fail(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if not table or f'"{table}"' in sql:
            raise error
        return execute(sql, *arguments)

    with connection.execute_wrapper(fail):
        yield
