"""The bar chart of the admin dashboard: stacked on the baseline, scaled to the highest count, and labelled."""

from videos.admin import charts


def test_bars_are_stacked_up_to_the_top_gridline() -> None:
    plot = charts.stacked_bars([("1 Nov", "quiet", 0, 0), ("2 Nov", "busy", 3, 1), ("3 Nov", "fair", 2, 0)])
    quiet, busy, fair = plot.bars
    assert (quiet.low, quiet.high) == (0, 0)
    assert busy.low_y + busy.low == fair.low_y + fair.low == charts.BASELINE
    assert busy.high_y + busy.high == busy.low_y
    assert [gridline.count for gridline in plot.gridlines] == [0, 2, 4]
    assert [gridline.y for gridline in plot.gridlines] == [charts.BASELINE, fair.low_y, busy.high_y]


def test_every_seventh_and_last_bar_are_labelled() -> None:
    plot = charts.stacked_bars([(f"day {number}", "", number, 0) for number in range(1, 31)])
    assert [bar.label for bar in plot.bars if bar.label] == ["day 2", "day 9", "day 16", "day 23", "day 30"]
    assert all(plot.left <= bar.x and bar.x + bar.width < plot.width for bar in plot.bars)


def test_no_data_is_an_empty_chart() -> None:
    assert charts.stacked_bars([]).bars == ()
    assert charts.stacked_bars([("1 Nov", "", 0, 0)]).top == 1
