"""A second pair of eyes before an edition is given out: ask for it, fill in the checklist."""

from __future__ import annotations

import json
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select

from elearn import clock
from elearn.content import teachers
from elearn.content.editions import Edition
from elearn.content.models import Course, CourseState, Review, TeacherRole, Verdict
from elearn.content.teachers import OwnCourse
from elearn.database import db
from elearn.errors import Conflict, Invalid, NotAllowed
from elearn.people import notices
from elearn.people.models import Person, full_name

MAX_REMARK = 2000
MIN_REMARK = 10


class Point(StrEnum):
    """What a reviewer looks at; all of them hold in an edition that passes."""

    CORRECT = "correct"
    RULES = "rules"
    LANGUAGE = "language"
    QUESTIONS = "questions"
    COMPETENCIES = "competencies"
    HOURS = "hours"
    ACCESS = "access"
    RIGHTS = "rights"


class Reviewed(NamedTuple):
    """A review as it is shown; ``reviewer`` is empty while nobody has looked."""

    verdict: Verdict
    asked_ms: int
    reviewer: str
    points: frozenset[str]
    remark: str
    ended_ms: int | None


class Findings(NamedTuple):
    """What a reviewer found."""

    verdict: Verdict
    points: Collection[str]
    remark: str


def latest(version_id: int) -> Reviewed | None:
    """The newest review of a version."""
    row = _latest(version_id)
    if row is None:
        return None
    person = db.session.get(Person, row.reviewer_id) if row.reviewer_id else None
    name = full_name(person.degrees_before, person.name, person.degrees_after) if person else ""
    points = frozenset(json.loads(row.points))
    return Reviewed(Verdict(row.verdict), row.asked_ms, name, points, row.remark, row.ended_ms)


def _latest(version_id: int) -> Review | None:
    statement = select(Review).where(Review.version_id == version_id).order_by(Review.id.desc())
    return db.session.scalars(statement.limit(1)).first()


def reviewers_of(course_id: int) -> list[teachers.Teacher]:
    """Who may review the editions of a course."""
    return [t for t in teachers.teachers_of(course_id) if t.role is TeacherRole.REVIEWER]


def has_passed(version_id: int) -> bool:
    """Whether the newest review of a version let it pass."""
    row = _latest(version_id)
    return row is not None and row.verdict == Verdict.PASSED


def ask(course: OwnCourse, edition: Edition, asked_by: int) -> None:
    """Send an edition to the reviewers of the course, and tell them.

    Raises NotAllowed to reviewers, Conflict("no_reviewers") where there are none and
    Conflict("asked") while one is waiting.
    """
    if not course.is_author:
        raise NotAllowed
    reviewers = reviewers_of(course.id)
    if not reviewers:
        raise Conflict("no_reviewers")
    before = _latest(edition.version_id)
    if before is not None and before.verdict == Verdict.WAITING:
        raise Conflict("asked")
    row = Review(
        version_id=edition.version_id,
        asked_by=asked_by,
        asked_ms=clock.now_ms(),
        verdict=Verdict.WAITING,
    )
    db.session.add(row)
    db.session.flush()
    _set_state(course, CourseState.IN_REVIEW)
    notices.notify_all(
        [reviewer.person_id for reviewer in reviewers],
        notices.NoticeKind.REVIEW_ASKED,
        f"review:{row.id}",
        title=course.title,
        slug=course.slug,
        number=edition.number,
    )


def _set_state(course: OwnCourse, state: CourseState) -> None:
    """A course that learners have met keeps its state: only its next edition is looked at."""
    if course.latest_version_id is None:
        db.session.get_one(Course, course.id).state = state


def note(course: OwnCourse, edition: Edition, reviewer_id: int, found: Findings) -> None:
    """Keep what a reviewer has found so far; the review goes on.

    Raises NotAllowed to all but reviewers, Conflict("not_asked") when nothing waits, and
    Invalid("remark_long").
    """
    row = _waiting(course, edition)
    _check_remark(found)
    row.reviewer_id = reviewer_id
    row.points, row.remark = _points_of(found), found.remark.strip()


def _waiting(course: OwnCourse, edition: Edition) -> Review:
    if course.role is not TeacherRole.REVIEWER:
        raise NotAllowed
    row = _latest(edition.version_id)
    if row is None or row.verdict != Verdict.WAITING:
        raise Conflict("not_asked")
    return row


def _points_of(found: Findings) -> str:
    return json.dumps(sorted(set(found.points) & set(Point)))


def decide(course: OwnCourse, edition: Edition, reviewer_id: int, found: Findings) -> None:
    """Let an edition pass or return it, with what was found; its author is told.

    Raises NotAllowed to all but reviewers, Conflict("not_asked") when nothing waits, and Invalid:
    a point that does not hold, and a return, need a remark.
    """
    row = _waiting(course, edition)
    _check(found)
    row.verdict, row.reviewer_id, row.ended_ms = found.verdict, reviewer_id, clock.now_ms()
    row.points = _points_of(found)
    row.remark = found.remark.strip()
    if found.verdict is Verdict.RETURNED:
        _set_state(course, CourseState.DRAFT)
    passes = found.verdict is Verdict.PASSED
    kinds = notices.NoticeKind
    notices.notify(
        row.asked_by,
        kinds.REVIEW_PASSED if passes else kinds.REVIEW_RETURNED,
        f"reviewed:{row.id}",
        title=course.title,
        slug=course.slug,
        number=edition.number,
    )


def _check(found: Findings) -> None:
    if found.verdict is Verdict.PASSED and set(Point) - set(found.points):
        raise Invalid("points_missing", "points")
    if found.verdict is Verdict.RETURNED and len(found.remark.strip()) < MIN_REMARK:
        raise Invalid("remark_short", "remark")
    _check_remark(found)


def _check_remark(found: Findings) -> None:
    if len(found.remark) > MAX_REMARK:
        raise Invalid("remark_long", "remark")
