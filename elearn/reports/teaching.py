"""What an instructor sees of their courses: learners, where they are stuck, what they wrote."""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from elearn import clock
from elearn.content import catalogue, teachers
from elearn.content.catalogue import CourseLink
from elearn.content.course import PRETEST
from elearn.content.models import CourseState
from elearn.content.teachers import TaughtCourse
from elearn.learning import progress as progress_rules
from elearn.learning import rules, turns
from elearn.learning.models import CourseProgress, Enrolment, ReflectionText
from elearn.learning.models import CourseState as Standing
from elearn.learning.progress import Progress
from elearn.people.models import Person, Unit, full_name
from elearn.people.names import fold
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Page
from elearn.reports.courses import is_latest_round
from elearn.reports.filters import Wanted

ORDERS = {
    "name": (Person.sort_name, Enrolment.id),
    "percent": (CourseProgress.percent, Person.sort_name, Enrolment.id),
    "score": (func.coalesce(CourseProgress.score_tenths, -1), Person.sort_name, Enrolment.id),
    "last": (CourseProgress.last_ms, Enrolment.id),
}


class Taught(NamedTuple):
    """A course one teaches: its learners of today by state, and the essays one is to mark."""

    course: TaughtCourse
    studying: int
    failed: int
    passed: int
    essays: int

    @property
    def is_waiting(self) -> bool:
        """Whether the newest version waits for HR of the agency."""
        given_out = self.course.published_ms and self.course.state != CourseState.RETIRED
        return bool(given_out) and not self.course.is_open


class StuckQuiz(NamedTuple):
    """A quiz whose attempts are used up without passing."""

    key: str
    title: str


class LearnerRow(NamedTuple):
    """A learner of a course; no NIP, as teaching does not need it."""

    enrolment_id: int
    full_name: str
    unit: str
    state: Standing
    percent: int
    score_tenths: int | None
    attempts: int
    last_ms: int
    stuck: list[StuckQuiz]


class ReflectionRow(NamedTuple):
    """What a learner wrote about their own work."""

    full_name: str
    unit: str
    title: str
    text: str
    words: int
    written_ms: int


def courses_of(person_id: int) -> list[Taught]:
    """The courses a person teaches; three statements."""
    found = teachers.taught_by(person_id)
    counts = _counts([course.id for course in found])
    essays = turns.essays_of(person_id)
    return [
        Taught(
            course,
            studying=counts.get((course.id, Standing.STUDYING), 0),
            failed=counts.get((course.id, Standing.FAILED), 0),
            passed=counts.get((course.id, Standing.PASSED), 0),
            essays=essays.get(course.id, 0),
        )
        for course in found
    ]


def _counts(course_ids: list[int]) -> dict[tuple[int, str], int]:
    statement = (
        select(CourseProgress.course_id, CourseProgress.state, func.count().label("people"))
        .join(Enrolment, Enrolment.id == CourseProgress.enrolment_id)
        .join(Person, Person.id == CourseProgress.person_id)
        .where(CourseProgress.course_id.in_(course_ids), Person.active, is_latest_round())
        .group_by(CourseProgress.course_id, CourseProgress.state)
    )
    return {(row.course_id, row.state): row.people for row in branch.read(statement)}


def taught_course(person_id: int, slug: str) -> CourseLink:
    """A course that the person teaches. Raises NotFound for any other."""
    return teachers.taught_link(person_id, slug)


def learners(course_id: int, wanted: Wanted) -> Page[LearnerRow]:
    """A page of the learners; one statement, and one for each version not read before."""
    query = (
        select(
            Enrolment.id,
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
            Unit.name.label("unit"),
            CourseProgress.state,
            CourseProgress.percent,
            CourseProgress.score_tenths,
            CourseProgress.last_ms,
            CourseProgress.version_id,
            CourseProgress.body,
        )
        .select_from(Enrolment)
        .join(CourseProgress, CourseProgress.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Enrolment.course_id == course_id, Person.active, is_latest_round())
        .where(*_asked(wanted), *_in_state(wanted))
        .order_by(*branch.order(ORDERS, wanted.sort, "name"))
    )
    page = branch.page_of(query, wanted.number)
    now_ms = clock.now_ms()
    rows = [_learner(row, now_ms) for row in page.rows]
    return Page(rows, page.number, page.pages, page.total)


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Learners are looked up by name alone."""
    words = fold(wanted.text or wanted.digits)
    return [Person.sort_name.contains(words, autoescape=True)] if words else []


def _in_state(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [CourseProgress.state == wanted.state] if wanted.state else []


def _learner(row: AnyRow, now_ms: int) -> LearnerRow:
    progress = progress_rules.decode(json.loads(row.body))
    return LearnerRow(
        enrolment_id=row.id,
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        unit=row.unit,
        state=Standing(row.state),
        percent=row.percent,
        score_tenths=row.score_tenths,
        attempts=sum(q.submitted for key, q in progress.quizzes.items() if key != PRETEST),
        last_ms=row.last_ms,
        stuck=_stuck(row.version_id, progress, now_ms),
    )


def _stuck(version_id: int, progress: Progress, now_ms: int) -> list[StuckQuiz]:
    tried = [
        (quiz, progress.quizzes[quiz.key])
        for lesson in catalogue.outline(version_id).lessons
        for quiz in lesson.quizzes
        if quiz.key in progress.quizzes
    ]
    return [
        StuckQuiz(quiz.key, quiz.title)
        for quiz, done in tried
        if not (done.passed or done.waiting)
        and done.submitted == done.started
        and not rules.allowance(quiz, done, now_ms).is_open
    ]


def reflections(course_id: int, wanted: Wanted) -> Page[ReflectionRow]:
    """A page of what the learners wrote, newest first; one statement."""
    query = (
        select(
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
            Unit.name.label("unit"),
            Enrolment.version_id,
            ReflectionText.key,
            ReflectionText.text,
            ReflectionText.words,
            ReflectionText.written_ms,
        )
        .select_from(ReflectionText)
        .join(Enrolment, Enrolment.id == ReflectionText.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Enrolment.course_id == course_id, *_asked(wanted))
        .order_by(ReflectionText.written_ms.desc(), Enrolment.id, ReflectionText.key)
    )
    page = branch.page_of(query, wanted.number)
    rows = [_reflection(row) for row in page.rows]
    return Page(rows, page.number, page.pages, page.total)


def _reflection(row: AnyRow) -> ReflectionRow:
    titles = {
        reflection.key: reflection.title
        for lesson in catalogue.outline(row.version_id).lessons
        for reflection in lesson.reflections
    }
    return ReflectionRow(
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        unit=row.unit,
        title=titles.get(row.key, ""),
        text=row.text,
        words=row.words,
        written_ms=row.written_ms,
    )
