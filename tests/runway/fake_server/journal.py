"""The record of what the fake server did, kept outside the application as evidence for tests."""

import json
import threading
from pathlib import Path
from typing import Any


class Journal:
    """Events in order. Each is also written to ``file``, if given, as a line of JSON."""

    def __init__(self, file: Path | None) -> None:
        self._lock = threading.Lock()
        self._file = file
        self._events: list[dict[str, Any]] = []

    def write(self, event: str, **fields: Any) -> None:
        with self._lock:
            entry = {"event": event, **fields}
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
