"""Telling those in an older version that a newer one is open: a job, in small transactions."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Select, select

from elearn.content import catalogue
from elearn.content.models import Course, CourseState, CourseVersion
from elearn.database import db, transaction
from elearn.jobs import Work
from elearn.learning.models import CourseProgress
from elearn.people import notices

BATCH = 200


class _Told(NamedTuple):
    course_id: int
    version_id: int


def tell_of_version(work: Work) -> None:
    """A job: tell each learner in progress once that a version is open, unless it no longer is."""
    told = _still_open(work.body["version"])
    last_id = 0
    while told and (ids := db.session.execute(_next(told, last_id)).all()):
        last_id = ids[-1].enrolment_id
        with transaction():
            _tell(told, [row.person_id for row in ids])
        work.report(0)


def _still_open(version_id: int) -> _Told | None:
    statement = (
        select(Course.id)
        .join(CourseVersion, CourseVersion.id == Course.open_version_id)
        .where(CourseVersion.id == version_id, Course.state != CourseState.RETIRED)
    )
    course_id = db.session.scalar(statement)
    return _Told(course_id, version_id) if course_id else None


def _next(told: _Told, last_id: int) -> Select[int, int]:
    return (
        select(CourseProgress.enrolment_id, CourseProgress.person_id)
        .where(
            CourseProgress.course_id == told.course_id,
            CourseProgress.version_id != told.version_id,
            CourseProgress.completed_ms == 0,
            CourseProgress.enrolment_id > last_id,
        )
        .order_by(CourseProgress.enrolment_id)
        .limit(BATCH)
    )


def _tell(told: _Told, person_ids: list[int]) -> None:
    outline = catalogue.outline(told.version_id)
    notices.notify_all(
        person_ids,
        notices.NoticeKind.VERSION_AVAILABLE,
        f"version:{told.version_id}",
        title=outline.title,
        slug=outline.slug,
    )
