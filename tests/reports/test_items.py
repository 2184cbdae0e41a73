"""Item statistics against a published data set, against numpy, and against chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.course import Option, Question, Shape
from elearn.reports import estimates, items
from elearn.reports.items import Observation, QuestionFigures, Response, Suspicion
from tests.reports import lsat6

NUMBERS = [f"q{number}" for number in range(5)]


def a_question(digest: str = "q0", shape: Shape = Shape.SINGLE, **changes: Any) -> Question:
    """A question whose key is a; b, c and d are wrong."""
    options = tuple(Option(key, key, key == "a") for key in "abcd")
    return Question(
        digest, digest, shape, f"<p>{digest}</p>", digest, **({"options": options} | changes)
    )


def a_response(digest: str, mark: float, *, points: int = 1, picked: str = "") -> Response:
    return Response(digest, mark, points, frozenset(picked or ("a" if mark else "b")))


def figures_of(
    sittings: Sequence[Sequence[Response]], question: Question | None = None
) -> QuestionFigures:
    asked = question or a_question()
    seen = [o for s in sittings for o in items.observe(s) if o.response.digest == asked.digest]
    return items.figures(asked, seen)


def lsat_sittings() -> list[list[Response]]:
    return [
        [a_response(digest, mark) for digest, mark in zip(NUMBERS, row, strict=True)]
        for row in lsat6.ROWS
    ]


@pytest.mark.parametrize("at", range(5))
def test_the_figures_of_lsat_6(at: int) -> None:
    """Facility as published; the correlations as numpy has them."""
    found = figures_of(lsat_sittings(), a_question(NUMBERS[at]))
    rows = np.array(lsat6.ROWS)
    own, total = rows[:, at], rows.sum(axis=1)
    assert found.shown == 1000
    assert found.facility
    assert found.rest
    assert found.total
    assert found.facility.value == pytest.approx(lsat6.FACILITY[at])
    assert found.rest.value == pytest.approx(np.corrcoef(own, total - own)[0, 1])
    assert found.total.value == pytest.approx(np.corrcoef(own, total)[0, 1])
    assert found.suspicions == []


def drawn_sittings(seed: int, people: int = 400) -> list[list[Response]]:
    """Draws of 6 from 12 questions of 1 to 3 points, with marks in between."""
    chance = np.random.default_rng(seed)
    sittings = []
    for ability in chance.normal(size=people):
        asked = chance.choice(12, 6, replace=False)
        noise = chance.normal(size=6)
        marks = np.clip(np.round(0.5 + 0.25 * (ability + noise - (asked - 6) / 6), 2), 0, 1)
        sittings.append(
            [
                a_response(f"q{at}", float(mark), points=1 + int(at) % 3)
                for at, mark in zip(asked, marks, strict=True)
            ]
        )
    return sittings


@pytest.mark.parametrize("at", [0, 5, 11])
def test_drawn_questions_agree_with_numpy(at: int) -> None:
    sittings = drawn_sittings(seed=6)
    found = figures_of(sittings, a_question(f"q{at}"))
    marks, rests, totals = [], [], []
    for sitting in sittings:
        own = np.array([r.digest == f"q{at}" for r in sitting])
        if not own.any():
            continue
        points = np.array([r.points for r in sitting])
        mark = np.array([r.mark for r in sitting])
        marks.append(mark[own][0])
        rests.append(np.average(mark[~own], weights=points[~own]))
        totals.append(np.average(mark, weights=points))
    assert found.facility
    assert found.rest
    assert found.total
    assert found.facility.value == pytest.approx(np.mean(marks))
    assert found.rest.value == pytest.approx(np.corrcoef(marks, rests)[0, 1])
    assert found.total.value == pytest.approx(np.corrcoef(marks, totals)[0, 1])
    assert found.rest.value < found.total.value
    assert found.rest.low < found.rest.value < found.rest.high


@pytest.mark.parametrize(("shown", "facility", "rest"), [(11, False, False), (12, True, False)])
def test_too_few_answers_give_no_figure(shown: int, facility: bool, rest: bool) -> None:
    found = figures_of(lsat_sittings()[500 : 500 + shown])
    assert (found.facility is not None, found.rest is not None) == (facility, rest)
    assert found.missing == 30 - shown


def test_discrimination_begins_at_30_answers() -> None:
    many = drawn_sittings(seed=3)
    asked = [s for s in many if any(r.digest == "q0" for r in s)]
    assert figures_of(asked[:29]).rest is None
    assert figures_of(asked[:30]).rest is not None


def two_way(people: int, key_of: Any) -> list[list[Response]]:
    """q0 beside nine others; ``key_of(ability, chance)`` says what is picked at q0."""
    chance = np.random.default_rng(11)
    sittings = []
    for ability in chance.uniform(0.2, 0.95, size=people):
        picked = key_of(ability, chance)
        rest = [a_response(f"r{n}", float(chance.random() < ability)) for n in range(9)]
        sittings.append([a_response("q0", float(picked == "a"), picked=picked), *rest])
    return sittings


def able_pick(picked: str, other: str) -> Any:
    return lambda ability, chance: picked if chance.random() < ability else other


def test_a_swapped_key_is_seen() -> None:
    found = figures_of(two_way(120, able_pick("b", "a")))
    assert found.suspicions == [Suspicion.REVERSED, Suspicion.PREFERRED]
    assert [c.suspicion for c in found.choices] == [None, Suspicion.PREFERRED, None, None]


def test_a_good_key_is_left_alone() -> None:
    found = figures_of(two_way(120, able_pick("a", "b")))
    assert found.suspicions == []
    assert found.rest
    assert found.rest.low > 0


def test_a_key_that_hardly_anybody_picks_is_seen() -> None:
    rarely = figures_of(two_way(60, lambda _, chance: "c" if chance.random() < 0.9 else "a"))
    assert rarely.suspicions == [Suspicion.OUTNUMBERED]
    assert [c.suspicion for c in rarely.choices][2] is Suspicion.OUTNUMBERED


def test_a_swapped_key_among_29_is_not_told_yet() -> None:
    assert figures_of(two_way(29, able_pick("b", "a"))).suspicions == []


def test_each_option_of_a_multiple_question_is_a_question_of_its_own() -> None:
    options = tuple(Option(key, key, key in "ab") for key in "abc")
    asked = a_question(shape=Shape.MULTIPLE, options=options)
    sittings = two_way(200, lambda ability, chance: "ac" if chance.random() < ability else "ab")
    found = figures_of(sittings, asked)
    assert [c.suspicion for c in found.choices] == [None, Suspicion.PREFERRED, Suspicion.PREFERRED]


def test_a_typed_question_has_no_choices() -> None:
    found = figures_of(two_way(60, able_pick("a", "b")), a_question(shape=Shape.TEXT, options=()))
    assert found.choices == []
    assert found.suspicions == []


def test_a_voided_question_has_no_figures_and_counts_in_no_rest() -> None:
    sitting = [a_response("q0", 1), a_response("q1", 1), a_response("q2", 0)]
    voided, kept, _ = items.observe(sitting, ["q0"])
    assert (voided.total, voided.rest) == (0.5, 0.5)
    assert (kept.total, kept.rest) == (0.5, 0.0)
    found = items.figures(a_question(voided=True), [voided] * 40)
    assert (found.facility, found.rest, found.suspicions) == (None, None, [])


def test_a_question_alone_in_its_quiz_has_no_rest() -> None:
    found = figures_of([[a_response("q0", n % 2)] for n in range(40)])
    assert found.facility
    assert found.rest is None
    assert found.total is None


def test_false_alarms_stay_below_5_percent() -> None:
    """Answers by chance alone at four options: 400 questions of 60 answers each."""
    chance = np.random.default_rng(5)
    alarms = 0
    for _ in range(400):
        rests = chance.binomial(9, 0.6, size=60) / 9
        picks = chance.choice(list("abcd"), size=60)
        seen = [
            Observation(a_response("q0", float(pick == "a"), picked=str(pick)), rest, rest)
            for pick, rest in zip(picks, rests, strict=True)
        ]
        alarms += bool(items.figures(a_question(), seen).suspicions)
    assert alarms <= 0.05 * 400


def test_an_interval_of_a_share_is_wilsons() -> None:
    """E. B. Wilson's interval for 81 of 263, as R. G. Newcombe (1998) prints it, method 3."""
    found = estimates.share(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


def test_the_bounds_of_a_median_are_order_statistics() -> None:
    assert estimates.middle(range(1, 101)) == (50.5, 40, 61, 100)
    assert estimates.middle([7.0]) == (7, 7, 7, 1)


def test_intervals_hold_what_they_promise() -> None:
    """Of 1,000 samples about 95 % of the intervals contain the truth."""
    chance = np.random.default_rng(1)
    held = np.zeros(3)
    for _ in range(1000):
        truth = chance.uniform(0.1, 0.9)
        right = chance.random(40) < truth
        both = chance.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=60)
        times = chance.exponential(size=41)
        r = estimates.correlation(list(both[:, 0]), list(both[:, 1]))
        share, median = estimates.share(float(right.sum()), 40), estimates.middle(times)
        assert r
        held += [
            share.low <= truth <= share.high,
            r.low <= 0.4 <= r.high,
            median.low <= np.log(2) <= median.high,
        ]
    assert (held >= 930).all()
    assert (held[:2] <= 970).all()


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60))
def test_a_correlation_lies_between_its_bounds(pairs: list[tuple[float, float]]) -> None:
    found = estimates.correlation([x for x, _ in pairs], [y for _, y in pairs])
    if found:
        assert -1 <= found.low <= found.value <= found.high <= 1


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.floats(0, n), st.just(n))))
def test_a_share_lies_between_its_bounds(pair: tuple[float, int]) -> None:
    found = estimates.share(*pair)
    assert 0 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1
