"""Whose turn it is to mark: essays go round among the teachers of a course."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.content import catalogue
from elearn.content.models import CourseTeacher, TeacherRole
from elearn.content.teachers import AUTHORS
from elearn.database import db
from elearn.learning.models import Attempt, Enrolment, EssayTurn
from elearn.people import notices
from elearn.people.models import Person, full_name

_OWNERS_FIRST = case((CourseTeacher.role == TeacherRole.OWNER, 0), else_=1)


class Turn(NamedTuple):
    """Who is to mark an attempt."""

    marker_id: int
    full_name: str


def give(session: Session, attempt: Attempt) -> None:
    """Let the teacher who has the fewest attempts of the course to mark take this one, too.

    Of those who have as few the owner is first; nobody marks what they wrote. A course without
    another teacher gives no turn. Who is to mark is told.
    """
    course_id = session.get_one(Enrolment, attempt.enrolment_id).course_id
    held = (
        select(EssayTurn.marker_id, func.count().label("attempts"))
        .join(Attempt, Attempt.id == EssayTurn.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.course_id == course_id, Attempt.unmarked > 0)
        .group_by(EssayTurn.marker_id)
        .subquery()
    )
    marker_id = session.scalar(
        select(CourseTeacher.person_id)
        .outerjoin(held, held.c.marker_id == CourseTeacher.person_id)
        .where(
            CourseTeacher.course_id == course_id,
            CourseTeacher.role.in_(AUTHORS),
            CourseTeacher.person_id != attempt.person_id,
        )
        .order_by(func.coalesce(held.c.attempts, 0), _OWNERS_FIRST, CourseTeacher.person_id)
        .limit(1)
    )
    if marker_id is not None:
        session.add(EssayTurn(attempt_id=attempt.id, marker_id=marker_id))
        _tell(marker_id, course_id, attempt.version_id)


def _tell(marker_id: int, course_id: int, version_id: int) -> None:
    """Once a day for each course, however many essays come in."""
    outline = catalogue.outline(version_id)
    notices.notify(
        marker_id,
        notices.NoticeKind.ESSAYS_TO_MARK,
        f"essays:{course_id}:{clock.today().isoformat()}",
        title=outline.title,
        slug=outline.slug,
    )


def of_course(course_id: int) -> dict[str, Turn]:
    """The turns of the attempts of a course that wait, among those who teach it still."""
    statement = (
        select(EssayTurn.attempt_id, Person)
        .join(Attempt, Attempt.id == EssayTurn.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == EssayTurn.marker_id)
        .join(
            CourseTeacher,
            and_(
                CourseTeacher.course_id == Enrolment.course_id,
                CourseTeacher.person_id == Person.id,
                CourseTeacher.role.in_(AUTHORS),
            ),
        )
        .where(Enrolment.course_id == course_id, Attempt.unmarked > 0)
    )
    return {
        attempt_id: Turn(p.id, full_name(p.degrees_before, p.name, p.degrees_after))
        for attempt_id, p in db.session.execute(statement)
    }


def essays_of(marker_id: int) -> dict[int, int]:
    """How many essays wait for the person to mark them, by the id of the course."""
    statement = (
        select(Enrolment.course_id, func.sum(Attempt.unmarked))
        .join(Attempt, Attempt.enrolment_id == Enrolment.id)
        .join(EssayTurn, EssayTurn.attempt_id == Attempt.id)
        .join(
            CourseTeacher,
            and_(
                CourseTeacher.course_id == Enrolment.course_id,
                CourseTeacher.person_id == EssayTurn.marker_id,
                CourseTeacher.role.in_(AUTHORS),
            ),
        )
        .where(EssayTurn.marker_id == marker_id, Attempt.unmarked > 0)
        .group_by(Enrolment.course_id)
    )
    return {course_id: int(essays) for course_id, essays in db.session.execute(statement)}
