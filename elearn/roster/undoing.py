"""Taking an import back: everybody who still stands as it left them is as before.

Whoever has changed since stays as they are, and is named. New people whom nothing refers to are
deleted; others are closed, as no trace of a person is ever lost.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from elearn import clock
from elearn.database import Model, db, roomy, transaction
from elearn.errors import NotAllowed
from elearn.people import audit
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.history_models import Contract, Leaving, Placement
from elearn.people.models import FormerNip, Person, Position, SignIn
from elearn.roster import imports
from elearn.roster.applying import cause_of
from elearn.roster.comparing import Kind
from elearn.roster.imports import About
from elearn.roster.models import RosterBefore, RosterImport, RosterRow, SiasnPerson, State
from elearn.roster.statements import (
    ALREADY,
    IS_BEFORE,
    TOUCHED,
    has_another_contract,
    is_as,
    person_values,
    rows_of,
    touched,
)

PORTION = 100  # each person costs a look at the placements they noted
TAKEN_BACK_PERCENT = 50  # the rest is deleting whom nothing refers to
# What an import itself has made of a new person.
OWN = frozenset({"placement.person_id", "contract.person_id", "siasn_person.person_id"})
NOT_SYNCHRONISED = {"synchronize_session": False}


def ask(actor: Actor, import_id: int) -> None:
    """Have an import taken back by who asked for it, or by HR of the agency."""
    row = imports.locked(actor, import_id, State.APPLIED)
    if row.asked_by != actor.id and EVERYWHERE not in actor.acting_paths:
        raise NotAllowed
    imports.proceed(row, State.UNDOING, imports.UNDO_JOB, undone_by=actor.id)


def undo(import_id: int, report: Callable[[int], None]) -> None:
    """Take an import back in one transaction; then delete the new people nothing refers to."""
    with transaction() as session, roomy():
        row = db.session.get(RosterImport, import_id)
        if row is not None and row.state == State.UNDOING:
            _take_back(session, imports.locked(None, import_id, State.UNDOING))
    report(TAKEN_BACK_PERCENT)
    last: int | None = 0
    while last is not None:
        last = _delete_some(import_id, last)
        report(TAKEN_BACK_PERCENT)


def _take_back(session: Session, row: RosterImport) -> None:
    about = About.of(row)
    effective_ms: int = about.values["effective_ms"]
    _leave_changed(session, row.id)
    _close_new(session, row.id)
    back = rows_of(row.id), TOUCHED, RosterRow.is_left.is_(False)
    now_ms = clock.now_ms()
    _forget_places(session, row, effective_ms, now_ms)
    _forget_contracts(session, row.id)
    _forget_numbers(session, row.id)
    restored = (
        update(Person)
        .where(Person.id == RosterRow.person_id, IS_BEFORE, *back)
        .values(person_values(RosterBefore))
    )
    session.execute(restored, execution_options=NOT_SYNCHRONISED)
    row.state, row.undone_ms = State.UNDONE, now_ms
    audit.record(about.values["undone_by"], "roster:undone", None, id=row.id)


def _leave_changed(session: Session, import_id: int) -> None:
    """Rows whose people no longer stand as the import left them are not taken back."""
    stands = touched(import_id, RosterRow.number).where(is_as(RosterRow))
    moved_on = update(RosterRow).where(rows_of(import_id), TOUCHED, RosterRow.number.not_in(stands))
    session.execute(moved_on.values(is_left=True), execution_options=NOT_SYNCHRONISED)
    new = (
        select(RosterRow.number)
        .join(Person, Person.id == RosterRow.person_id)
        .outerjoin(Position, Position.id == Person.position_id)
        .where(rows_of(import_id), RosterRow.kind == Kind.NEW, is_as(RosterRow))
        .where(Person.password_hash == "", ~exists().where(SignIn.person_id == Person.id))
    )
    used = update(RosterRow).where(
        rows_of(import_id),
        RosterRow.kind == Kind.NEW,
        RosterRow.number.not_in(new),
    )
    session.execute(used.values(is_left=True), execution_options=NOT_SYNCHRONISED)


def _close_new(session: Session, import_id: int) -> None:
    """At once, so that nobody comes in by a code that was printed."""
    closed = update(Person).where(Person.id.in_(_new(import_id)))
    values = {"active": False, "code_hash": "", "code_until_ms": 0}
    session.execute(closed.values(values), execution_options=NOT_SYNCHRONISED)


def _new(import_id: int) -> Select[int | None]:
    return select(RosterRow.person_id).where(_is_new(import_id))


def _is_new(import_id: int) -> ColumnElement[bool]:
    """Rows of new people who are taken back."""
    return and_(rows_of(import_id), RosterRow.kind == Kind.NEW, RosterRow.is_left.is_(False))


def _undone(import_id: int) -> Select[int | None]:
    """Whom the import has changed, and who is taken back."""
    return select(RosterRow.person_id).where(
        rows_of(import_id), TOUCHED, RosterRow.is_left.is_(False)
    )


def _forget_places(session: Session, row: RosterImport, effective_ms: int, now_ms: int) -> None:
    """The placement before is open again, where the import has ended it."""
    back = Placement.person_id.in_(_undone(row.id))
    forgotten = delete(Placement).where(Placement.cause == cause_of(row.id), back)
    session.execute(forgotten, execution_options=NOT_SYNCHRONISED)
    other = aliased(Placement)
    newest = select(func.max(other.from_ms)).where(other.person_id == Placement.person_id)
    reopened = update(Placement).where(
        back,
        Placement.until_ms.in_([effective_ms, row.applied_ms]),
        Placement.from_ms == newest.correlate(Placement).scalar_subquery(),
    )
    values: dict[str, None] = {"until_ms": None, "leaving": None}
    session.execute(reopened.values(values), execution_options=NOT_SYNCHRONISED)
    new = Placement.person_id.in_(_new(row.id)), Placement.until_ms.is_(None)
    ended = {"until_ms": now_ms, "leaving": Leaving.OTHER}
    session.execute(update(Placement).where(*new).values(ended), execution_options=NOT_SYNCHRONISED)


def _forget_contracts(session: Session, import_id: int) -> None:
    own = (
        Contract.person_id == RosterRow.person_id,
        Contract.starts_on == RosterRow.contract_start,
        rows_of(import_id),
        IS_BEFORE,
        RosterRow.kind.in_(ALREADY),
        RosterRow.is_left.is_(False),
    )
    begun = RosterRow.contract_start.is_distinct_from(RosterBefore.contract_start)
    session.execute(
        delete(Contract).where(exists().where(*own, begun)), execution_options=NOT_SYNCHRONISED
    )
    values = {"ends_on": RosterBefore.contract_end}
    ended = update(Contract).where(*own, has_another_contract()).values(values)
    session.execute(ended, execution_options=NOT_SYNCHRONISED)


def _forget_numbers(session: Session, import_id: int) -> None:
    """The number before is the present one again."""
    changed = (
        select(RosterBefore.nip)
        .join(RosterRow, IS_BEFORE)
        .where(rows_of(import_id), TOUCHED, RosterRow.is_left.is_(False))
        .where(RosterBefore.nip != RosterRow.nip)
    )
    forgotten = delete(FormerNip).where(FormerNip.nip.in_(changed))
    session.execute(forgotten, execution_options=NOT_SYNCHRONISED)


def _delete_some(import_id: int, after: int) -> int | None:
    """Delete those new people of a portion whom nothing refers to; the row it ends with, if any."""
    with transaction() as session:
        wanted = select(RosterRow.number, RosterRow.person_id).where(
            _is_new(import_id), RosterRow.number > after
        )
        portion = session.execute(wanted.order_by(RosterRow.number).limit(PORTION)).all()
        people = [row.person_id for row in portion]
        closed = Person.id.in_(people), Person.active.is_(False), ~_has_traces()
        ids = list(session.scalars(select(Person.id).where(*closed)))
        for model in (Placement, Contract, SiasnPerson):
            session.execute(delete(model).where(model.person_id.in_(ids)))
        session.execute(delete(Person).where(Person.id.in_(ids)))
    return portion[-1].number if portion else None


def _has_traces() -> ColumnElement[bool]:
    """Whether any table refers to a person, but for what an import itself has made."""
    return or_(*(exists().where(column == Person.id) for column in _references()))


def _references() -> list[ColumnElement[int]]:
    return [
        key.parent
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "person" and str(key.parent) not in OWN
    ]
