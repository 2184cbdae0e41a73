"""How JP count: tables of cases, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.competency.hour_rules import contract_period, contract_year, countable, daily_limit

MONDAY = date(2026, 3, 2)
TUESDAY = MONDAY + timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    kind: str
    jp: int
    active_days: tuple[date, ...] = ()


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], 0),
        ([Hours("16", 3, (MONDAY,))], 3),
        ([Hours("16", 3, (MONDAY,)), Hours("16", 3, (MONDAY,))], 3),
        ([Hours("16", 3, (MONDAY,)), Hours("16", 3, (MONDAY, TUESDAY))], 6),
        ([Hours("16", 2, (MONDAY, TUESDAY))], 2),
        ([Hours("9", 8), Hours("16", 5, (MONDAY,))], 11),
        ([Hours("16", 12)], 12),
        ([Hours("16", 12), Hours("16", 6, (MONDAY,))], 15),
        ([Hours("3", 40, (MONDAY,))], 40),
    ],
)
def test_elearning_counts_three_jp_for_each_active_day(entries: list[Hours], expected: int) -> None:
    assert countable(entries, 3) == expected


def test_the_limit_names_the_figures_behind_it() -> None:
    limit = daily_limit([Hours("16", 6, (MONDAY,)), Hours("9", 8)], 3)
    assert (limit.earned, limit.active_days, limit.per_day, limit.countable) == (6, 1, 3, 3)


HOURS = st.builds(
    Hours,
    st.sampled_from(["16", "9", "3"]),
    st.integers(1, 50),
    st.lists(st.integers(0, 20).map(lambda n: MONDAY + timedelta(days=n))).map(tuple),
)


@given(st.lists(HOURS), st.integers(1, 24), st.randoms())
def test_countable_never_exceeds_earned_and_knows_no_order(entries, per_day, chance) -> None:
    counted = countable(entries, per_day)
    assert 0 <= counted <= sum(entry.jp for entry in entries)
    chance.shuffle(entries)
    assert countable(entries, per_day) == counted


@pytest.mark.parametrize(
    ("start", "today", "first", "last"),
    [
        (date(2023, 3, 1), date(2026, 3, 1), date(2026, 3, 1), date(2027, 2, 28)),
        (date(2023, 3, 1), date(2026, 2, 28), date(2025, 3, 1), date(2026, 2, 28)),
        (date(2023, 3, 1), date(2023, 1, 5), date(2023, 3, 1), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2025, 3, 1), date(2025, 3, 1), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 28), date(2027, 3, 1), date(2028, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 29), date(2029, 2, 28)),
        (date(2025, 1, 1), date(2025, 12, 31), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_contract_year_begins_on_the_day_of_the_contract(start, today, first, last) -> None:
    assert contract_year(start, today) == (first, last)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 4000))
def test_contract_years_follow_each_other_without_a_gap(start: date, days: int) -> None:
    today = start + timedelta(days=days)
    period = contract_year(start, today)
    assert period.start <= today <= period.end
    assert contract_year(start, period.end + timedelta(days=1)).start == period.end + timedelta(1)


def test_a_contract_year_ends_with_the_contract() -> None:
    start, end = date(2023, 3, 1), date(2025, 8, 31)
    assert contract_period(start, end, date(2025, 5, 1)) == (date(2025, 3, 1), end)
    assert contract_period(start, end, date(2027, 1, 1)) == (date(2025, 3, 1), end)
    assert contract_period(start, None, date(2025, 5, 1)).end == date(2026, 2, 28)
