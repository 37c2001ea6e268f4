"""Kill web and worker processes under load while the provider misbehaves, then verify that nothing was lost.

``python -m tests.chaos --kills 100 --videos 300 --faults 500 --seed 7 [--database URL]``. Runs on SQLite by default,
and prints a table at the end. The exit code is not 0 if a credit or a video was lost, or if a target was not reached.
"""

import argparse
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import postgres
from tests.chaos.owners import MODERATION_STRIKES


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--videos", type=int, default=300)
    parser.add_argument("--faults", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None, help="random by default; always printed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--database", default="", help="URL of a PostgreSQL server; a temporary database is created there"
    )
    parser.add_argument("--postgresql", action="store_true", help="use the PostgreSQL server that the tests use")
    parser.add_argument("--min-hits", type=int, default=3, help="minimum number of kills at each failpoint")
    parser.add_argument(
        "--minutes", type=float, default=20, help="time limit for the load, and again for finishing all work"
    )
    return parser.parse_args(arguments)


@contextmanager
def database(server: str | None, folder: Path) -> Iterator[str]:
    """Create an empty database, yield its URL, and drop it afterwards."""
    if not server:
        yield f"sqlite:///{folder / 'chaos.sqlite3'}"
        return
    name = f"petgroove_chaos_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def main(
    arguments: Sequence[str] | None = None, server: Callable[[], AbstractContextManager[str | None]] = postgres.server
) -> int:
    """Run the scenario of the command line. ``server`` finds the PostgreSQL server for ``--postgresql``."""
    chosen = options(arguments)
    seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
    import tests.environment  # noqa: F401

    with tempfile.TemporaryDirectory(prefix="petgroove-chaos-") as name:
        folder = Path(name)
        with server() if chosen.postgresql else nullcontext(chosen.database) as server_url:
            if chosen.postgresql and not server_url:
                sys.exit("No PostgreSQL server found. Start one on port 5432, or set TEST_DATABASE_URL.")
            return run_scenario(chosen, seed, folder, server_url)


def run_scenario(chosen: argparse.Namespace, seed: int, folder: Path, server: str | None) -> int:
    """Run one scenario on the PostgreSQL server at ``server``, or on SQLite, and return the exit code."""
    with database(server, folder) as url:
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "petgroove.settings",
                "DATABASE_URL": url,
                "VAR_DIR": str(folder / "var"),
                "CHAOS_FOLDER": str(folder),
                "LEASE_SECONDS": "3",
                "RUNWAY_TIMEOUT_SECONDS": "2",
                "MODERATION_STRIKES": str(MODERATION_STRIKES),
            }
        )
        from tests.chaos.scenario import Scenario

        began = time.monotonic()
        sys.stdout.write(f"{'PostgreSQL' if server else 'SQLite'}, seed {seed}\n")
        sys.stdout.flush()
        scenario = Scenario(folder, random.Random(seed), seed, chosen)
        problems = scenario.run()
        sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
        return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
