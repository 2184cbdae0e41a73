"""Whether a course was taken under a letter: what makes its JP planned development."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from elearn import clock
from elearn.assignments import whom
from elearn.assignments.models import AssignedCourse, Assignment, AssignmentRevision
from elearn.database import Prepared
from elearn.people.models import Person, Position, Unit

_UNDER = Prepared(
    select(AssignmentRevision.id)
    .select_from(Person)
    .join(Unit, Unit.id == Person.unit_id)
    .outerjoin(Position, Position.id == Person.position_id)
    .join(AssignedCourse, AssignedCourse.course_id == bindparam("course"))
    .join(AssignmentRevision, AssignmentRevision.id == AssignedCourse.revision_id)
    .join(Assignment, whom.present_revision())
    .where(
        Person.id == bindparam("person"),
        AssignmentRevision.letter_number != "",
        AssignmentRevision.letter_on <= bindparam("today"),
        whom.is_asked(),
    )
    .limit(1)
)


def is_under_letter(person_id: int, course_id: int, at_ms: int) -> bool:
    """Whether an assignment by letter asked a course of a person at a moment.

    PerLAN 15/2020: planned development of PPPK rests on a written assignment.
    """
    day: date = clock.day_of(at_ms)
    found = _UNDER.first(person=person_id, course=course_id, now_ms=at_ms, today=day)
    return found is not None
