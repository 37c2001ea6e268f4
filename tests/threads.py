"""Run a function in many threads at the same time."""

import threading
from collections.abc import Callable

from django.db import connection, connections
from hypothesis import settings

THREADS = 20
# How often a race is repeated: less often in `make test` than in `make test-all`.
ROUNDS = 20 if settings.default.max_examples > 10 else 6
# The maximum number of repetitions until a race without its guard goes wrong. A busy machine needs more of them.
CONTROL_ROUNDS = 100


def all_at_once(act: Callable[[int], object]) -> list[object]:
    """Run ``act`` in every thread at the same time; return the result or exception of each.

    A thread without a database connection aborts the barrier, so that the others do not wait for it.
    """
    barrier, results = threading.Barrier(THREADS), [None] * THREADS

    def run(number: int) -> None:
        try:
            try:
                connection.ensure_connection()
            except Exception:
                barrier.abort()
                raise
            barrier.wait()
            results[number] = act(number)
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
