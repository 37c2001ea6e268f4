"""The levers of the stand-in, under ``/_control/``; bodies and answers are JSON.

| call | does |
|---|---|
| ``POST /_control/reset`` | forgets everything, as after a start |
| ``POST /_control/settings`` | changes settings: ``{"credits": 0, "concurrency": 1, "running": 0.5, ...}`` |
| ``POST /_control/advance`` | moves time on: ``{"seconds": 60}`` |
| ``POST /_control/faults`` | adds faults: ``[{"on": "create", "do": "reset", "accepted": true}, ...]`` |
| ``POST /_control/mixture`` | seeded faults everywhere: ``{"seed": 7, "rate": 0.2, "limit": 500}``; limit 0 ends it |
| ``GET /_control/journal`` | what was accepted, deleted, served and struck, in order |
| ``GET /_control/tasks`` | every task ever accepted, with its status, what it cost and the tokens of its clip |
| ``GET /_control/calls`` | how often each place was called |
"""

from typing import Any

from tests.runway.fake_server.faults import Fault
from tests.runway.fake_server.state import State


def control(state: State, method: str, lever: str, body: Any) -> Any:
    """Pull one lever and give back its answer. Raises KeyError for no lever, ValueError or TypeError for a bad body."""
    return _LEVERS[method, lever](state, body)


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


_LEVERS = {
    ("POST", "reset"): _reset,
    ("POST", "settings"): _settings,
    ("POST", "advance"): _advance,
    ("POST", "faults"): _faults,
    ("POST", "mixture"): _mixture,
    ("GET", "journal"): _journal,
    ("GET", "tasks"): _tasks,
    ("GET", "calls"): _calls,
}
