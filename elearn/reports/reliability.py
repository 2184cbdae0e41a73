"""How far the result of a quiz can be relied upon. Pure arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from math import ceil, comb, exp, inf, lgamma, log, sqrt
from typing import NamedTuple

from elearn.reports.estimates import ROUNDING, Estimate, deviate


class Kind(StrEnum):
    """Which coefficient it is."""

    ALPHA = "alpha"
    CONSISTENCY = "consistency"


class Reliability(NamedTuple):
    """A coefficient of a quiz. ``chance`` is the consistency that luck alone would give."""

    kind: Kind
    estimate: Estimate
    chance: float = 0.0


def alpha(rows: Sequence[Sequence[float]]) -> Reliability | None:
    """Cronbach's alpha of persons' item scores (each row the same questions in one order).

    Cronbach (1951); interval after Bonett (2002), Journal of Educational and Behavioral
    Statistics 27. None with fewer than 2 questions or 3 persons, or where no score varies.
    """
    count, items = len(rows), len(rows[0]) if rows else 0
    if items < 2 or count < 3:
        return None
    whole = _variance([sum(row) for row in rows])
    parts = sum(_variance(column) for column in zip(*rows, strict=True))
    if whole < ROUNDING:
        return None
    value = items / (items - 1) * (1 - parts / whole)
    if value > 1 - ROUNDING:
        return Reliability(Kind.ALPHA, Estimate(value, value, value, count))
    half = deviate() * sqrt(2 * items / ((items - 1) * (count - 2)))
    left = log(1 - value)
    found = Estimate(value, 1 - exp(left + half), 1 - exp(left - half), count)
    return Reliability(Kind.ALPHA, found)


def _variance(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def consistency(scores: Sequence[float], length: int, pass_percent: int) -> Reliability | None:
    """The share of people whom another draw of ``length`` questions would classify alike.

    ``scores`` are shares 0 to 1. Questions drawn at random make a score binomial around a
    person's own share of the pool; those shares are taken to follow a beta distribution with the
    mean and the KR-21 of the scores: Huynh (1976), Journal of Educational Measurement 13,
    253-264. The interval is a jackknife over persons. None below 2 questions or 3 persons.
    """
    if length < 2 or len(scores) < 3:
        return None
    needed = ceil(length * pass_percent / 100 - ROUNDING)
    tally = Counter(round(score, 6) for score in scores)
    value, chance = _agreement(tally, length, needed)
    low, high = _jackknife(tally, length, needed, value)
    return Reliability(Kind.CONSISTENCY, Estimate(value, low, high, len(scores)), chance)


def _agreement(tally: Mapping[float, int], length: int, needed: int) -> tuple[float, float]:
    """The share classified alike, and what it would be if luck alone decided each draw."""
    count = sum(tally.values())
    mean = sum(score * n for score, n in tally.items()) / count
    spread = _spread(tally, count, mean, length)
    once = _sum_over(_ways_once(length, needed), mean, spread, length)
    twice = _sum_over(_ways_twice(length, needed), mean, spread, 2 * length)
    return 1 - 2 * once + 2 * twice, once * once + (1 - once) * (1 - once)


def _spread(tally: Mapping[float, int], count: int, mean: float, length: int) -> float:
    """The sum of the two parameters of the beta distribution, from KR-21; 0 for all or nothing.

    Where the scores vary no more than luck lets them, everybody has the same share: infinity.
    """
    variance = sum(n * (score - mean) ** 2 for score, n in tally.items()) / count
    luck = mean * (1 - mean) / length
    if variance <= luck + ROUNDING:
        return inf
    kr21 = length / (length - 1) * (1 - luck / variance)
    return max(length / kr21 - length, 0.0)


@lru_cache(maxsize=64)
def _ways_once(length: int, needed: int) -> tuple[int, ...]:
    """By number right: in how many ways one draw passes with it."""
    return tuple(comb(length, k) if k >= needed else 0 for k in range(length + 1))


@lru_cache(maxsize=64)
def _ways_twice(length: int, needed: int) -> tuple[int, ...]:
    """By number right in two draws together: in how many ways both pass with it."""
    once = _ways_once(length, needed)
    found = [0] * (2 * length + 1)
    for first, ways in enumerate(once):
        for second, others in enumerate(once):
            found[first + second] += ways * others
    return tuple(found)


def _sum_over(ways: Sequence[int], mean: float, spread: float, trials: int) -> float:
    """The chance of the outcomes counted in ``ways``: beta-binomial, binomial without spread."""
    if mean <= 0 or mean >= 1 or spread < ROUNDING:  # each gets nothing or all
        return (1 - mean) * (ways[0] > 0) + mean * (ways[trials] > 0)
    if spread == inf:
        chances = (mean**k * (1 - mean) ** (trials - k) for k in range(trials + 1))
    else:
        a, b = mean * spread, (1 - mean) * spread
        whole = _log_beta(a, b)
        chances = (exp(_log_beta(a + k, b + trials - k) - whole) for k in range(trials + 1))
    return sum(number * chance for number, chance in zip(ways, chances, strict=True))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _jackknife(
    tally: Mapping[float, int], length: int, needed: int, value: float
) -> tuple[float, float]:
    """Bounds from leaving out one person at a time; those with one score are done at once."""
    count = sum(tally.values())
    left_out = [
        (_agreement({**tally, score: n - 1}, length, needed)[0], n) for score, n in tally.items()
    ]
    mean = sum(v * n for v, n in left_out) / count
    error = sqrt((count - 1) / count * sum(n * (v - mean) ** 2 for v, n in left_out))
    return max(value - deviate() * error, 0), min(value + deviate() * error, 1)
