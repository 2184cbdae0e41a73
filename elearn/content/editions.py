"""The editions of a course as its authors see them: given out, waiting, or only stored."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select

from elearn.content.models import Course, CourseVersion
from elearn.content.teachers import OwnCourse
from elearn.database import db
from elearn.errors import NotFound


class EditionState(StrEnum):
    """Where an edition is on its way to learners."""

    OPEN = "open"  # learners enter it
    WAITING = "waiting"  # given out, and HR of the agency has yet to vouch for its terms
    STORED = "stored"  # never given out
    EARLIER = "earlier"


class Edition(NamedTuple):
    """One edition; ``at_ms`` is when it was given out, 0 before."""

    version_id: int
    number: int
    title: str
    state: EditionState
    at_ms: int

    @property
    def may_be_released(self) -> bool:
        return self.state in (EditionState.STORED, EditionState.EARLIER)


def of_course(course: OwnCourse) -> list[Edition]:
    """All editions, the newest first."""
    statement = select(CourseVersion).where(CourseVersion.course_id == course.id)
    found = db.session.scalars(statement.order_by(CourseVersion.number.desc()))
    return [_edition(version, course) for version in found]


def find(course: OwnCourse, number: int) -> Edition:
    """The edition with a number. Raises NotFound."""
    statement = select(CourseVersion).where(
        CourseVersion.course_id == course.id, CourseVersion.number == number
    )
    version = db.session.scalar(statement)
    if version is None:
        raise NotFound
    return _edition(version, course)


def _edition(version: CourseVersion, course: OwnCourse) -> Edition:
    if version.id == course.open_version_id:
        state = EditionState.OPEN
    elif version.id == course.latest_version_id:
        state = EditionState.WAITING
    else:
        state = EditionState.EARLIER if version.published_ms else EditionState.STORED
    return Edition(version.id, version.number, version.title, state, version.published_ms)


def compared_with(course: OwnCourse) -> int | None:
    """The version that another is compared with: what learners enter, else what was given out."""
    return course.open_version_id or course.latest_version_id


def course_of(version_id: int) -> Course:
    """The course a version belongs to. Raises NotFound."""
    statement = select(Course).join(CourseVersion, CourseVersion.course_id == Course.id)
    course = db.session.scalar(statement.where(CourseVersion.id == version_id))
    if course is None:
        raise NotFound
    return course
