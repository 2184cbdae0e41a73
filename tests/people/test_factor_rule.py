"""From when whose roles need a second factor."""

from __future__ import annotations

from datetime import date

import pytest

from elearn import clock
from elearn.people import factor_rule
from elearn.people.factor_rule import FactorRule, HeldRole
from elearn.people.permissions import Role

SINCE = date(2026, 12, 1)
RULE = FactorRule(frozenset({Role.HR_UNIT, Role.ADMIN}), SINCE, 14)
LONG_AGO = 0


def day(text: str) -> int:
    return clock.start_of_day_ms(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("held", "due"),
    [
        ([], None),
        ([HeldRole(Role.INSTRUCTOR, LONG_AGO)], None),
        ([HeldRole(Role.HR_UNIT, LONG_AGO)], "2026-12-15"),
        ([HeldRole(Role.HR_UNIT, day("2027-01-10"))], "2027-01-24"),
        ([HeldRole(Role.HR_UNIT, day("2027-01-10")), HeldRole(Role.ADMIN, 0)], "2026-12-15"),
        ([HeldRole(Role.HR_UNIT, LONG_AGO, day("2026-12-15"))], None),
        ([HeldRole(Role.HR_UNIT, LONG_AGO, day("2026-12-16"))], "2026-12-15"),
    ],
    ids=["none", "other", "before", "later", "earliest", "over_by_then", "still_then"],
)
def test_due(held: list[HeldRole], due: str | None) -> None:
    assert factor_rule.due_ms(RULE, held) == (due and day(due))


def test_without_a_day_nothing_is_asked() -> None:
    rule = FactorRule(RULE.roles, None)
    assert factor_rule.due_ms(rule, [HeldRole(Role.ADMIN, LONG_AGO)]) is None


@pytest.mark.parametrize("rule", [RULE, FactorRule()])
def test_a_rule_is_kept_as_a_setting_and_read_again(rule: FactorRule) -> None:
    assert factor_rule.of_values(rule.to_values()) == rule
