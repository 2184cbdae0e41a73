"""Who holds which role, for the admin; and whom one may lend a role to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true

from elearn import clock
from elearn.database import rows
from elearn.people import units
from elearn.people.actors import Actor
from elearn.people.models import Person, RoleGrant, Unit, full_name
from elearn.people.names import fold
from elearn.people.permissions import Role

MOST_FOUND = 50


@dataclass(frozen=True)
class Granted:
    """A role somebody holds, from when until when."""

    person_id: int
    person: str
    active: bool
    role: Role
    unit: str
    from_ms: int
    until_ms: int | None

    @property
    def is_over(self) -> bool:
        return self.until_ms is not None and self.until_ms <= clock.now_ms()


def granted() -> list[Granted]:
    """Every role beyond learner with who holds it, the widest first; one statement."""
    wanted = (
        select(
            Person.id,
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
            Person.active,
            RoleGrant.role,
            RoleGrant.from_ms,
            RoleGrant.until_ms,
            Unit.name.label("unit"),
        )
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .order_by(Person.sort_name, RoleGrant.id)
    )
    order = list(Role)
    found = [
        Granted(
            person_id=row.id,
            person=full_name(row.degrees_before, row.name, row.degrees_after),
            active=row.active,
            role=Role(row.role),
            unit=row.unit or "",
            from_ms=row.from_ms,
            until_ms=row.until_ms,
        )
        for row in rows(wanted)
    ]
    return sorted(found, key=lambda held: order.index(held.role), reverse=True)


def within_reach(actor: Actor, text: str, chosen: object = None) -> list[tuple[int, str]]:
    """Active people in reach whose name holds a text, with their unit; and one already chosen."""
    return _found(units.reach(actor) & (Person.id != actor.id), text, chosen)


def anybody(text: str, chosen: object = None) -> list[tuple[int, str]]:
    """Active people of the agency whose name holds a text, and one already chosen."""
    return _found(true(), text, chosen)


def _found(who: ColumnElement[bool], text: str, chosen: object) -> list[tuple[int, str]]:
    ids = [int(id) for id in (chosen if isinstance(chosen, list) else []) if str(id).isdigit()]
    named = Person.sort_name.contains(fold(text), autoescape=True)
    wanted = (
        select(Person.id, Person.degrees_before, Person.name, Person.degrees_after, Unit.name)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.active, who, or_(named, Person.id.in_(ids)))
        .order_by(Person.id.not_in(ids), Person.sort_name, Person.id)
        .limit(MOST_FOUND)
    )
    return [(id, f"{full_name(*words)} – {unit}") for id, *words, unit in rows(wanted)]
