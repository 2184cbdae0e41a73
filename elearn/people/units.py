"""The agency tree: who is below a unit, and what lies within a person's reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import joinedload

from elearn import clock
from elearn.database import db, rows
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.people import audit
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.history_models import UnitSpan
from elearn.people.holding import held
from elearn.people.models import Person, Unit, UnitKind, full_name
from elearn.people.permissions import Role


@dataclass(frozen=True)
class UnitNode:
    """A unit in its place; the highest one shown has depth 0."""

    id: int
    name: str
    path: str
    depth: int
    is_closed: bool = False


@dataclass(frozen=True)
class HrContact:
    """Somebody who helps the people of a unit."""

    name: str
    unit: str
    whatsapp: str


def create_unit(
    name: str, parent: Unit | None = None, code: str = "", kind: UnitKind = UnitKind.OTHER
) -> Unit:
    """Add a unit below its parent, or at the top."""
    name = name.strip()
    if not name:
        raise Invalid("unit_name_missing", field="name")
    parent_id = parent.id if parent else None
    unit = Unit(name=name, code=code.strip(), kind=kind, parent_id=parent_id, path="")
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else EVERYWHERE}{unit.id}/"
    span = UnitSpan(unit_id=unit.id, name=name, parent_id=unit.parent_id, from_ms=clock.now_ms())
    db.session.add(span)
    db.session.flush()
    return unit


def unit_of(unit_id: int) -> Unit:
    """A unit by its id; raises NotFound."""
    unit = db.session.get(Unit, unit_id)
    if unit is None:
        raise NotFound
    return unit


def code_of(unit: Unit) -> str:
    """The code of a unit, or of the nearest one above that has one; empty without any."""
    wanted = select(Unit.code, Unit.path).where(Unit.id.in_(path_ids(unit.path)), Unit.code != "")
    return max(((len(row.path), row.code) for row in rows(wanted)), default=(0, ""))[1]


def tree() -> list[UnitNode]:
    """Every unit, each followed by those below it."""
    return _in_order(true())


def open_tree() -> list[UnitNode]:
    """The units in which somebody may be placed, each followed by those below it."""
    return _in_order(Unit.closed_ms.is_(None))


def open_tree_of(actor: Actor) -> list[UnitNode]:
    """The units in which the actor may place somebody, each followed by those below it."""
    return [node for node in open_tree() if actor.acts_in(node.path)]


def subtree(unit: Unit) -> list[UnitNode]:
    """A unit followed by all below it."""
    return _in_order(below(unit.path))


def tree_in_reach(actor: Actor) -> list[UnitNode]:
    """The units whose people the actor may see, each followed by those below it."""
    return _in_order(reach(actor))


def below(path: str) -> ColumnElement[bool]:
    """The condition on Unit that holds for a branch: the unit with this path and all below."""
    return true() if path == EVERYWHERE else Unit.path.startswith(path)


def reach(actor: Actor) -> ColumnElement[bool]:
    """The condition on Unit that holds for every unit whose people the actor may see."""
    return _any_of(actor.hr_paths)


def within_reach(actor: Actor, unit_id: int | None) -> Unit:
    """The unit asked for, or the highest within reach; NotFound outside."""
    wanted = select(Unit).where(reach(actor)).order_by(Unit.path).limit(1)
    if unit_id is not None:
        wanted = wanted.where(Unit.id == unit_id)
    unit = db.session.scalar(wanted)
    if unit is None:
        raise NotFound
    return unit


def person_in_reach(actor: Actor, person_id: int) -> Person:
    """A person whose record the actor may see, with unit and position; NotFound to strangers."""
    wanted = (
        select(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.id == person_id, reach(actor))
        .options(joinedload(Person.unit), joinedload(Person.position))
    )
    person = db.session.scalar(wanted)
    if person is None:
        raise NotFound
    giver = actor.giver_in(person.unit.path)
    if giver:
        audit.act_for(giver)
    return person


def refuse_stranger(actor: Actor, person_id: int) -> None:
    """Raise NotFound unless a record is the actor's own or of somebody within reach."""
    if person_id != actor.id:
        person_in_reach(actor, person_id)


def person_to_act_on(actor: Actor, person_id: int) -> Person:
    """A person for whom the actor may change something; NotAllowed to those who only see."""
    person = person_in_reach(actor, person_id)
    if not actor.acts_in(person.unit.path):
        raise NotAllowed
    return person


def hr_of(unit_id: int) -> list[HrContact]:
    """Who holds HR for the nearest unit upward, else HR of the agency; one statement more than
    the unit itself."""
    path = unit_of(unit_id).path
    found = rows(_holders_of_hr(path_ids(path)))
    nearest = max((len(row.path or "") for row in found), default=0)
    return [
        HrContact(
            full_name(row.degrees_before, row.name, row.degrees_after), row.unit or "", row.whatsapp
        )
        for row in found
        if len(row.path or "") == nearest
    ]


def hr_ids_of(unit_id: int, but: int = 0) -> list[int]:
    """The ids of who holds HR for the nearest unit upward, else for the agency, ``but`` for one."""
    path = unit_of(unit_id).path
    found = [row for row in rows(_holders_of_hr(path_ids(path))) if row.id != but]
    nearest = max((len(row.path or "") for row in found), default=0)
    return sorted({row.id for row in found if len(row.path or "") == nearest})


def path_ids(path: str) -> list[int]:
    """The ids from the root to the unit with this path."""
    return [int(part) for part in path.split("/") if part]


def _holders_of_hr(unit_ids: list[int]) -> Select[*tuple[Any, ...]]:
    roles = held()
    of_unit = and_(roles.c.role == Role.HR_UNIT, roles.c.unit_id.in_(unit_ids))
    return (
        select(
            Person.id,
            Person.name,
            Person.degrees_before,
            Person.degrees_after,
            Person.whatsapp,
            Unit.name.label("unit"),
            Unit.path,
        )
        .join(roles, roles.c.person_id == Person.id)
        .outerjoin(Unit, Unit.id == roles.c.unit_id)
        .where(Person.active, or_(of_unit, roles.c.role == Role.HR_AGENCY))
        .order_by(Person.sort_name)
    )


def _any_of(paths: Iterable[str]) -> ColumnElement[bool]:
    return or_(false(), *(below(path) for path in paths))


def _in_order(condition: ColumnElement[bool]) -> list[UnitNode]:
    """Depth first, siblings by rank and name: a unit sorts by those from the root down to it."""
    columns = (Unit.id, Unit.name, Unit.path, Unit.rank, Unit.closed_ms)
    found = rows(select(*columns).where(condition))
    places: dict[str, tuple[tuple[int, str, int], ...]] = {}
    for row in sorted(found, key=lambda row: len(row.path)):  # those above come before
        above = _path_above(row.path)
        while above and above not in places:
            above = _path_above(above)
        here = (row.rank, row.name.casefold(), row.id)
        places[row.path] = (*places.get(above, ()), here)
    ordered = sorted(found, key=lambda row: places[row.path])
    return [
        UnitNode(row.id, row.name, row.path, len(places[row.path]) - 1, row.closed_ms is not None)
        for row in ordered
    ]


def _path_above(path: str) -> str:
    """The path of the unit right above; empty above the top."""
    return path[: path.rstrip("/").rfind("/") + 1]
