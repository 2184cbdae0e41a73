"""Contracts of PPPK: they follow one another, and a day lies in one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from elearn import clock
from elearn.database import db
from elearn.errors import Invalid, NotFound
from elearn.people import audit
from elearn.people.audit import Action
from elearn.people.history_models import Contract, Placement
from elearn.people.models import Person, Status

PPPK = (Status.PPPK, Status.PPPK_PART_TIME)


@dataclass(frozen=True, kw_only=True)
class Term:
    """A contract as it is entered: both days are included, the last may be open."""

    starts_on: date
    ends_on: date | None = None
    letter: str = ""


def of(person_id: int) -> Sequence[Contract]:
    """The contracts of a person, the newest first; one statement."""
    wanted = select(Contract).where(Contract.person_id == person_id)
    return db.session.scalars(wanted.order_by(Contract.starts_on.desc())).all()


def on(person_id: int, day: date) -> Contract | None:
    """The contract of a day: the newest that had begun, else the first one; one statement."""
    return on_of_many([person_id], day).get(person_id)


def on_of_many(person_ids: Collection[int], day: date) -> Mapping[int, Contract]:
    """The contract of a day of each of some people who have one; one statement."""
    wanted = select(Contract).where(Contract.person_id.in_(person_ids))
    found: dict[int, Contract] = {}
    for contract in db.session.scalars(wanted.order_by(Contract.starts_on)):
        if contract.starts_on <= day or contract.person_id not in found:
            found[contract.person_id] = contract
    return found


def holds(day: Any) -> ColumnElement[bool]:
    """The condition that joins a person with their contract of a day, as ``on`` finds it."""
    any_one = aliased(Contract)
    begun = (
        select(func.max(any_one.starts_on))
        .where(any_one.person_id == Person.id, any_one.starts_on <= day)
        .correlate(Person)
        .scalar_subquery()
    )
    first = aliased(Contract)
    earliest = (
        select(func.min(first.starts_on))
        .where(first.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )
    return and_(
        Contract.person_id == Person.id, Contract.starts_on == func.coalesce(begun, earliest)
    )


def add(actor_id: int | None, person_id: int, term: Term) -> Contract:
    """Enter a contract. Raises Invalid with the field."""
    _check(person_id, term)
    contract = Contract(person_id=person_id)
    _write(contract, term)
    db.session.add(contract)
    db.session.flush()
    _note(actor_id, Action.CONTRACT_ENTERED, contract)
    return contract


def change(
    actor_id: int | None, person_id: int, contract_id: int, term: Term, reason: str = ""
) -> None:
    """Correct a contract. Raises NotFound for another person's, Invalid with the field."""
    contract = one_of(person_id, contract_id)
    _check(person_id, term, but=contract_id)
    before = _days(contract, "_before")
    _write(contract, term)
    told = {"reason": reason} if reason else {}
    _note(actor_id, Action.CONTRACT_CHANGED, contract, **before, **told)


def put(actor_id: int | None, person_id: int, term: Term) -> None:
    """Enter a contract, or correct the one that begins on the same day; for imports."""
    same = Contract.person_id == person_id, Contract.starts_on == term.starts_on
    held = db.session.scalar(select(Contract).where(*same))
    if held is None:
        add(actor_id, person_id, term)
    elif (held.ends_on, held.letter) != (term.ends_on, term.letter.strip() or held.letter):
        change(actor_id, person_id, held.id, replace(term, letter=term.letter or held.letter))


def remove(actor_id: int | None, person_id: int, contract_id: int) -> None:
    """Take a contract out that was entered by mistake. Raises NotFound for another person's."""
    contract = one_of(person_id, contract_id)
    db.session.delete(contract)
    _note(actor_id, Action.CONTRACT_REMOVED, contract)


def one_of(person_id: int, contract_id: int) -> Contract:
    """A contract of a person, to be changed; raises NotFound."""
    wanted = select(Contract).where(Contract.id == contract_id, Contract.person_id == person_id)
    contract = db.session.scalar(wanted)
    if contract is None:
        raise NotFound
    return contract


def _check(person_id: int, term: Term, but: int = 0) -> None:
    if term.ends_on and term.ends_on < term.starts_on:
        raise Invalid("contract_ends_before", field="contract_end")
    others = Contract.person_id == person_id, Contract.id != but
    # One without an end is over when the next one begins: only days that are written can clash.
    ends = term.ends_on or term.starts_on
    clash = select(Contract.id).where(
        *others, Contract.starts_on <= ends, Contract.ends_on >= term.starts_on
    )
    same = select(Contract.id).where(*others, Contract.starts_on == term.starts_on)
    if db.session.scalar(clash.limit(1)) or db.session.scalar(same.limit(1)):
        raise Invalid("contract_overlaps", field="contract_start")


def refuse_gap(person_id: int, term: Term, but: int = 0) -> None:
    """Contracts follow one another while somebody works here: Invalid for days between two.

    Days in which the person was away, or no PPPK, are no gap.
    """
    others = [contract for contract in of(person_id) if contract.id != but]
    before = next((one for one in others if one.starts_on < term.starts_on), None)
    after = next((one for one in reversed(others) if one.starts_on > term.starts_on), None)
    if before and before.ends_on and _worked(person_id, before.ends_on, term.starts_on):
        raise Invalid("contract_gap_before", field="contract_start")
    if after and term.ends_on and _worked(person_id, term.ends_on, after.starts_on):
        raise Invalid("contract_gap_after", field="contract_end")


def _worked(person_id: int, last: date, first: date) -> bool:
    """Whether a person worked here as PPPK on a day between the last of one and the first."""
    begin_ms = clock.start_of_day_ms(last) + clock.DAY_MS
    end_ms = clock.start_of_day_ms(first)
    if begin_ms >= end_ms:
        return False
    placed = select(Placement.id).where(
        Placement.person_id == person_id,
        Placement.from_ms < end_ms,
        or_(Placement.until_ms.is_(None), Placement.until_ms > begin_ms),
        or_(Placement.status.is_(None), Placement.status.in_(PPPK)),
    )
    return db.session.scalar(placed.limit(1)) is not None


def _write(contract: Contract, term: Term) -> None:
    contract.starts_on, contract.ends_on = term.starts_on, term.ends_on
    contract.letter = term.letter.strip()


def _note(actor_id: int | None, action: Action, contract: Contract, **more: str) -> None:
    letter = {"letter": contract.letter} if contract.letter else {}
    audit.record(actor_id, action, contract.person_id, **_days(contract), **letter, **more)


def _days(contract: Contract, when: str = "") -> dict[str, str]:
    """The first day and the last one, if any, as the audit log says them."""
    days = {f"starts{when}": contract.starts_on.isoformat()}
    if contract.ends_on:
        days[f"ends{when}"] = contract.ends_on.isoformat()
    return days
