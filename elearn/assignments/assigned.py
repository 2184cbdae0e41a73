"""Assignments as they stand: read whole, a few at a time, with the names their pages show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from elearn import clock
from elearn.assignments import whom
from elearn.assignments.models import (
    AssignedCourse,
    Assignment,
    AssignmentLine,
    AssignmentRevision,
    Exemption,
    ListedPerson,
)
from elearn.assignments.rule import Line, Rule
from elearn.content.models import Course, CourseState, CourseVersion
from elearn.database import db, rows
from elearn.errors import NotAllowed, NotFound
from elearn.people import units
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.models import Person, Unit, full_name


class AskedFor(NamedTuple):
    """A course of an assignment; one that is closed can no longer be entered."""

    id: int
    slug: str
    title: str
    is_open: bool


class LineWords(NamedTuple):
    """What a line needs to be told in words beside itself."""

    line: Line
    unit: str
    listed: int


@dataclass(frozen=True)
class Assigned:
    """An assignment with its present rule. ``owner_path`` is None for the agency's own.

    The lines of the rule know their stored lists by id, and do not hold them.
    """

    id: int
    revision: int
    rule: Rule
    lines: tuple[LineWords, ...]
    courses: tuple[AskedFor, ...]
    owner_unit_id: int | None
    owner_path: str | None
    owner: str
    made_ms: int
    withdrawn_ms: int | None
    withdrawn_reason: str

    @property
    def title(self) -> str:
        return ", ".join(course.title for course in self.courses)

    @property
    def is_open(self) -> bool:
        return self.withdrawn_ms is None

    def is_changed_by(self, actor: Actor) -> bool:
        """Whether the actor may change or withdraw it."""
        return actor.acts_in(self.owner_path or EVERYWHERE)

    def is_within_reach(self, actor: Actor) -> bool:
        """Whether it is one of the actor's own branch."""
        return actor.in_reach(self.owner_path or EVERYWHERE)


class Given(NamedTuple):
    """An exemption as it is listed."""

    id: int
    person_id: int
    full_name: str
    unit: str
    unit_path: str
    reason: str
    until: date | None
    given_by: str
    given_ms: int
    ended_ms: int | None


class Revision(NamedTuple):
    """An earlier or the present state of an assignment, for its history."""

    number: int
    made_ms: int
    made_by: str
    due_on: date | None
    days: int | None
    letter_number: str


def of(id_: int) -> Assigned:
    """An assignment by its id; raises NotFound."""
    found = read(Assignment.id == id_)
    if not found:
        raise NotFound
    return found[0]


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition on Assignment that it is of the actor's branch, of one above, or of all."""
    above = {id_ for path in actor.hr_paths for id_ in units.path_ids(path)}
    own = select(Unit.id).where(units.reach(actor))
    owner = Assignment.owner_unit_id
    return or_(owner.is_(None), owner.in_(own), owner.in_(above))


def seen_by(actor: Actor, id_: int) -> Assigned:
    """An assignment that may concern the actor's branch; NotFound to strangers."""
    found = read(Assignment.id == id_, visible(actor))
    if not found or not actor.hr_paths:
        raise NotFound
    return found[0]


def to_change(actor: Actor, id_: int) -> Assigned:
    """An open assignment that the actor may change; NotAllowed to those who only see it."""
    found = seen_by(actor, id_)
    if not found.is_changed_by(actor):
        raise NotAllowed
    return found


def open_ones() -> list[Assigned]:
    """Every assignment that holds today."""
    started = AssignmentRevision.starts_ms <= clock.now_ms()
    return read(Assignment.withdrawn_ms.is_(None), started)


def count_naming(branch: ColumnElement[bool]) -> int:
    """How many that are not withdrawn name a unit of a branch, or belong to one; one statement."""
    there = select(Unit.id).where(branch)
    named = select(AssignmentLine.id).where(
        AssignmentLine.revision_id == AssignmentRevision.id, AssignmentLine.unit_id.in_(there)
    )
    wanted = (
        select(func.count())
        .select_from(Assignment)
        .join(AssignmentRevision, whom.present_revision())
        .where(
            Assignment.withdrawn_ms.is_(None),
            or_(Assignment.owner_unit_id.in_(there), named.exists()),
        )
    )
    return db.session.scalar(wanted) or 0


def read(*conditions: ColumnElement[bool]) -> list[Assigned]:
    """The assignments for which the conditions hold, newest first; three statements."""
    columns = (
        Assignment.id,
        Assignment.owner_unit_id,
        Assignment.withdrawn_ms,
        Assignment.withdrawn_reason,
        AssignmentRevision.id.label("revision_id"),
        *(column for column in AssignmentRevision.__table__.columns if column.name != "id"),
        Unit.path.label("owner_path"),
        Unit.name.label("owner"),
    )
    wanted = (
        select(*columns)
        .join(AssignmentRevision, whom.present_revision())
        .outerjoin(Unit, Unit.id == Assignment.owner_unit_id)
        .where(*conditions)
        .order_by(Assignment.id.desc())
    )
    found = rows(wanted)
    ids = [row.revision_id for row in found]
    courses, lines = _courses(ids), _lines(ids)
    return [_assigned(row, courses[row.revision_id], lines[row.revision_id]) for row in found]


