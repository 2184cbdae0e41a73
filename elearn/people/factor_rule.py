"""For whom the second factor is required, and from when: the agency's rule, and what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from elearn import clock
from elearn.people.permissions import Role

# Settings, by their keys.
ROLES, SINCE = "second_factor_roles", "second_factor_since"
GRACE_DAYS, TRUSTS = "second_factor_grace_days", "second_factor_trusts_devices"
MOST_GRACE_DAYS = 365
MAY_REQUIRE = (Role.INSTRUCTOR, Role.HR_UNIT, Role.HR_AGENCY, Role.ADMIN, Role.AUDITOR)


@dataclass(frozen=True)
class FactorRule:
    """The roles that need a second factor from a day on, and the days given to get ready."""

    roles: frozenset[Role] = frozenset()
    since: date | None = None
    grace_days: int = 14

    def to_values(self) -> dict[str, Any]:
        """The rule as the settings keep it."""
        return {
            ROLES: [role.value for role in MAY_REQUIRE if role in self.roles],
            SINCE: self.since.isoformat() if self.since else "",
            GRACE_DAYS: self.grace_days,
        }


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody holds, or will; ``until_ms`` is None where no end is set."""

    role: Role
    given_ms: int
    until_ms: int | None = None


def of_values(values: Mapping[str, Any]) -> FactorRule:
    """The rule that the settings keep."""
    since = date.fromisoformat(values[SINCE]) if values[SINCE] else None
    return FactorRule(frozenset(map(Role, values[ROLES])), since, values[GRACE_DAYS])


def due_ms(rule: FactorRule, held: Iterable[HeldRole]) -> int | None:
    """From when somebody needs a second factor before anything else; None if never.

    The days to get ready run from the day of the rule, or from a role that is given later; a
    role that is over by then asks for nothing.
    """
    if rule.since is None:
        return None
    since_ms = clock.start_of_day_ms(rule.since)
    grace_ms = rule.grace_days * clock.DAY_MS
    due = ((max(since_ms, each.given_ms) + grace_ms, each) for each in held)
    asked = (
        moment
        for moment, each in due
        if each.role in rule.roles and (each.until_ms is None or each.until_ms > moment)
    )
    return min(asked, default=None)
