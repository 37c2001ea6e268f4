"""The worker: makes what is due, one step after the other, until it is told to stop."""

import logging
import math
import signal
import socket
import threading
import time
from contextlib import suppress
from itertools import count
from multiprocessing import current_process
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from videos.models import Pulse
from videos.models.heartbeat import BEAT
from videos.worker.clock import Clock
from videos.worker.runner import LANES, work_once

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Make the videos that are due. Start as many as you like; stop them with SIGTERM, or kill them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--lane",
            choices=LANES,
            default="all",
            help="api: only what a remote studio is asked and what is fetched from it; render: only what is made here.",
        )
        parser.add_argument("--once", action="store_true", help="Stop as soon as nothing is due.")
        parser.add_argument("--pause", type=float, default=1.0, help="Seconds between two looks at an empty line.")

    def handle(self, *, lane: str, once: bool, pause: float, **options: Any) -> None:
        stop = threading.Event()

        def on_signal(number: int, frame: FrameType | None) -> None:
            stop.set()

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, on_signal)
        log.info("the worker is here", extra={"lane": lane})
        pulse, clock = Heartbeat(lane), Clock()
        for number in count():
            if stop.is_set():
                break
            pulse.beat()
            if not turn(stop, lane, number, clock) and not stop.is_set():
                if once:
                    break
                stop.wait(pause)
        pulse.stop()
        log.info("the worker has stopped")


class Heartbeat:
    """Tells the database now and then that this worker is here, and at the end that it left."""

    def __init__(self, lane: str) -> None:
        self.lane, self.worker, self.last = lane, f"{socket.gethostname()}:{current_process().pid}"[:100], -math.inf

    def beat(self) -> None:
        if time.monotonic() - self.last >= BEAT.total_seconds():
            self.last = time.monotonic()
            with suppress(DatabaseError, InterfaceError):
                Pulse.objects.beat(self.worker, self.lane, timezone.now())

    def stop(self) -> None:
        with suppress(DatabaseError, InterfaceError):
            Pulse.objects.filter(worker=self.worker).delete()


def turn(stop: threading.Event, lane: str, number: int, clock: Clock | None = None) -> bool:
    """One step of whatever is due; False when there was nothing to do, no time to trust or no database to ask."""
    close_old_connections()
    try:
        if clock and not clock.is_trustworthy():
            return False
        return work_once(stop.is_set, lane, number)
    except (DatabaseError, InterfaceError):
        # The server went away or the file is busy. What was claimed falls due again by itself.
        log.exception("the database did not answer; trying again")
        connection.close()
        time.sleep(1)
        return False
