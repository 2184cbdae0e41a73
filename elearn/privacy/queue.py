"""Requests to put data right, as HR sees those of its branch: the one due first stands first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from elearn import clock
from elearn.people.actors import Actor
from elearn.people.models import Person, Unit, full_name
from elearn.privacy.models import About, Rectification, RectificationState
from elearn.privacy.rectifications import LIMIT_MS
from elearn.reports import branch
from elearn.reports.branch import Page
from elearn.reports.filters import Wanted

ALL = "all"
STATES = (*(state.value for state in RectificationState), ALL)
ORDERS = {
    "when": (Rectification.asked_ms, Rectification.id),
    "name": (Person.sort_name, Rectification.id),
    "unit": (Unit.name, Person.sort_name, Rectification.id),
}


@dataclass(frozen=True)
class QueueRow:
    """A request in the list."""

    id: int
    person_id: int
    full_name: str
    nip: str
    unit: str
    about: About
    words: str
    state: RectificationState
    asked_ms: int
    decided_ms: int | None

    @property
    def due_ms(self) -> int:
        return self.asked_ms + LIMIT_MS

    @property
    def is_late(self) -> bool:
        """Whether it still waits past its time."""
        return self.state == RectificationState.WAITING and clock.now_ms() > self.due_ms


def find(actor: Actor, wanted: Wanted, state: str) -> Page[QueueRow]:
    """A page of the requests of a branch; one statement."""
    listed = (
        select(
            Rectification.id,
            Rectification.person_id,
            Rectification.about,
            Rectification.words,
            Rectification.state,
            Rectification.asked_ms,
            Rectification.decided_ms,
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
            Person.nip,
            Unit.name.label("unit"),
        )
        .join(Person, Person.id == Rectification.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(branch.scope(actor, wanted), *branch.who(wanted), *_in_state(state))
        .order_by(*branch.order(ORDERS, wanted.sort, "when"))
    )
    page = branch.page_of(listed, wanted.number)
    return Page([_row(row) for row in page.rows], page.number, page.pages, page.total)


def _in_state(state: str) -> list[ColumnElement[bool]]:
    return [] if state == ALL else [Rectification.state == state]


def _row(row: Any) -> QueueRow:
    return QueueRow(
        id=row.id,
        person_id=row.person_id,
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        nip=row.nip,
        unit=row.unit,
        about=About(row.about),
        words=row.words,
        state=RectificationState(row.state),
        asked_ms=row.asked_ms,
        decided_ms=row.decided_ms,
    )
