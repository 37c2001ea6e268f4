"""The studio benchmark marks and fails values beyond their targets."""

import pytest

from bench.studio import BARS, COLUMNS, line, missed

GOOD = [1.0 if bar is None else 0.9 * bar for bar in BARS]


def row_beyond_target(column: str) -> list[float]:
    row = list(GOOD)
    row[COLUMNS.index(column)] *= 1.2
    return row


def test_a_good_table_passes() -> None:
    assert missed([GOOD, GOOD]) is False
    assert "!" not in line("disco", GOOD) + line("median", GOOD)


@pytest.mark.parametrize("column", [column for column, bar in zip(COLUMNS, BARS, strict=True) if bar is not None])
def test_missed_target_fails(column: str) -> None:
    assert missed([row_beyond_target(column)]) is True
    assert line("median", row_beyond_target(column)).count("!") == 1


def test_ratio_uses_the_median() -> None:
    assert missed([GOOD, row_beyond_target("ratio"), GOOD]) is False
    assert "!" not in line("disco", row_beyond_target("ratio"))
