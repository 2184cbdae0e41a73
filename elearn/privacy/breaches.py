"""Breaches of personal data: when one became known, what was done about it, what is still to do.

UU 27/2022 art. 46: within 3 x 24 hours the people concerned and the authority are told in writing
what was disclosed, when and how, and what is done about it; in some cases the public too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from elearn import clock
from elearn.database import db, rows
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people import audit
from elearn.people.models import Person, full_name
from elearn.privacy.models import Breach, BreachEntry, Step

LIMIT_MS = 3 * clock.DAY_MS
MAX_WORDS = 2000
# To be told within the time of the law; the others are done as they can be.
TIMED = (Step.TELL_PEOPLE, Step.TELL_AUTHORITY)


@dataclass(frozen=True)
class Noted:
    """One entry of the log of a breach."""

    step: Step
    words: str
    done_ms: int
    by: str
    noted_ms: int


@dataclass(frozen=True)
class Handling:
    """A breach with its log, the oldest first."""

    breach: Breach
    log: Sequence[Noted]

    @property
    def due_ms(self) -> int:
        return self.breach.found_ms + LIMIT_MS

    @property
    def done(self) -> frozenset[Step]:
        """The steps of which something was written down."""
        return frozenset(entry.step for entry in self.log)

    @property
    def is_late(self) -> bool:
        """Whether who has to be told was not told in time."""
        return clock.now_ms() > self.due_ms and not self.done.issuperset(TIMED)


def everything() -> list[Breach]:
    """All breaches, the newest first."""
    return list(db.session.scalars(select(Breach).order_by(Breach.found_ms.desc(), Breach.id)))


def handling(id: int) -> Handling:
    """A breach with what was done; two statements. Raises NotFound."""
    breach = db.session.get(Breach, id)
    if breach is None:
        raise NotFound
    found = rows(
        select(
            BreachEntry.step,
            BreachEntry.words,
            BreachEntry.done_ms,
            BreachEntry.noted_ms,
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
        )
        .join(Person, Person.id == BreachEntry.noted_by)
        .where(BreachEntry.breach_id == id)
        .order_by(BreachEntry.done_ms, BreachEntry.id)
    )
    return Handling(
        breach,
        [
            Noted(
                Step(row.step),
                row.words,
                row.done_ms,
                full_name(row.degrees_before, row.name, row.degrees_after),
                row.noted_ms,
            )
            for row in found
        ],
    )


def begin(actor_id: int, title: str, found_at: datetime) -> Breach:
    """Open a breach that became known at a moment, in WIB. Raises Invalid with the field."""
    row = Breach(
        title=title.strip(),
        found_ms=_moment(found_at, "found_at"),
        opened_by=actor_id,
        opened_ms=clock.now_ms(),
    )
    if not row.title:
        raise Invalid("missing", "title")
    db.session.add(row)
    db.session.flush()
    audit.record(actor_id, "breach:opened", None, id=row.id)
    return row


def note(actor_id: int, id: int, step: Step, words: str, done_at: datetime) -> None:
    """Write down what was done. Raises NotFound, Invalid, and Conflict for a closed breach."""
    _open(id)
    if not words.strip():
        raise Invalid("missing", "words")
    entry = BreachEntry(
        breach_id=id,
        step=step,
        words=words.strip()[:MAX_WORDS],
        done_ms=_moment(done_at, "done_at"),
        noted_by=actor_id,
        noted_ms=clock.now_ms(),
    )
    db.session.add(entry)
    audit.record(actor_id, "breach:noted", None, id=id, part=step.value)


def close(actor_id: int, id: int) -> None:
    """Close a breach. Raises Conflict before people and authority were told."""
    breach = _open(id)
    if not handling(id).done.issuperset(TIMED):
        raise Conflict("not_told")
    breach.closed_ms = clock.now_ms()
    audit.record(actor_id, "breach:closed", None, id=id)


def _open(id: int) -> Breach:
    breach = db.session.get(Breach, id, with_for_update=True)
    if breach is None:
        raise NotFound
    if breach.closed_ms:
        raise Conflict("closed")
    return breach


def _moment(local: datetime, field: str) -> int:
    moment_ms = clock.to_ms(local.replace(tzinfo=clock.WIB))
    if moment_ms > clock.now_ms():
        raise Invalid("not_yet", field)
    return moment_ms
