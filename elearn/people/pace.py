"""How fast an address may use the public pages, across processes: an allowance that refills.

A leaky bucket as one moment: when the whole allowance is there again (the generic cell rate
algorithm of ITU-T I.371). Once it is used up nothing is written any more, so a flood costs reads.
"""

from __future__ import annotations

from sqlalchemy import case, delete, select, update

from elearn import clock
from elearn.database import db, insert_new
from elearn.errors import TooManyTries
from elearn.people.brake import SECOND_MS, site_of, subject_of
from elearn.people.models import Allowance

# What a whole office behind one address does not reach: 300 people who each look at four pages.
MOST = 1_200
REFILL_MS = 500  # until one look is there again
WHOLE_MS = MOST * REFILL_MS


def spend(address: str, looks: int) -> None:
    """Take some looks from the allowance of an address, in the caller's transaction.

    Raises TooManyTries. An unknown address has no allowance to spend, and is let pass.
    """
    if not address:
        return
    now_ms, cost_ms = clock.now_ms(), looks * REFILL_MS
    subject = subject_of("pace", site_of(address))
    if not _taken(subject, now_ms, cost_ms) and not _first(subject, now_ms, cost_ms):
        raise TooManyTries(_wait_seconds(subject, now_ms, cost_ms))


def _taken(subject: str, now_ms: int, cost_ms: int) -> bool:
    since = case((Allowance.whole_ms > now_ms, Allowance.whole_ms), else_=now_ms)
    has_room = Allowance.whole_ms <= now_ms + WHOLE_MS - cost_ms
    row = update(Allowance).where(Allowance.subject == subject, has_room)
    moved = row.values(whole_ms=since + cost_ms).returning(Allowance.subject)
    found = db.session.execute(moved.execution_options(synchronize_session=False))
    return found.first() is not None


def _first(subject: str, now_ms: int, cost_ms: int) -> bool:
    """Whether this is the first look of an address; those who have theirs back are forgotten."""
    if db.session.scalar(select(Allowance.subject).where(Allowance.subject == subject)):
        return False
    db.session.execute(delete(Allowance).where(Allowance.whole_ms < now_ms))
    insert_new(Allowance, [{"subject": subject, "whole_ms": now_ms + cost_ms}])
    return True


def _wait_seconds(subject: str, now_ms: int, cost_ms: int) -> int:
    wanted = select(Allowance.whole_ms).where(Allowance.subject == subject)
    whole_ms = db.session.scalar(wanted) or now_ms
    return max(-(-(whole_ms + cost_ms - now_ms - WHOLE_MS) // SECOND_MS), 1)
