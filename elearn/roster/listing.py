"""What an import would do, to be read: rows by kind with before and after, and every problem."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from elearn.database import db, rows, snapshot
from elearn.people.models import Unit, full_name
from elearn.roster.comparing import IMAGE, Kind, differences
from elearn.roster.models import RosterBefore, RosterRow
from elearn.roster.problems import Problem, unpacked
from elearn.roster.statements import IS_BEFORE, rows_of

PAGE_SIZE = 50
FETCHED_AT_ONCE = 500
PROBLEMS, WARNED, LEFT = "problems", "warned", "left"
LISTS: dict[str, ColumnElement[bool]] = {
    PROBLEMS: RosterRow.kind == Kind.REFUSED,
    Kind.NEW: RosterRow.kind == Kind.NEW,
    Kind.MOVED: RosterRow.kind == Kind.MOVED,
    Kind.CHANGED: RosterRow.kind == Kind.CHANGED,
    Kind.BACK: RosterRow.kind == Kind.BACK,
    Kind.LEAVER: RosterRow.kind == Kind.LEAVER,
    WARNED: (RosterRow.problems != "") & RosterRow.kind.not_in([Kind.REFUSED, Kind.LEAVER]),
    LEFT: RosterRow.is_left.is_(True),
}
# Beside these a change needs no line of its own.
SILENT = frozenset({"sort_name", "active", "position_class"})


class Change(NamedTuple):
    """A column before and after."""

    column: str
    before: Any
    after: Any


class Entry(NamedTuple):
    """A row of the file, or a leaver, and what would become of them."""

    number: int
    kind: str
    person_id: int | None
    nip: str
    name: str
    unit: str
    changes: list[Change]
    problems: list[Problem]
    is_kept: bool


class Page(NamedTuple):
    """Entries of one list; ``total`` counts all of them."""

    entries: list[Entry]
    number: int
    pages: int
    total: int


def find(import_id: int, which: str, number: int = 1) -> Page:
    """A page of a list, by row or by name; two statements."""
    condition = LISTS[which]
    count = select(func.count()).select_from(RosterRow).where(rows_of(import_id), condition)
    total = db.session.scalar(count) or 0
    wanted = _query(import_id, condition).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(
        [_entry(row) for row in rows(wanted)], number, max(1, -(-total // PAGE_SIZE)), total
    )


def every(import_id: int, which: str) -> Iterator[Entry]:
    """All of a list, read in portions."""
    with snapshot() as session:
        options = {"yield_per": FETCHED_AT_ONCE}
        statement = _query(import_id, LISTS[which])
        for row in session.connection().execute(statement, execution_options=options):
            yield _entry(row)


def _query(import_id: int, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    before, after = aliased(Unit), aliased(Unit)
    return (
        select(
            RosterRow.number,
            RosterRow.kind,
            RosterRow.person_id,
            RosterRow.problems,
            RosterRow.unit_name,
            RosterRow.is_kept,
            after.name.label("unit_after"),
            before.name.label("unit_before"),
            RosterBefore.number.label("has_before"),
            *(getattr(RosterRow, name).label(f"new_{name}") for name in IMAGE),
            *(getattr(RosterBefore, name).label(f"old_{name}") for name in IMAGE),
        )
        .outerjoin(RosterBefore, IS_BEFORE)
        .outerjoin(after, after.id == RosterRow.unit_id)
        .outerjoin(before, before.id == RosterBefore.unit_id)
        .where(rows_of(import_id), condition)
        .order_by(RosterRow.number)
    )


def _entry(row: Any) -> Entry:
    image = {name: getattr(row, f"new_{name}") for name in IMAGE}
    return Entry(
        number=row.number,
        kind=row.kind,
        person_id=row.person_id,
        nip=image["nip"],
        name=full_name(image["degrees_before"], image["name"], image["degrees_after"]),
        unit=row.unit_after or row.unit_name,
        changes=_changes(row, image) if row.has_before is not None else [],
        problems=unpacked(row.problems),
        is_kept=row.is_kept,
    )


def _changes(row: Any, after: dict[str, Any]) -> list[Change]:
    before = {name: getattr(row, f"old_{name}") for name in IMAGE}
    named = {"unit_id": (row.unit_before, row.unit_after or row.unit_name)}
    return [
        Change(name, *named.get(name, (before[name], after[name])))
        for name in differences(before, after)
        if name not in SILENT
    ]
