"""Structured logs: one line an event, ``key=value`` pairs behind the message (logfmt)."""

import logging
from typing import Any

from petgroove.middleware.request_id import route_of

# What every record carries by itself; the rest was passed as ``extra`` and is told.
OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "status_code", "server_time"}

# Everything to the console, for whatever runs the process to keep.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "petgroove.logs.Line"},
    },
    "filters": {
        "request": {"()": "petgroove.middleware.request_id.InRequest"},
        "route": {"()": "petgroove.logs.RouteNotPath"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"level": "INFO"},
        "django.request": {"filters": ["route"]},
        "django.security.csrf": {"filters": ["route"]},
        "PIL": {"level": "WARNING"},
    },
}


class Line(logging.Formatter):
    """``2026-11-22T10:00:00 INFO videos.worker.runner claimed video=... step=...``.

    Whatever is not printable is escaped, and the lines of a traceback are indented: nothing that we were sent can look
    like a line of ours, or command a terminal.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = plain(record.message)
        pairs = [f"{key}={quoted(value)}" for key, value in vars(record).items() if key not in OWN]
        return " ".join([super().formatMessage(record), *pairs])

    def formatException(self, ei: Any) -> str:
        return indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return indented(stack_info)


class RouteNotPath(logging.Filter):
    """Tells the route of a request that Django refused, and nothing where it has none: a path may be a private link.

    For loggers, not for handlers, so that whatever else listens (Sentry) is told no more.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)
        if path := getattr(request, "path", ""):
            # Django escapes what it passes along.
            paths = {path, path.encode("unicode_escape").decode("ascii")}
            given = record.args if isinstance(record.args, tuple) else ()
            record.args = tuple(route_of(request) if each in paths else each for each in given)
        return True


def plain(words: str) -> str:
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in words)


def indented(text: str) -> str:
    return "\n".join(f"    {plain(line)}" for line in text.split("\n"))


def quoted(value: object) -> str:
    words = plain(str(value).replace("\\", "\\\\")).replace('"', '\\"')
    return f'"{words}"' if " " in words or not words else words
