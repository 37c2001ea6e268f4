"""Plant faults, and check that the quick suite finds each: ``python -m tests.mutation [NAME ...]``.

Each fault is a patch in ``tests/mutation/mutants``. Prints which test found it. The exit code is 1 if a mutant
survives, if a patch no longer applies, or if its tests ended without a failure.
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
from tests.mutation.copies import Copy, Verdict
from tests.mutation.mutants import BadHeader, Mutant, UnknownMutant, named

NO_POSTGRESQL = "Left out: {names}. Install PostgreSQL (Debian: apt-get install postgresql)."


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("name", nargs="*", help="mutants to test; all of them without a name")
    try:
        mutants = named(parser.parse_args(arguments).name)
    except (BadHeader, UnknownMutant) as error:
        say(str(error))
        return 1
    began = time.monotonic()
    on_postgresql = [mutant for mutant in mutants if mutant.on_postgresql]
    with postgres.server(durable=False) if on_postgresql else nullcontext(None) as url:
        left_out = [] if url else on_postgresql
        verdicts = []
        for verdict in run_mutants([mutant for mutant in mutants if mutant not in left_out], url or ""):
            say(format_verdict(verdict))
            verdicts.append(verdict)
    if left_out:
        say(NO_POSTGRESQL.format(names=", ".join(mutant.name for mutant in left_out)))
    wrong = [verdict for verdict in verdicts if not verdict.is_right]
    say("\n".join(f"WRONG {verdict.mutant.name}: {verdict.mutant.sentence} {verdict.words}" for verdict in wrong))
    say(f"{len(verdicts) - len(wrong)} of {len(verdicts)} as they should be, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


def run_mutants(mutants: list[Mutant], url: str) -> Iterator[Verdict]:
    """Test the mutants, as many at a time as there are cores, and yield each verdict as it comes."""
    slots = min(4, len(mutants), os.process_cpu_count() or 1)
    with tempfile.TemporaryDirectory(prefix="petgroove-mutants-") as folder:
        free: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for number in range(slots):
            free.put(Copy(Path(folder, str(number)), named_database(url, f"mutants_{number}")))

        def verdict_of(mutant: Mutant) -> Verdict:
            copy = free.get()
            try:
                return copy.test(mutant)
            finally:
                free.put(copy)

        with ThreadPoolExecutor(slots) as pool:
            try:
                yield from pool.map(verdict_of, mutants)
            finally:
                # Interrupted: do not begin with the others.
                pool.shutdown(wait=False, cancel_futures=True)


def named_database(url: str, name: str) -> str:
    """The address of another database on the server, so that two copies never meet; empty without a server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}")) if url else ""


def format_verdict(verdict: Verdict) -> str:
    return f"{verdict.mutant.name:44} {verdict.seconds:4.0f} s  {verdict.words}"


def say(text: str) -> None:
    if text:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
