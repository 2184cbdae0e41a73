"""Revoke a certificate: it stays and says so; the completion, JP and evidence stay as they are."""

from __future__ import annotations

from sqlalchemy import update

from elearn import canonical, clock
from elearn.competency import certificates
from elearn.competency.certificates import Paper, State
from elearn.competency.events import Kind, client_id
from elearn.competency.models import Certificate
from elearn.competency.register import MAX_REASON, MIN_REASON
from elearn.database import db
from elearn.errors import Conflict, Invalid
from elearn.journal import chain
from elearn.people import audit, notices
from elearn.people.actors import Actor
from elearn.people.notices import NoticeKind


def to_revoke(actor: Actor, id: str) -> Paper:
    """A certificate that may be revoked.

    Raises NotFound, Conflict("revoked"), Conflict("no_number") for one that waits for its number.
    """
    paper = certificates.own(actor, id)
    if paper.state is State.REVOKED:
        raise Conflict("revoked")
    if not paper.number:
        raise Conflict("no_number")
    return paper


def revoke(actor: Actor, id: str, reason: str) -> Paper:
    """Revoke a certificate for good, in the caller's transaction; returns it as it was.

    Raises as ``to_revoke``, and Invalid("reason_short", "reason").
    """
    if not MIN_REASON <= len(reason.strip()) <= MAX_REASON:
        raise Invalid("reason_short", "reason")
    now_ms = clock.now_ms()
    chain.append(db.session(), to_revoke(actor, id).person_id, [], now_ms)  # holds the chain
    paper = to_revoke(actor, id)
    row = update(Certificate).where(Certificate.id == paper.id)
    values = {"revoked_ms": now_ms, "revoked_by": actor.id, "revoked_reason": reason.strip()}
    db.session.execute(row.values(values))
    _tell(actor.id, paper, reason.strip(), now_ms)
    return paper


def _tell(actor_id: int, paper: Paper, reason: str, now_ms: int) -> None:
    body = {"id": paper.id, "revoked_by": actor_id, "reason": canonical.sha256(reason)}
    fact = chain.Fact(client_id("revoked", paper.id), Kind.CERTIFICATE_REVOKED, body, now_ms)
    chain.append(db.session(), paper.person_id, [fact], now_ms)
    audit.record(actor_id, "certificate:revoked", paper.person_id, number=paper.number)
    notices.notify(
        paper.person_id,
        NoticeKind.CERTIFICATE_REVOKED,
        f"revoked:{paper.id}",
        title=paper.fields["title"],
        number=paper.number,
        reason=reason,
        certificate=paper.id,
    )
