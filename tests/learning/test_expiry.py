"""How long a completion counts, as tables and properties."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.learning import expiry
from elearn.learning.expiry import Validity

DONE, END = date(2026, 3, 10), date(2027, 3, 10)


@pytest.mark.parametrize(
    ("done", "months", "last"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2026-01-31", 12, "2027-01-31"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-11-24", 1, "2026-12-24"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-24", 13, "2027-12-24"),
        ("2026-03-31", 120, "2036-03-31"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_its_month(
    done: str, months: int, last: str
) -> None:
    assert expiry.last_day(date.fromisoformat(done), months) == date.fromisoformat(last)


def test_without_months_a_completion_counts_for_good() -> None:
    assert expiry.last_day(DONE, 0) is None
    assert expiry.validity(DONE, None, date(2099, 1, 1), 90) is Validity.VALID


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_more_months_never_end_earlier_and_a_renewal_opens_in_the_second_half(
    done: date, months: int
) -> None:
    last, later = expiry.last_day(done, months), expiry.last_day(done, months + 1)
    assert last is not None
    assert later is not None
    assert done < last < later
    opens = expiry.renewable_from(done, last, 90)
    assert done + (last - done) // 2 <= opens <= last
    assert (last - opens).days <= 90


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (DONE, Validity.VALID),
        (date(2026, 12, 9), Validity.VALID),
        (date(2026, 12, 10), Validity.ENDING),  # 90 days before
        (END, Validity.ENDING),  # the last day counts whole
        (END + timedelta(days=1), Validity.EXPIRED),
    ],
)
def test_what_a_day_makes_of_a_completion(on: date, expected: Validity) -> None:
    assert expiry.validity(DONE, END, on, 90) is expected
    assert expiry.validity(DONE, END, on, 90, renewed=True) is Validity.RENEWED


@pytest.mark.parametrize(
    ("left", "due"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, 7)]
)
def test_the_notice_that_is_due_is_the_nearest_that_has_come(left: int, due: int | None) -> None:
    assert expiry.due_notice(END, END - timedelta(days=left), [90, 30, 7]) == due
    assert expiry.due_notice(END, END - timedelta(days=left), []) is None
