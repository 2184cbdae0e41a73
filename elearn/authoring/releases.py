"""Giving an edition out, closing a course and opening it again: what its owner decides."""

from __future__ import annotations

from elearn.authoring import reviews
from elearn.content import editions, publishing
from elearn.content.editions import Edition
from elearn.content.models import Course, CourseState
from elearn.content.publishing import Published
from elearn.content.teachers import OwnCourse
from elearn.database import db
from elearn.errors import Conflict


def release(course: OwnCourse, edition: Edition, released_by: int, shown: int) -> Published:
    """Give an edition out, as it was shown against the version with the id ``shown`` (0: none).

    Raises Conflict: "moved" when the effect shown is no longer true, "retired" for a closed
    course, "released" for what is given out already, "not_reviewed" where reviewers have not yet
    let it pass.
    """
    if (editions.compared_with(course) or 0) != shown:
        raise Conflict("moved")
    if course.state is CourseState.RETIRED:
        raise Conflict("retired")
    if not edition.may_be_released:
        raise Conflict("released")
    if reviews.reviewers_of(course.id) and not reviews.has_passed(edition.version_id):
        raise Conflict("not_reviewed")
    return publishing.release(edition.version_id, released_by)


def retire(course: OwnCourse) -> None:
    """Close a course: nobody enters it any more; who is in it may finish. Raises Conflict."""
    _turn(course, CourseState.PUBLISHED, CourseState.RETIRED)


def reopen(course: OwnCourse) -> None:
    """Open a closed course again. Raises Conflict("state")."""
    _turn(course, CourseState.RETIRED, CourseState.PUBLISHED)


def _turn(course: OwnCourse, before: CourseState, after: CourseState) -> None:
    row = db.session.get_one(Course, course.id, with_for_update=True)
    if row.state != before:
        raise Conflict("state")
    row.state = after
