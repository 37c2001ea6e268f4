"""The machine at length, by chance: ``python -m tests.machine`` runs this file alone, and pytest never by itself."""

import os

import pytest

from tests.machine.machine import Machine
from tests.machine.play import play


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_at_length() -> None:
    play(Machine, int(os.environ["MACHINE_EXAMPLES"]), steps=20, by_chance=True)
