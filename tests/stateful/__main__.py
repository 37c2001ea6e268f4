"""Run the state machine at length: ``python -m tests.stateful [--examples 300] [--seed 7] [--postgresql]``.

The seed is random by default, and always printed. The database is SQLite by default. The exit code is not 0 if
something was lost, if a rule failed, or if ``--postgresql`` is given and no PostgreSQL server is available.
"""

import argparse
import os
import secrets
import sys
import time
from contextlib import nullcontext

import pytest

from tests.postgres import server


class Examples:
    """A pytest plugin that runs Hypothesis's long profile with a given number of examples and no timeout."""

    def __init__(self, number: int) -> None:
        self.number = number

    def pytest_sessionstart(self) -> None:
        # pytest does not start if Hypothesis is already imported.
        from hypothesis import settings

        settings.register_profile("manual", settings.get_profile("long"), max_examples=self.number)
        settings.load_profile("manual")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            # The first timeout marker takes effect, so insert this one before the test's own.
            item.add_marker(pytest.mark.timeout(0), append=False)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.stateful", description=__doc__)
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--seed", type=int, default=None, help="random by default; always printed")
    parser.add_argument("--postgresql", action="store_true", help="use the PostgreSQL server that the tests use")
    return parser.parse_args()


def main() -> int:
    chosen = options()
    seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
    arguments = ["-q", "-m", "slow", "-p", "no:cacheprovider", "--show-capture=no"]
    with server(durable=False) if chosen.postgresql else nullcontext("") as url:
        if url is None:
            sys.exit("No PostgreSQL server found. Start one on port 5432, or set TEST_DATABASE_URL.")
        # tests.environment, which pytest imports, reads this.
        os.environ["TEST_DATABASE_URL"] = url
        began = time.monotonic()
        name = f"{chosen.examples} examples on {'PostgreSQL' if url else 'SQLite'}, seed {seed}"
        say(name)
        failed = pytest.main([*arguments, f"--hypothesis-seed={seed}", "tests/stateful"], [Examples(chosen.examples)])
    say(f"{name}: {'FAILED' if failed else 'nothing was lost'}")
    say(f"{time.monotonic() - began:.0f} s")
    return int(failed)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
