"""A supervisor's direct reports with their progress: courses, JP, what is open. No answers, no
scores: what a supervisor needs to help somebody find time, and no more."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select

from elearn import clock
from elearn.competency import hours
from elearn.competency.models import HoursYear
from elearn.content.models import CourseVersion
from elearn.database import rows
from elearn.errors import NotFound
from elearn.learning import asked
from elearn.learning.asked import AskedCourse
from elearn.learning.models import Completion, CourseProgress, CourseState
from elearn.people import supervisors
from elearn.people.actors import Actor
from elearn.people.models import Person, Position, Status, Unit, full_name


@dataclass(frozen=True)
class Report:
    """A direct report: ``jp`` of the year, ``floor`` None where none binds; ``asked`` are courses
    of assignments that are overdue or soon due."""

    id: int
    name: str
    position: str
    unit: str
    jp: int
    floor: int | None
    completed: int
    studying: int
    asked: tuple[AskedCourse, ...] = ()


@dataclass(frozen=True)
class Taken:
    """A course somebody is in."""

    title: str
    state: CourseState
    percent: int
    last_ms: int


@dataclass(frozen=True)
class Member:
    """A direct report with their courses, the newest first."""

    report: Report
    courses: list[Taken] = field(default_factory=list)


def of(actor: Actor) -> list[Report]:
    """The direct reports of somebody, by name; ten statements however many they are."""
    return _reports(supervisors.team(actor.id))


def member(actor: Actor, person_id: int) -> Member:
    """A direct report of somebody; raises NotFound for everybody else."""
    if person_id not in supervisors.team(actor.id):
        raise NotFound
    return Member(_reports([person_id])[0], _courses(person_id))


def _reports(ids: list[int]) -> list[Report]:
    year = clock.today().year
    counted = _states(ids)
    completed = _completions(ids, year)
    pressing = asked.pressing_of(ids)
    wanted = (
        select(
            Person.id,
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
            Person.status,
            Position.name.label("position"),
            Unit.name.label("unit"),
            HoursYear.earned_jp,
        )
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Position, Position.id == Person.position_id)
        .outerjoin(HoursYear, (HoursYear.person_id == Person.id) & (HoursYear.year == year))
        .where(Person.id.in_(ids))
        .order_by(Person.sort_name, Person.id)
    )
    floors = {status: hours.floor(status, year) for status in Status}
    return [
        Report(
            id=row.id,
            name=full_name(row.degrees_before, row.name, row.degrees_after),
            position=row.position or "",
            unit=row.unit,
            jp=row.earned_jp or 0,
            floor=floors[Status(row.status)],
            completed=completed[row.id],
            studying=counted[row.id],
            asked=tuple(pressing.get(row.id, ())),
        )
        for row in rows(wanted)
    ]


def _states(ids: list[int]) -> Counter[int]:
    """Courses under way by person; one statement."""
    wanted = (
        select(CourseProgress.person_id, func.count().label("courses"))
        .where(CourseProgress.person_id.in_(ids), CourseProgress.state == CourseState.STUDYING)
        .group_by(CourseProgress.person_id)
    )
    return Counter({row.person_id: row.courses for row in rows(wanted)})


def _completions(ids: list[int], year: int) -> Counter[int]:
    """Completions of a year by person; one statement."""
    began, ended = clock.start_of_year_ms(year), clock.start_of_year_ms(year + 1)
    wanted = (
        select(Completion.person_id, func.count().label("courses"))
        .where(Completion.person_id.in_(ids), Completion.completed_ms.between(began, ended - 1))
        .group_by(Completion.person_id)
    )
    return Counter({row.person_id: row.courses for row in rows(wanted)})


def _courses(person_id: int) -> list[Taken]:
    wanted = (
        select(
            CourseVersion.title,
            CourseProgress.state,
            CourseProgress.percent,
            CourseProgress.last_ms,
        )
        .join(CourseVersion, CourseVersion.id == CourseProgress.version_id)
        .where(CourseProgress.person_id == person_id)
        .order_by(CourseProgress.last_ms.desc())
    )
    return [
        Taken(row.title, CourseState(row.state), row.percent, row.last_ms) for row in rows(wanted)
    ]
