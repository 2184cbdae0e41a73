"""A figure with its 95 % interval: share, correlation, median, gain. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import atanh, ceil, cos, floor, pi, sin, sqrt, tan, tanh
from operator import mul
from statistics import NormalDist, median, stdev
from typing import NamedTuple

CONFIDENCE = 0.95
ROUNDING = 1e-12  # a spread below this is the noise of sums


class Estimate(NamedTuple):
    """A figure, the bounds of its interval, and how many observations it rests on."""

    value: float
    low: float
    high: float
    size: int


def deviate(confidence: float = CONFIDENCE) -> float:
    """The standard normal deviate of a two-sided interval: 1.96 at 95 %."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def share(total: float, count: int, confidence: float = CONFIDENCE) -> Estimate:
    """The mean (0 to 1) of ``count`` marks between 0 and 1 that add up to ``total``.

    Wilson's score interval (1927). For marks in between it is wide enough: at the same mean no
    marks between 0 and 1 vary more than those of nothing and everything.
    """
    z = deviate(confidence)
    value = total / count
    middle = (value + z * z / (2 * count)) / (1 + z * z / count)
    spread = value * (1 - value) / count + z * z / (4 * count * count)
    half = z * sqrt(max(spread, 0)) / (1 + z * z / count)
    return Estimate(value, max(middle - half, 0), min(middle + half, 1), count)


def correlation(
    xs: Sequence[float], ys: Sequence[float], confidence: float = CONFIDENCE
) -> Estimate | None:
    """Pearson's r with Fisher's z interval (1921); None where one side does not vary."""
    count = len(xs)
    if count != len(ys):
        raise ValueError("both sides belong together")
    off_x, off_y = _off_mean(xs), _off_mean(ys)
    vary_x, vary_y = sum(map(mul, off_x, off_x)), sum(map(mul, off_y, off_y))
    if count < 4 or vary_x < ROUNDING or vary_y < ROUNDING:
        return None
    together = sum(map(mul, off_x, off_y))
    value = max(-1.0, min(together / sqrt(vary_x * vary_y), 1.0))
    if abs(value) > 1 - ROUNDING:
        return Estimate(value, value, value, count)
    half = deviate(confidence) / sqrt(count - 3)
    return Estimate(value, tanh(atanh(value) - half), tanh(atanh(value) + half), count)


def _off_mean(values: Sequence[float]) -> list[float]:
    mean = _mean(values)
    return [value - mean for value in values]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(len(values), 1)


def middle(values: Iterable[float]) -> Estimate:
    """The median of at least one value; bounds are order statistics (Conover 1999, 3.2)."""
    ordered = sorted(values)
    count = len(ordered)
    half = deviate() * sqrt(count) / 2
    first = max(floor(count / 2 - half), 1)
    last = min(ceil(count / 2 + half) + 1, count)
    return Estimate(median(ordered), ordered[first - 1], ordered[last - 1], count)


def gain(before: Sequence[float], after: Sequence[float]) -> Estimate:
    """The mean of paired differences, of at least two pairs, with Student's t interval (1908)."""
    differences = [late - early for early, late in zip(before, after, strict=True)]
    count = len(differences)
    value = _mean(differences)
    half = student(count - 1) * stdev(differences) / sqrt(count)
    return Estimate(value, value - half, value + half, count)


@lru_cache(maxsize=64)
def student(freedom: int, confidence: float = CONFIDENCE) -> float:
    """The deviate of a two-sided interval by Student's t: 2.78 at 95 % with 4 degrees of freedom.

    Found by halving the angle, in which the distribution is a finite sum.
    """
    low, high = 0.0, pi / 2
    for _ in range(60):
        middle_angle = (low + high) / 2
        if _within(middle_angle, freedom) < confidence:
            low = middle_angle
        else:
            high = middle_angle
    return sqrt(freedom) * tan(low)


def _within(angle: float, freedom: int) -> float:
    """How likely |t| stays below sqrt(freedom) * tan(angle): Abramowitz and Stegun 26.7.3, .4."""
    odd = freedom % 2
    term = cos(angle) if odd else 1.0
    total = 0.0
    for step in range(1 + odd, freedom, 2):
        total += term
        term *= cos(angle) ** 2 * step / (step + 1)
    within = sin(angle) * total
    return 2 / pi * (angle + within) if odd else within
