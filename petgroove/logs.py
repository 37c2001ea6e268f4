"""Structured logging in logfmt: one line per event, with ``key=value`` pairs after the message."""

import logging
from typing import Any

from petgroove.middleware.request_id import route_of

# The attributes of every record. All others were passed as ``extra`` and are logged.
STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "request",
    "status_code",
    "server_time",
}

# The ways in which Django rejects a request. It logs them as errors with a traceback, but only the client is at fault.
REJECTED_REQUESTS = (
    "BadRequest",
    "DisallowedHost",
    "RequestDataTooBig",
    "SuspiciousFileOperation",
    "SuspiciousMultipartForm",
    "SuspiciousOperation",
    "TooManyFieldsSent",
    "TooManyFilesSent",
)

# Log to the console only; the process manager stores the output.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "petgroove.logs.LogfmtFormatter"},
    },
    "filters": {
        "request": {"()": "petgroove.middleware.request_id.RequestIdFilter"},
        "route": {"()": "petgroove.logs.RouteInsteadOfPathFilter"},
        "rejected": {"()": "petgroove.logs.RejectedRequestFilter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"level": "INFO"},
        "django.request": {"filters": ["route"]},
        "django.security.csrf": {"filters": ["route"]},
        **{f"django.security.{error}": {"filters": ["rejected"]} for error in REJECTED_REQUESTS},
        "PIL": {"level": "WARNING"},
    },
}


class LogfmtFormatter(logging.Formatter):
    """``2026-11-22T10:00:00 INFO videos.worker.runner claimed video=... step=...``.

    Unprintable characters are escaped and tracebacks are indented, so request data can neither forge a log line nor
    send control sequences to a terminal.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = escape_unprintable(record.message)
        pairs = [f"{key}={quote(value)}" for key, value in vars(record).items() if key not in STANDARD_ATTRIBUTES]
        return " ".join([super().formatMessage(record), *pairs])

    def formatException(self, ei: Any) -> str:
        return indent(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return indent(stack_info)


class RouteInsteadOfPathFilter(logging.Filter):
    """Replace the path in Django's request errors with the route, or "-" without one: a path may be a private link.

    Attach it to loggers, not to handlers, so that other handlers such as Sentry's do not get the path either.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)
        if path := getattr(request, "path", ""):
            # Django logs the path with unicode_escape applied.
            paths = {path, path.encode("unicode_escape").decode("ascii")}
            args = record.args if isinstance(record.args, tuple) else ()
            record.args = tuple(route_of(request) if arg in paths else arg for arg in args)
        return True


class RejectedRequestFilter(logging.Filter):
    """Log a request that Django rejects as a warning without a traceback. Attach it to loggers, for Sentry too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        return True


def escape_unprintable(text: str) -> str:
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def indent(text: str) -> str:
    return "\n".join(f"    {escape_unprintable(line)}" for line in text.split("\n"))


def quote(value: object) -> str:
    text = escape_unprintable(str(value).replace("\\", "\\\\")).replace('"', '\\"')
    return f'"{text}"' if " " in text or not text else text
