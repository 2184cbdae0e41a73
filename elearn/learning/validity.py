"""Whether completions count on a day: computed from dates, never by a nightly job."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased

from elearn import clock, settings
from elearn.database import db
from elearn.learning.models import Completion, Enrolment

RENEWAL_DAYS = "renewal_days"


def counts(person_id: int, course_id: int, on: date | None = None) -> bool:
    """Whether a person's completion of a course counts on a WIB day, today when none is named.

    This is what an assignment asks; a prerequisite takes an expired completion too.
    """
    theirs = (Completion.person_id == person_id) & (Completion.course_id == course_id)
    found = select(Completion.enrolment_id).where(theirs, counting(on or clock.today()))
    return db.session.scalar(found.limit(1)) is not None


def counting(on: date) -> ColumnElement[bool]:
    """The condition on Completion that it is there and counts on a WIB day."""
    has_begun = Completion.completed_ms < clock.start_of_day_ms(on) + clock.DAY_MS
    return has_begun & lasting(on)


def lasting(on: date | BindParameter[date], completion: Any = Completion) -> ColumnElement[bool]:
    """The condition on Completion that it has not expired on a WIB day, or on one that is bound."""
    return or_(completion.expires_on.is_(None), completion.expires_on >= on)


def renewal_days() -> int:
    """From how many days before its end a completion may be renewed this year."""
    days: int = settings.value(RENEWAL_DAYS, clock.today().year)
    return days


def is_renewed() -> ColumnElement[bool]:
    """The condition on Completion that the person completed a later round of the course."""
    later = aliased(Completion)
    same = (later.person_id == Completion.person_id) & (later.course_id == Completion.course_id)
    # Rounds follow one another, so a later one has a higher id.
    after = later.enrolment_id > Completion.enrolment_id
    return exists().where(same, after).correlate(Completion)


def before(enrolment: Enrolment) -> int | None:
    """The id of the enrolment whose completion a new one renews; None in a first round."""
    same = (Completion.person_id == enrolment.person_id) & (
        Completion.course_id == enrolment.course_id
    )
    earlier = select(Completion.enrolment_id).where(same, Completion.enrolment_id < enrolment.id)
    return db.session.scalar(earlier.order_by(Completion.enrolment_id.desc()).limit(1))
