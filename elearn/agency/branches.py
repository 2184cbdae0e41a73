"""What a branch holds: its units with their people, what an act on it would touch, its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from elearn.assignments import assigned
from elearn.database import db, rows
from elearn.errors import NotFound
from elearn.learning.models import CourseProgress, CourseState
from elearn.people import units
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.history_models import UnitSpan
from elearn.people.holding import held
from elearn.people.models import Person, Unit, full_name
from elearn.people.permissions import Permission
from elearn.people.units import below, path_ids

MOST_FOUND = 200


@dataclass(frozen=True)
class Branch:
    """A unit with its people, ``people`` of them in all its branch and ``here`` right in it."""

    id: int
    name: str
    code: str
    kind: str
    is_closed: bool
    people: int
    here: int


@dataclass(frozen=True)
class Span:
    """What a unit was called and where it stood in a time."""

    name: str
    parent: str
    from_ms: int
    until_ms: int | None
    reason: str


@dataclass(frozen=True)
class Holder:
    """Who holds a role of HR for a unit."""

    person: str
    unit: str
    role: str


@dataclass(frozen=True)
class Impact:
    """What an act on a branch touches."""

    people: int
    here: int
    subunits: int
    studying: int
    # That name a unit of the branch, or belong to one.
    assignments: int
    holders: list[Holder]


@dataclass(frozen=True)
class Shown:
    """A unit's page: the way down to it, what is right below, what it was."""

    unit: Unit
    above: list[tuple[int, str]]
    whole: Branch
    children: list[Branch]
    spans: list[Span]
    merged_into: Unit | None


def paths_of(actor: Actor) -> tuple[str, ...]:
    """The branches whose units somebody may see."""
    return (EVERYWHERE,) if actor.may(Permission.UNIT_CHANGE) else actor.hr_paths


def seen(actor: Actor, unit_id: int) -> Unit:
    """A unit that somebody may see; raises NotFound for the others."""
    unit = units.unit_of(unit_id)
    if not unit.path.startswith(paths_of(actor)):
        raise NotFound
    return unit


def top(actor: Actor) -> list[Branch]:
    """The highest units somebody may see, each followed by those directly below it."""
    paths = paths_of(actor)
    found = _units(_in_any(paths))
    known = {row.id for row in found}
    listed = [
        row
        for top in found
        if top.parent_id not in known
        for row in (top, *(below for below in found if below.parent_id == top.id))
    ]
    return _branches(listed, _counts(_in_any(paths)))


def shown(actor: Actor, unit_id: int) -> Shown:
    """A unit's page; seven statements, however large the branch is."""
    unit = seen(actor, unit_id)
    counts = _counts(below(unit.path))
    children = _units(Unit.parent_id == unit.id)
    into = unit.merged_into_id
    return Shown(
        unit=unit,
        above=_above(actor, unit),
        whole=_branches([unit], counts)[0],
        children=_branches(children, counts),
        spans=_spans(unit.id),
        merged_into=units.unit_of(into) if into else None,
    )


def find(actor: Actor, text: str) -> list[Branch]:
    """Units by a part of their present or a former name, or by their code; three statements."""
    part = func.lower(text.strip())
    former = select(UnitSpan.unit_id).where(func.lower(UnitSpan.name).contains(part))
    named = or_(func.lower(Unit.name).contains(part), Unit.id.in_(former))
    alike = or_(named, func.lower(Unit.code) == part)
    within = _in_any(paths_of(actor))
    found = _units(within & alike)[:MOST_FOUND]
    return _branches(found, _counts(within))


def targets(actor: Actor, unit: Unit, text: str) -> list[tuple[int, str]]:
    """Open units outside of a branch whose name holds a text, with the way down to them."""
    nodes = [node for node in units.tree() if node.path.startswith(paths_of(actor))]
    names = {node.id: node.name for node in nodes}
    part = text.strip().casefold()
    return [
        (node.id, " › ".join(names[id] for id in path_ids(node.path) if id in names))
        for node in nodes
        if not (node.is_closed or node.path.startswith(unit.path)) and part in node.name.casefold()
    ][:MOST_FOUND]


