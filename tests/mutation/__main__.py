"""Check that the quick suite detects planted faults: ``python -m tests.mutation [NAME ...]``.

Each fault is a patch in ``tests/mutation/mutants``. The output names the test that detects it. The exit code is 1 if a
mutant survives, if a patch does not apply, or if pytest fails without a failed test.
"""

import argparse
import os
import queue
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests import postgres
from tests.mutation.copies import Copy, MutantResult
from tests.mutation.mutants import BadHeader, Mutant, UnknownMutant, load

NO_POSTGRESQL = "Skipped without PostgreSQL: {names}. Install PostgreSQL (Debian: apt-get install postgresql)."


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("name", nargs="*", help="mutants to test (default: all)")
    try:
        mutants = load(parser.parse_args(arguments).name)
    except (BadHeader, UnknownMutant) as error:
        say(str(error))
        return 1
    began = time.monotonic()
    on_postgresql = [mutant for mutant in mutants if mutant.on_postgresql]
    with postgres.server(durable=False) if on_postgresql else nullcontext(None) as url:
        skipped = [] if url else on_postgresql
        results = []
        for result in run_mutants([mutant for mutant in mutants if mutant not in skipped], url or ""):
            say(format_result(result))
            results.append(result)
    if skipped:
        say(NO_POSTGRESQL.format(names=", ".join(mutant.name for mutant in skipped)))
    unexpected = [result for result in results if not result.is_expected]
    say("\n".join(f"FAILED {result.mutant.name}: {result.mutant.sentence} {result.details}" for result in unexpected))
    say(f"{len(results) - len(unexpected)} of {len(results)} as expected, {time.monotonic() - began:.0f} s")
    return 1 if unexpected else 0


def run_mutants(mutants: list[Mutant], url: str) -> Iterator[MutantResult]:
    """Test the mutants in parallel, up to four at a time, and yield each result in order."""
    slots = min(4, len(mutants), os.process_cpu_count() or 1)
    with tempfile.TemporaryDirectory(prefix="petgroove-mutants-") as folder:
        free: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for number in range(slots):
            free.put(Copy(Path(folder, str(number)), named_database(url, f"mutants_{number}")))

        def test_mutant(mutant: Mutant) -> MutantResult:
            copy = free.get()
            try:
                return copy.test(mutant)
            finally:
                free.put(copy)

        with ThreadPoolExecutor(slots) as pool:
            try:
                yield from pool.map(test_mutant, mutants)
            finally:
                # After an interrupt, do not start the remaining mutants.
                pool.shutdown(wait=False, cancel_futures=True)


def named_database(url: str, name: str) -> str:
    """Return the URL of a separate database for each copy, or an empty string without a server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}")) if url else ""


def format_result(result: MutantResult) -> str:
    return f"{result.mutant.name:44} {result.seconds:4.0f} s  {result.details}"


def say(text: str) -> None:
    if text:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
