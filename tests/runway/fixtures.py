"""The stand-in Runway server as fixtures: one process for all tests, as new for each."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

GOOD_KEY = "key_" + "0123456789abcdef" * 8
ROOT = Path(__file__).parents[2]


class FakeServer:
    """The levers of a running stand-in; what each does stands in ``fake_server/control.py``."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._control = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)

    def close(self) -> None:
        self._control.close()

    def reset(self) -> None:
        self._pull("POST", "reset", {})

    def settings(self, **changes: Any) -> None:
        self._pull("POST", "settings", changes)

    def advance(self, seconds: float) -> None:
        self._pull("POST", "advance", {"seconds": seconds})

    def fault(self, on: str, do: str, **facts: Any) -> None:
        self._pull("POST", "faults", [{"on": on, "do": do, **facts}])

    def mixture(self, seed: int, rate: float, limit: int) -> None:
        self._pull("POST", "mixture", {"seed": seed, "rate": rate, "limit": limit})

    def journal(self, event: str | None = None) -> list[dict[str, Any]]:
        """All events, or those of one kind: accepted, deleted, served, fault."""
        events = self._pull("GET", "journal")
        return [entry for entry in events if event in (None, entry["event"])]

    def tasks(self) -> list[dict[str, Any]]:
        tasks: list[dict[str, Any]] = self._pull("GET", "tasks")
        return tasks

    def calls(self, place: str) -> int:
        """How often create, task, delete, organization or output was called since the reset."""
        return int(self._pull("GET", "calls").get(place, 0))

    def _pull(self, method: str, lever: str, body: Any = None) -> Any:
        # The standard library's client, so that a test which fakes ``requests`` still reaches the levers.
        self._control.request(method, f"/_control/{lever}", json.dumps(body))
        response = self._control.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            raise ValueError(answer["error"])
        return answer


@pytest.fixture(scope="session")
def runway_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeServer]:
    """A stand-in in a process of its own; it also ends when this process is killed."""
    journal = tmp_path_factory.mktemp("runway") / "journal.jsonl"
    command = [sys.executable, "-m", "tests.runway.fake_server", "--until-stdin-closes", "--still"]
    command += [
        "--journal",
        str(journal),
        "--clips",
        "plain",
        "--pending",
        "1",
        "--running",
        "4",
        "--concurrency",
        "0",
        "--daily",
        "0",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        try:
            with closing(FakeServer(base)) as fake_server:
                yield fake_server
        finally:
            process.terminate()


@pytest.fixture
def fake_server(runway_server: FakeServer) -> FakeServer:
    """The stand-in as after a start: no tasks, no faults, tasks that wait 1 s and run 4 s, no limits, 5000 credits.

    Its time stands still until a test moves it on.
    """
    runway_server.reset()
    return runway_server
