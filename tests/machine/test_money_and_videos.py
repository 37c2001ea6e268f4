"""Whatever happens in whatever order, no credit and no video is lost: a state machine, and the mutants it kills."""

import pytest

from credits import ledger
from tests.machine.machine import Machine
from tests.machine.mutants import (
    Resending,
    bring_home_unchecked,
    charge_outside,
    refund_outside,
    refund_to_the_first_account,
)
from tests.machine.play import play
from videos.models import Video
from videos.remote import watching

pytestmark = pytest.mark.django_db(transaction=True)

# How many examples a mutant may live for.
ENOUGH = 60


def test_nothing_is_lost_whatever_happens() -> None:
    play(Machine, examples=10)


def test_an_unchecked_download_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "bring_home", bring_home_unchecked)
    with pytest.raises(AssertionError, match="these are not the studio's bytes"):
        play(Machine, ENOUGH)


def test_a_charge_outside_the_transaction_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(Video.objects), "request", charge_outside)
    with pytest.raises(AssertionError, match=r"machine-\d+@\S+ is owed .*'I4 .* for a video that is not there"):
        play(Machine, ENOUGH)


def test_a_refund_outside_the_transaction_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Video, "fail", refund_outside)
    with pytest.raises(AssertionError, match=r"machine-\d+@\S+ is owed .* is failed with 0 refunds"):
        play(Machine, ENOUGH)


def test_a_resent_order_is_found() -> None:
    class Mutant(Machine):
        studio_of = Resending

    with pytest.raises(AssertionError, match="2 tasks accepted, 1 counted"):
        play(Mutant, ENOUGH)


def test_a_refund_to_another_owner_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "refund", refund_to_the_first_account)
    with pytest.raises(
        AssertionError,
        match=r"machine-\d+@\S+ is owed .*, 'machine-\d+@\S+ is owed .*'I5 ",
    ):
        play(Machine, ENOUGH)
