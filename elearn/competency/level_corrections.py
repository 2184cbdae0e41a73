"""A level that was entered wrongly: withdrawn with the reason, entered anew where it is known."""

from __future__ import annotations

from dataclasses import dataclass, replace

from elearn import canonical, clock
from elearn.competency import evidence
from elearn.competency.events import Kind, client_id
from elearn.competency.evidence import Assessment
from elearn.competency.models import AssessedLevel
from elearn.database import db
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.journal import chain
from elearn.people import audit, units
from elearn.people.actors import Actor

MAX_REASON_LENGTH = 400


@dataclass(frozen=True)
class Correction:
    """The level as it should be, None where there was none at all, and why."""

    level: int | None
    reason: str


def correct(actor: Actor, id: int, correction: Correction) -> int:
    """Withdraw a level and enter the right one of the same day and source; returns the person.

    Both are facts of the journal, the wrong one stays in it. Raises NotFound, NotAllowed (for
    one's own too), Conflict for one withdrawn already, and Invalid with the field.
    """
    row = db.session.get(AssessedLevel, id, with_for_update=True)
    if row is None:
        raise NotFound
    units.person_to_act_on(actor, row.person_id)
    if row.person_id == actor.id:
        raise NotAllowed
    _check(row, correction)
    _withdraw(actor, row, correction.reason.strip())
    if correction.level is not None:
        was = Assessment(row.code, row.level, row.assessed_on, row.source)
        evidence.assess(actor.id, row.person_id, replace(was, level=correction.level))
    return row.person_id


def _check(row: AssessedLevel, correction: Correction) -> None:
    if row.withdrawn_ms is not None:
        raise Conflict("already_withdrawn")
    if not 0 < len(correction.reason.strip()) <= MAX_REASON_LENGTH:
        raise Invalid("missing", "reason")
    if correction.level == row.level:
        raise Invalid("same_level", "level")


def _withdraw(actor: Actor, row: AssessedLevel, reason: str) -> None:
    row.withdrawn_ms, row.withdrawn_by, row.withdrawn_reason = clock.now_ms(), actor.id, reason
    db.session.flush()
    body = {"id": row.id, "withdrawn_by": actor.id, "reason": canonical.sha256(reason)}
    kind = Kind.LEVEL_WITHDRAWN
    fact = chain.Fact(client_id(kind, row.id), kind, body, row.withdrawn_ms)
    chain.append(db.session(), row.person_id, [fact], row.withdrawn_ms)
    audit.record(actor.id, "level:withdrawn", row.person_id, id=row.id, reason=reason)
