"""Find a PostgreSQL server for the tests, or start a temporary one."""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

USUAL = "postgresql://postgres@127.0.0.1:5432/postgres"
WITHOUT_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl for the newest installed version, or None if this user cannot run them."""
    if getpass.getuser() == "root" and not (shutil.which("runuser") and has_user("postgres")):
        return None
    folders = [Path(initdb).parent for initdb in [shutil.which("initdb")] if initdb]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    return next((path for path in folders if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


def has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


class Cluster:
    """A temporary PostgreSQL server on a free port. PostgreSQL refuses to run as root, so root runs it as postgres."""

    def __init__(self, bin_dir: Path, folder: Path, settings: Sequence[str] = ()) -> None:
        self.settings = ["listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *settings]
        self.bin_dir, self.folder, self.data, self.log = bin_dir, folder, folder / "data", folder / "log"
        self.as_user = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
        if self.as_user:
            shutil.chown(folder, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self.run("initdb", "-U", "postgres", "--auth=trust", "--no-sync")
        self.control("start")

    def crash(self) -> None:
        """Simulate a power failure: close no connection, flush nothing. Return when the server answers again."""
        self.control("-m", "immediate", "restart")

    def control(self, *command: str) -> None:
        options = " ".join([f"-p {self.port}", *(f"-c {setting}" for setting in self.settings)])
        self.run("pg_ctl", "-o", options, "-l", str(self.log), "-w", *command)

    def stop(self) -> None:
        self.run("pg_ctl", "-m", "immediate", "stop", check=False)

    def run(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [*self.as_user, str(self.bin_dir / program), "-D", str(self.data), *arguments]
        subprocess.run(command, check=check, stdout=subprocess.DEVNULL, cwd=self.folder)


@contextmanager
def throw_away(bin_dir: Path, *settings: str) -> Iterator[Cluster]:
    """Yield a temporary cluster with the given settings (``name=value``), and delete it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="petgroove-postgres-"))
    cluster = Cluster(bin_dir, folder, settings)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server(*, durable: bool = True) -> Iterator[str | None]:
    """Yield the URL of a PostgreSQL server, or None if there is none.

    It is the server in TEST_DATABASE_URL, the one on the default port, or a temporary one. If not ``durable``, a
    temporary server that never waits for the disk precedes the default one: only tests of crashes need durability.
    """
    named = os.environ.get("TEST_DATABASE_URL", "")
    bin_dir = binaries()
    if named:
        yield named
    elif bin_dir and not durable:
        with throw_away(bin_dir, *WITHOUT_DURABILITY) as cluster:
            yield cluster.url
    elif answers(USUAL):
        yield USUAL
    elif bin_dir:
        with throw_away(bin_dir) as cluster:
            yield cluster.url
    else:
        yield None
