"""Start the fake server. The first line of its output is its base URL."""

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
    clips = ClipMaker(plain=options.clips == "plain")
    state = State(settings, clips, Journal(options.journal), still=options.still)
    if options.mixture is not None:
        state.faults.mix(options.mixture, options.rate, sys.maxsize)
    server = Server(options.port, state)
    if options.until_stdin_closes:
        threading.Thread(target=_stop_when_stdin_closes, args=[server], daemon=True).start()
    sys.stdout.write(f"{server.base}\n")
    sys.stdout.write(f"RUNWAY_BASE_URL={server.base} RUNWAY_API_KEY=key_{'0' * 128}\n")
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        sys.stdout.write("Stopped.\n")
    clips.close()


def _options() -> argparse.Namespace:
    default = Settings()
    parser = argparse.ArgumentParser(prog="python -m tests.runway.fake_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 selects a free port")
    parser.add_argument("--pending", type=float, default=default.pending, help="seconds before a task runs")
    parser.add_argument("--running", type=float, default=default.running, help="seconds that a task runs")
    parser.add_argument("--concurrency", type=int, default=default.concurrency, help="concurrent tasks; 0: no limit")
    parser.add_argument("--daily", type=int, default=default.daily, help="tasks per day; 0: no limit")
    parser.add_argument("--credits", type=int, default=default.credits)
    parser.add_argument(
        "--clips", choices=("photo", "plain"), default="photo", help="plain: the same drawn card for all tasks"
    )
    parser.add_argument("--journal", type=Path, help="a file for the journal, one JSON object per line")
    parser.add_argument("--mixture", type=int, metavar="SEED", help="inject random faults from this seed")
    parser.add_argument("--rate", type=float, default=0.2, help="fault probability per call, with --mixture")
    parser.add_argument("--still", action="store_true", help="time passes only when it is advanced by a control call")
    parser.add_argument("--until-stdin-closes", action="store_true", help="exit with the parent process")
    return parser.parse_args()


def _stop_when_stdin_closes(server: Server) -> None:
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
