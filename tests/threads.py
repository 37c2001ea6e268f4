"""Many threads at the same moment."""

import threading
from collections.abc import Callable

from django.db import connection, connections

THREADS, ROUNDS = 20, 20


def all_at_once(act: Callable[[int], object]) -> list[object]:
    """Run ``act`` in every thread at the same moment; what each returned or raised.

    A thread that gets no connection sends the others home: nobody waits at the barrier for it.
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
