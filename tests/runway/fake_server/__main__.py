"""Start the stand-in; prints its base address as the first line."""

import argparse
import sys
import threading
from pathlib import Path

from tests.runway.fake_server.clips import ClipMaker
from tests.runway.fake_server.journal import Journal
from tests.runway.fake_server.server import Server
from tests.runway.fake_server.state import Settings, State


def main() -> None:
    options = _options()
    settings = Settings(
        pending=options.pending,
        running=options.running,
        concurrency=options.concurrency or None,
        daily=options.daily or None,
        credits=options.credits,
    )
    studio = ClipMaker(plain=options.clips == "plain")
    state = State(settings, studio, Journal(options.journal), still=options.still)
    if options.mixture is not None:
        state.faults.mix(options.mixture, options.rate, sys.maxsize)
    server = Server(options.port, state)
    if options.until_stdin_closes:
        threading.Thread(target=_stop_at_the_end_of_stdin, args=[server], daemon=True).start()
    sys.stdout.write(f"{server.base}\n")
    sys.stdout.write(f"RUNWAY_BASE_URL={server.base} RUNWAY_API_KEY=key_{'0' * 128}\n")
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        sys.stdout.write("Stopped.\n")
    studio.close()


def _options() -> argparse.Namespace:
    default = Settings()
    parser = argparse.ArgumentParser(prog="python -m tests.runway.fake_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--pending", type=float, default=default.pending, help="seconds before a task runs")
    parser.add_argument("--running", type=float, default=default.running, help="seconds that a task runs")
    parser.add_argument("--concurrency", type=int, default=default.concurrency, help="tasks at a time; 0: no limit")
    parser.add_argument("--daily", type=int, default=default.daily, help="tasks a day; 0: no limit")
    parser.add_argument("--credits", type=int, default=default.credits)
    parser.add_argument("--clips", choices=("photo", "plain"), default="photo", help="plain: one drawn card for all")
    parser.add_argument("--journal", type=Path, help="a file for the journal, one JSON object a line")
    parser.add_argument("--mixture", type=int, metavar="SEED", help="let calls go wrong, from this seed")
    parser.add_argument("--rate", type=float, default=0.2, help="how often, with --mixture")
    parser.add_argument("--still", action="store_true", help="time passes only when it is moved on")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the process that started it")
    return parser.parse_args()


def _stop_at_the_end_of_stdin(server: Server) -> None:
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
