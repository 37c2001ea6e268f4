"""Structured logs: one line an event, ``key=value`` pairs behind the message (logfmt)."""

import logging

# What every record carries by itself; the rest was passed as ``extra`` and is told.
OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "status_code", "server_time"}


class Line(logging.Formatter):
    """``2026-11-22T10:00:00 INFO videos.steps claimed video=... step=...``; line breaks in values are escaped."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        pairs = [f"{key}={quoted(value)}" for key, value in vars(record).items() if key not in OWN]
        return " ".join([super().formatMessage(record), *pairs])


def quoted(value: object) -> str:
    words = str(value).replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n").replace('"', '\\"')
    return f'"{words}"' if " " in words or not words else words
