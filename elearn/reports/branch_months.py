"""The stored counters of branches: add to them, and carry them along when the tree changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, delete, insert, literal, select

from elearn.database import db, insert_or_add, rows
from elearn.people import units
from elearn.people.models import Unit
from elearn.reports.models import BranchMonth, CountedUnit
from elearn.reports.study_counts import NOTHING, Cell, Cells, Counts

ALL_CLASSES = ""
_table: Table = BranchMonth.__table__  # type: ignore[assignment]  # declared as FromClause
_COUNTERS = [_table.c[name] for name in Counts._fields]
Paths = Mapping[int, str]


def clear() -> None:
    """Forget everything that was counted, in the caller's transaction."""
    db.session.execute(delete(BranchMonth))
    db.session.execute(delete(CountedUnit))


def add(cells: Cells) -> None:
    """Add to the counters of each unit and all above it, in the caller's transaction."""
    paths = _follow_tree()
    found = [{**cell._asdict(), **counts._asdict()} for cell, counts in spread(cells, paths)]
    insert_or_add(_table, found)


def spread(cells: Mapping[Cell, Counts], paths: Paths) -> list[tuple[Cell, Counts]]:
    """The cells of every branch and class that cells of units belong to, in the order of keys."""
    sums: Cells = {}
    for cell, counts in cells.items():
        for key in keys_of(cell, paths):
            sums[key] = sums.get(key, NOTHING).plus(counts)
    return sorted(sums.items())


def keys_of(cell: Cell, paths: Paths) -> list[Cell]:
    """The cells in which a cell of a unit is counted."""
    above = units.path_ids(paths.get(cell.unit_id, "")) or [cell.unit_id]
    classes = {cell.position_class, ALL_CLASSES}
    return [
        cell._replace(unit_id=unit_id, position_class=name) for unit_id in above for name in classes
    ]


def counted_paths() -> dict[int, str]:
    """Where each unit stood when branches were counted."""
    found = rows(select(CountedUnit.unit_id, CountedUnit.path))
    return {row.unit_id: row.path for row in found}


def _follow_tree() -> dict[int, str]:
    """Take what was counted in moved units from the units above them, and give it to the new."""
    was, now = counted_paths(), {row.id: row.path for row in rows(select(Unit.id, Unit.path))}
    changed = {id_: path for id_, path in now.items() if was.get(id_) != path}
    moved = [id_ for id_ in changed if id_ in was and _above(was[id_]) != _above(now[id_])]
    # A branch is cut off below its own moved units, and put back above them.
    for id_ in sorted(moved, key=lambda id_: -len(_above(was[id_]))):
        _give(id_, _above(was[id_]), -1)
    for id_ in sorted(moved, key=lambda id_: len(_above(now[id_]))):
        _give(id_, _above(now[id_]), 1)
    _remember(changed)
    return was | now


def _above(path: str) -> list[int]:
    return units.path_ids(path)[:-1]


def _give(unit_id: int, above: list[int], sign: int) -> None:
    """Add what a branch counts, or take it away, in the units above."""
    key = (_table.c.position_class, _table.c.month, _table.c.course_id)
    counters = [sign * counter for counter in _COUNTERS]
    for ancestor in above:
        counted: Any = select(literal(ancestor), *key, *counters)
        insert_or_add(_table, counted.where(_table.c.unit_id == unit_id))


def _remember(paths: Paths) -> None:
    if paths:
        db.session.execute(delete(CountedUnit).where(CountedUnit.unit_id.in_(paths)))
        values = [{"unit_id": id_, "path": path} for id_, path in paths.items()]
        db.session.execute(insert(CountedUnit), values)
