"""The agency's rule of the second factor: read with whom it concerns, and changed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from elearn import clock
from elearn.database import rows
from elearn.errors import Invalid
from elearn.people import factor_rule, holding, setting_changes
from elearn.people.factor_models import Authenticator
from elearn.people.factor_rule import FactorRule
from elearn.people.models import Person
from elearn.people.permissions import Role
from elearn.people.setting_changes import Wish


@dataclass(frozen=True)
class Coverage:
    """How many hold a role now, and how many of them have a second factor."""

    role: Role
    holders: int
    with_factor: int


def coverage() -> list[Coverage]:
    """Every role that may be asked for a second factor; one statement."""
    held = holding.held()
    is_on = exists().where(Authenticator.person_id == held.c.person_id)
    wanted = (
        select(
            held.c.role,
            func.count(func.distinct(held.c.person_id)).label("holders"),
            func.count(func.distinct(held.c.person_id)).filter(is_on).label("with_factor"),
        )
        .join(Person, Person.id == held.c.person_id)
        .where(Person.active)
        .group_by(held.c.role)
    )
    found = {
        row.role: Coverage(Role(row.role), row.holders, row.with_factor) for row in rows(wanted)
    }
    return [found.get(role.value, Coverage(role, 0, 0)) for role in factor_rule.MAY_REQUIRE]


def change(actor_id: int | None, rule: FactorRule, *, may_trust: bool) -> bool:
    """Require it of other roles, from another day, or trust devices or not. Raises Invalid.

    Returns whether anything changed.
    """
    if rule.roles and rule.since is None:
        raise Invalid("factor_day_needed", field="since")
    year = clock.today().year
    wanted = {**rule.to_values(), factor_rule.TRUSTS: may_trust}
    changed = [
        setting_changes.change(actor_id, key, Wish(year, value)) for key, value in wanted.items()
    ]
    return any(changed)
