"""`make run` starts the site and its worker as one process tree, can be repeated, and stops cleanly."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.environment import VAR
from videos.models import Photo
from videos.operations import demo

ROOT = Path(__file__).parent.parent
TIMEOUT = 300.0
# As for a first start, only DEBUG is set; the database and all files go to a folder of the test.
UNSET = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "SITE_URL")


def eventually[T](check: Callable[[], T]) -> T:
    """Call ``check`` until its result is truthy, and return that."""
    deadline = time.monotonic() + TIMEOUT
    while not (result := check()):
        assert time.monotonic() < deadline, "the condition was not met in time"
        time.sleep(0.1)
    return result


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class App:
    """The running `make run` and its output at start."""

    def __init__(self, process: subprocess.Popen[str], output: str) -> None:
        self.process, self.output = process, output
        [self.address] = set(re.findall(r"running at\s+(http://localhost:\d+)/", output))

    def get(self, path: str = "/") -> str:
        with urllib.request.urlopen(self.address + path, timeout=TIMEOUT) as response:
            return response.read().decode()

    def children(self) -> dict[int, str]:
        """Return the process ids and command lines of its child processes."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return {int(line.split()[0]): line for line in listed.stdout.splitlines() if "defunct" not in line}

    def worker(self) -> int | None:
        return next((pid for pid, line in self.children().items() if "manage.py worker" in line), None)


@contextmanager
def running(folder: Path) -> Iterator[App]:
    environment = os.environ | dict.fromkeys(UNSET, "") | {"DEBUG": "1", "VAR_DIR": str(folder)}
    command = [sys.executable, "manage.py", "run_dev", "--port", str(free_port())]
    log = folder / "output.txt"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out, text=True)
    try:
        eventually(lambda: "Stop with Ctrl-C" in log.read_text() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield App(process, log.read_text())
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=TIMEOUT) == 0
        assert "Stopped." in log.read_text()


def site_url_of(pid: int) -> str:
    """Return the SITE_URL of a child process, which its e-mails link to."""
    variables = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return dict(line.split("=", 1) for line in variables if line)["SITE_URL"]


def rows(folder: Path, statement: str) -> list[tuple]:
    with closing(sqlite3.connect(folder / "petgroove.sqlite3")) as database:
        return database.execute(statement).fetchall()


def assert_ready(app: App) -> None:
    assert "PetGroove" in eventually(app.get)
    assert "Outbox" in app.get("/outbox/")
    for text in ("demo@petgroove.example", "staff@petgroove.example", "/admin/"):
        assert text in app.output
    children = app.children()
    assert len(children) == 2
    assert {site_url_of(pid) for pid in children} == {app.address}


def assert_seeded(folder: Path) -> None:
    assert rows(folder, "SELECT email, is_staff FROM accounts_user ORDER BY email") == [
        ("demo@petgroove.example", 0),
        ("staff@petgroove.example", 1),
    ]
    assert rows(folder, "SELECT balance FROM credits_account") == [(28,)]
    assert rows(folder, "SELECT count(*) FROM videos_photo") == [(1,)]


@pytest.fixture
def seeded(db: None, tmp_path: Path) -> Path:
    """A folder in the state after a first run, but with fast password hashes and without a cutout of the photo."""
    demo.seed()
    Photo.objects.update(due_at=None, cutout_info={"mode": "print", "heads": []})
    (tmp_path / "petgroove.sqlite3").write_bytes(connection.connection.serialize())
    shutil.copytree(VAR / "media", tmp_path / "media")
    return tmp_path


@pytest.mark.skipif(connection.vendor != "sqlite", reason="copies the database as a file")
def test_everything_is_ready_and_stops_cleanly(seeded: Path) -> None:
    assert_seeded(seeded)
    with running(seeded) as app:
        assert_ready(app)
        children = app.children()
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    assert_seeded(seeded)


@pytest.mark.slow
def test_first_run_works_and_can_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        with running(tmp_path) as app:
            assert_ready(app)
            children = app.children()
        assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
        assert_seeded(tmp_path)


@pytest.mark.slow
def test_dead_worker_is_restarted(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        first = eventually(app.worker)
        os.kill(first, signal.SIGKILL)
        second = eventually(lambda: (pid := app.worker()) != first and pid)
        assert second != first


def test_run_dev_requires_debug() -> None:
    with pytest.raises(CommandError, match="Set DEBUG=1") as error:
        call_command("run_dev")
    assert error.value.returncode == 1
