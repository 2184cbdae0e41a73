"""Sheets that were brought in: kept with what they did, listed, and undone as far as it stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from elearn import canonical, clock
from elearn.database import db, is_writing, rows
from elearn.errors import Conflict, NotFound
from elearn.people import audit
from elearn.people.actors import Actor
from elearn.people.models import Person, full_name
from elearn.planning.models import SheetImport
from elearn.planning.plans import Done, Plan

SHOWN = 10
# Takes back what one deed did; False where it was changed again since.
Undo = Callable[[Actor, Any], bool]


class Imported(NamedTuple):
    """A sheet that was brought in, as its list tells it."""

    id: int
    rows: int
    by: str
    imported_ms: int
    undone_ms: int | None
    left: int


def apply(actor_id: int, kind: str, plan: Plan) -> int:
    """Do what was looked at, all of it, in the caller's transaction. Raises Conflict."""
    if not plan.may_be_applied:
        raise Conflict("changed_since")
    done: list[Done] = [part for deed in plan.deeds for part in deed()]
    count = len(plan.new)
    row = SheetImport(kind=kind, imported_by=actor_id, imported_ms=clock.now_ms(), rows=count)
    row.done = canonical.text(done)
    db.session.add(row)
    db.session.flush()
    audit.record(actor_id, "sheet:imported", None, setting=kind, rows=count)
    return count


def newest(kind: str, imported_by: int | None) -> list[Imported]:
    """The sheets of a kind that were brought in last, by one person or by all."""
    named = (Person.degrees_before, Person.name, Person.degrees_after)
    one = SheetImport
    wanted = (
        select(one.id, one.rows, one.imported_ms, one.undone_ms, one.left, *named)
        .join(Person, Person.id == one.imported_by)
        .where(one.kind == kind)
        .order_by(one.id.desc())
        .limit(SHOWN)
    )
    if imported_by is not None:
        wanted = wanted.where(one.imported_by == imported_by)
    return [
        Imported(
            row.id,
            row.rows,
            full_name(row.degrees_before, row.name, row.degrees_after),
            row.imported_ms,
            row.undone_ms,
            row.left,
        )
        for row in rows(wanted)
    ]


def of(kind: str, id: int) -> SheetImport:
    """A sheet of a kind that was brought in. Raises NotFound."""
    row = db.session.get(SheetImport, id, with_for_update=is_writing(), populate_existing=True)
    if row is None or row.kind != kind:
        raise NotFound
    return row


def undo(actor: Actor, row: SheetImport, take_back: Undo) -> int:
    """Take back what a sheet did; how many of its changes somebody had changed again, and stay.

    Raises Conflict for one that was undone already.
    """
    if row.undone_ms is not None:
        raise Conflict("undone_already")
    done: Sequence[Done] = json.loads(row.done)
    row.left = sum(not take_back(actor, part) for part in reversed(done))
    row.undone_by, row.undone_ms = actor.id, clock.now_ms()
    audit.record(actor.id, "sheet:undone", None, setting=row.kind, rows=len(done) - row.left)
    return row.left
