"""Taking a course again before its completion expires: a new round, and the past stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import String, and_, cast, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.competency.models import Certificate
from elearn.content.models import Course, CourseState
from elearn.database import db
from elearn.errors import Conflict
from elearn.learning import asked, expiry, study, validity
from elearn.learning.completion import COURSE
from elearn.learning.expiry import Validity
from elearn.learning.models import Completion, Enrolment
from elearn.learning.study import Studying


@dataclass(frozen=True)
class Renewal:
    """How long the completion of the newest round counts, and what may be done about it.

    ``opens_on`` is the first day on which the course may be taken again; ``is_given`` says whether
    it is still open to learners.
    """

    expires_on: date
    opens_on: date
    validity: Validity
    is_given: bool

    @property
    def is_due(self) -> bool:
        """Whether the person may begin a new round today."""
        return self.is_given and self.validity in (Validity.ENDING, Validity.EXPIRED)


class Round(NamedTuple):
    """A completed round of a person in a course; the id of its certificate is empty without one."""

    number: int
    completed_ms: int
    expires_on: date | None
    score_tenths: int
    certificate_id: str


def of(here: Studying) -> Renewal | None:
    """Of a completed newest round; None while it is not completed, or counts for good."""
    if not here.progress.completed_ms:
        return None
    found = db.session.execute(
        select(Completion.completed_ms, Completion.expires_on, Course.state, Course.open_version_id)
        .join(Course, Course.id == Completion.course_id)
        .where(Completion.enrolment_id == here.key.id)
    ).one()
    if found.expires_on is None:
        return None
    completed_on, days = clock.day_of(found.completed_ms), validity.renewal_days()
    return Renewal(
        expires_on=found.expires_on,
        opens_on=expiry.renewable_from(completed_on, found.expires_on, days),
        validity=expiry.validity(completed_on, found.expires_on, clock.today(), days),
        is_given=found.open_version_id is not None and found.state != CourseState.RETIRED,
    )


def begin(session: Session, person_id: int, slug: str) -> Studying:
    """Enter the next round of a completed course; asking twice enters it once.

    Raises NotFound for a course one is not in or that is closed, Conflict("not_due") while the
    completion still counts for long and no assignment asks for it anew,
    Conflict("prerequisites") as entering it does.
    """
    study.lock_enrolment(session, study.studying(person_id, slug).key.id)
    here = study.studying(person_id, slug)
    if here.round > 1 and not here.progress.completed_ms:
        return here
    renewal = of(here)
    is_due = renewal is not None and renewal.is_due
    if not (is_due or is_asked_again(person_id, slug)):
        raise Conflict("not_due")
    return study.enter_round(session, person_id, slug, here.round + 1)


def is_asked_again(person_id: int, slug: str) -> bool:
    """Whether an assignment asks for a course that is completed: it wants it taken anew."""
    return any(each.slug == slug for each in asked.open_of(person_id))


def earlier_rounds(here: Studying) -> Sequence[Round]:
    """The completed rounds before the present one, the newest first; no statement in a first."""
    if here.round == 1:
        return []
    of_completion = and_(
        Certificate.source_kind == COURSE,
        Certificate.source_id == cast(Completion.enrolment_id, String(40)),
        Certificate.replacement_id.is_(None),
    )
    wanted = (
        select(
            Enrolment.round,
            Completion.completed_ms,
            Completion.expires_on,
            Completion.score_tenths,
            Certificate.id,
        )
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .outerjoin(Certificate, of_completion)
        .where(
            Completion.person_id == here.key.person_id,
            Completion.course_id == here.key.course_id,
            Enrolment.round < here.round,
        )
        .order_by(Enrolment.round.desc())
    )
    return [
        Round(number, done_ms, until, score, id_ or "")
        for number, done_ms, until, score, id_ in db.session.execute(wanted)
    ]