def _courses(revision_ids: Sequence[int]) -> Mapping[int, list[AskedFor]]:
    held: dict[int, list[AskedFor]] = defaultdict(list)
    wanted = (
        select(
            AssignedCourse.revision_id,
            Course.id,
            Course.slug,
            CourseVersion.title,
            Course.open_version_id,
            Course.state,
        )
        .join(Course, Course.id == AssignedCourse.course_id)
        .join(CourseVersion, CourseVersion.id == Course.latest_version_id)
        .where(AssignedCourse.revision_id.in_(revision_ids))
        .order_by(CourseVersion.title, Course.id)
    )
    for row in rows(wanted):
        is_open = row.open_version_id is not None and row.state != CourseState.RETIRED
        held[row.revision_id].append(AskedFor(row.id, row.slug, row.title, is_open))
    return held


def _lines(revision_ids: Sequence[int]) -> Mapping[int, list[LineWords]]:
    held: dict[int, list[LineWords]] = defaultdict(list)
    listed = select(func.count()).where(ListedPerson.line_id == AssignmentLine.id)
    wanted = (
        select(
            AssignmentLine,
            func.coalesce(Unit.name, "").label("unit"),
            listed.correlate(AssignmentLine).scalar_subquery().label("listed"),
        )
        .outerjoin(Unit, Unit.id == AssignmentLine.unit_id)
        .where(AssignmentLine.revision_id.in_(revision_ids))
        .order_by(AssignmentLine.position)
    )
    for row, unit, count in rows(wanted):
        held[row.revision_id].append(LineWords(_line(row), unit, count))
    return held


def _line(row: AssignmentLine) -> Line:
    since = row.joined_since_ms
    return Line(
        unit_id=row.unit_id,
        position_class=row.position_class,
        post=row.post,
        status=row.status,
        joined_since=None if since is None else clock.day_of(since),
        people=() if row.has_list else None,
        id=row.id,
    )


def _assigned(row: Any, courses: list[AskedFor], lines: list[LineWords]) -> Assigned:
    rule = Rule(
        courses=tuple(course.id for course in courses),
        lines=tuple(words.line for words in lines),
        starts_on=clock.day_of(row.starts_ms),
        due_on=row.due_on,
        days=row.days,
        grace_days=row.grace_days,
        repeats=row.counts_from_ms > 0,
        letter_number=row.letter_number,
        letter_on=row.letter_on,
        reason=row.reason,
    )
    return Assigned(
        id=row.id,
        revision=row.number,
        rule=rule,
        lines=tuple(lines),
        courses=tuple(courses),
        owner_unit_id=row.owner_unit_id,
        owner_path=row.owner_path,
        owner=row.owner or "",
        made_ms=row.made_ms,
        withdrawn_ms=row.withdrawn_ms,
        withdrawn_reason=row.withdrawn_reason,
    )


def numbers_of(line: Line) -> list[str]:
    """The NIP of everybody on the list of a stored line, by name."""
    wanted = (
        select(Person.nip)
        .join(ListedPerson, ListedPerson.person_id == Person.id)
        .where(ListedPerson.line_id == line.id)
        .order_by(Person.sort_name)
    )
    return list(db.session.scalars(wanted))


def exemptions(assignment_id: int, scope: ColumnElement[bool]) -> list[Given]:
    """The exemptions of an assignment in a branch, the newest first; ended ones too."""
    wanted = (
        select(Exemption, Person, Unit.name.label("unit"), Unit.path)
        .join(Person, Person.id == Exemption.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Exemption.assignment_id == assignment_id, scope)
        .order_by(Exemption.given_ms.desc(), Exemption.id.desc())
    )
    found = rows(wanted)
    givers = _names({row.given_by for row, *_ in found})
    return [
        Given(
            row.id,
            row.person_id,
            person.full_name,
            unit,
            path,
            row.reason,
            row.until,
            givers[row.given_by],
            row.given_ms,
            row.ended_ms,
        )
        for row, person, unit, path in found
    ]


def revisions(assignment_id: int) -> list[Revision]:
    """What an assignment said before and says now, the newest first."""
    wanted = (
        select(AssignmentRevision)
        .where(AssignmentRevision.assignment_id == assignment_id)
        .order_by(AssignmentRevision.number.desc())
    )
    found = list(db.session.scalars(wanted))
    makers = _names({row.made_by for row in found})
    return [
        Revision(
            row.number, row.made_ms, makers[row.made_by], row.due_on, row.days, row.letter_number
        )
        for row in found
    ]


def _names(person_ids: set[int]) -> dict[int, str]:
    columns = (Person.id, Person.degrees_before, Person.name, Person.degrees_after)
    found = rows(select(*columns).where(Person.id.in_(person_ids)))
    return {row.id: full_name(row.degrees_before, row.name, row.degrees_after) for row in found}
