"""Fixtures for the fake Runway server: one process for all tests, reset for each."""

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
    """A client for the control calls of a running fake server; see ``fake_server/control.py``."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._control = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)

    def close(self) -> None:
        self._control.close()

    def reset(self) -> None:
        self._call("POST", "reset", {})

    def settings(self, **changes: Any) -> None:
        self._call("POST", "settings", changes)

    def advance(self, seconds: float) -> None:
        self._call("POST", "advance", {"seconds": seconds})

    def fault(self, on: str, do: str, **fields: Any) -> None:
        self._call("POST", "faults", [{"on": on, "do": do, **fields}])

    def mixture(self, seed: int, rate: float, limit: int) -> None:
        self._call("POST", "mixture", {"seed": seed, "rate": rate, "limit": limit})

    def journal(self, event: str | None = None) -> list[dict[str, Any]]:
        """Return all events, or those of one kind: accepted, deleted, served, fault."""
        events = self._call("GET", "journal")
        return [entry for entry in events if event in (None, entry["event"])]

    def tasks(self) -> list[dict[str, Any]]:
        tasks: list[dict[str, Any]] = self._call("GET", "tasks")
        return tasks

    def calls(self, place: str) -> int:
        """Return how often create, task, delete, organization or output was called since the reset."""
        return int(self._call("GET", "calls").get(place, 0))

    def _call(self, method: str, name: str, body: Any = None) -> Any:
        # http.client, so that a test that fakes ``requests`` still reaches the control calls.
        self._control.request(method, f"/_control/{name}", json.dumps(body))
        response = self._control.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            raise ValueError(answer["error"])
        return answer


@pytest.fixture(scope="session")
def runway_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeServer]:
    """A fake server in a separate process, which also exits if this process is killed."""
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
    """The fake server in its initial state: no tasks, no faults, no limits, 5000 credits.

    Tasks wait 1 s and run 4 s. Time stands still until a test advances it.
    """
    runway_server.reset()
    return runway_server
