"""A course is done: the event, its evidence, its JP and its certificate, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.competency import evidence, hours, issuing
from elearn.competency.events import Credit, Source
from elearn.competency.frozen import Issue, Module
from elearn.content import catalogue
from elearn.database import db
from elearn.learning import record
from elearn.learning.events import CourseCompleted, client_id, encode
from elearn.learning.models import Completion, Enrolment
from elearn.learning.progress import Progress
from elearn.learning.record import EnrolmentKey, Happening, Outcome
from elearn.people import notices
from elearn.people.models import Person

COURSE = "course"  # the kind of source that a completed course is
METHOD = "e-learning"


@dataclass(frozen=True)
class Completed:
    """What a completion gave: the id of its certificate."""

    enrolment_id: int
    certificate_id: str


def complete_if_due(
    session: Session, key: EnrolmentKey, outcome: Outcome, at_ms: int
) -> Completed | None:
    """Record the completion when every rule is met. The caller stands inside transaction()."""
    if not outcome.is_due:
        return None
    outline = catalogue.outline(key.version_id)
    person = session.get_one(Person, key.person_id)
    done = CourseCompleted(
        enrolment=key.id,
        version=outline.digest,
        score_tenths=outcome.standing.score_tenths or 0,
        jp=outline.jp,
        unit=person.unit_id,
    )
    after = record.append(session, key, [Happening(client_id("done", key.id), done, at_ms)])
    enrolment = session.get_one(Enrolment, key.id)
    row = record.completion_row(key, encode(done), enrolment.started_ms, at_ms)
    session.execute(insert(Completion), row)
    certificate_id = _credit(outline, done, after.progress, enrolment, at_ms)
    return Completed(key.id, certificate_id)


def _credit(
    outline: catalogue.Outline,
    done: CourseCompleted,
    progress: Progress,
    enrolment: Enrolment,
    at_ms: int,
) -> str:
    source = Source(COURSE, str(enrolment.id))
    evidence.record(enrolment.person_id, outline.competencies, source, at_ms)
    days = tuple(clock.date_from_iso(day) for day in progress.days)
    hours.credit(
        Credit(
            person_id=enrolment.person_id,
            source=source,
            kind=str(outline.kind),
            jp=outline.jp,
            planned=False,
            ended_on=clock.day_of(at_ms),
            unit_id=done.unit,
            days=days,
        )
    )
    certificate = issuing.issue(_certificate(outline, done, enrolment, source, at_ms))
    notices.notify(
        enrolment.person_id,
        notices.NoticeKind.COURSE_COMPLETED,
        f"completed:{enrolment.id}",
        title=outline.title,
        number=certificate.number or "",
        certificate=certificate.id,
    )
    return str(certificate.id)


def _certificate(
    outline: catalogue.Outline,
    done: CourseCompleted,
    enrolment: Enrolment,
    source: Source,
    at_ms: int,
) -> Issue:
    modules = [
        Module(part.title, [(lesson.title, lesson.whole_minutes) for lesson in part.lessons])
        for part in outline.modules
    ]
    return Issue(
        person_id=enrolment.person_id,
        unit_id=done.unit,
        source=source,
        title=outline.title,
        jp=outline.jp,
        score_tenths=done.score_tenths,
        started_on=clock.day_of(enrolment.started_ms),
        completed_on=clock.day_of(at_ms),
        modules=modules,
        method=METHOD,
        organiser=outline.organiser,
        competencies=outline.competencies,
    )


def has_passed(person_id: int, course_ids: list[int]) -> set[int]:
    """Which of the courses the person has completed."""
    statement = select(Completion.course_id).where(
        Completion.person_id == person_id, Completion.course_id.in_(course_ids)
    )
    return set(db.session.scalars(statement))


def count_of(person_id: int) -> int:
    """How many courses the person has completed."""
    statement = select(func.count()).where(Completion.person_id == person_id)
    return db.session.scalar(statement) or 0
