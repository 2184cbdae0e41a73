"""Telling people of an announcement in their inboxes: a job, in small transactions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from elearn import clock
from elearn.announcements.models import Announcement, AnnouncementState
from elearn.announcements.shown import notice_key
from elearn.database import db, transaction
from elearn.jobs import Work
from elearn.people import notices
from elearn.people.actors import EVERYWHERE
from elearn.people.holding import held
from elearn.people.models import Person, Unit
from elearn.people.notices import NoticeKind
from elearn.people.units import below

BATCH = 200


def tell(work: Work) -> None:
    """A job: tell each person it is for once, unless it was withdrawn, moved or is over."""
    row = db.session.get(Announcement, work.body["announcement"])
    now_ms = clock.now_ms()
    if row is None or row.state != AnnouncementState.PUBLISHED:
        return
    if not row.starts_ms <= now_ms < row.ends_ms:  # moved: another job waits for its first day
        return
    last_id = 0
    while ids := _next(row, last_id):
        last_id = ids[-1]
        with transaction():
            notices.notify_all(
                ids, NoticeKind.ANNOUNCED, notice_key(row.id), title=row.title, id=row.id
            )
        work.report(0)


def _next(row: Announcement, last_id: int) -> Sequence[int]:
    """The next people it is for, by id."""
    unit = db.session.get(Unit, row.unit_id) if row.unit_id else None
    wanted = (
        select(Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.active, Person.id > last_id, below(unit.path if unit else EVERYWHERE))
        .order_by(Person.id)
        .limit(BATCH)
    )
    if row.role is not None:
        roles = held()
        holders = select(roles.c.person_id).where(roles.c.role == row.role)
        wanted = wanted.where(Person.id.in_(holders))
    return db.session.scalars(wanted).all()
