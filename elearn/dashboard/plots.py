"""Where the bars of the months of a year stand, in the units of their SVG picture. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 340, 172
LEFT, RIGHT, TOP, BOTTOM = 34, 336, 12, 142
GAP = 5
STEPS = (1, 2, 5)


class Month(NamedTuple):
    """What is drawn of a month: this year's figure, last year's, and whether it is asked for.

    ``value`` is None for a month that has not come.
    """

    number: int
    value: int | None
    before: int
    is_asked: bool = True


class Bar(NamedTuple):
    """A month's bar and the mark of the year before."""

    month: Month
    x: float
    width: float
    y: float
    height: float
    before_y: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


class Line(NamedTuple):
    """A line of the grid with what it stands for."""

    y: float
    value: int


class Plot(NamedTuple):
    """Bars by month on a grid from zero."""

    bars: list[Bar]
    lines: list[Line]


def by_month(months: Sequence[Month]) -> Plot:
    """A bar for each month of this year, a mark for the same month of the year before."""
    most = max((max(month.value or 0, month.before) for month in months), default=0)
    step = _step(most)
    top = step * max(1, -(-most // step))
    slot = (RIGHT - LEFT) / max(len(months), 1)
    bars = [_bar(month, LEFT + at * slot, slot, top) for at, month in enumerate(months)]
    lines = [Line(_up(value, top), value) for value in range(0, top + 1, step)]
    return Plot(bars, lines)


def _bar(month: Month, left: float, slot: float, top: int) -> Bar:
    y = _up(month.value or 0, top)
    width = round(slot - GAP, 1)
    before_y = _up(month.before, top)
    return Bar(month, round(left + GAP / 2, 1), width, y, round(BOTTOM - y, 1), before_y)


def _up(value: int, top: int) -> float:
    return round(BOTTOM - value / top * (BOTTOM - TOP), 1)


def _step(most: int) -> int:
    """A round number so that at most four lines stand over zero."""
    size = 1
    while True:
        for step in STEPS:
            if step * size * 4 >= most:
                return step * size
        size *= 10
