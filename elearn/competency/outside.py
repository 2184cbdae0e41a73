"""Learning elsewhere: what a certificate says, entered by HR and taken back with a reason."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from elearn import clock, files
from elearn.competency import hours, sources
from elearn.competency.events import Credit, Kind, Source, client_id
from elearn.competency.frozen import digest_of
from elearn.competency.models import TrainingKind
from elearn.competency.outside_bodies import body_of
from elearn.competency.outside_models import OutsideLearning, OutsideState, number_key
from elearn.competency.outside_rules import Learning, check_days, check_words
from elearn.competency.papers import Paper
from elearn.database import db
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.journal import chain
from elearn.people import audit, notices, staffing, units
from elearn.people.actors import Actor
from elearn.people.models import Person, Status
from elearn.people.notices import NoticeKind

# Entries that say the same as another one may not stand beside it.
STANDING = (OutsideState.WAITING, OutsideState.RETURNED, OutsideState.APPROVED)
WORDS = ("title", "number", "organiser", "letter_number")


def enter(
    actor: Actor, person: Person, learning: Learning, paper: Paper | None = None
) -> OutsideLearning:
    """Enter learning elsewhere for somebody else; it counts at once. Raises Invalid."""
    refuse_own(actor, person.id)
    check(person.id, learning)
    row = OutsideLearning(person_id=person.id, state=OutsideState.APPROVED)
    write(row, actor.id, learning, paper)
    db.session.add(row)
    db.session.flush()
    announce(row, Kind.OUTSIDE_LEARNING_ENTERED, body_of(row))
    credit(row, person)
    audit.record(actor.id, "outside_learning:entered", person.id, id=row.id, jp=row.jp)
    tell(row, NoticeKind.OUTSIDE_LEARNING_ADDED)
    return row


def refuse_own(actor: Actor, person_id: int) -> None:
    """Nobody decides what counts for themselves. Raises NotAllowed."""
    if actor.id == person_id:
        raise NotAllowed


def check(person_id: int, learning: Learning, but: int = 0) -> None:
    """Refuse what cannot stand, looking past the entry ``but``. Raises Invalid with the field."""
    check_words(learning)
    if db.session.get(TrainingKind, learning.kind) is None:
        raise Invalid("unknown_kind", "kind")
    check_days(learning)
    _check_duplicate(person_id, learning, but)


def _check_duplicate(person_id: int, learning: Learning, but: int) -> None:
    title = learning.title.strip().casefold()
    if any(row.title.casefold() == title for row in numbered(person_id, learning.number, but)):
        raise Invalid("already_entered", "number")


def numbered(person_id: int, number: str, but: int = 0) -> list[OutsideLearning]:
    """The standing entries of a person with a certificate number."""
    same = select(OutsideLearning).where(
        OutsideLearning.person_id == person_id,
        OutsideLearning.state.in_(STANDING),
        OutsideLearning.number_key == number_key(number),
        OutsideLearning.id != but,
    )
    return list(db.session.scalars(same))


def write(row: OutsideLearning, by: int, learning: Learning, paper: Paper | None) -> None:
    """Put what a certificate says into an entry, in the name of who says it."""
    for field, value in vars(learning).items():
        setattr(row, field, value.strip() if field in WORDS else value)
    row.number_key = number_key(learning.number)
    row.entered_by, row.entered_ms = by, clock.now_ms()
    if paper is not None:
        files.store(paper.digest, paper.media_type, paper.content)
        row.paper_digest = paper.digest


def credit(row: OutsideLearning, person: Person) -> None:
    """Credit the hours of an approved entry to the unit in which the person worked then."""
    hours.credit(
        Credit(
            person_id=person.id,
            source=source_of(row),
            kind=row.kind,
            jp=row.jp,
            planned=bool(row.letter_number) and Status(person.status).is_pppk,
            ended_on=row.ended_on,
            unit_id=staffing.unit_on(person, row.ended_on),
        )
    )


def source_of(row: OutsideLearning) -> Source:
    """The source under which hours of an entry are credited."""
    return Source(sources.OUTSIDE, str(row.id))


def withdraw(actor: Actor, id: int, reason: str) -> OutsideLearning:
    """Take an approved entry back, with the reason; its hours go with it.

    Raises NotFound, Invalid without a reason, and Conflict when it is not approved (any more).
    """
    row = of_id(actor, id)
    if not reason.strip():
        raise Invalid("missing", "reason")
    if row.state != OutsideState.APPROVED:
        raise Conflict("already_withdrawn")
    mark_withdrawn(row, actor.id, reason.strip())
    hours.withdraw(row.person_id, source_of(row))
    audit.record(actor.id, "outside_learning:withdrawn", row.person_id, id=row.id, jp=row.jp)
    tell(row, NoticeKind.OUTSIDE_LEARNING_WITHDRAWN)
    return row


def mark_withdrawn(row: OutsideLearning, by: int, reason: str) -> None:
    """Let an entry stand as withdrawn, with its event."""
    row.state = OutsideState.WITHDRAWN
    row.withdrawn_by = by
    row.withdrawn_ms = clock.now_ms()
    row.withdrawn_reason = reason
    db.session.flush()
    body = {"id": row.id, "withdrawn_by": by, "digest": digest_of(reason)}
    announce(row, Kind.OUTSIDE_LEARNING_WITHDRAWN, body)


def of_id(actor: Actor, id: int) -> OutsideLearning:
    """An entry of a person for whom the actor may change something."""
    row = held(id)
    units.person_to_act_on(actor, row.person_id)
    return row


def held(id: int) -> OutsideLearning:
    """An entry as it stands now, held to the end of a transaction. Raises NotFound."""
    row = db.session.get(OutsideLearning, id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def seen_by(actor: Actor, id: int) -> OutsideLearning:
    """An entry for its person, for HR within whose reach they are, and for an auditor."""
    row = db.session.get(OutsideLearning, id)
    if row is None:
        raise NotFound
    units.refuse_stranger(actor, row.person_id)
    return row


def of(person_id: int) -> list[OutsideLearning]:
    """The entries of a person, newest first."""
    wanted = select(OutsideLearning).where(OutsideLearning.person_id == person_id)
    order = (OutsideLearning.ended_on.desc(), OutsideLearning.id.desc())
    return list(db.session.scalars(wanted.order_by(*order)))


def announce(row: OutsideLearning, kind: Kind, body: dict[str, Any]) -> None:
    """Append an event of an entry; a submission and what HR decided about it count once."""
    now_ms = clock.now_ms()
    parts = (row.id, row.revision) if "revision" in body else (row.id,)
    fact = chain.Fact(client_id(kind, *parts), kind, body, now_ms)
    chain.append(db.session(), row.person_id, [fact], now_ms)


def tell(row: OutsideLearning, kind: NoticeKind) -> None:
    """Tell the person what has become of an entry."""
    key = f"{kind}:{row.id}:{row.revision}" if row.revision else f"{kind}:{row.id}"
    notices.notify(row.person_id, kind, key, title=row.title, jp=row.jp, id=row.id)
