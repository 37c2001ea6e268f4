"""Run the web server and a worker as child processes, with a demo owner and a staff user."""

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

# Seconds that the children get to stop, and seconds between two checks of them.
GRACE = 10.0
PAUSE = 0.5
# The default in the settings.
DEFAULT_SITE_URL = "http://localhost:8000"

WELCOME = """
  PetGroove is running at  http://localhost:{port}/

  Log in as an owner       {owner}
  or as staff              {staff}   (http://localhost:{port}/admin/)
  with the code from       http://localhost:{port}/outbox/
  or with the password     {password}

  Stop with Ctrl-C.
"""


class Command(BaseCommand):
    help = "Start the web server and a worker for development, with demo accounts. Needs DEBUG=1."

    def add_arguments(self, parser: CommandParser) -> None:
        help_text = "If this port is in use, the next free one is used. The default is PORT, or 8000."
        parser.add_argument("--port", type=int, default=settings.PORT or 8000, help=help_text)

    def handle(self, *, port: int, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "This command is for development. Set DEBUG=1. In production, start the Procfile's processes."
            )
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
        self.stdout.write("Stopped. Unfinished videos continue at the next start.")
        if code:
            raise CommandError("The web server exited unexpectedly. See its output above.")


class ProcessTree:
    """The two child processes. A worker that exits is restarted; on SIGTERM or SIGINT, both are stopped."""

    def __init__(self, port: int) -> None:
        self.port = port
        # Links in e-mails contain the actual port, unless SITE_URL is set.
        self.site_url = f"http://localhost:{port}" if settings.SITE_URL == DEFAULT_SITE_URL else settings.SITE_URL
        self.stopping = False
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start_web(self) -> None:
        address = f"127.0.0.1:{self.port}"
        options = ["--log-level", "warning"]
        self.web = self.start("-m", "gunicorn", "petgroove.wsgi", "--bind", address, *options)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a child in its own session, so that Ctrl-C in the terminal reaches only this process."""
        command = ["env", f"SITE_URL={self.site_url}", sys.executable, *arguments]
        return subprocess.Popen(command, cwd=Path(settings.BASE_DIR), start_new_session=True)

    def wait_for_web(self) -> None:
        """Wait until the web server accepts connections, exits, or a signal arrives. The printed URL must work."""
        assert self.web
        while not self.stopping and self.web.poll() is None and not is_listening(self.port):
            time.sleep(PAUSE / 5)

    def start_worker(self) -> None:
        self.worker = self.start("manage.py", "worker")

    def watch(self) -> int:
        """Wait for a signal or the exit of the web server. Return 0, or the web server's exit code."""
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


def free_port(preferred: int) -> int:
    """Return the preferred port if it is free, else the next free one."""
    for port in range(preferred, preferred + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CommandError(f"Ports {preferred} to {preferred + 49} are in use. Try: manage.py run_dev --port 9000")
