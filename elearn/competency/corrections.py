"""Words of an approved entry that were written wrong: put right with a reason; its JP stay."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from elearn import clock
from elearn.competency import outside
from elearn.competency.events import Kind, client_id
from elearn.competency.frozen import digest_of
from elearn.competency.outside_bodies import words_digest
from elearn.competency.outside_models import OutsideLearning, OutsideState, number_key
from elearn.database import db
from elearn.errors import Conflict, Invalid
from elearn.journal import chain
from elearn.journal.models import Event
from elearn.people import audit, notices
from elearn.people.actors import Actor
from elearn.people.notices import NoticeKind


@dataclass(frozen=True)
class Words:
    """What may be put right: what it is called, its number, who held it."""

    title: str
    number: str
    organiser: str


def correct(actor: Actor, id: int, words: Words, reason: str) -> OutsideLearning:
    """Put the words of an approved entry right. What was sent to SIASN stays marked as it is.

    Raises NotFound, NotAllowed for one's own, Conflict when it is not approved, and Invalid with
    the field.
    """
    row = outside.of_id(actor, id)
    outside.refuse_own(actor, row.person_id)
    if row.state != OutsideState.APPROVED:
        raise Conflict("changed_since")
    _check(row, words, reason)
    for field, value in vars(words).items():
        setattr(row, field, value.strip())
    row.number_key = number_key(words.number)
    db.session.flush()
    _announce(actor, row, reason.strip())
    return row


def _check(row: OutsideLearning, words: Words, reason: str) -> None:
    for field, value in {**vars(words), "reason": reason}.items():
        if not value.strip():
            raise Invalid("missing", field)
    title = words.title.strip().casefold()
    twins = outside.numbered(row.person_id, words.number, but=row.id)
    if any(twin.title.casefold() == title for twin in twins):
        raise Invalid("already_entered", "number")


def _announce(actor: Actor, row: OutsideLearning, reason: str) -> None:
    kind, now_ms = Kind.OUTSIDE_LEARNING_CORRECTED, clock.now_ms()
    earlier = (Event.person_id == row.person_id) & (Event.kind == kind.value)
    number = db.session.scalar(select(func.count()).where(earlier)) or 0
    body = {
        "id": row.id,
        "corrected_by": actor.id,
        "digest": words_digest(row),
        "reason": digest_of(reason),
    }
    fact = chain.Fact(client_id(kind, row.id, number), kind, body, now_ms)
    chain.append(db.session(), row.person_id, [fact], now_ms)
    audit.record(actor.id, "outside_learning:corrected", row.person_id, id=row.id, reason=reason)
    told = NoticeKind.OUTSIDE_LEARNING_CORRECTED
    key = f"{told}:{row.id}:{number}"
    notices.notify(row.person_id, told, key, title=row.title, id=row.id)
