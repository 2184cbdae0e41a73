"""The working copies a person may change, each with the paths of its files."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from sqlalchemy import func, select

from elearn.content.draft_models import DraftFile
from elearn.content.models import Course, CourseTeacher, CourseVersion
from elearn.content.teachers import AUTHORS
from elearn.database import db


class DraftTree(NamedTuple):
    """A working copy by the address and title of its course, and its files by path."""

    slug: str
    title: str
    paths: list[str]


def authored_by(person_id: int) -> list[DraftTree]:
    """The working copies of a person's courses that hold files, by title; one statement."""
    title = func.coalesce(CourseVersion.title, Course.slug).label("title")
    wanted = (
        select(Course.slug, title, DraftFile.path)
        .join(CourseTeacher, CourseTeacher.course_id == Course.id)
        .join(DraftFile, DraftFile.course_id == Course.id)
        .outerjoin(CourseVersion, CourseVersion.id == Course.latest_version_id)
        .where(
            CourseTeacher.person_id == person_id,
            CourseTeacher.role.in_(AUTHORS),
            DraftFile.digest != "",
        )
        .order_by(title, Course.slug, DraftFile.path)
    )
    rows = db.session.execute(wanted)
    return [
        DraftTree(slug, title, [row.path for row in of_one])
        for (slug, title), of_one in groupby(rows, key=lambda row: (row.slug, row.title))
    ]
