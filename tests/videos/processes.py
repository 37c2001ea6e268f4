"""Real worker processes on the database and the storage of a test that commits."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parent.parent.parent
# Seconds to wait for a process. Nothing is asserted about the time that it takes.
PATIENCE = 300.0
KILLED = str(-signal.SIGKILL)


def child_environment() -> dict[str, str]:
    """The environment of a process on the database and the storage of this test."""
    database = connection.settings_dict["NAME"]
    name = connection.settings_dict
    url = (
        f"sqlite:///{database}"
        if connection.vendor == "sqlite"
        else f"postgresql://{name['USER']}:{name['PASSWORD']}@{name['HOST']}:{name['PORT']}/{database}"
    )
    media = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    return os.environ | {"DATABASE_URL": url, "VAR_DIR": str(media.parent), "LEASE_SECONDS": "3"}


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def run_workers(folder: Path, clip: bytes, poison: str = "", queue: str = "render", **changes: str) -> Iterator[None]:
    """Start one worker after the other, as a supervisor does, with a studio that hands out the clip.

    The next worker dies where ``folder/worker`` says: ``<pass> <point>``, as in ``tests.chaos.failpoints``. The video
    with the id ``poison`` kills every worker that renders it.
    """
    (folder / "clip.mp4").write_bytes(clip)
    command = [sys.executable, "-m", "tests.chaos.worker_restarter", str(folder), poison, queue]
    process = subprocess.Popen(command, cwd=ROOT, env=child_environment() | changes, start_new_session=True)
    try:
        yield
        assert process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def exit_codes(folder: Path) -> list[str]:
    """How each worker that has ended did so: its exit code, below zero for a signal."""
    return (folder / "ends").read_text().split() if (folder / "ends").exists() else []
