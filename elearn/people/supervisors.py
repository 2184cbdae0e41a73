"""Who supervises whom: chosen by hand, else whoever leads the unit, or the nearest one above.

A unit is led by who is marked as its head, else by the one person in it of the highest managerial
class; where two stand equal, somebody has to be marked. The role of a supervisor is derived from
this and never granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true, update

from elearn import clock
from elearn.database import db, rows
from elearn.errors import Invalid
from elearn.people import audit
from elearn.people.audit import Action
from elearn.people.history_models import Supervision, UnitHead
from elearn.people.models import Person, Position, Unit
from elearn.people.units import below, path_ids

# Managerial classes, the highest first; nobody else leads a unit without being marked.
HEAD_CLASSES = ("jpt_utama", "jpt_madya", "jpt_pratama", "administrator", "pengawas")


@dataclass(frozen=True)
class _Led:
    """Units and who leads them: ``heads`` by unit, only where somebody does."""

    paths: Mapping[int, str]
    heads: Mapping[int, int]

    def over(self, person_id: int, unit_id: int) -> int | None:
        """Who supervises somebody of a unit; who leads it looks to the unit above."""
        for id in reversed(path_ids(self.paths.get(unit_id, ""))):
            head = self.heads.get(id)
            if head is not None and head != person_id:
                return head
        return None


def choose(actor_id: int | None, person: Person, supervisor_id: int | None) -> None:
    """Let a person who is locked have this supervisor, or the one of the tree again (None).

    Raises Invalid for themselves, somebody who is not active, and a circle.
    """
    if person.supervisor_id == supervisor_id:
        return
    _check(person, supervisor_id)
    write(person, supervisor_id)
    audit.record(actor_id, Action.PERSON_CHANGED, person.id, fields=["supervisor_id"])


def write(person: Person, supervisor_id: int | None) -> None:
    """Keep who supervises a person by hand from now on, and who did until now."""
    now_ms = clock.now_ms()
    open_now = Supervision.person_id == person.id, Supervision.until_ms.is_(None)
    ended = update(Supervision).where(*open_now).values(until_ms=now_ms)
    db.session.execute(ended.execution_options(synchronize_session=False))
    if supervisor_id is not None:
        begun = {"person_id": person.id, "supervisor_id": supervisor_id, "from_ms": now_ms}
        db.session.add(Supervision(**begun))
    person.supervisor_id = supervisor_id


def mark_head(actor_id: int | None, unit_id: int, person_id: int | None) -> None:
    """Mark who leads a unit, also somebody of another one; None lets the classes decide."""
    person = db.session.get(Person, person_id) if person_id is not None else None
    if person_id is not None and (person is None or not person.active):
        raise Invalid("head_wrong", field="target")
    now_ms = clock.now_ms()
    open_now = UnitHead.unit_id == unit_id, UnitHead.until_ms.is_(None)
    ended = update(UnitHead).where(*open_now).values(until_ms=now_ms)
    db.session.execute(ended.execution_options(synchronize_session=False))
    if person_id is not None:
        db.session.add(UnitHead(unit_id=unit_id, person_id=person_id, from_ms=now_ms))
    audit.record(actor_id, Action.HEAD_MARKED, person_id, unit=unit_id)


def head_of(unit: Unit) -> int | None:
    """Who leads a unit; None where nobody is marked and no class stands above the others."""
    return _led(Unit.id == unit.id).heads.get(unit.id)


def of(person: Person) -> int | None:
    """Who supervises a person today; three statements at most."""
    if person.supervisor_id is not None:
        return person.supervisor_id
    path = db.session.scalar(select(Unit.path).where(Unit.id == person.unit_id)) or ""
    return _led(Unit.id.in_(path_ids(path))).over(person.id, person.unit_id)


def team(person_id: int) -> list[int]:
    """The ids of a person's direct reports today; five statements at most."""
    by_hand = select(Person.id).where(Person.supervisor_id == person_id, Person.active)
    found = set(db.session.scalars(by_hand))
    for path in _led_paths(person_id):
        found |= _of_branch(person_id, path)
    return sorted(found - {person_id})


def everybody() -> dict[int, int]:
    """The supervisor of each active person who has one; four statements."""
    led = _led(true())
    wanted = select(Person.id, Person.unit_id, Person.supervisor_id).where(Person.active)
    found = ((row.id, row.supervisor_id or led.over(row.id, row.unit_id)) for row in rows(wanted))
    return {person_id: supervisor_id for person_id, supervisor_id in found if supervisor_id}


def _check(person: Person, supervisor_id: int | None) -> None:
    if supervisor_id is None:
        return
    supervisor = db.session.get(Person, supervisor_id)
    if supervisor is None or not supervisor.active or supervisor_id == person.id:
        raise Invalid("supervisor_wrong", field="target")
    if supervisor.supervisor_id == person.id:
        raise Invalid("supervisor_circle", field="target")


def _led_paths(person_id: int) -> list[str]:
    """The paths of the units a person leads."""
    marked = select(UnitHead.unit_id).where(
        UnitHead.person_id == person_id, UnitHead.until_ms.is_(None)
    )
    home = select(Person.unit_id).where(Person.id == person_id, Person.active)
    ids = set(db.session.scalars(marked)) | set(db.session.scalars(home))
    led = _led(Unit.id.in_(ids))
    return [path for id, path in led.paths.items() if led.heads.get(id) == person_id]


def _of_branch(person_id: int, path: str) -> set[int]:
    """Who looks to a person in a branch they lead, but for those with a supervisor by hand."""
    led = _led(below(path))
    wanted = (
        select(Person.id, Person.unit_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(below(path), Person.active, Person.supervisor_id.is_(None))
    )
    return {row.id for row in rows(wanted) if led.over(row.id, row.unit_id) == person_id}


def _led(which: ColumnElement[bool]) -> _Led:
    """Some units and who leads them; three statements."""
    paths = {row.id: row.path for row in rows(select(Unit.id, Unit.path).where(which))}
    classed = (
        select(Person.id, Person.unit_id, Position.position_class)
        .join(Unit, Unit.id == Person.unit_id)
        .join(Position, Position.id == Person.position_id)
        .where(which, Person.active, Position.position_class.in_(HEAD_CLASSES))
    )
    marked = (
        select(UnitHead.unit_id, UnitHead.person_id)
        .join(Unit, Unit.id == UnitHead.unit_id)
        .join(Person, Person.id == UnitHead.person_id)
        .where(which, Person.active, UnitHead.until_ms.is_(None))
    )
    heads = _highest((row.unit_id, row.position_class, row.id) for row in rows(classed))
    return _Led(paths, heads | {row.unit_id: row.person_id for row in rows(marked)})


def _highest(people: Iterable[tuple[int, str, int]]) -> dict[int, int]:
    """The one person of the highest class in each unit; nobody where two stand equal."""
    best: dict[int, tuple[int, list[int]]] = {}
    for unit_id, position_class, person_id in people:
        rank = HEAD_CLASSES.index(position_class)
        held = best.get(unit_id)
        if held is None or rank < held[0]:
            best[unit_id] = (rank, [person_id])
        elif rank == held[0]:
            held[1].append(person_id)
    return {unit_id: ids[0] for unit_id, (_rank, ids) in best.items() if len(ids) == 1}
