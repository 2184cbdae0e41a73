"""Telling people that a completion ends: a timed job in small transactions, each notice once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select, tuple_

from elearn import clock, settings
from elearn.content.models import Course, CourseState, CourseVersion
from elearn.database import db, transaction
from elearn.jobs import Work
from elearn.learning import expiry, validity
from elearn.learning.models import Completion
from elearn.people import notices
from elearn.people.models import Person
from elearn.people.notices import NoticeKind

TELL_OF_ENDINGS = "tell_of_endings"
NOTICE_DAYS = "expiry_notice_days"
BATCH = 200
# How long after the end it is still told that it came, should nobody have been told in time.
LATE_DAYS = 7
_KEY = (Completion.expires_on, Completion.enrolment_id)


def tell(work: Work) -> None:
    """A job: tell each active person of each notice that is due today, in WIB; a retry tells none.

    Whose completion was renewed since is left in peace.
    """
    today = clock.today()
    days: list[int] = settings.value(NOTICE_DAYS, today.year)
    last = (today - timedelta(days=LATE_DAYS), 0)
    while days and (found := _next(last, today + timedelta(days=max(days)))):
        last = (found[-1].expires_on, found[-1].enrolment_id)
        with transaction():
            for row in found:
                _tell(row, today, days)
        work.report(0)


def _next(last: tuple[date, int], until: date) -> Sequence[Row[*tuple[Any, ...]]]:
    wanted = (
        select(
            *_KEY,
            Completion.person_id,
            CourseVersion.title,
            Course.slug,
            Course.state,
        )
        .join(Person, Person.id == Completion.person_id)
        .join(Course, Course.id == Completion.course_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .where(Person.active, tuple_(*_KEY) > last, Completion.expires_on <= until)
        .where(~validity.is_renewed())
        .order_by(*_KEY)
        .limit(BATCH)
    )
    return db.session.execute(wanted).all()


def _tell(row: Any, today: date, days: Sequence[int]) -> None:
    is_over = row.expires_on < today
    kind = NoticeKind.COMPLETION_EXPIRED if is_over else NoticeKind.COMPLETION_ENDING
    due = 0 if is_over else expiry.due_notice(row.expires_on, today, days)
    if due is not None:
        notices.notify(
            row.person_id,
            kind,
            f"ends:{row.enrolment_id}:{due}",
            title=row.title,
            slug=row.slug,
            day=clock.start_of_day_ms(row.expires_on),
            is_given=row.state != CourseState.RETIRED,
        )
