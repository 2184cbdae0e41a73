"""Alpha against published figures, classification consistency against a second draw."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
import pytest

from elearn.reports import reliability
from elearn.reports.reliability import Kind
from tests.reports import lsat6


def alpha_of(rows: Sequence[Sequence[float]]) -> float:
    found = reliability.alpha(rows)
    assert found
    assert found.kind is Kind.ALPHA
    assert found.estimate.low <= found.estimate.value <= found.estimate.high
    return found.estimate.value


def test_alpha_of_lsat_6_is_the_published_one() -> None:
    assert alpha_of(lsat6.ROWS) == pytest.approx(lsat6.ALPHA, abs=5e-5)


@pytest.mark.parametrize("at", range(5))
def test_alpha_without_an_item_is_the_published_one(at: int) -> None:
    rows = [row[:at] + row[at + 1 :] for row in lsat6.ROWS]
    assert alpha_of(rows) == pytest.approx(lsat6.ALPHA_WITHOUT[at], abs=5e-5)


def test_alpha_agrees_with_the_covariances() -> None:
    chance = np.random.default_rng(2)
    rows = chance.normal(size=(80, 1)) + chance.normal(size=(80, 6)) * [1, 2, 3, 1, 1, 2]
    matrix = np.cov(rows, rowvar=False)
    wanted = 6 / 5 * (1 - np.trace(matrix) / matrix.sum())
    assert alpha_of(rows.tolist()) == pytest.approx(wanted)


def test_intervals_of_alpha_hold_what_they_promise() -> None:
    """Parallel questions with correlation 0.3: the true alpha of 8 is 0.774."""
    chance = np.random.default_rng(4)
    truth = 8 * 0.3 / (1 + 7 * 0.3)
    held = 0
    for _ in range(300):
        common = chance.normal(size=(60, 1)) * np.sqrt(0.3)
        found = reliability.alpha((common + chance.normal(size=(60, 8)) * np.sqrt(0.7)).tolist())
        assert found
        held += found.estimate.low <= truth <= found.estimate.high
    assert 0.92 * 300 <= held <= 0.99 * 300


@pytest.mark.parametrize("rows", [[], [[1.0, 0.0]], [[1.0]] * 5, [[1.0, 1.0]] * 5])
def test_no_alpha_where_there_is_nothing_to_tell(rows: list[list[float]]) -> None:
    assert reliability.alpha(rows) is None


def test_alike_answers_to_all_questions_give_alpha_1() -> None:
    assert alpha_of([[float(n % 2)] * 4 for n in range(10)]) == pytest.approx(1)


def huynh(right: np.ndarray, length: int, needed: int) -> tuple[float, float]:
    """The coefficient and its chance level from numbers right, by integrating over shares."""
    mean, variance = right.mean(), right.var()
    kr21 = length / (length - 1) * (1 - mean * (length - mean) / (length * variance))
    a = mean / length * (length / kr21 - length)
    b = (1 - mean / length) * (length / kr21 - length)
    share = (np.arange(20_000) + 0.5) / 20_000
    density = share ** (a - 1) * (1 - share) ** (b - 1)
    k = np.arange(needed, length + 1)[:, None]
    ways = np.array([comb(length, int(n)) for n in k[:, 0]])[:, None]
    passes = (ways * share**k * (1 - share) ** (length - k)).sum(axis=0)
    once = np.average(passes, weights=density)
    agree = np.average(passes**2 + (1 - passes) ** 2, weights=density)
    return agree, once**2 + (1 - once) ** 2


def test_consistency_agrees_with_numpy() -> None:
    chance = np.random.default_rng(8)
    right = chance.binomial(15, chance.beta(8, 3, size=60))
    found = reliability.consistency((right / 15).tolist(), 15, 70)
    value, by_chance = huynh(right, 15, 11)
    assert found
    assert found.kind is Kind.CONSISTENCY
    assert found.estimate.value == pytest.approx(value, abs=1e-4)
    assert found.chance == pytest.approx(by_chance, abs=1e-4)
    leave_out = [huynh(np.delete(right, at), 15, 11)[0] for at in range(60)]
    error = np.sqrt(59 / 60 * ((leave_out - np.mean(leave_out)) ** 2).sum())
    assert found.estimate.high - found.estimate.value == pytest.approx(1.96 * error, rel=1e-2)


@pytest.mark.parametrize(("pass_percent", "strength"), [(70, 8.0), (50, 3.0), (80, 20.0)])
def test_consistency_foretells_how_a_second_draw_decides(
    pass_percent: int, strength: float
) -> None:
    chance = np.random.default_rng(9)
    share = chance.beta(0.7 * strength, 0.3 * strength, size=20_000)
    first, second = chance.binomial(15, share), chance.binomial(15, share)
    needed = np.ceil(15 * pass_percent / 100)
    seen = ((first >= needed) == (second >= needed)).mean()
    found = reliability.consistency((first / 15).tolist(), 15, pass_percent)
    assert found
    assert found.estimate.value == pytest.approx(seen, abs=0.015)


def test_scores_that_do_not_differ_decide_no_better_than_luck() -> None:
    found = reliability.consistency([0.7] * 40, 10, 70)
    assert found
    assert found.estimate.value == pytest.approx(found.chance)


@pytest.mark.parametrize(("scores", "length"), [([], 10), ([0.5] * 40, 1)])
def test_no_consistency_of_too_little(scores: list[float], length: int) -> None:
    assert reliability.consistency(scores, length, 70) is None


@pytest.mark.parametrize(("pass_percent", "agree"), [(0, 1.0), (100, 1.0)])
def test_certain_results_are_consistent(pass_percent: int, agree: float) -> None:
    found = reliability.consistency([0.0 if pass_percent else 1.0] * 30, 5, pass_percent)
    assert found
    assert found.estimate.value == pytest.approx(agree)
