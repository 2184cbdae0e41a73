"""Where the marks of a plot stand, in the units of its SVG picture. Pure arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import floor
from typing import NamedTuple

from elearn.reports.estimates import Estimate

# The picture of a plot, and the field between its axes.
WIDTH, HEIGHT = 300, 208
LEFT, RIGHT, TOP, BOTTOM = 40, 288, 14, 176
BINS = 10
LOWEST = -0.4  # discrimination below this is drawn at the edge
GAP = 1


class Dot(NamedTuple):
    """A question: how often right across, discrimination up, with the bounds of the latter."""

    label: str
    x: float
    y: float
    low_y: float
    high_y: float
    is_suspect: bool


class Tick(NamedTuple):
    """A line of the grid with its word."""

    at: float
    label: float


class Bar(NamedTuple):
    """How many people have a score of ``first`` to ``last`` percent."""

    first: int
    last: int
    people: int
    x: float
    y: float
    width: float
    height: float
    is_passing: bool


class Histogram(NamedTuple):
    """Scores by tenths, with the pass mark's place."""

    bars: list[Bar]
    most: int
    pass_x: float


class Scatter(NamedTuple):
    """Questions by facility and discrimination."""

    dots: list[Dot]
    across: list[Tick]
    up: list[Tick]
    zero_y: float


class Point(NamedTuple):
    """What a dot is drawn from."""

    label: str
    facility: Estimate
    rest: Estimate
    is_suspect: bool


def scatter(points: Sequence[Point]) -> Scatter:
    """A dot for each question, suspect ones last so that they lie on top."""
    dots = [
        Dot(
            point.label,
            _across(point.facility.value),
            _up(point.rest.value),
            _up(point.rest.low),
            _up(point.rest.high),
            point.is_suspect,
        )
        for point in sorted(points, key=lambda point: point.is_suspect)
    ]
    across = [Tick(_across(value), 100 * value) for value in (0, 0.5, 1)]
    up = [Tick(_up(value), value) for value in (-0.4, 0, 0.4, 0.8)]
    return Scatter(dots, across, up, _up(0))


def _across(share: float) -> float:
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _up(value: float) -> float:
    share = (max(value, LOWEST) - LOWEST) / (1 - LOWEST)
    return round(BOTTOM - share * (BOTTOM - TOP), 1)


def histogram(scores: Sequence[float], pass_percent: int) -> Histogram:
    """Bars of ten percent each, the last one with 100; passing where it begins at the mark."""
    counts = Counter(min(floor(score * BINS + 1e-9), BINS - 1) for score in scores)
    most = max(counts.values(), default=0)
    bars = [_bar(at, counts[at], most, pass_percent) for at in range(BINS)]
    return Histogram(bars, most, _across(pass_percent / 100))


def _bar(at: int, count: int, most: int, pass_percent: int) -> Bar:
    wide = (RIGHT - LEFT) / BINS
    height = round(count / max(most, 1) * (BOTTOM - TOP), 1)
    first = at * 100 // BINS
    last = 100 if at == BINS - 1 else first + 100 // BINS - 1
    x = round(LEFT + at * wide + GAP, 1)
    return Bar(
        first,
        last,
        count,
        x,
        round(BOTTOM - height, 1),
        round(wide - 2 * GAP, 1),
        height,
        first >= pass_percent,
    )
