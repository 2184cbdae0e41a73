"""Completions that end, by today's unit of their people: who must renew what, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select

from elearn import clock
from elearn.content.models import Course, CourseState, CourseVersion
from elearn.database import db
from elearn.learning import expiry, validity
from elearn.learning.expiry import Validity
from elearn.learning.models import Completion, CourseProgress
from elearn.people.actors import Actor
from elearn.people.models import Person, Status, Unit, full_name
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Page, Query
from elearn.reports.filters import Wanted

DUE, ALL = "due", "all"
# What the list can be narrowed to: due is both of the others, all is also what lasts long yet.
STATES = (DUE, Validity.ENDING.value, Validity.EXPIRED.value, ALL)
ORDERS = {
    "until": (Completion.expires_on, Person.sort_name, Completion.enrolment_id),
    "name": (Person.sort_name, Completion.expires_on, Completion.enrolment_id),
    "unit": (Unit.name, Person.sort_name, Completion.enrolment_id),
    "course": (CourseVersion.title, Completion.expires_on, Completion.enrolment_id),
}


class Ending(NamedTuple):
    """A completion that ends; ``percent`` is of the round that renews it, None where none began."""

    person_id: int
    full_name: str
    nip: str
    status: Status
    unit: str
    course: str
    is_given: bool
    completed_ms: int
    expires_on: date
    validity: Validity
    percent: int | None
    in_reach: bool

    def days_left(self, on: date) -> int:
        """Whole days until the last one; negative once it is over."""
        return (self.expires_on - on).days


def find(actor: Actor, wanted: Wanted) -> Page[Ending]:
    """A page of the list; three statements."""
    days = validity.renewal_days()
    total = count(actor, wanted, days)
    page = branch.counted_page(_query(actor, wanted, days), wanted.number, total)
    rows = [_row(row, actor, days) for row in page.rows]
    return Page(rows, page.number, page.pages, page.total)


def count(actor: Actor, wanted: Wanted, days: int) -> int:
    """How many there are; ``days`` before its end a completion may be renewed; one statement."""
    counted = select(func.count()).select_from(Completion)
    counted = counted.join(Person, Person.id == Completion.person_id)
    if wanted.course:
        counted = counted.join(Course, Course.id == Completion.course_id)
    inside = branch.inside(Person.unit_id, actor, wanted)
    conditions = _conditions(wanted, days)
    return db.session.scalar(counted.where(Person.active, *inside, *conditions)) or 0


def everything(actor: Actor, wanted: Wanted) -> Iterator[Ending]:
    """The whole list, as it is read."""
    days = validity.renewal_days()
    return (_row(row, actor, days) for row in branch.stream(_query(actor, wanted, days)))


_later = CourseProgress.__table__.alias("later")
_PERCENT = (
    select(_later.c.percent)
    .where(
        _later.c.person_id == Completion.person_id,
        _later.c.course_id == Completion.course_id,
        _later.c.enrolment_id > Completion.enrolment_id,
    )
    .limit(1)
    .correlate(Completion)
    .scalar_subquery()
)
_COLUMNS: Sequence[Any] = (
    Person.id,
    Person.degrees_before,
    Person.name,
    Person.degrees_after,
    Person.nip,
    Person.status,
    Unit.name.label("unit"),
    Unit.path,
    CourseVersion.title,
    Course.state,
    Course.open_version_id,
    Completion.completed_ms,
    Completion.expires_on,
    _PERCENT.label("percent"),
)


def _query(actor: Actor, wanted: Wanted, days: int) -> Query:
    listed = _narrow(select(*_COLUMNS).select_from(Completion), actor, wanted, days)
    return listed.order_by(*branch.order(ORDERS, wanted.sort, "until"))


def _narrow(statement: Query, actor: Actor, wanted: Wanted, days: int) -> Query:
    joined = (
        statement.join(Person, Person.id == Completion.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .join(Course, Course.id == Completion.course_id)
    )
    conditions = _conditions(wanted, days)
    return joined.where(Person.active, branch.scope(actor, wanted), *conditions)


def _conditions(wanted: Wanted, days: int) -> list[ColumnElement[bool]]:
    of_course = [Course.slug == wanted.course] if wanted.course else []
    ends = (Completion.expires_on.is_not(None), ~validity.is_renewed(), *_in_state(wanted, days))
    return [*branch.who(wanted), *of_course, *ends]


def _in_state(wanted: Wanted, days: int) -> list[ColumnElement[bool]]:
    today = clock.today()
    soon = Completion.expires_on <= today + timedelta(days=days)
    conditions: dict[str, list[ColumnElement[bool]]] = {
        Validity.ENDING.value: [Completion.expires_on >= today, soon],
        Validity.EXPIRED.value: [Completion.expires_on < today],
        ALL: [],
    }
    return conditions.get(wanted.state, [soon])


def _row(row: AnyRow, actor: Actor, days: int) -> Ending:
    done, until = clock.day_of(row.completed_ms), row.expires_on
    return Ending(
        person_id=row.id,
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        nip=row.nip,
        status=Status(row.status),
        unit=row.unit,
        course=row.title,
        is_given=row.open_version_id is not None and row.state != CourseState.RETIRED,
        completed_ms=row.completed_ms,
        expires_on=until,
        validity=expiry.validity(done, until, clock.today(), days),
        percent=row.percent,
        in_reach=actor.in_reach(row.path),
    )
