"""The whole app on one machine: web server and worker as one process tree, with a demo owner and a member of staff."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from videos.operations import demo

GRACE = 10.0
PAUSE = 0.5
# What the settings fall back to.
DEFAULT_SITE_URL = "http://localhost:8000"

WELCOME = """
  PetGroove is dancing at  http://localhost:{port}/

  Log in as an owner       {owner}   password: {password}
  or as staff              {staff}  password: {password}   (http://localhost:{port}/admin/)
  Mail that was sent       http://localhost:{port}/outbox/

  Stop with Ctrl-C.
"""


class Command(BaseCommand):
    help = "Start web server and worker for development, with a demo owner. Set DEBUG=1 (make run does)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="The next free port is taken when it is in use.")

    def handle(self, *, port: int, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("This is for development: set DEBUG=1. In production, start the parts of the Procfile.")
        call_command("migrate", verbosity=0)
        demo.seed()
        port = free_port(port)
        tree = ProcessTree(port)
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, tree.on_signal)
        tree.start_web()
        tree.start_worker()
        tree.wait_for_web()
        people = {"owner": demo.OWNER, "staff": demo.STAFF, "password": demo.PASSWORD}
        self.stdout.write(WELCOME.format(port=port, **people))
        self.stdout.flush()
        code = tree.watch()
        self.stdout.write("Stopped. Every video goes on where it was at the next start.")
        if code:
            raise CommandError("The web server ended by itself; its last words are above.")


class ProcessTree:
    """The two children: the worker is started again whenever it ends, and both get the signals that we get."""

    def __init__(self, port: int) -> None:
        self.port = port
        # Links in mails lead to where the site is heard, unless somebody named another address.
        self.site_url = f"http://localhost:{port}" if settings.SITE_URL == DEFAULT_SITE_URL else settings.SITE_URL
        self.stopping = False
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start_web(self) -> None:
        where = f"127.0.0.1:{self.port}"
        options = ["--worker-class", "gthread", "--threads", "8", "--log-level", "warning", "--timeout", "60"]
        self.web = self.start("-m", "gunicorn", "petgroove.wsgi", "--bind", where, *options)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A child in a session of its own: Ctrl-C in the terminal reaches us alone, and we pass it on in order."""
        command = ["env", f"SITE_URL={self.site_url}", sys.executable, *arguments]
        return subprocess.Popen(command, cwd=Path(settings.BASE_DIR), start_new_session=True)

    def wait_for_web(self) -> None:
        """Until somebody answers, or has ended, or a signal came: an address that is told must work."""
        assert self.web
        while not self.stopping and self.web.poll() is None and not is_listening(self.port):
            time.sleep(PAUSE / 5)

    def start_worker(self) -> None:
        self.worker = self.start("manage.py", "worker")

    def watch(self) -> int:
        """Until a signal comes or the web server ends; returns nought, or the web server's own exit code."""
        assert self.web
        while not self.stopping and self.web.poll() is None:
            if self.worker and self.worker.poll() is not None:
                self.start_worker()
            time.sleep(PAUSE)
        code = 0 if self.stopping else self.web.returncode
        self.stop()
        return code

    def stop(self) -> None:
        children = [child for child in (self.web, self.worker) if child]
        for child in children:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + GRACE
        for child in children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def free_port(wanted: int) -> int:
    """The port, or the next one that nobody listens on."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CommandError(f"No port is free from {wanted} on. Name another one: manage.py run_dev --port 9000")
