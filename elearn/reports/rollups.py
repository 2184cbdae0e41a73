"""Counters of study advanced from the journal: in batches, each on disk before the next begins.

What was counted is the sum over people of what their events up to one id add, so a batch adds the
difference between two such ids. Events are never changed, so they are read before the transaction.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, delete, select, update

from elearn import clock
from elearn.database import db, insert_new, rows, transaction
from elearn.jobs import Work
from elearn.journal import chain
from elearn.journal.models import Event
from elearn.people.models import Person
from elearn.reports import branch_months, study_counts
from elearn.reports.models import Rollup
from elearn.reports.study_counts import NOTHING, Cells

ROLLUPS = "rollups"
EVENTS_AT_ONCE = 2000
PEOPLE_AT_ONCE = 200
RUN_SECONDS = 20  # other jobs wait for the same runner
FIRST = 0


class Position(NamedTuple):
    """How far the journal is counted; ``person_id`` only while everything is counted anew."""

    event_id: int
    person_id: int | None
    current_ms: int

    @property
    def is_whole(self) -> bool:
        return self.person_id is None


def run(work: Work) -> None:
    """Count what the journal has come to hold; what is left after a while waits for the next."""
    end = time.monotonic() + RUN_SECONDS
    while time.monotonic() < end and step():
        work.report(0)


def advance() -> None:
    """Count all that the journal holds."""
    while step():
        pass


def rebuild() -> None:
    """Count everything anew."""
    _begin()
    advance()


def position() -> Position | None:
    """How far the journal is counted; None before it is for the first time."""
    found = rows(select(Rollup.event_id, Rollup.person_id, Rollup.current_ms))
    return Position(*found[0]) if found else None


def as_of_ms() -> int | None:
    """The moment the counters hold for; None while they are not whole."""
    found = position()
    return found.current_ms if found and found.is_whole else None


def step(most: int = EVENTS_AT_ONCE) -> bool:
    """Count one batch more, of at most so many events. Returns False once nothing is left."""
    here = position()
    if here is None:
        _begin()
        return True
    if not here.is_whole:
        _count_people(here)
        return True
    return _count_events(here, most)


def _begin() -> None:
    """Forget what was counted: people are taken one after the other, up to the newest event."""
    with transaction() as session:
        settled = chain.settled_id(session)
        branch_months.clear()
        session.execute(delete(Rollup))
        row = {"id": 1, "event_id": settled, "person_id": FIRST, "current_ms": clock.now_ms()}
        insert_new(Rollup, [row])


def _count_people(here: Position) -> None:
    after = select(Person.id).where(Person.id > here.person_id).order_by(Person.id)
    people = db.session.scalars(after.limit(PEOPLE_AT_ONCE)).all()
    cells = _counted(people, after=0, until=here.event_id)
    _store(here, here._replace(person_id=people[-1] if people else None), cells)


def _count_events(here: Position, most: int) -> bool:
    now_ms = clock.now_ms()
    with transaction() as session:
        settled = chain.settled_id(session)
    fresh = (Event.id > here.event_id, Event.id <= settled)
    batch = rows(select(Event.id, Event.person_id).where(*fresh).order_by(Event.id).limit(most))
    until = batch[-1].id if len(batch) == most else settled
    people = sorted({row.person_id for row in batch})
    cells = _counted(people, after=here.event_id, until=until)
    current_ms = now_ms if until == settled else here.current_ms
    _store(here, Position(until, None, current_ms), cells)
    return until != settled


def _counted(people: Sequence[int], *, after: int, until: int) -> Cells:
    """What some people's events after one id and up to another add."""
    sums: Cells = {}
    for events in chain.events_of_people(people, study_counts.KINDS).values():
        before = study_counts.of_person(event for event in events if event["id"] <= after)
        now = study_counts.of_person(event for event in events if event["id"] <= until)
        for cell, counts in study_counts.difference(now, before).items():
            sums[cell] = sums.get(cell, NOTHING).plus(counts)
    return sums


def _store(here: Position, there: Position, cells: Cells) -> None:
    """Add what was counted, unless another runner has come first."""
    same = (
        Rollup.event_id == here.event_id,
        Rollup.person_id.is_not_distinct_from(here.person_id),
    )
    move = update(Rollup).where(*same).values(there._asdict())
    with transaction() as session:
        moved = session.execute(move.execution_options(synchronize_session=False))
        if cast("CursorResult[Any]", moved).rowcount:
            branch_months.add(cells)
