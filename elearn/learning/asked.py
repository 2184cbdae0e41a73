"""What came of assignments: who has done what was asked, who is late; nothing of it is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from elearn import clock
from elearn.assignments import rule as rules
from elearn.assignments import whom
from elearn.assignments.assigned import Assigned
from elearn.assignments.models import AssignedCourse, Assignment, AssignmentRevision
from elearn.assignments.rule import Rule, Stage
from elearn.content.models import Course, CourseState, CourseVersion
from elearn.database import Prepared, db, rows
from elearn.learning import validity
from elearn.learning.models import Completion, CourseProgress
from elearn.learning.models import CourseState as Progress
from elearn.people.models import Person, Position, Unit

Query = Select[*tuple[Any, ...]]


class Standing(StrEnum):
    """Where a person stands in an assignment."""

    DONE = "done"
    UNDER_WAY = "under_way"
    NOT_BEGUN = "not_begun"
    OVERDUE = "overdue"  # begun or not
    EXEMPT = "exempt"


class AskedCourse(NamedTuple):
    """A course that is asked of a person, by an assignment. ``due`` is their own due day, so many
    days from today; less than none once it is over."""

    person_id: int
    assignment_id: int
    slug: str
    title: str
    letter_number: str
    letter_on: date | None
    reason: str
    due: date
    days_left: int
    grace_days: int
    stage: Stage
    is_done: bool


@dataclass(frozen=True)
class Figures:
    """How many people stand where in an assignment."""

    done: int = 0
    under_way: int = 0
    not_begun: int = 0
    overdue: int = 0
    exempt: int = 0

    @property
    def asked(self) -> int:
        """Of how many it is asked: the exempt are not among them."""
        return self.done + self.missing

    @property
    def missing(self) -> int:
        return self.under_way + self.not_begun + self.overdue

    @property
    def done_percent(self) -> int:
        """Whole percent, 100 only when all have done it."""
        return 100 * self.done // self.asked if self.asked else 0


# --- for a person, or for a few


_is_done = exists().where(
    Completion.person_id == Person.id,
    Completion.course_id == Course.id,
    Completion.completed_ms >= AssignmentRevision.counts_from_ms,
    validity.lasting(bindparam("today")),
)
_ASKED = (
    select(
        Person.id.label("person_id"),
        Assignment.id.label("assignment_id"),
        Course.slug,
        CourseVersion.title,
        AssignmentRevision.letter_number,
        AssignmentRevision.letter_on,
        AssignmentRevision.reason,
        AssignmentRevision.starts_ms,
        AssignmentRevision.due_on,
        AssignmentRevision.days,
        AssignmentRevision.grace_days,
        whom.came_ms().label("came_ms"),
        _is_done.label("is_done"),
    )
    .select_from(Person)
    .join(Unit, Unit.id == Person.unit_id)
    .outerjoin(Position, Position.id == Person.position_id)
    .join(Assignment, Assignment.withdrawn_ms.is_(None))
    .join(AssignmentRevision, whom.present_revision())
    .join(AssignedCourse, AssignedCourse.revision_id == AssignmentRevision.id)
    .join(Course, and_(Course.id == AssignedCourse.course_id, Course.state != CourseState.RETIRED))
    .join(CourseVersion, CourseVersion.id == Course.open_version_id)
    .where(whom.is_asked())
)
_OF_PERSON = Prepared(_ASKED.where(Person.id == bindparam("person")))


def of_person(person_id: int) -> list[AskedCourse]:
    """The courses that are asked of a person today, the most urgent first; one statement."""
    found = _OF_PERSON.all(person=person_id, now_ms=clock.now_ms(), today=clock.today())
    return _in_order(_asked(row) for row in found)


def open_of(person_id: int) -> list[AskedCourse]:
    """Those among them that are not done, each course once."""
    return [asked for asked in by_course(of_person(person_id)).values() if not asked.is_done]


def by_course(found: Iterable[AskedCourse]) -> dict[str, AskedCourse]:
    """By slug: of several assignments the most urgent one tells."""
    held: dict[str, AskedCourse] = {}
    for asked in found:
        held.setdefault(asked.slug, asked)
    return held


def pressing_of(person_ids: Sequence[int]) -> dict[int, list[AskedCourse]]:
    """What is overdue or soon due for some people, by person, each course once; one statement."""
    wanted = _ASKED.where(Person.id.in_(person_ids), ~_is_done)
    found = rows(wanted, now_ms=clock.now_ms(), today=clock.today())
    by_person: dict[int, list[AskedCourse]] = defaultdict(list)
    for asked in _in_order(_asked(row) for row in found):
        if asked.stage is not Stage.OPEN:
            by_person[asked.person_id].append(asked)
    return {person_id: list(by_course(held).values()) for person_id, held in by_person.items()}


def overdue_of(person_ids: Sequence[int]) -> dict[int, list[AskedCourse]]:
    """What is overdue for some people, by person; one statement."""
    late = {
        person_id: [asked for asked in found if asked.stage is Stage.OVERDUE]
        for person_id, found in pressing_of(person_ids).items()
    }
    return {person_id: found for person_id, found in late.items() if found}


def _in_order(found: Iterable[AskedCourse]) -> list[AskedCourse]:
    return sorted(found, key=lambda asked: (asked.is_done, asked.due, asked.title))


def _asked(row: Any) -> AskedCourse:
    shape = Rule((), (), clock.day_of(row.starts_ms), row.due_on, row.days)
    due, today = shape.due(clock.day_of(row.came_ms)), clock.today()
    return AskedCourse(
        row.person_id,
        row.assignment_id,
        row.slug,
        row.title,
        row.letter_number,
        row.letter_on,
        row.reason,
        due,
        (due - today).days,
        row.grace_days,
        rules.stage(due, row.grace_days, today),
        bool(row.is_done),
    )


# --- for an assignment, or for some


def standings(assigned: Assigned, *columns: Any) -> tuple[Query, ColumnElement[str]]:
    """The people of an assignment with columns of Person and Unit, and where each stands.

    Beside ``columns`` there are how many ``courses`` they have done, ``percent`` of what they are
    in, ``completed_ms`` of what they did last, and ``came_ms``.
    """
    rule = assigned.rule
    done, begun = _done(rule), _begun(rule)
    standing = _standing(assigned, done, begun)
    query = (
        select(
            *columns,
            standing.label("standing"),
            func.coalesce(done.c.courses, 0).label("courses"),
            func.coalesce(begun.c.percent, 0).label("percent"),
            func.coalesce(done.c.completed_ms, 0).label("completed_ms"),
            whom.came_ms().label("came_ms"),
        )
        .select_from(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(done, done.c.person_id == Person.id)
        .outerjoin(begun, begun.c.person_id == Person.id)
        .where(whom.concerned(rule, assigned.owner_path))
    )
    return query, standing


def _done(rule: Rule) -> Subquery:
    since = clock.start_of_day_ms(rule.starts_on) if rule.repeats else 0
    return (
        select(
            Completion.person_id,
            func.count(Completion.course_id.distinct()).label("courses"),
            func.max(Completion.completed_ms).label("completed_ms"),
        )
        .where(
            Completion.course_id.in_(rule.courses),
            Completion.completed_ms >= since,
            validity.lasting(clock.today()),
        )
        .group_by(Completion.person_id)
        .subquery("done")
    )


def _begun(rule: Rule) -> Subquery:
    return (
        select(CourseProgress.person_id, func.max(CourseProgress.percent).label("percent"))
        .where(
            CourseProgress.course_id.in_(rule.courses),
            CourseProgress.state != Progress.PASSED,
        )
        .group_by(CourseProgress.person_id)
        .subquery("begun")
    )


def _standing(assigned: Assigned, done: Subquery, begun: Subquery) -> ColumnElement[str]:
    rule = assigned.rule
    in_time = whom.due_from(rule, clock.today() - timedelta(days=rule.grace_days))
    return case(
        (whom.exempted(assigned.id), _word(Standing.EXEMPT)),
        (func.coalesce(done.c.courses, 0) >= len(rule.courses), _word(Standing.DONE)),
        (~in_time, _word(Standing.OVERDUE)),
        (begun.c.person_id.is_not(None), _word(Standing.UNDER_WAY)),
        else_=_word(Standing.NOT_BEGUN),
    )


def _word(standing: Standing) -> ColumnElement[str]:
    """Written into the statement, as PostgreSQL groups by no parameter."""
    return literal_column(f"'{standing.value}'")


def counted_by_standing(each: Subquery, *more: ColumnElement[Any]) -> Query:
    """How many ``people`` of a query of ``standings`` stand where, by more of its columns."""
    columns = (*more, each.c.standing)
    return select(*columns, func.count().label("people")).group_by(*columns)


def rank(standing: ColumnElement[str], order: Sequence[Standing]) -> ColumnElement[int]:
    """A number to sort by: the place of a standing in an order."""
    return case({each.value: at for at, each in enumerate(order)}, value=standing, else_=len(order))


def by_unit(assigned: Assigned, scope: ColumnElement[bool]) -> dict[str, Figures]:
    """The figures of an assignment by the path of each unit of a branch; one statement."""
    query, _standing_of = standings(assigned, Unit.path)
    each = query.where(scope).subquery()
    held: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows(counted_by_standing(each, each.c.path)):
        held[row.path][row.standing] = row.people
    return {path: Figures(**found) for path, found in held.items()}


def count(rule: Rule, owner_path: str | None) -> int:
    """Of how many people a rule would be asked; one statement."""
    wanted = select(func.count()).select_from(Person).where(whom.concerned(rule, owner_path))
    return db.session.scalar(wanted) or 0


@dataclass(frozen=True)
class Change:
    """Of how many people it is asked now, and by another rule; who is added and who is let go."""

    before: int
    after: int
    added: int
    removed: int


def change(assigned: Assigned, rule: Rule) -> Change:
    """What another rule would change in people; one statement."""
    now = whom.concerned(assigned.rule, assigned.owner_path)
    then = whom.concerned(rule, assigned.owner_path)
    counted = [
        func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
        for condition in (now, then, and_(then, ~now), and_(now, ~then))
    ]
    before, after, added, removed = db.session.execute(
        select(*counted).select_from(Person).where(or_(now, then))
    ).one()
    return Change(int(before), int(after), int(added), int(removed))
