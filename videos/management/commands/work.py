"""The worker: makes what is due, one step after the other, until it is told to stop."""

import logging
import signal
import threading
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections, connection

from videos.steps import work_once

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Make the videos that are due. Start as many as you like; stop them with SIGTERM, or kill them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Stop as soon as nothing is due.")
        parser.add_argument("--pause", type=float, default=1.0, help="Seconds between two looks at an empty line.")

    def handle(self, *, once: bool, pause: float, **options: Any) -> None:
        stop = threading.Event()

        def on_signal(number: int, frame: FrameType | None) -> None:
            stop.set()

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, on_signal)
        log.info("the worker is here")
        while not stop.is_set():
            if not turn(stop) and not stop.is_set():
                if once:
                    break
                stop.wait(pause)
        log.info("the worker has stopped")


def turn(stop: threading.Event) -> bool:
    """One step of whatever is due; False when there was nothing to do, or no database to ask."""
    close_old_connections()
    try:
        return work_once(stop.is_set)
    except DatabaseError:
        # The server went away or the file is busy. What was claimed falls due again by itself.
        log.exception("the database did not answer; trying again")
        connection.close()
        time.sleep(1)
        return False
