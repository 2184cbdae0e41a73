"""What one position asks in the place of its class: dated levels, changed with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from elearn import clock
from elearn.competency import framework
from elearn.competency.models import PositionClass, PositionRequirement, Requirement
from elearn.competency.requirements import NAMED, Dated, Wish, check, dated, told
from elearn.database import db, rows
from elearn.errors import NotFound
from elearn.people import audit
from elearn.people.models import Person, Position

PAGE_SIZE = 50
one = PositionRequirement


class Listed(NamedTuple):
    """A position, how many active people hold it, and whether it ever asked anything itself."""

    id: int
    name: str
    class_name: str
    people: int
    has_own: bool


def position(id: int) -> Position:
    """A position by its id. Raises NotFound."""
    found = db.session.get(Position, id)
    if found is None:
        raise NotFound
    return found


def own(id: int) -> dict[str, int]:
    """The levels a position asks itself today; what it leaves to its class is absent."""
    found = framework.overrides(None, one.position_id == id).get(id, {})
    return {code: level for code, level in found.items() if level is not None}


def change(actor_id: int, id: int, wish: Wish) -> int:
    """Let a position ask other levels from a day on; how many differ.

    Raises NotFound, and Invalid with the field.
    """
    position(id)
    check(wish)
    before = framework.overrides(wish.valid_from, one.position_id == id).get(id, {})
    changed = {code: level for code, level in wish.levels.items() if level != before.get(code)}
    for code, level in changed.items():
        _write(actor_id, (id, code, wish.valid_from), level, wish.reason.strip())
    if changed:
        audit.record(
            actor_id,
            "requirement:position_changed",
            None,
            setting=str(id),
            before=told({code: before.get(code) for code in changed}),
            after=told(changed),
            reason=wish.reason.strip(),
        )
    return len(changed)


def _write(actor_id: int, key: tuple[object, ...], level: int | None, reason: str) -> None:
    row = db.session.get(one, key)
    if row is None:
        row = one(**dict(zip(("position_id", "code", "valid_from"), key, strict=True)))
        db.session.add(row)
    row.level, row.reason = level, reason
    row.changed_by, row.changed_ms = actor_id, clock.now_ms()


Stood = tuple[int | None, str, int | None, int | None]


def row_of(
    position_class: str, position_id: int | None, code: str, day: date
) -> Requirement | PositionRequirement | None:
    """The level that begins to hold on a day, of a position if one is named, else of a class."""
    if position_id is not None:
        return db.session.get(one, (position_id, code, day), populate_existing=True)
    return db.session.get(Requirement, (position_class, code, day), populate_existing=True)


def stood(row: Requirement | PositionRequirement | None) -> Stood | None:
    """What stands in a row: level, reason, by whom and when; None without one."""
    return (row.level, row.reason, row.changed_by, row.changed_ms) if row else None


def put_back(row: Requirement | PositionRequirement, before: Stood | None) -> None:
    """Let what stood in a row stand again; without anything, the row goes."""
    if before is None:
        db.session.delete(row)
    else:
        row.level, row.reason, row.changed_by, row.changed_ms = before
    db.session.flush()


def history(id: int) -> list[Dated]:
    """Every level a position asked itself or shall ask, the newest day first; one statement."""
    return histories(one.position_id == id).get(id, [])


def histories(*where: ColumnElement[bool]) -> dict[int, list[Dated]]:
    """The same for several positions at once, by their ids."""
    columns = (one.position_id, one.code, one.level, one.valid_from, one.changed_ms, one.reason)
    wanted = (
        select(*columns, *NAMED)
        .join(Person, Person.id == one.changed_by)
        .where(*where)
        .order_by(one.valid_from.desc(), one.code)
    )
    found: dict[int, list[Dated]] = defaultdict(list)
    for row in rows(wanted):
        found[row.position_id].append(dated(row))
    return found


def listed(text: str, page: int) -> tuple[list[Listed], int]:
    """Positions by part of the name, those that ask something themselves first; and how many."""
    holds = func.lower(Position.name).contains(text.lower(), autoescape=True)
    where = [holds] if text else []
    has_own = select(one.position_id).where(one.position_id == Position.id).exists()
    people = (
        select(func.count())
        .where(Person.position_id == Position.id, Person.active.is_(True))
        .scalar_subquery()
    )
    wanted = (
        select(Position.id, Position.name, PositionClass.name.label("class_name"))
        .add_columns(people.label("people"), has_own.label("has_own"))
        .outerjoin(PositionClass, PositionClass.key == Position.position_class)
        .where(*where)
        .order_by(has_own.desc(), Position.name, Position.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    total = db.session.scalar(select(func.count()).select_from(Position).where(*where)) or 0
    return [Listed(*row) for row in db.session.execute(wanted)], total


def with_own() -> Sequence[Position]:
    """The positions that ever asked something themselves, by name."""
    has_own = select(one.position_id).where(one.position_id == Position.id).exists()
    return db.session.scalars(select(Position).where(has_own).order_by(Position.name)).all()


def ids() -> dict[tuple[str, str], int]:
    """The ids of all positions by folded name and class."""
    wanted = select(Position.id, Position.name, Position.position_class)
    found = db.session.execute(wanted)
    return {(row.name.casefold(), row.position_class): row.id for row in found}
