"""Learning elsewhere, entered by HR from the paper and taken back with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from elearn import clock
from elearn.competency import hours, sources
from elearn.competency.events import Credit, Kind, Source, client_id
from elearn.competency.frozen import digest_of
from elearn.competency.models import OutsideLearning, OutsideState, TrainingKind
from elearn.database import db
from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal import chain
from elearn.people import audit, notices, units
from elearn.people.actors import Actor
from elearn.people.models import Person, Status
from elearn.people.notices import NoticeKind

MOST_JP = 1000
FIRST_YEAR = 1990


@dataclass(frozen=True)
class Learning:
    """What HR reads from a certificate; ``letter_number`` and ``letter_on`` only with a letter."""

    title: str
    kind: str
    jp: int
    number: str
    organiser: str
    started_on: date
    ended_on: date
    letter_number: str = ""
    letter_on: date | None = None


def enter(actor: Actor, person: Person, learning: Learning) -> OutsideLearning:
    """Enter learning elsewhere for a person; it counts at once. Raises Invalid with the field."""
    _check(person.id, learning)
    row = _store(actor, person.id, learning)
    _announce(row, Kind.OUTSIDE_LEARNING_ENTERED, entered_body(row))
    hours.credit(_credit(row, person))
    audit.record(actor.id, "outside_learning:entered", person.id, id=row.id, jp=row.jp)
    _notify(row, NoticeKind.OUTSIDE_LEARNING_ADDED)
    return row


def _check(person_id: int, learning: Learning) -> None:
    for field in ("title", "number", "organiser"):
        if not getattr(learning, field).strip():
            raise Invalid("missing", field)
    if not 1 <= learning.jp <= MOST_JP:
        raise Invalid("jp_out_of_range", "jp")
    if db.session.get(TrainingKind, learning.kind) is None:
        raise Invalid("unknown_kind", "kind")
    _check_days(learning)
    _check_duplicate(person_id, learning)


def _check_days(learning: Learning) -> None:
    if learning.ended_on > clock.today():
        raise Invalid("in_the_future", "ended_on")
    if learning.started_on > learning.ended_on:
        raise Invalid("ends_before_start", "ended_on")
    if learning.started_on.year < FIRST_YEAR:
        raise Invalid("too_long_ago", "started_on")
    if bool(learning.letter_number.strip()) != (learning.letter_on is not None):
        raise Invalid(
            "letter_incomplete", "letter_on" if learning.letter_number else "letter_number"
        )
    if learning.letter_on is not None and learning.letter_on > learning.ended_on:
        raise Invalid("letter_after_end", "letter_on")


def _check_duplicate(person_id: int, learning: Learning) -> None:
    same = select(OutsideLearning.id).where(
        OutsideLearning.person_id == person_id,
        OutsideLearning.state == OutsideState.APPROVED,
        func.lower(OutsideLearning.number) == learning.number.strip().lower(),
        func.lower(OutsideLearning.title) == learning.title.strip().lower(),
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise Invalid("already_entered", "number")


def _store(actor: Actor, person_id: int, learning: Learning) -> OutsideLearning:
    row = OutsideLearning(
        person_id=person_id,
        title=learning.title.strip(),
        kind=learning.kind,
        jp=learning.jp,
        number=learning.number.strip(),
        organiser=learning.organiser.strip(),
        started_on=learning.started_on,
        ended_on=learning.ended_on,
        letter_number=learning.letter_number.strip(),
        letter_on=learning.letter_on,
        state=OutsideState.APPROVED,
        entered_by=actor.id,
        entered_ms=clock.now_ms(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _credit(row: OutsideLearning, person: Person) -> Credit:
    return Credit(
        person_id=person.id,
        source=source_of(row),
        kind=row.kind,
        jp=row.jp,
        planned=bool(row.letter_number) and Status(person.status).is_pppk,
        ended_on=row.ended_on,
        unit_id=person.unit_id,
    )


def source_of(row: OutsideLearning) -> Source:
    """The source under which hours of an entry are credited."""
    return Source(sources.OUTSIDE, str(row.id))


def entered_body(row: OutsideLearning) -> dict[str, Any]:
    """The body of outside_learning_entered: numbers and dates, the words only as a digest."""
    words = [row.title, row.number, row.organiser, row.letter_number]
    letter_on = row.letter_on.isoformat() if row.letter_on else ""
    return {
        "id": row.id,
        "kind": row.kind,
        "jp": row.jp,
        "started_on": row.started_on.isoformat(),
        "ended_on": row.ended_on.isoformat(),
        "letter_on": letter_on,
        "entered_by": row.entered_by,
        "digest": digest_of(chain.canonical(words)),
    }


def withdraw(actor: Actor, id: int, reason: str) -> OutsideLearning:
    """Take an entry back, with the reason; its hours go with it. Raises NotFound and Conflict."""
    row = of_id(actor, id)
    if not reason.strip():
        raise Invalid("missing", "reason")
    if row.state != OutsideState.APPROVED:
        raise Conflict("already_withdrawn")
    row.state = OutsideState.WITHDRAWN
    row.withdrawn_by = actor.id
    row.withdrawn_ms = clock.now_ms()
    row.withdrawn_reason = reason.strip()
    db.session.flush()
    body = {"id": row.id, "withdrawn_by": actor.id, "digest": digest_of(row.withdrawn_reason)}
    _announce(row, Kind.OUTSIDE_LEARNING_WITHDRAWN, body)
    hours.withdraw(row.person_id, source_of(row))
    audit.record(actor.id, "outside_learning:withdrawn", row.person_id, id=row.id, jp=row.jp)
    _notify(row, NoticeKind.OUTSIDE_LEARNING_WITHDRAWN)
    return row


def of_id(actor: Actor, id: int) -> OutsideLearning:
    """An entry of a person for whom the actor may change something."""
    row = db.session.get(OutsideLearning, id)
    if row is None:
        raise NotFound
    units.person_to_act_on(actor, row.person_id)
    return row


def of(person_id: int) -> list[OutsideLearning]:
    """The entries of a person, newest first."""
    wanted = select(OutsideLearning).where(OutsideLearning.person_id == person_id)
    order = (OutsideLearning.ended_on.desc(), OutsideLearning.id.desc())
    return list(db.session.scalars(wanted.order_by(*order)))


def _announce(row: OutsideLearning, kind: Kind, body: dict[str, Any]) -> None:
    now_ms = clock.now_ms()
    fact = chain.Fact(client_id(kind, row.id), kind, body, now_ms)
    chain.append(db.session(), row.person_id, [fact], now_ms)


def _notify(row: OutsideLearning, kind: NoticeKind) -> None:
    notices.notify(row.person_id, kind, f"{kind}:{row.id}", title=row.title, jp=row.jp)
