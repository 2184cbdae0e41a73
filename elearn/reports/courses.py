"""Courses of a branch: how many stand where in each, and everyone's state in one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from elearn.content.models import Course, CourseState, CourseVersion
from elearn.database import db
from elearn.learning.models import Completion, CourseProgress, Enrolment
from elearn.learning.models import CourseState as Standing
from elearn.people.actors import Actor
from elearn.people.models import Person, Status, Unit, full_name
from elearn.people.names import fold
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Page, Query
from elearn.reports.filters import NOT_STARTED, Wanted


class CourseFigures(NamedTuple):
    """Where the people of a branch stand in a course today, and what the year brought."""

    slug: str
    title: str
    is_open: bool
    passed: int
    studying: int
    failed: int
    not_started: int
    completions: int


class StudentRow(NamedTuple):
    """A person of the branch in one course; what has not happened yet is 0, or None."""

    person_id: int
    full_name: str
    nip: str
    status: Status
    unit: str
    state: str
    percent: int
    score_tenths: int | None
    last_ms: int
    completed_ms: int


def figures(actor: Actor, wanted: Wanted) -> list[CourseFigures]:
    """Every course of the branch with its figures, by title; one statement."""
    standing, gained = _standing(actor, wanted), _gained(actor, wanted)
    inside = branch.inside(Person.unit_id, actor, wanted)
    people = select(func.count()).select_from(Person).where(Person.active, *inside)
    there = people.scalar_subquery()
    statement = (
        select(
            Course.slug,
            CourseVersion.title,
            Course.open_version_id,
            Course.state,
            *(func.coalesce(standing.c[state], 0).label(state) for state in Standing),
            there.label("people"),
            func.coalesce(gained.c.completions, 0).label("completions"),
        )
        .join(CourseVersion, CourseVersion.id == Course.latest_version_id)
        .outerjoin(standing, standing.c.course_id == Course.id)
        .outerjoin(gained, gained.c.course_id == Course.id)
        .where(_is_worth_showing(standing, gained))
        .order_by(CourseVersion.title, Course.id)
    )
    return [_figures(row) for row in branch.read(statement)]


def named(found: list[CourseFigures], text: str) -> list[CourseFigures]:
    """Those whose title holds the text."""
    return [course for course in found if fold(text) in fold(course.title)]


def _is_worth_showing(standing: Subquery, gained: Subquery) -> ColumnElement[bool]:
    """Open to learners, or somebody of the branch has been in it."""
    is_open = and_(Course.open_version_id.is_not(None), Course.state != CourseState.RETIRED)
    return or_(is_open, standing.c.course_id.is_not(None), gained.c.course_id.is_not(None))


def _standing(actor: Actor, wanted: Wanted) -> Subquery:
    counts = [
        func.count().filter(CourseProgress.state == state).label(state.value) for state in Standing
    ]
    return (
        select(CourseProgress.course_id, *counts)
        .where(_is_of_branch(actor, wanted), ~_is_repeated())
        .group_by(CourseProgress.course_id)
        .subquery("standing")
    )


def _is_of_branch(actor: Actor, wanted: Wanted) -> ColumnElement[bool]:
    """The condition on CourseProgress that it is of somebody active in the branch.

    Of the whole agency all progress is counted but that of the few who have left.
    """
    there = branch.inside(Person.unit_id, actor, wanted)
    if there:
        return CourseProgress.person_id.in_(select(Person.id).where(Person.active, *there))
    return CourseProgress.person_id.not_in(select(Person.id).where(~Person.active))


def _is_repeated() -> ColumnElement[bool]:
    """The condition on CourseProgress that a later round has taken its place; few have one."""
    later = aliased(Enrolment)
    same = and_(later.person_id == Enrolment.person_id, later.course_id == Enrolment.course_id)
    earlier = select(Enrolment.id).join(later, and_(same, Enrolment.round < later.round))
    return CourseProgress.enrolment_id.in_(earlier.where(later.round > 1))


def is_latest_round() -> ColumnElement[bool]:
    """The condition on Enrolment that holds for the newest round of a person in a course."""
    later = aliased(Enrolment)
    same = and_(later.person_id == Enrolment.person_id, later.course_id == Enrolment.course_id)
    return ~exists().where(same, later.round > Enrolment.round).correlate(Enrolment)


def _gained(actor: Actor, wanted: Wanted) -> Subquery:
    there = branch.inside(Completion.unit_id, actor, wanted)
    return (
        select(Completion.course_id, func.count().label("completions"))
        .where(*there, Completion.year == wanted.year)
        .group_by(Completion.course_id)
        .subquery("gained")
    )


def _figures(row: AnyRow) -> CourseFigures:
    begun = row.passed + row.studying + row.failed
    return CourseFigures(
        slug=row.slug,
        title=row.title,
        is_open=row.open_version_id is not None and row.state != CourseState.RETIRED,
        passed=row.passed,
        studying=row.studying,
        failed=row.failed,
        not_started=row.people - begun,
        completions=row.completions,
    )


def states(actor: Actor, course_id: int, wanted: Wanted) -> dict[str, int]:
    """How many of those asked for are in each state; two statements.

    Those in the course are found from it, as few of an agency are; the rest has not begun.
    """
    columns = select(CourseProgress.state, func.count().label("people"))
    entered = (
        columns.select_from(Enrolment)
        .join(CourseProgress, CourseProgress.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id == course_id, is_latest_round())
    )
    who = (Person.active, *branch.inside(Person.unit_id, actor, wanted), *branch.who(wanted))
    period = branch.within(_WHEN, wanted)
    grouped = entered.where(*who, *period).group_by(CourseProgress.state)
    counts = {row.state: row.people for row in branch.read(grouped)}
    if not period:  # who has not begun has no moment that could lie in one
        people = db.session.scalar(select(func.count()).select_from(Person).where(*who)) or 0
        counts[NOT_STARTED] = people - sum(counts.values())
    return {state: count for state, count in counts.items() if count}


def find(
    actor: Actor, course_id: int, wanted: Wanted, counts: Mapping[str, int]
) -> Page[StudentRow]:
    """A page of the people in one course; ``counts`` are those of ``states``; one statement."""
    total = counts.get(wanted.state, 0) if wanted.state else sum(counts.values())
    page = branch.counted_page(_query(actor, course_id, wanted), wanted.number, total)
    return Page([_row(row) for row in page.rows], page.number, page.pages, page.total)


def everyone(actor: Actor, course_id: int, wanted: Wanted) -> Iterator[StudentRow]:
    """All of them for an export; one statement."""
    return (_row(row) for row in branch.stream(_query(actor, course_id, wanted)))


# Written into the statement, as PostgreSQL groups by no parameter.
_standing_of = func.coalesce(CourseProgress.state, literal_column(f"'{NOT_STARTED}'"))
_PERCENT = func.coalesce(CourseProgress.percent, 0)
_SCORE = func.coalesce(CourseProgress.score_tenths, -1)
_LAST = func.coalesce(CourseProgress.last_ms, 0)
# When a person completed, else when they were last active.
_WHEN = func.coalesce(func.nullif(CourseProgress.completed_ms, 0), CourseProgress.last_ms)
ORDERS: Mapping[str, tuple[Any, ...]] = {
    "name": (Person.sort_name, Person.id),
    "unit": (Unit.name, Person.sort_name, Person.id),
    "percent": (_PERCENT, Person.sort_name, Person.id),
    "score": (_SCORE, Person.sort_name, Person.id),
    "last": (_LAST, Person.sort_name, Person.id),
}


def _query(actor: Actor, course_id: int, wanted: Wanted) -> Query:
    columns = select(
        Person.id,
        Person.degrees_before,
        Person.name,
        Person.degrees_after,
        Person.nip,
        Person.status,
        Unit.name.label("unit"),
        _standing_of.label("standing"),
        _PERCENT.label("percent"),
        CourseProgress.score_tenths,
        _LAST.label("last_ms"),
        func.coalesce(CourseProgress.completed_ms, 0).label("completed_ms"),
    )
    narrowed = _narrow(columns, actor, course_id, wanted)
    if wanted.state:
        narrowed = narrowed.where(_standing_of == wanted.state)
    return narrowed.order_by(*branch.order(ORDERS, wanted.sort, "name"))


def _narrow(statement: Query, actor: Actor, course_id: int, wanted: Wanted) -> Query:
    """Everybody active in the branch, with their progress in the newest round of the course."""
    entered = and_(
        Enrolment.person_id == Person.id, Enrolment.course_id == course_id, is_latest_round()
    )
    joined = (
        statement.select_from(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Enrolment, entered)
        .outerjoin(CourseProgress, CourseProgress.enrolment_id == Enrolment.id)
    )
    period = branch.within(_WHEN, wanted)
    return joined.where(Person.active, branch.scope(actor, wanted), *branch.who(wanted), *period)


def _row(row: AnyRow) -> StudentRow:
    return StudentRow(
        person_id=row.id,
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        nip=row.nip,
        status=Status(row.status),
        unit=row.unit,
        state=row.standing,
        percent=row.percent,
        score_tenths=row.score_tenths,
        last_ms=row.last_ms,
        completed_ms=row.completed_ms,
    )
