"""The register of numbers as HR reads it: what was entered, given, cancelled, and any gap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import func, select

from elearn.competency.models import (
    Certificate,
    CertificateSerial,
    NumberBatch,
    NumberState,
    RegisterNumber,
)
from elearn.database import db
from elearn.people.models import Person, full_name
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Page, Query

ORDERS = {"entered": (RegisterNumber.id,), "number": (RegisterNumber.number, RegisterNumber.id)}


class Numbers(NamedTuple):
    """The serials of a year and the register as a whole.

    ``missing`` are serials without a certificate: their numbers stand in the register.
    """

    year: int
    last: int
    missing: list[int]
    waiting: int
    counts: dict[NumberState, int]


class Entry(NamedTuple):
    """A number of the register and what became of it."""

    id: int
    number: str
    state: NumberState
    basis: str
    entered_by: str
    entered_ms: int
    certificate_id: str
    given_ms: int | None
    cancelled_ms: int | None
    reason: str


def numbers(year: int) -> Numbers:
    """How the numbers stand; four statements."""
    last = db.session.scalar(select(CertificateSerial.last).where(CertificateSerial.year == year))
    used = select(Certificate.serial).where(
        Certificate.year == year, Certificate.serial.is_not(None)
    )
    missing = set(range(1, (last or 0) + 1)) - set(db.session.scalars(used))
    waiting = select(func.count()).where(Certificate.number.is_(None))
    states = select(RegisterNumber.state, func.count()).group_by(RegisterNumber.state)
    found = {NumberState(state): count for state, count in db.session.execute(states)}
    counts = {state: found.get(state, 0) for state in NumberState}
    return Numbers(year, last or 0, sorted(missing), db.session.scalar(waiting) or 0, counts)


def find(state: str, sort: str, number: int) -> Page[Entry]:
    """A page of the register; two statements."""
    count = select(func.count()).select_from(RegisterNumber)
    total = db.session.scalar(_in_state(count, state)) or 0
    page = branch.counted_page(_query(state, sort), number, total)
    return Page([_entry(row) for row in page.rows], page.number, page.pages, page.total)


def everything(state: str, sort: str) -> Iterator[Entry]:
    """The whole register, as it is read."""
    return map(_entry, branch.stream(_query(state, sort)))


def _query(state: str, sort: str) -> Query:
    columns: tuple[Any, ...] = (
        RegisterNumber.id,
        RegisterNumber.number,
        RegisterNumber.state,
        RegisterNumber.certificate_id,
        RegisterNumber.given_ms,
        RegisterNumber.cancelled_ms,
        RegisterNumber.reason,
        NumberBatch.basis,
        NumberBatch.entered_ms,
        Person.name,
        Person.degrees_before,
        Person.degrees_after,
    )
    listed = (
        select(*columns)
        .join(NumberBatch, NumberBatch.id == RegisterNumber.batch_id)
        .join(Person, Person.id == NumberBatch.entered_by)
    )
    return _in_state(listed, state).order_by(*branch.order(ORDERS, sort, "-entered"))


def _in_state(statement: Query, state: str) -> Query:
    return statement.where(RegisterNumber.state == state) if state else statement


def _entry(row: AnyRow) -> Entry:
    return Entry(
        id=row.id,
        number=row.number,
        state=NumberState(row.state),
        basis=row.basis,
        entered_by=full_name(row.degrees_before, row.name, row.degrees_after),
        entered_ms=row.entered_ms,
        certificate_id=row.certificate_id or "",
        given_ms=row.given_ms,
        cancelled_ms=row.cancelled_ms,
        reason=row.reason,
    )
