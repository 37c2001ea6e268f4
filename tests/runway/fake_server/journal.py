"""What the stand-in did: the witness of tests, kept outside the application."""

import json
import threading
from pathlib import Path
from typing import Any


class Journal:
    """Events in order; each is also a line of JSON in ``file`` when one is given."""

    def __init__(self, file: Path | None) -> None:
        self._lock = threading.Lock()
        self._file = file
        self._events: list[dict[str, Any]] = []

    def write(self, event: str, **facts: Any) -> None:
        with self._lock:
            entry = {"event": event, **facts}
            self._events.append(entry)
            if self._file is not None:
                with self._file.open("a") as lines:
                    lines.write(json.dumps(entry) + "\n")

    def events(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._events)

    def clear(self) -> None:
        with self._lock:
            self._events.clear()
        self.write("reset")
