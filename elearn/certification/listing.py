"""The certificates of a branch: each stays with the unit in which it was earned."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.orm import aliased

from elearn.competency import certificates
from elearn.competency.certificates import State
from elearn.competency.models import Certificate
from elearn.database import db
from elearn.learning.models import Completion
from elearn.people.actors import Actor
from elearn.people.models import Person, Unit
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Page, Query
from elearn.reports.completions import certified_by_any
from elearn.reports.filters import Wanted

# What the list can be narrowed to; a damaged one shows itself when it is opened.
STATES = (
    State.VALID,
    State.EXPIRED,
    State.RENEWED,
    State.AWAITING_NUMBER,
    State.AWAITING_SIGNATURE,
    State.REVOKED,
)
ORDERS = {
    "when": (Certificate.issued_ms, Certificate.id),
    "name": (Person.sort_name, Certificate.issued_ms, Certificate.id),
    "unit": (Unit.name, Person.sort_name, Certificate.id),
    "number": (Certificate.number, Certificate.id),
}


class Row(NamedTuple):
    """A certificate of a list. ``in_reach`` says whether the person's page may be opened."""

    id: str
    number: str
    person_id: int
    fields: dict[str, Any]
    unit: str
    issued_ms: int
    state: State
    expires_on: date | None
    replaced_by: str  # the number of the one in its place; empty without one, or while it waits
    is_replaced: bool
    in_reach: bool


def find(actor: Actor, wanted: Wanted) -> Page[Row]:
    """A page of the list; two statements."""
    total = db.session.scalar(_count(actor, wanted)) or 0
    page = branch.counted_page(_query(actor, wanted), wanted.number, total)
    return Page([_row(row, actor) for row in page.rows], page.number, page.pages, page.total)


def everything(actor: Actor, wanted: Wanted) -> Iterator[Row]:
    """The whole list, as it is read."""
    return (_row(row, actor) for row in branch.stream(_query(actor, wanted)))


def ids(actor: Actor, wanted: Wanted, most: int) -> list[str]:
    """The ids of the numbered certificates of the list, in its order; at most so many and one.

    Revoked ones are left out.
    """
    stands = (Certificate.number.is_not(None), Certificate.revoked_ms.is_(None))
    numbered = _query(actor, wanted).where(*stands)
    return [row.id for row in branch.read(numbered.limit(most + 1))]


def count_in(state: State) -> int:
    """How many certificates of the whole agency are in a state."""
    wanted = select(func.count()).where(certificates.is_in(state))
    return db.session.scalar(wanted) or 0


def _query(actor: Actor, wanted: Wanted) -> Query:
    columns = (
        Certificate.id,
        Certificate.number,
        Certificate.person_id,
        Certificate.frozen,
        Certificate.digest,
        Certificate.needs_signature,
        Certificate.signed_digest,
        Certificate.revoked_ms,
        Certificate.expires_on,
        certificates.renewed_by(),
        Certificate.replacement_id,
        _number_in_place().label("replaced_by"),
        Unit.name.label("unit"),
        Certificate.issued_ms,
        branch.home_path().label("home"),
    )
    listed = _narrow(select(*columns).select_from(Certificate), actor, wanted)
    return listed.order_by(*branch.order(ORDERS, wanted.sort, "-when"))


def _number_in_place() -> ScalarSelect[str | None]:
    later = aliased(Certificate)
    found = select(later.number).where(later.id == Certificate.replacement_id)
    return found.correlate(Certificate).scalar_subquery()


def _narrow(statement: Query, actor: Actor, wanted: Wanted) -> Query:
    joined = statement.join(Person, Person.id == Certificate.person_id).join(
        Unit, Unit.id == Certificate.unit_id
    )
    period = branch.within(Certificate.issued_ms.expression, wanted)
    conditions = [*branch.who(wanted), *_of_class(wanted), *_in_state(wanted), *period]
    return joined.where(branch.scope(actor, wanted), *conditions)


def _count(actor: Actor, wanted: Wanted) -> Query:
    """How many ``_narrow`` leaves, without the joins that only the columns need."""
    counted = select(func.count()).select_from(Certificate)
    if about := branch.who(wanted):
        counted = counted.join(Person, Person.id == Certificate.person_id).where(*about)
    inside = branch.inside(Certificate.unit_id, actor, wanted)
    period = branch.within(Certificate.issued_ms.expression, wanted)
    return counted.where(*inside, *_of_class(wanted), *_in_state(wanted), *period)


def _of_class(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The class of the day on which the course was completed."""
    if not wanted.position_class:
        return []
    earned = exists().where(certified_by_any(), Completion.position_class == wanted.position_class)
    return [earned.correlate(Certificate)]


def _in_state(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [certificates.is_in(State(wanted.state))] if wanted.state else []


def _row(row: AnyRow, actor: Actor) -> Row:
    return Row(
        id=row.id,
        number=row.number or "",
        person_id=row.person_id,
        fields=json.loads(row.frozen),
        unit=row.unit,
        issued_ms=row.issued_ms,
        state=certificates.state_of(row),
        expires_on=row.expires_on,
        replaced_by=row.replaced_by or "",
        is_replaced=row.replacement_id is not None,
        in_reach=actor.in_reach(row.home),
    )
