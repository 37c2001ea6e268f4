"""The state machine at length: ``python -m tests.machine --examples 300 [--seed 7] [--postgresql]``.

By chance unless a seed is told, which is printed; on SQLite unless told. The exit code is not 0 when something was
lost, or when there is no PostgreSQL to be had.
"""

import argparse
import os
import secrets
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from tests.postgres import server

ROOT = Path(__file__).parents[2]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.machine", description=__doc__)
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--seed", type=int, default=None, help="by chance, and printed, unless told")
    parser.add_argument("--postgresql", action="store_true", help="on whatever PostgreSQL the tests would use")
    return parser.parse_args()


def main() -> int:
    chosen = options()
    seed = secrets.randbelow(10**6) if chosen.seed is None else chosen.seed
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--show-capture=no"]
    command += [f"--hypothesis-seed={seed}", "tests/machine/at_length.py"]
    with server() if chosen.postgresql else nullcontext("") as url:
        if url is None:
            sys.exit("No PostgreSQL is to be had here. Start one on port 5432, or name one in TEST_DATABASE_URL.")
        began, told = (
            time.monotonic(),
            f"{chosen.examples} examples on {'PostgreSQL' if url else 'SQLite'}, seed {seed}",
        )
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()
        environment = os.environ | {"MACHINE_EXAMPLES": str(chosen.examples), "TEST_DATABASE_URL": url}
        failed = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    sys.stdout.write(f"{told}: {'SOMETHING WAS LOST' if failed else 'nothing was lost'}\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
