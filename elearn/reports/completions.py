"""Completion records: each stays with the unit in which it was earned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, func, select

from elearn import clock
from elearn.competency.models import Certificate
from elearn.content.models import Course, CourseVersion
from elearn.database import db
from elearn.learning import expiry, validity
from elearn.learning.completion import COURSE
from elearn.learning.expiry import Validity
from elearn.learning.models import Completion
from elearn.people.actors import Actor
from elearn.people.models import Person, Status, Unit, full_name
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Page, Query
from elearn.reports.filters import Wanted

ORDERS = {
    # The newest first is what is asked for most: so an index is walked backwards.
    "when": (Completion.completed_ms, Completion.enrolment_id.desc()),
    "name": (Person.sort_name, Completion.completed_ms, Completion.enrolment_id),
    "unit": (Unit.name, Person.sort_name, Completion.enrolment_id),
    "course": (CourseVersion.title, Person.sort_name, Completion.enrolment_id),
    "score": (Completion.score_tenths, Person.sort_name, Completion.enrolment_id),
}


class CompletionRow(NamedTuple):
    """A completion record. ``in_reach`` says whether the person's page may be opened."""

    person_id: int
    full_name: str
    nip: str
    status: Status
    unit: str
    course: str
    slug: str
    started_ms: int
    completed_ms: int
    score_tenths: int
    jp: int
    certificate: str
    certificate_id: str
    is_revoked: bool
    expires_on: date | None
    validity: Validity
    in_reach: bool


def certified() -> ColumnElement[bool]:
    """The condition that joins a completion with its certificate; those replaced are left out."""
    return and_(certified_by_any(), Certificate.replacement_id.is_(None))


def certified_by_any() -> ColumnElement[bool]:
    """The same with those that were replaced."""
    same = Certificate.source_id == cast(Completion.enrolment_id, String(40))
    return and_(Certificate.source_kind == COURSE, same)


def find(actor: Actor, wanted: Wanted) -> Page[CompletionRow]:
    """A page of the records; two statements."""
    total = db.session.scalar(_count(actor, wanted)) or 0
    listed = _query(_LISTED, actor, wanted)
    page = branch.counted_page(listed, wanted.number, total)
    days = validity.renewal_days() if any(row.expires_on for row in page.rows) else 0
    rows = [_row(row, actor, days) for row in page.rows]
    return Page(rows, page.number, page.pages, page.total)


def everything(actor: Actor, wanted: Wanted) -> Iterator[AnyRow]:
    """All records for an export, as raw rows of one statement."""
    return branch.stream(_query(EXPORTED, actor, wanted))


EXPORTED = (
    Person.degrees_before,
    Person.name,
    Person.degrees_after,
    Person.nip,
    Person.status,
    Unit.name.label("unit"),
    CourseVersion.title,
    Completion.started_ms,
    Completion.completed_ms,
    Completion.score_tenths,
    Completion.jp,
    Certificate.number,
    Completion.expires_on,
    validity.is_renewed().label("is_renewed"),
    Certificate.revoked_ms,
)
_LISTED = (
    *EXPORTED,
    Completion.person_id,
    Course.slug,
    Certificate.id.label("certificate_id"),
    branch.home_path().label("home"),
)


def _query(columns: Sequence[Any], actor: Actor, wanted: Wanted) -> Query:
    """The one select behind the list and its exports."""
    listed = select(*columns).select_from(Completion)
    narrowed = _narrow(listed, actor, wanted).outerjoin(Certificate, certified())
    return narrowed.order_by(*branch.order(ORDERS, wanted.sort, "-when"))


def _narrow(statement: Query, actor: Actor, wanted: Wanted) -> Query:
    joined = (
        statement.join(Person, Person.id == Completion.person_id)
        .join(Unit, Unit.id == Completion.unit_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .join(Course, Course.id == Completion.course_id)
    )
    conditions = [*branch.who(wanted), *_of_class(wanted), *_of_course(wanted)]
    period = branch.within(Completion.completed_ms.expression, wanted)
    return joined.where(branch.scope(actor, wanted), *conditions, *period)


def _count(actor: Actor, wanted: Wanted) -> Query:
    """How many ``_narrow`` leaves, without the joins that only the columns need."""
    counted = select(func.count()).select_from(Completion)
    if about := branch.who(wanted):
        counted = counted.join(Person, Person.id == Completion.person_id).where(*about)
    if of_course := _of_course(wanted):
        counted = counted.join(Course, Course.id == Completion.course_id).where(*of_course)
    period = branch.within(Completion.completed_ms.expression, wanted)
    inside = branch.inside(Completion.unit_id, actor, wanted)
    return counted.where(*inside, *_of_class(wanted), *period)


def _of_class(wanted: Wanted) -> list[ColumnElement[bool]]:
    """That of the day, which stays."""
    same = Completion.position_class == wanted.position_class
    return [same] if wanted.position_class else []


def _of_course(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [Course.slug == wanted.course] if wanted.course else []


def _row(row: AnyRow, actor: Actor, days: int) -> CompletionRow:
    return CompletionRow(
        person_id=row.person_id,
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        nip=row.nip,
        status=Status(row.status),
        unit=row.unit,
        course=row.title,
        slug=row.slug,
        started_ms=row.started_ms,
        completed_ms=row.completed_ms,
        score_tenths=row.score_tenths,
        jp=row.jp,
        certificate=row.number or "",
        certificate_id=row.certificate_id or "",
        is_revoked=row.revoked_ms is not None,
        expires_on=row.expires_on,
        validity=expiry.validity(
            clock.day_of(row.completed_ms),
            row.expires_on,
            clock.today(),
            days,
            renewed=row.is_renewed,
        ),
        in_reach=actor.in_reach(row.home),
    )
