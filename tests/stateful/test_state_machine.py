"""No sequence of actions, faults and crashes loses a credit or a video."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.state_machine import VideoMachine


def run_machine(steps: int) -> None:
    """Run the machine with the examples of Hypothesis's current profile.

    Failing examples are not shrunk, because that takes hours.
    """
    run_state_machine_as_test(VideoMachine, settings=settings(stateful_step_count=steps, phases=(Phase.generate,)))


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_no_credit_or_video_is_lost() -> None:
    run_machine(steps=12)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.django_db(transaction=True)
def test_no_credit_or_video_is_lost_in_longer_runs() -> None:
    run_machine(steps=20)
