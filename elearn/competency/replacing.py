"""Issue a corrected certificate in the place of a revoked one: a new number, linked both ways.

What was learnt is as it was; who it was is as the person's data say now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import update

from elearn import canonical, clock
from elearn.competency import certificates, frozen, issuing
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

# Always those of now: a wrong one is why a certificate is replaced.
IDENTITY = ("name", "nip", "nip_label")


class Wish(NamedTuple):
    """Why another is issued, and whether position and rank are those of now."""

    reason: str
    post_as_now: bool


def to_replace(actor: Actor, id: str) -> Paper:
    """A revoked certificate that none has replaced.

    Raises NotFound, Conflict("not_revoked"), Conflict("replaced").
    """
    paper = certificates.own(actor, id)
    if paper.state is not State.REVOKED:
        raise Conflict("not_revoked")
    if paper.replacement:
        raise Conflict("replaced")
    return paper


def holder_now(paper: Paper) -> dict[str, str]:
    """Who the holder is by their data of now, as the new certificate would say it."""
    return frozen.holder(paper.person_id)


def replace(actor: Actor, id: str, wish: Wish) -> Paper:
    """Issue the one in its place, in the caller's transaction; returns it.

    Raises as ``to_replace``, and Invalid("reason_short", "reason").
    """
    reason = wish.reason.strip()
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        raise Invalid("reason_short", "reason")
    now_ms = clock.now_ms()
    chain.append(db.session(), to_replace(actor, id).person_id, [], now_ms)  # holds the chain
    old = to_replace(actor, id)
    row = db.session.get_one(Certificate, old.id, populate_existing=True)
    made_id = issuing.new_id()
    said = {
        "replacement_id": made_id,
        "replaced_ms": now_ms,
        "replaced_by": actor.id,
        "replaced_reason": reason,
    }
    # First: one certificate stands for a source.
    db.session.execute(update(Certificate).where(Certificate.id == old.id).values(said))
    issuing.issue_in_place(row, made_id, _fields(row.frozen, old, wish))
    made = certificates.load(made_id)
    _tell(old, made, said)
    return made


def _fields(text: str, old: Paper, wish: Wish) -> dict[str, Any]:
    now = frozen.holder(old.person_id)
    taken = now if wish.post_as_now else {name: now[name] for name in IDENTITY}
    return {**json.loads(text), **taken, "replaces": old.number}


def _tell(old: Paper, made: Paper, said: Mapping[str, Any]) -> None:
    now_ms, actor_id, reason = said["replaced_ms"], said["replaced_by"], said["replaced_reason"]
    body = {
        "id": old.id,
        "replacement": made.id,
        "replaced_by": actor_id,
        "reason": canonical.sha256(reason),
    }
    fact = chain.Fact(client_id("replaced", old.id), Kind.CERTIFICATE_REPLACED, body, now_ms)
    chain.append(db.session(), old.person_id, [fact], now_ms)
    audit.record(
        actor_id,
        "certificate:replaced",
        old.person_id,
        number=old.number,
        replacement=made.number,
    )
    notices.notify(
        old.person_id,
        NoticeKind.CERTIFICATE_REPLACED,
        f"replaced:{old.id}",
        title=made.fields["title"],
        number=made.number,
        reason=reason,
        certificate=made.id,
    )
