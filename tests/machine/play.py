"""How often, how long and by what chance the machine runs."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.machine import Machine


def play(machine: type[Machine], examples: int, steps: int = 12, *, by_chance: bool = False) -> None:
    """Let the machine run so often; always the same way, unless it is to go by chance (pytest's --hypothesis-seed)."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not by_chance,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
