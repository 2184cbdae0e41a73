"""The record of a person: hours, competencies with their evidence, completions. Read only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from elearn import clock, settings
from elearn.competency import evidence, framework, gaps, hours, outside, targets
from elearn.competency.evidence import Supported
from elearn.competency.gaps import Gap, Held, Support
from elearn.competency.hours import ContractHours, YearHours
from elearn.competency.models import Certificate, HoursYear
from elearn.competency.outside_models import OutsideLearning, OutsideState
from elearn.content.models import Course, CourseVersion
from elearn.database import db
from elearn.learning import expiry, validity
from elearn.learning.expiry import Validity
from elearn.learning.models import Completion, CourseProgress, CourseState, Enrolment
from elearn.people.models import Person, Status, Unit
from elearn.reports import branch, changes
from elearn.reports.changes import Change
from elearn.reports.completions import certified


class CompetencyLine(NamedTuple):
    """A competency of a person against the present and the target position class."""

    name: str
    gap: Gap
    target: int | None
    evidence: list[Supported]

    @property
    def reaches_target(self) -> bool:
        """Whether the assessed level is at least what the target position asks."""
        held = self.gap.held.level if self.gap.held else 0
        return held >= (self.target or 0)


class CompletedCourse(NamedTuple):
    """A completed course with its certificate, None without one."""

    slug: str
    title: str
    unit: str
    completed_ms: int
    score_tenths: int
    jp: int
    certificate_id: str | None
    enrolment_id: int
    revoked_ms: int | None
    round: int
    expires_on: date | None
    is_renewed: bool

    def validity(self, days: int) -> Validity:
        """Whether it counts today; ``days`` before its end it may be renewed."""
        return expiry.validity(
            clock.day_of(self.completed_ms),
            self.expires_on,
            clock.today(),
            days,
            renewed=self.is_renewed,
        )


class CourseUnderWay(NamedTuple):
    """A course that is begun and not completed."""

    slug: str
    title: str
    state: CourseState
    percent: int
    score_tenths: int | None
    last_ms: int


@dataclass(frozen=True)
class Record:
    """What a person has learnt, by year and in all.

    ``contract`` is for PPPK with a known contract. ``position_class`` and ``target`` are
    names, empty without one. ``years`` are those with hours and the present one, newest first.
    """

    person: Person
    hours: YearHours
    contract: ContractHours | None
    position_class: str
    target: str
    competencies: list[CompetencyLine]
    completions: list[CompletedCourse]
    under_way: list[CourseUnderWay]
    outside: list[OutsideLearning]
    kinds: dict[str, str]
    years: list[int]
    note: str
    changes: list[Change]
    # From so many days before its end a completion may be renewed; 0 where none ends.
    renewal_days: int

    @property
    def is_pppk(self) -> bool:
        return Status(self.person.status).is_pppk

    @property
    def has_outside(self) -> bool:
        """Whether learning elsewhere is part of the figures."""
        return any(entry.state == OutsideState.APPROVED for entry in self.outside)


def record_of(person: Person, year: int | None = None) -> Record:
    """The record of a person, loaded with unit and position, in a WIB year (the present one)."""
    today = clock.today()
    year = year or today.year
    classes = {row.key: row.name for row in framework.classes()}
    present = person.position.position_class if person.position else ""
    completions = _completions(person.id)
    return Record(
        person=person,
        hours=hours.year(person, year),
        contract=hours.contract(person, min(today, date(year, 12, 31))),
        position_class=classes.get(present, ""),
        target=targets.name_of(targets.of(person)),
        competencies=_competencies(person),
        completions=completions,
        under_way=_under_way(person.id),
        outside=outside.of(person.id),
        kinds={kind.id: kind.name for kind in framework.training_kinds()},
        years=_years(person.id, {year, today.year}),
        note=settings.value("hr_note", year),
        changes=changes.of(person.id),
        renewal_days=validity.renewal_days() if any(c.expires_on for c in completions) else 0,
    )


def _competencies(person: Person) -> list[CompetencyLine]:
    names = framework.names()
    wanted = framework.requirements_of(person.position)
    target = framework.asked(*targets.of(person))
    held = {
        code: Held(row.level, row.assessed_on) for code, row in evidence.held(person.id).items()
    }
    found = evidence.of(person.id)
    support = [Support(item.code, item.level, clock.day_of(item.at_ms)) for item in found]
    by_code = {gap.code: gap for gap in gaps.of(names, wanted, held, support)}
    aimed = {gap.code: gap for gap in gaps.of(names, target, held, support)}
    return [
        CompetencyLine(
            name,
            by_code[code] if code in by_code else Gap(code, None, None, 0),
            target.get(code),
            [item for item in found if item.code == code],
        )
        for code, name in names.items()
        if code in by_code or code in aimed or _has(found, code)
    ]


def _has(found: Iterable[Supported], code: str) -> bool:
    return any(item.code == code for item in found)


def _completions(person_id: int) -> list[CompletedCourse]:
    statement = (
        select(
            Course.slug,
            CourseVersion.title,
            Unit.name,
            Completion.completed_ms,
            Completion.score_tenths,
            Completion.jp,
            Certificate.id,
            Completion.enrolment_id,
            Certificate.revoked_ms,
            Enrolment.round,
            Completion.expires_on,
            validity.is_renewed(),
        )
        .select_from(Completion)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(Course, Course.id == Completion.course_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .join(Unit, Unit.id == Completion.unit_id)
        .outerjoin(Certificate, certified())
        .where(Completion.person_id == person_id)
        .order_by(Completion.completed_ms.desc(), Completion.enrolment_id.desc())
    )
    return [CompletedCourse(*row) for row in branch.read(statement)]


def _under_way(person_id: int) -> list[CourseUnderWay]:
    statement = (
        select(
            Course.slug,
            CourseVersion.title,
            CourseProgress.state,
            CourseProgress.percent,
            CourseProgress.score_tenths,
            CourseProgress.last_ms,
        )
        .select_from(CourseProgress)
        .join(Enrolment, Enrolment.id == CourseProgress.enrolment_id)
        .join(Course, Course.id == CourseProgress.course_id)
        .join(CourseVersion, CourseVersion.id == CourseProgress.version_id)
        .where(CourseProgress.person_id == person_id, CourseProgress.state != CourseState.PASSED)
        .order_by(CourseProgress.last_ms.desc(), CourseProgress.enrolment_id)
    )
    return [CourseUnderWay(*row) for row in branch.read(statement)]


def _years(person_id: int, known: set[int]) -> list[int]:
    held = db.session.scalars(select(HoursYear.year).where(HoursYear.person_id == person_id))
    return sorted(known | set(held), reverse=True)
