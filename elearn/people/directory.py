"""Who there is, for the admin: a searchable list, and one person with roles, places and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from elearn import clock
from elearn.database import db, rows
from elearn.errors import NotFound
from elearn.people import contracts, nip, placements
from elearn.people.history_models import Contract
from elearn.people.models import (
    FormerNip,
    Person,
    Position,
    RoleGrant,
    Status,
    Unit,
    full_name,
)
from elearn.people.names import fold
from elearn.people.placements import Placed
from elearn.people.units import below, unit_of

PAGE_SIZE = 50
STATES = {
    "active": Person.active.is_(True),
    "inactive": Person.active.is_(False),
    "no_password": Person.active.is_(True) & (Person.password_hash == ""),
}
SORTS: dict[str, tuple[Any, ...]] = {
    "name": (Person.sort_name, Person.id),
    "-name": (Person.sort_name.desc(), Person.id.desc()),
    "unit": (Unit.name, Person.sort_name, Person.id),
    "-unit": (Unit.name.desc(), Person.sort_name, Person.id),
}


@dataclass(frozen=True)
class Wanted:
    """Which people: part of a name, a branch of the tree, a state, and their order."""

    name: str = ""
    unit_id: int | None = None
    state: str = ""
    sort: str = "name"


@dataclass(frozen=True)
class PersonRow:
    """A person in the list."""

    id: int
    full_name: str
    nip: str
    unit: str
    status: Status
    active: bool
    has_password: bool


@dataclass(frozen=True)
class PeoplePage:
    """Rows of the list; ``total`` counts all that were asked for."""

    people: list[PersonRow]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Counts:
    """People by the state of their account."""

    active: int
    inactive: int
    no_password: int


@dataclass(frozen=True)
class Held:
    """A role somebody holds, with the name of its unit."""

    id: int
    role: str
    unit: str
    from_ms: int
    until_ms: int | None

    @property
    def is_over(self) -> bool:
        return self.until_ms is not None and self.until_ms <= clock.now_ms()


@dataclass(frozen=True)
class Profile:
    """A person as the admin sees them; the newest placement and former number come first."""

    person: Person
    grants: list[Held]
    placements: list[Placed]
    contracts: Sequence[Contract]
    former_nips: list[FormerNip]


def find(wanted: Wanted, number: int = 1) -> PeoplePage:
    """A page of people; two statements, three with a unit."""
    conditions = _conditions(wanted)
    people = select(
        Person.id,
        Person.name,
        Person.degrees_before,
        Person.degrees_after,
        Person.nip,
        Person.status,
        Person.active,
        (Person.password_hash != "").label("has_password"),
        Unit.name.label("unit"),
    ).join(Unit, Unit.id == Person.unit_id)
    count = select(func.count()).select_from(Person).join(Unit, Unit.id == Person.unit_id)
    total = db.session.scalar(count.where(*conditions)) or 0
    ordered = people.where(*conditions).order_by(*SORTS.get(wanted.sort, SORTS["name"]))
    found = rows(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return PeoplePage([_row(row) for row in found], number, max(1, -(-total // PAGE_SIZE)), total)


def by_nip(text: str) -> int:
    """The person who has or had a number; raises NotFound."""
    digits = nip.compact(text)
    present = db.session.scalar(select(Person.id).where(Person.nip == digits))
    former = select(FormerNip.person_id).where(FormerNip.nip == digits)
    found = present or db.session.scalar(former)
    if found is None:
        raise NotFound
    return found


def counts() -> Counts:
    """How many people there are in each state; one statement."""
    row = rows(
        select(
            func.count().filter(STATES["active"]).label("active"),
            func.count().filter(STATES["inactive"]).label("inactive"),
            func.count().filter(STATES["no_password"]).label("no_password"),
        ).select_from(Person)
    )[0]
    return Counts(row.active, row.inactive, row.no_password)


def profile(person_id: int) -> Profile:
    """A person with roles, placements, contracts and former numbers; five statements."""
    return Profile(
        person=person_of(person_id),
        grants=_grants(person_id),
        placements=placements.of(person_id),
        contracts=contracts.of(person_id),
        former_nips=_former(person_id),
    )


def person_of(person_id: int) -> Person:
    """A person with unit and position; raises NotFound."""
    wanted = select(Person).where(Person.id == person_id)
    person = db.session.scalar(wanted.options(joinedload(Person.unit), joinedload(Person.position)))
    if person is None:
        raise NotFound
    return person


def positions() -> list[tuple[int, str]]:
    """Every position by name: id and name."""
    found = rows(select(Position.id, Position.name).order_by(Position.name, Position.id))
    return [(row.id, row.name) for row in found]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.name:
        conditions.append(Person.sort_name.contains(fold(wanted.name), autoescape=True))
    if wanted.unit_id is not None:
        conditions.append(below(unit_of(wanted.unit_id).path))
    if wanted.state in STATES:
        conditions.append(STATES[wanted.state])
    return conditions


def _row(row: Any) -> PersonRow:
    return PersonRow(
        id=row.id,
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        nip=row.nip,
        unit=row.unit,
        status=Status(row.status),
        active=row.active,
        has_password=row.has_password,
    )


def _grants(person_id: int) -> list[Held]:
    wanted = (
        select(
            RoleGrant.id,
            RoleGrant.role,
            Unit.name.label("unit"),
            RoleGrant.from_ms,
            RoleGrant.until_ms,
        )
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.id)
    )
    return [
        Held(row.id, row.role, row.unit or "", row.from_ms, row.until_ms) for row in rows(wanted)
    ]


def _former(person_id: int) -> list[FormerNip]:
    wanted = select(FormerNip).where(FormerNip.person_id == person_id)
    return list(db.session.scalars(wanted.order_by(FormerNip.until_ms.desc())))
