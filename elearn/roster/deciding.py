"""What only a person can say of a file: units under other names, who is the same, who stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select, update

from elearn.database import db, rows
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.people import audit, units
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.audit import Action
from elearn.people.models import Person, Unit, full_name
from elearn.people.names import fold
from elearn.roster import imports, matching
from elearn.roster.comparing import Kind
from elearn.roster.imports import About
from elearn.roster.models import RosterImport, RosterRow, State, UnitAlias
from elearn.roster.statements import rows_of
from elearn.roster.unit_names import Named, named
from elearn.roster.values import readable

MOST_UNITS = 100
MOST_TWINS = 100
UNKNOWN_UNIT = '"unit_unknown"'


class Asked(NamedTuple):
    """A unit that is not known by what a file calls it; ``proposed`` is its name as people write.

    ``above`` is the unit it would come under, None for one that is proposed as well.
    """

    unit: str
    parent: str
    proposed: str
    above: Unit | None
    people: int


def unknown_units(row: RosterImport) -> list[Asked]:
    """The units to be said, those above first."""
    wanted = (
        select(RosterRow.unit_name, RosterRow.parent_name, func.count().label("people"))
        .where(rows_of(row.id), RosterRow.problems.contains(UNKNOWN_UNIT))
        .group_by(RosterRow.unit_name, RosterRow.parent_name)
    )
    names = matching.unit_names()
    found: dict[Named, Asked] = {}
    for each in rows(wanted):
        parent = named(each.parent_name, "")
        above = names.find(parent) if parent.unit else None
        key = named(each.unit_name, each.parent_name)
        if parent.unit and above is None and parent != key:
            found.setdefault(parent, _asked(row, each.parent_name, "", None, 0))
        people = each.people + (found[key].people if key in found else 0)
        known = units.unit_of(above.id) if above else None
        found[key] = _asked(
            row, each.unit_name, each.parent_name if key.parent else "", known, people
        )
    return sorted(found.values(), key=lambda unit: (bool(unit.parent), unit.parent, unit.unit))


def _asked(row: RosterImport, unit: str, parent: str, above: Unit | None, people: int) -> Asked:
    if above is None and not parent:
        above = _root(row)
    return Asked(unit, parent, readable(unit), above, people)


def _root(row: RosterImport) -> Unit | None:
    """What a unit without one above comes under: the branch of the import."""
    path = imports.scope_of(row).path or About.of(row).values["acting"][0]
    if path == EVERYWHERE:
        tops = select(Unit).where(Unit.parent_id.is_(None)).limit(2)
        found = db.session.scalars(tops).all()
        return found[0] if len(found) == 1 else None
    return db.session.scalar(select(Unit).where(Unit.path == path))


@dataclass(frozen=True)
class Said:
    """What somebody says of a unit a file names: one that is there, or a new one under another."""

    line: int
    unit: str
    parent: str
    unit_id: int | None = None
    new_name: str = ""
    above_id: int | None = None
    above_name: str = ""


def say_units(actor: Actor, import_id: int, said: Sequence[Said]) -> None:
    """Remember which units are meant, make the new ones, and look at the file again.

    Raises Invalid with the number of the line as its field, NotAllowed for a unit out of reach.
    """
    row = imports.locked(actor, import_id, State.READY)
    made: dict[str, Unit] = {}
    for each in said:
        unit = _meant(actor, each, made)
        key = named(each.unit, each.parent)
        db.session.merge(UnitAlias(name=key.unit, parent=key.parent, unit_id=unit.id))
        made[fold(each.unit)] = unit
    imports.again(row)


def _meant(actor: Actor, said: Said, made: Mapping[str, Unit]) -> Unit:
    field = str(said.line)
    if said.unit_id is not None:
        return _within(actor, said.unit_id, field)
    above = made.get(fold(said.above_name))
    if above is None and said.above_id is not None:
        above = _within(actor, said.above_id, field)
    if above is None and EVERYWHERE not in actor.acting_paths:
        raise Invalid("above_missing", field)
    if not said.new_name.strip():
        raise Invalid("unit_name_missing", field)
    unit = units.create_unit(said.new_name, above)
    audit.record(actor.id, Action.UNIT_CREATED, None, unit=unit.id)
    return unit


def _within(actor: Actor, unit_id: int, field: str) -> Unit:
    unit = units.unit_of(unit_id)
    if unit.closed_ms is not None:
        raise Invalid("unit_closed", field)
    if not actor.acts_in(unit.path):
        raise NotAllowed if actor.in_reach(unit.path) else NotFound
    return unit


class Twin(NamedTuple):
    """A new number, and somebody known who may have got it."""

    number: int
    nip: str
    name: str
    person_id: int
    held_nip: str
    held_name: str
    held_unit: str


def twins(import_id: int) -> list[Twin]:
    """New numbers of which somebody has to say whose they are."""
    wanted = (
        select(
            RosterRow.number,
            RosterRow.nip,
            RosterRow.name,
            Person.id,
            Person.nip.label("held_nip"),
            Person.name.label("held_name"),
            Person.degrees_before,
            Person.degrees_after,
            Unit.name.label("unit"),
        )
        .join(Person, Person.id == RosterRow.twin_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(rows_of(import_id), RosterRow.kind == Kind.NEW)
        .order_by(RosterRow.number)
        .limit(MOST_TWINS)
    )
    return [
        Twin(
            row.number,
            row.nip,
            row.name,
            row.id,
            row.held_nip,
            full_name(row.degrees_before, row.held_name, row.degrees_after),
            row.unit,
        )
        for row in rows(wanted)
    ]


def say_twins(actor: Actor, import_id: int, same: Mapping[int, bool]) -> None:
    """Say by row whether the new number is that person's; the file is then looked at again."""
    row = imports.locked(actor, import_id, State.READY)
    decided = dict(About.of(row).decided)
    for twin in twins(row.id):
        if twin.number in same:
            decided[twin.nip] = twin.person_id if same[twin.number] else 0
    imports.again(row, decided=decided)


def keep_leaver(actor: Actor, import_id: int, person_id: int, *, is_kept: bool) -> None:
    """Let the account of somebody who is not in the file stay open, or not. Raises NotFound."""
    row = imports.locked(actor, import_id, State.READY)
    here = rows_of(row.id), RosterRow.kind == Kind.LEAVER, RosterRow.person_id == person_id
    staged = db.session.scalar(select(RosterRow).where(*here))
    if staged is None or staged.problems:  # those whose role or own account no file closes
        raise NotFound
    db.session.execute(
        update(RosterRow).where(*here).values(is_kept=is_kept),
        execution_options={"synchronize_session": False},
    )
    counts = About.of(row).counts
    change = int(staged.is_kept) - int(is_kept)
    imports.remember(row, counts=counts | {Kind.LEAVER: counts[Kind.LEAVER] + change})
