"""What an assignment asks by when, as tables; that nothing impossible is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.assignments import rule as rules
from elearn.assignments.rule import Line, Rule, Stage
from elearn.errors import Invalid

START, DUE = date(2026, 11, 1), date(2026, 11, 30)
BEFORE = date(2020, 1, 1)
RULE = Rule((1,), (Line(),), START, DUE)


@pytest.mark.parametrize(
    ("changes", "came_on", "due"),
    [
        ({}, BEFORE, DUE),
        ({}, date(2026, 12, 24), DUE),  # without days there is one due day for everybody
        ({"days": 30}, BEFORE, DUE),
        ({"days": 30}, START, DUE),
        ({"days": 30}, date(2026, 11, 2), date(2026, 12, 2)),
        ({"days": 30}, date(2027, 1, 31), date(2027, 3, 2)),
        ({"days": 5}, date(2026, 11, 2), DUE),  # never less than the others have
        ({"days": 30, "due_on": None}, BEFORE, date(2026, 12, 1)),
        ({"days": 30, "due_on": None}, date(2026, 11, 11), date(2026, 12, 11)),
    ],
)
def test_the_due_day_of_a_person(changes: dict[str, Any], came_on: date, due: date) -> None:
    assert replace(RULE, **changes).due(came_on) == due


@pytest.mark.parametrize(
    ("days_after", "grace", "stage"),
    [
        (-8, 0, Stage.OPEN),
        (-7, 0, Stage.SOON),
        (0, 0, Stage.SOON),
        (1, 0, Stage.OVERDUE),
        (1, 3, Stage.GRACE),
        (3, 3, Stage.GRACE),
        (4, 3, Stage.OVERDUE),
    ],
)
def test_the_stage_by_the_day(days_after: int, grace: int, stage: Stage) -> None:
    assert rules.stage(DUE, grace, DUE + timedelta(days=days_after)) is stage


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(DAYS, DAYS, st.none() | st.integers(1, 200), st.booleans(), DAYS, DAYS)
def test_who_is_due_from_a_day_on_is_told_by_the_day_they_came(
    start: date, due: date, days: int | None, fixed: bool, came: date, day: date
) -> None:
    """The comparison that the database makes is what the rule says person by person."""
    rule = Rule((1,), (Line(),), start, due if fixed or days is None else None, days)
    since = rule.late_came_since(day)
    by_coming = since is not None and came >= since
    assert (rule.base >= day or by_coming) == (rule.due(came) >= day)


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"courses": ()}, "courses_out_of_range", "courses"),
        ({"courses": tuple(range(21))}, "courses_out_of_range", "courses"),
        ({"lines": ()}, "lines_out_of_range", "lines"),
        ({"due_on": None}, "due_missing", "due_on"),
        ({"due_on": date(2026, 10, 31)}, "due_before_start", "due_on"),
        ({"days": 0}, "days_out_of_range", "days"),
        ({"days": 731}, "days_out_of_range", "days"),
        ({"grace_days": -1}, "grace_out_of_range", "grace_days"),
        ({"grace_days": 91}, "grace_out_of_range", "grace_days"),
        ({"letter_number": "800/1"}, "letter_incomplete", "letter_on"),
        ({"letter_on": START}, "letter_incomplete", "letter_number"),
    ],
)
def test_what_cannot_be_asked_is_refused(changes: dict[str, Any], reason: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check(replace(RULE, **changes))
    assert (refused.value.reason, refused.value.field) == (reason, field)
    rules.check(RULE)
