"""The control calls of the fake server, under ``/_control/``. Bodies and responses are JSON.

| call | effect |
|---|---|
| ``POST /_control/reset`` | restores the initial state |
| ``POST /_control/settings`` | changes settings: ``{"credits": 0, "concurrency": 1, "running": 0.5, ...}`` |
| ``POST /_control/advance`` | advances time: ``{"seconds": 60}`` |
| ``POST /_control/faults`` | adds faults: ``[{"on": "create", "do": "reset", "accepted": true}, ...]`` |
| ``POST /_control/mixture`` | random seeded faults: ``{"seed": 7, "rate": 0.2, "limit": 500}``; limit 0 stops them |
| ``GET /_control/journal`` | accepted, deleted and served tasks and applied faults, in order |
| ``GET /_control/tasks`` | every accepted task with its status, its cost and the tokens of its clip |
| ``GET /_control/calls`` | number of calls of each endpoint |
"""

from typing import Any

from tests.runway.fake_server.faults import Fault
from tests.runway.fake_server.state import State


def control(state: State, method: str, call: str, body: Any) -> Any:
    """Run a control call and return its response.

    Raises KeyError for an unknown call, and ValueError or TypeError for an invalid body.
    """
    return _CALLS[method, call](state, body)


def _reset(state: State, body: Any) -> Any:
    state.reset()
    return {}


def _settings(state: State, body: Any) -> Any:
    state.change(body)
    return {}


def _advance(state: State, body: Any) -> Any:
    state.advance(float(body["seconds"]))
    return {}


def _faults(state: State, body: Any) -> Any:
    for fault in [Fault.read(raw) for raw in body]:
        state.faults.add(fault)
    return {}


def _mixture(state: State, body: Any) -> Any:
    state.faults.mix(int(body.get("seed", 0)), float(body.get("rate", 0.2)), int(body.get("limit", 500)))
    return {}


def _journal(state: State, body: Any) -> Any:
    return state.journal.events()


def _tasks(state: State, body: Any) -> Any:
    return state.tasks()


def _calls(state: State, body: Any) -> Any:
    return state.calls


_CALLS = {
    ("POST", "reset"): _reset,
    ("POST", "settings"): _settings,
    ("POST", "advance"): _advance,
    ("POST", "faults"): _faults,
    ("POST", "mixture"): _mixture,
    ("GET", "journal"): _journal,
    ("GET", "tasks"): _tasks,
    ("GET", "calls"): _calls,
}
