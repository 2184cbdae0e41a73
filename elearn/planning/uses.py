"""Where a competency is named: what a retirement touches, and whether it may be removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import distinct, exists, func, or_, select

from elearn.competency import editions, framework, position_requirements
from elearn.competency.models import (
    AssessedLevel,
    Competency,
    Evidence,
    PositionRequirement,
    Requirement,
)
from elearn.content.models import Course, CourseState, CourseVersion, VersionCompetency
from elearn.database import db
from elearn.errors import Conflict


class NamedLevel(NamedTuple):
    """A position class or one position, and the level it asks."""

    key: str
    name: str
    level: int


class CourseUse(NamedTuple):
    """A course whose open or newest version supports a competency up to a level."""

    slug: str
    title: str
    level: int


@dataclass(frozen=True)
class Uses:
    """What names a competency now; ``assessed`` and ``supported`` count people."""

    courses: Sequence[CourseUse]
    classes: Sequence[NamedLevel]
    positions: Sequence[NamedLevel]
    assessed: int
    supported: int


def of(code: str) -> Uses:
    """What names a competency. Raises NotFound."""
    editions.competency(code)
    matrix = framework.matrix()
    classes = [
        NamedLevel(row.key, row.name, level)
        for row in framework.classes()
        if (level := matrix.get(row.key, {}).get(code))
    ]
    assessed = select(func.count(distinct(AssessedLevel.person_id)))
    supported = select(func.count(distinct(Evidence.person_id)))
    return Uses(
        _courses(code),
        classes,
        _positions(code),
        db.session.scalar(assessed.where(AssessedLevel.code == code)) or 0,
        db.session.scalar(supported.where(Evidence.code == code)) or 0,
    )


def _positions(code: str) -> list[NamedLevel]:
    """The positions that ask for it in the place of their class."""
    own = framework.overrides(None, PositionRequirement.code == code)
    return [
        NamedLevel(str(row.id), row.name, level)
        for row in position_requirements.with_own()
        if (level := own.get(row.id, {}).get(code))
    ]


def _courses(code: str) -> list[CourseUse]:
    shown = or_(
        CourseVersion.id == Course.open_version_id, CourseVersion.id == Course.latest_version_id
    )
    wanted = (
        select(Course.slug, CourseVersion.title, VersionCompetency.level)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .join(VersionCompetency, VersionCompetency.version_id == CourseVersion.id)
        .where(VersionCompetency.code == code, shown, Course.state != CourseState.RETIRED)
        .order_by(CourseVersion.title, CourseVersion.number)
    )
    found = {row.slug: CourseUse(*row) for row in db.session.execute(wanted)}
    return list(found.values())


def is_used(code: str) -> bool:
    """Whether anything names it or ever did."""
    asked = (Requirement.code, PositionRequirement.code)
    names = (*asked, AssessedLevel.code, Evidence.code, VersionCompetency.code)
    return any(db.session.scalar(select(exists().where(column == code))) for column in names)


def counts() -> dict[str, int]:
    """How many courses that learners may enter support each competency, by code."""
    wanted = (
        select(VersionCompetency.code, func.count().label("courses"))
        .join(Course, Course.open_version_id == VersionCompetency.version_id)
        .where(Course.state != CourseState.RETIRED)
        .group_by(VersionCompetency.code)
    )
    return {row.code: row.courses for row in db.session.execute(wanted)}


def remove(actor_id: int, code: str) -> Competency:
    """Delete a competency that nothing ever named. Raises NotFound, NotAllowed, and Conflict."""
    found = editions.competency(code)
    if is_used(code):
        raise Conflict("competency_used")
    editions.remove(actor_id, code)
    return found
