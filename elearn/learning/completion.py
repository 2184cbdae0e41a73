"""A course is done: the event, its evidence, its JP and its certificate, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from elearn import clock, settings
from elearn.assignments import letters
from elearn.competency import evidence, hours, issuing
from elearn.competency.events import Credit, Source
from elearn.competency.frozen import Issue, Module
from elearn.content import catalogue
from elearn.database import db
from elearn.learning import expiry, record, validity
from elearn.learning.events import COURSE_SOURCE, CourseCompleted, client_id, encode
from elearn.learning.models import Completion, Enrolment
from elearn.learning.progress import Progress
from elearn.learning.record import EnrolmentKey, Happening, Outcome
from elearn.people import notices, placements

COURSE = COURSE_SOURCE
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
    enrolment = session.get_one(Enrolment, key.id)
    done = _event(outline, outcome, enrolment, at_ms)
    after = record.append(session, key, [Happening(client_id("done", key.id), done, at_ms)])
    row = record.completion_row(key, encode(done), enrolment.started_ms, at_ms)
    session.execute(insert(Completion), row)
    certificate_id = _credit(outline, done, after.progress, enrolment, at_ms)
    return Completed(key.id, certificate_id)


def _event(
    outline: catalogue.Outline, outcome: Outcome, enrolment: Enrolment, at_ms: int
) -> CourseCompleted:
    last_day = expiry.last_day(clock.day_of(at_ms), outline.valid_months)
    post = placements.present_post(enrolment.person_id)
    return CourseCompleted(
        enrolment=enrolment.id,
        version=outline.digest,
        score_tenths=outcome.standing.score_tenths or 0,
        jp=outline.jp if _credits(enrolment, at_ms) else 0,
        unit=post.unit_id,
        expires_on=last_day.isoformat() if last_day else "",
        position_class=post.position_class,
    )


def _credits(enrolment: Enrolment, at_ms: int) -> bool:
    """Whether JP are credited: a renewal is learning of its own year, unless the agency says no."""
    is_first = enrolment.round == 1
    return is_first or settings.value("renewal_credits_jp", clock.year_of(at_ms))


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
    credit = Credit(
        person_id=enrolment.person_id,
        source=source,
        kind=str(outline.kind),
        jp=done.jp,
        planned=letters.is_under_letter(enrolment.person_id, enrolment.course_id, at_ms),
        ended_on=clock.day_of(at_ms),
        unit_id=done.unit,
        days=days,
    )
    if done.jp:
        hours.credit(credit)
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
    earlier = validity.before(enrolment) if enrolment.round > 1 else None
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
        expires_on=clock.date_from_iso(done.expires_on) if done.expires_on else None,
        renews=Source(COURSE, str(earlier)) if earlier else None,
    )


def has_passed(person_id: int, course_ids: list[int]) -> set[int]:
    """Which of the courses the person has completed, be it in an expired completion."""
    statement = select(Completion.course_id).where(
        Completion.person_id == person_id, Completion.course_id.in_(course_ids)
    )
    return set(db.session.scalars(statement))


def count_of(person_id: int) -> int:
    """How many courses the person has completed."""
    statement = select(func.count(Completion.course_id.distinct())).where(
        Completion.person_id == person_id
    )
    return db.session.scalar(statement) or 0