def impact(unit: Unit) -> Impact:
    """What an act on a unit touches; six statements."""
    counts = _counts(below(unit.path))
    whole = _branches([unit], counts)[0]
    under = select(func.count()).select_from(Unit).where(below(unit.path), Unit.id != unit.id)
    # From the people, as a branch has few of all that is studied.
    there = select(Unit.id).where(below(unit.path))
    people = select(Person.id).where(Person.unit_id.in_(there), Person.active)
    busy = select(func.count()).where(
        CourseProgress.state == CourseState.STUDYING, CourseProgress.person_id.in_(people)
    )
    return Impact(
        people=whole.people,
        here=whole.here,
        subunits=db.session.scalar(under.where(Unit.closed_ms.is_(None))) or 0,
        studying=db.session.scalar(busy) or 0,
        assignments=assigned.count_naming(below(unit.path)),
        holders=_holders(unit),
    )


def _in_any(paths: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(below(path) for path in paths)) if paths else Unit.id.is_(None)


def _units(which: ColumnElement[bool]) -> list[Unit]:
    order = (Unit.closed_ms.is_not(None), Unit.rank, Unit.name, Unit.id)
    return list(db.session.scalars(select(Unit).where(which).order_by(*order)))


def _counts(which: ColumnElement[bool]) -> list[tuple[str, int]]:
    """Active people by the path of their unit; one statement."""
    counted = (
        select(Unit.path, func.count().label("people"))
        .join(Person, Person.unit_id == Unit.id)
        .where(Person.active, which)
        .group_by(Unit.path)
    )
    return [(row.path, row.people) for row in rows(counted)]


def _branches(found: Sequence[Unit], counts: Sequence[tuple[str, int]]) -> list[Branch]:
    """Each count is added to every unit above it, so that the cost is that of the tree once."""
    whole: Counter[int] = Counter()
    here: Counter[int] = Counter()
    for path, people in counts:
        ids = path_ids(path)
        here[ids[-1]] = people
        for id in ids:
            whole[id] += people
    return [
        Branch(
            id=unit.id,
            name=unit.name,
            code=unit.code,
            kind=unit.kind,
            is_closed=unit.closed_ms is not None,
            people=whole[unit.id],
            here=here[unit.id],
        )
        for unit in found
    ]


def _above(actor: Actor, unit: Unit) -> list[tuple[int, str]]:
    ids = path_ids(unit.path)[:-1]
    found = rows(select(Unit.id, Unit.name, Unit.path).where(Unit.id.in_(ids)).order_by(Unit.path))
    return [(row.id, row.name) for row in found if row.path.startswith(paths_of(actor))]


def _spans(unit_id: int) -> list[Span]:
    parent = aliased(Unit)
    wanted = (
        select(UnitSpan, parent.name.label("parent"))
        .outerjoin(parent, parent.id == UnitSpan.parent_id)
        .where(UnitSpan.unit_id == unit_id)
        .order_by(UnitSpan.from_ms.desc(), UnitSpan.id.desc())
    )
    return [
        Span(span.name, name or "", span.from_ms, span.until_ms, span.reason)
        for span, name in rows(wanted)
    ]


def _holders(unit: Unit) -> list[Holder]:
    roles = held()
    wanted = (
        select(
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
            Unit.name.label("unit"),
            roles.c.role,
        )
        .join(roles, roles.c.person_id == Person.id)
        .join(Unit, Unit.id == roles.c.unit_id)
        .where(below(unit.path), Person.active)
        .order_by(Person.sort_name)
    )
    return [
        Holder(full_name(row.degrees_before, row.name, row.degrees_after), row.unit, row.role)
        for row in rows(wanted)
    ]
