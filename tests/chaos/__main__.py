"""Chaos: owners ask for dances while web and workers are killed and the provider misbehaves; then a verifier counts.

``python -m tests.chaos --kills 100 --videos 300 --faults 500 --seed 7 [--database URL]``. SQLite unless told. Ends with
a table, and with an exit code that is not 0 when a credit or a video was lost, or too little was done to them.
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
from tests.chaos.owners import STRIKES


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--videos", type=int, default=300)
    parser.add_argument("--faults", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None, help="by chance, and printed, unless told")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", default="", help="a PostgreSQL server; a database of our own is made there")
    parser.add_argument("--postgresql", action="store_true", help="on whatever PostgreSQL the tests would use")
    parser.add_argument("--min-hits", type=int, default=3, help="how often each named point must have killed somebody")
    parser.add_argument("--minutes", type=float, default=20, help="how long everything may take to settle")
    return parser.parse_args(arguments)


@contextmanager
def database(server: str | None, folder: Path) -> Iterator[str]:
    """The address of a new, empty database."""
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
    """Play as the command line says. ``server`` finds the PostgreSQL for ``--postgresql``."""
    chosen = options(arguments)
    seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
    import tests.environment  # noqa: F401

    with tempfile.TemporaryDirectory(prefix="petgroove-chaos-") as name:
        folder = Path(name)
        with server() if chosen.postgresql else nullcontext(chosen.database) as where:
            if chosen.postgresql and not where:
                sys.exit("There is no PostgreSQL here. Start one on port 5432, or name one in TEST_DATABASE_URL.")
            return run_scenario(chosen, seed, folder, where)


def run_scenario(chosen: argparse.Namespace, seed: int, folder: Path, where: str | None) -> int:
    """The exit code of one scenario on the server at ``where``, or on SQLite."""
    with database(where, folder) as url:
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "petgroove.settings",
                "DATABASE_URL": url,
                "VAR_DIR": str(folder / "var"),
                "CHAOS_FOLDER": str(folder),
                "LEASE_SECONDS": "3",
                "RUNWAY_TIMEOUT_SECONDS": "2",
                "MODERATION_STRIKES": str(STRIKES),
            }
        )
        from tests.chaos.scenario import Scenario

        began = time.monotonic()
        sys.stdout.write(f"{'PostgreSQL' if where else 'SQLite'}, seed {seed}\n")
        sys.stdout.flush()
        scenario = Scenario(folder, random.Random(seed), seed, chosen)
        found = scenario.run()
        sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
        return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
