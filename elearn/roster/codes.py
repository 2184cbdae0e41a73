"""Sign-in codes for people who have none, as a list to print for each unit.

A code is made when its list is printed: hashed as every code is, shown once, and good for
fourteen days. Nothing of it is kept in words.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from elearn import clock
from elearn.database import db, rows
from elearn.errors import NotAllowed, NotFound
from elearn.people import accounts, nip, passwords, units
from elearn.people.actors import Actor
from elearn.people.models import Person, Unit
from elearn.people.passwords import OneTimeCode
from elearn.people.units import below

MOST = 50  # a hash takes 25 ms of a core, and somebody waits
LIFE_MS = 14 * clock.DAY_MS


class Waiting(NamedTuple):
    """A unit, how many of its people have no way in, and how many hold a code that lives."""

    id: int
    name: str
    above: str
    without: int
    printed: int


class Slip(NamedTuple):
    """What is cut out and handed over."""

    name: str
    nip: str
    code: str


class Sheet(NamedTuple):
    """The slips of a unit; ``left`` is how many people are still without a code."""

    unit: Unit
    slips: list[Slip]
    until_ms: int
    left: int


def waiting(actor: Actor) -> list[Waiting]:
    """The units within reach in which somebody has no way in yet; one statement."""
    above = Unit.__table__.alias("above")
    without = _is_without(clock.now_ms())
    counted = (
        select(
            Unit.id,
            Unit.name,
            func.coalesce(above.c.name, "").label("above"),
            func.count().filter(without).label("without"),
            func.count().filter(~without).label("printed"),
        )
        .join(Person, Person.unit_id == Unit.id)
        .outerjoin(above, above.c.id == Unit.parent_id)
        .where(_has_no_password(), _acting(actor))
        .group_by(Unit.id, Unit.name, above.c.name)
        .order_by(Unit.path)
    )
    return [Waiting(*row) for row in rows(counted)]


def _acting(actor: Actor) -> ColumnElement[bool]:
    return or_(*(below(path) for path in actor.acting_paths))


def _has_no_password() -> ColumnElement[bool]:
    return Person.active & (Person.password_hash == "")


def _is_without(now_ms: int) -> ColumnElement[bool]:
    return or_(Person.code_hash == "", Person.code_until_ms <= now_ms)


class Prepared(NamedTuple):
    """Codes that may be given, hashed before any lock is held."""

    unit: Unit
    people: list[Person]
    codes: list[OneTimeCode]


def prepare(actor: Actor, unit_id: int) -> Prepared:
    """Make codes for people of a unit without any way in, some at a time.

    Whose rights go beyond HR's gets none here. Raises NotFound and NotAllowed.
    """
    unit = units.unit_of(unit_id)
    if not actor.acts_in(unit.path):
        raise NotAllowed if actor.in_reach(unit.path) else NotFound
    chosen = _chosen(actor, unit_id)
    return Prepared(unit, chosen, [passwords.new_code() for _person in chosen])


def give(actor: Actor, prepared: Prepared) -> Sheet:
    """Let the codes work; they are shown once."""
    until_ms = clock.now_ms() + LIFE_MS
    slips = []
    for person, code in zip(prepared.people, prepared.codes, strict=True):
        accounts.issue_code(actor, person.id, code, life_ms=LIFE_MS)
        slips.append(Slip(person.full_name, nip.mask(person.nip), code.text))
    return Sheet(prepared.unit, slips, until_ms, _count(prepared.unit.id))


def give_one(actor: Actor, person: Person, code: OneTimeCode) -> Sheet:
    """The slip of one person; raises as ``accounts.issue_code``."""
    return give(actor, Prepared(units.unit_of(person.unit_id), [person], [code]))


def _chosen(actor: Actor, unit_id: int) -> list[Person]:
    wanted = select(Person).where(_in_unit(unit_id)).order_by(Person.sort_name, Person.id)
    return [person for person in db.session.scalars(wanted.limit(MOST)) if _may(actor, person)]


def _may(actor: Actor, person: Person) -> bool:
    try:
        accounts.resettable(actor, person.id)
    except NotAllowed:
        return False
    return True


def _in_unit(unit_id: int) -> ColumnElement[bool]:
    return (Person.unit_id == unit_id) & _has_no_password() & _is_without(clock.now_ms())


def _count(unit_id: int) -> int:
    counted = select(func.count()).select_from(Person).where(_in_unit(unit_id))
    return db.session.scalar(counted) or 0
