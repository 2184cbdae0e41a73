"""One person added by hand: as the console adds one, with a code as the roster's slips give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import select

from elearn import clock
from elearn.database import db
from elearn.errors import Invalid, NotFound
from elearn.people import audit, directory, nip, staffing, units
from elearn.people.actors import Actor
from elearn.people.audit import Action
from elearn.people.models import Person, Position
from elearn.people.nip import NipError
from elearn.people.passwords import OneTimeCode
from elearn.people.staffing import NewPerson
from elearn.people.statuses import Status
from elearn.roster import codes
from elearn.roster.codes import Sheet
from elearn.roster.columns import Field
from elearn.roster.position_classes import class_of
from elearn.roster.problems import Problem
from elearn.roster.values import readable


@dataclass(frozen=True)
class Known:
    """Who has, or had, a number already; the name is told to those only who may see the person."""

    person_id: int
    unit: str
    is_active: bool
    is_number_former: bool
    name: str = ""
    may_change: bool = False


@dataclass(frozen=True)
class Wanted:
    """A person as HR writes one down: the post by its name, and its class where it is chosen."""

    person: NewPerson
    position: str = ""
    position_class: str = ""


class Added(NamedTuple):
    """The slip with the code, and what HR should look at once more."""

    person: Person
    sheet: Sheet
    warnings: Sequence[Problem]


def known(actor: Actor, number: str) -> Known | None:
    """Who has a number, or had it; nobody where it is free or none. To be told is a look."""
    try:
        person = directory.person_of(directory.by_nip(number))
    except NotFound:
        return None
    audit.record(actor.id, Action.PERSON_VIEWED, person.id)
    path = person.unit.path
    return Known(
        person_id=person.id,
        unit=person.unit.name,
        is_active=person.active,
        is_number_former=person.nip != nip.compact(number),
        name=person.full_name if actor.in_reach(path) else "",
        may_change=actor.acts_in(path),
    )


def add(actor: Actor, wanted: Wanted, code: OneTimeCode) -> Added:
    """Add a person to a unit of the actor's branch, with a code that works once.

    Raises Invalid with the field.
    """
    if not actor.acts_in(units.unit_of(wanted.person.unit_id).path):
        raise Invalid("unit_beyond", field="unit_id")
    new = replace(
        wanted.person, name=readable(wanted.person.name), position_id=_position_id(wanted)
    )
    person = staffing.create_person(new, actor_id=actor.id)
    sheet = codes.give_one(actor, person, code)
    return Added(person, sheet, _warnings(person))


def _position_id(wanted: Wanted) -> int | None:
    """The position by its name; its class is what was chosen, or as the roster takes it."""
    name = readable(" ".join(wanted.position.split()))
    if not name:
        return None
    found = wanted.position_class or class_of(name) or _class_held(name)
    if not found:
        raise Invalid("class_unknown", field="position_class")
    return staffing.position(name, found).id


def _class_held(name: str) -> str:
    """The class that a position of this name has here already, where it has but one."""
    held = db.session.scalars(select(Position.position_class).where(Position.name == name))
    classes = set(held) - {""}
    return classes.pop() if len(classes) == 1 else ""


def _warnings(person: Person) -> list[Problem]:
    try:
        read = nip.parse(person.nip)
    except NipError:  # the day has turned since it was taken
        return []
    found = nip.warnings(read, clock.today(), is_pppk=Status(person.status).is_pppk)
    return [Problem(Field.NIP.value, warning.value) for warning in found]
