"""Applying an import: a few statements over all its rows, in one transaction, or nothing.

Everything is prepared before, as SQLite lets nobody else write meanwhile.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, case, delete, exists, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn import clock
from elearn.database import roomy, transaction
from elearn.errors import Conflict, Invalid, NotAllowed
from elearn.people import audit
from elearn.people.actors import Actor
from elearn.people.history_models import Contract, Leaving, Placement
from elearn.people.models import FormerNip, Person, Position, SignIn
from elearn.roster import imports
from elearn.roster.comparing import Kind
from elearn.roster.imports import About
from elearn.roster.models import RosterBefore, RosterImport, RosterRow, SiasnPerson, State
from elearn.roster.statements import (
    ALREADY,
    IS_BEFORE,
    PLAIN,
    TOUCHED,
    has_another_contract,
    holds_another_post,
    is_as,
    missing_positions,
    person_values,
    position_of,
    rows_of,
    touched,
)

MANY_LEAVERS_PERCENT = 10
REASON = "Impor pegawai"
NOT_SYNCHRONISED = {"synchronize_session": False}


def confirm(actor: Actor | None, import_id: int, *, closes: bool, is_sure: bool) -> None:
    """Have an import applied; ``closes`` the accounts of leavers.

    Raises Invalid("unsure") where many would be closed and nobody has said so once more,
    Conflict for one that cannot be applied as it stands, NotAllowed to who did not ask for it.
    """
    row = imports.locked(actor, import_id, State.READY)
    if row.asked_by != (actor.id if actor else None):
        raise NotAllowed
    if actor and imports.has_lost_reach(actor, row):
        imports.again(row, acting=actor.acting_paths)
        return
    if not About.of(row).may_be_applied:
        raise Conflict("not_applicable")
    if closes and not is_sure and closes_many(row):
        raise Invalid("unsure", "sure")
    imports.proceed(row, State.APPLYING, imports.APPLY_JOB, closes=closes)


def closes_many(row: RosterImport) -> bool:
    """Whether so many accounts would be closed that it is asked once more."""
    counts = About.of(row).counts
    there = sum(counts.get(kind, 0) for kind in (Kind.LEAVER, Kind.SAME, *ALREADY))
    return counts.get(Kind.LEAVER, 0) * 100 > there * MANY_LEAVERS_PERCENT


def apply(import_id: int) -> None:
    """Do what an import says. What has changed since it was looked at sends it back to be read."""
    try:
        with transaction() as session, roomy():
            row = _to_apply(import_id)
            if row is not None:
                _refuse_changed(session, import_id)
                _write(session, row)
    except (Conflict, IntegrityError):
        with transaction():
            row = _to_apply(import_id)
            if row is not None:
                imports.again(row, note="changed_since")


def _to_apply(import_id: int) -> RosterImport | None:
    """The import, unless another runner has been quicker."""
    try:
        return imports.locked(None, import_id, State.APPLYING)
    except Conflict:
        return None


def _write(session: Session, row: RosterImport) -> None:
    about, now_ms = About.of(row), clock.now_ms()
    effective_ms = about.effective_ms(row)
    if not about.values["closes"]:
        _keep_leavers(session, row.id)
    _add_positions(session, row.id)
    _change_numbers(session, row.id, now_ms)
    _change(session, row.id)
    _add(session, row.id, now_ms)
    _place(session, row, effective_ms)
    _contract(session, row.id)
    _know_siasn_ids(session, row.id)
    _close(session, row.id, effective_ms, now_ms)
    row.state, row.content, row.applied_ms = State.APPLIED, b"", now_ms
    imports.remember(row, effective_ms=effective_ms)
    counts = about.counts
    audit.record(
        row.asked_by,
        "roster:applied",
        None,
        id=row.id,
        rows=sum(counts.get(kind, 0) for kind in (Kind.NEW, *ALREADY)),
    )


def _refuse_changed(session: Session, import_id: int) -> None:
    """Everybody still stands as they were seen, and no new number was given meanwhile."""
    wanted = rows_of(import_id), TOUCHED
    staged = session.scalar(select(func.count()).select_from(RosterRow).where(*wanted))
    same = touched(import_id, func.count()).where(is_as(RosterBefore))
    taken = select(RosterRow.number).where(
        rows_of(import_id),
        RosterRow.kind == Kind.NEW,
        exists().where(Person.nip == RosterRow.nip)
        | exists().where(FormerNip.nip == RosterRow.nip),
    )
    if session.scalar(same) != staged or session.scalar(taken.limit(1)) is not None:
        raise Conflict("changed_since")


def _keep_leavers(session: Session, import_id: int) -> None:
    leavers = update(RosterRow).where(rows_of(import_id), RosterRow.kind == Kind.LEAVER)
    session.execute(leavers.values(is_kept=True), execution_options=NOT_SYNCHRONISED)


def _add_positions(session: Session, import_id: int) -> None:
    names = ["name", "position_class"]
    session.execute(insert(Position).from_select(names, missing_positions(import_id)))


def _change_numbers(session: Session, import_id: int, now_ms: int) -> None:
    """The number before stays with its person."""
    before = (
        select(RosterBefore.nip, RosterRow.person_id, literal(now_ms))
        .join(RosterRow, IS_BEFORE)
        .where(rows_of(import_id), RosterRow.kind.in_(ALREADY), RosterBefore.nip != RosterRow.nip)
    )
    names = ["nip", "person_id", "until_ms"]
    session.execute(insert(FormerNip).from_select(names, before))


def _change(session: Session, import_id: int) -> None:
    changed = (
        update(Person)
        .where(Person.id == RosterRow.person_id, rows_of(import_id), RosterRow.kind.in_(ALREADY))
        .values(person_values(RosterRow))
    )
    session.execute(changed, execution_options=NOT_SYNCHRONISED)


def _add(session: Session, import_id: int, now_ms: int) -> None:
    """New people, without any way in yet; their rows then know who they are."""
    constants = {
        "target_class": "",
        "password_hash": "",
        "must_change_password": True,
        "code_hash": "",
        "code_until_ms": 0,
        "created_ms": now_ms,
    }
    is_new = rows_of(import_id), RosterRow.kind == Kind.NEW
    images = [getattr(RosterRow, name) for name in PLAIN]
    values = (*images, position_of(RosterRow), *map(literal, constants.values()))
    made = select(*values).where(*is_new).order_by(RosterRow.number)
    session.execute(insert(Person).from_select([*PLAIN, "position_id", *constants], made))
    person = select(Person.id).where(Person.nip == RosterRow.nip).scalar_subquery()
    known = update(RosterRow).where(*is_new).values(person_id=person)
    session.execute(known, execution_options=NOT_SYNCHRONISED)


def _place(session: Session, row: RosterImport, effective_ms: int) -> None:
    """Another post ends the placement before; whoever then has none open gets one."""
    ended = (
        select(RosterRow.person_id)
        .join(RosterBefore, IS_BEFORE)
        .where(rows_of(row.id), RosterRow.kind.in_(ALREADY), holds_another_post())
    )
    is_open = Placement.until_ms.is_(None)
    closed = update(Placement).where(is_open, Placement.person_id.in_(ended))
    session.execute(closed.values(until_ms=effective_ms), execution_options=NOT_SYNCHRONISED)
    constants = {
        "from_ms": effective_ms,
        "reason": REASON,
        "letter": "",
        "cause": cause_of(row.id),
    }
    posts = (RosterRow.person_id, RosterRow.unit_id, RosterRow.status, RosterRow.grade)
    noted_by = literal(row.asked_by, BigInteger)
    values = (*posts, position_of(RosterRow), noted_by, *map(literal, constants.values()))
    placed = select(*values).where(
        rows_of(row.id),
        RosterRow.kind.in_((Kind.NEW.value, *ALREADY)),
        ~exists().where(is_open, Placement.person_id == RosterRow.person_id),
    )
    names = ["person_id", "unit_id", "status", "grade", "position_id", "noted_by", *constants]
    session.execute(insert(Placement).from_select(names, placed))


def _contract(session: Session, import_id: int) -> None:
    """A contract that begins is entered, one that is known ends as the file says."""
    kinds = (Kind.NEW.value, *ALREADY)
    is_known = exists().where(
        Contract.person_id == RosterRow.person_id, Contract.starts_on == RosterRow.contract_start
    )
    columns = (RosterRow.person_id, RosterRow.contract_start, RosterRow.contract_end, literal(""))
    begun = select(*columns).where(
        rows_of(import_id),
        RosterRow.kind.in_(kinds),
        RosterRow.contract_start.is_not(None),
        ~is_known,
    )
    names = ["person_id", "starts_on", "ends_on", "letter"]
    session.execute(insert(Contract).from_select(names, begun))
    ends = update(Contract).where(
        Contract.person_id == RosterRow.person_id,
        Contract.starts_on == RosterRow.contract_start,
        rows_of(import_id),
        RosterRow.kind.in_(ALREADY),
        IS_BEFORE,
        has_another_contract(),
    )
    values = {"ends_on": RosterRow.contract_end}
    session.execute(ends.values(values), execution_options=NOT_SYNCHRONISED)


def _know_siasn_ids(session: Session, import_id: int) -> None:
    """The id of SIASN is learned once; a second one for the same person is not."""
    known = exists().where(
        (SiasnPerson.siasn_id == RosterRow.siasn_id)
        | (SiasnPerson.person_id == RosterRow.person_id)
    )
    fresh = (
        select(RosterRow.siasn_id, func.min(RosterRow.person_id))
        .where(
            rows_of(import_id), RosterRow.siasn_id != "", RosterRow.person_id.is_not(None), ~known
        )
        .group_by(RosterRow.siasn_id)
    )
    session.execute(insert(SiasnPerson).from_select(["siasn_id", "person_id"], fresh))


def _close(session: Session, import_id: int, effective_ms: int, now_ms: int) -> None:
    """Leavers cannot sign in any more; all that is theirs stays."""
    leavers = select(RosterRow.person_id).where(
        rows_of(import_id), RosterRow.kind == Kind.LEAVER, RosterRow.is_kept.is_(False)
    )
    closed = update(Person).where(Person.id.in_(leavers)).values(active=False)
    session.execute(closed, execution_options=NOT_SYNCHRONISED)
    until_ms = case((Placement.from_ms < effective_ms, effective_ms), else_=now_ms)
    left = update(Placement).where(Placement.person_id.in_(leavers), Placement.until_ms.is_(None))
    values = {"until_ms": until_ms, "leaving": Leaving.OTHER}
    session.execute(left.values(values), execution_options=NOT_SYNCHRONISED)
    ended = delete(SignIn).where(SignIn.person_id.in_(leavers))
    session.execute(ended, execution_options=NOT_SYNCHRONISED)


def cause_of(import_id: int) -> str:
    """What placements of an import call their cause."""
    return f"roster:{import_id}"
