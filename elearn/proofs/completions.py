"""The proof of one completion: for the person, for HR within reach, for the auditor."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from elearn import canonical
from elearn.competency import certificates, issuing
from elearn.competency import events as competency_events
from elearn.competency.certificates import Paper, id_typed
from elearn.competency.events import Source
from elearn.competency.models import Certificate
from elearn.content.models import Course, CourseVersion
from elearn.database import db
from elearn.errors import Conflict, NotFound
from elearn.journal import links, seal
from elearn.journal.models import Event, Seal
from elearn.learning import events as learning_events
from elearn.learning.completion import COURSE
from elearn.learning.models import Completion
from elearn.people import units
from elearn.people.actors import Actor
from elearn.proofs.proof_file import MOST_BYTES, Proof, ProvenEvent

COMPLETED = "course_completed"
CERTIFIED = competency_events.Kind.CERTIFICATE_ISSUED


@dataclass(frozen=True)
class Completed:
    """A completion that can be shown; ``is_sealed`` says whether its proof can be made now."""

    enrolment_id: int
    person_id: int
    slug: str
    title: str
    completed_ms: int
    is_sealed: bool


def completed(actor: Actor, enrolment_id: int) -> Completed:
    """A completion of one's own, or of somebody within reach; NotFound for others."""
    wanted = (
        select(Completion.person_id, Completion.completed_ms, Course.slug, CourseVersion.title)
        .join(Course, Course.id == Completion.course_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .where(Completion.enrolment_id == enrolment_id)
    )
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    units.refuse_stranger(actor, row.person_id)
    events = _events(row.person_id, enrolment_id)
    is_sealed = bool(events) and seal.covering(events[0]["id"]) is not None
    return Completed(enrolment_id, row.person_id, row.slug, row.title, row.completed_ms, is_sealed)


def proof_of(person_id: int, enrolment_id: int) -> Proof:
    """The proof of a completion, with its certificate where both stand under one seal.

    Raises NotFound without a completion, Conflict("not_sealed") before the next seal.
    """
    events = _events(person_id, enrolment_id)
    if not events or events[0]["kind"] != COMPLETED:
        raise NotFound
    covering = seal.covering(events[0]["id"])
    if covering is None:
        raise Conflict("not_sealed")
    together = [event for event in events if event["id"] <= covering.event_id]
    proof = _proof(together, covering)
    return proof if len(proof.text().encode()) <= MOST_BYTES else _proof(together[:1], covering)


def _events(person_id: int, enrolment_id: int) -> list[dict[str, Any]]:
    """The completion and its certificate, in the order of the chain."""
    standing = certificates.stands_for(Source(COURSE, str(enrolment_id)))
    certificate = db.session.scalar(select(Certificate).where(standing))
    known = [learning_events.client_id("done", enrolment_id)]
    if certificate:
        known.append(issuing.fact_id("certificate", certificate))
    wanted = select(Event.__table__).where(Event.person_id == person_id)
    wanted = wanted.where(Event.client_id.in_(known)).order_by(Event.seq)
    return [dict(row) for row in db.session.execute(wanted).mappings()]


def _proof(events: Sequence[dict[str, Any]], covering: Seal) -> Proof:
    return Proof([_proven(row, covering) for row in events], seal.published(covering))


def _proven(row: dict[str, Any], covering: Seal) -> ProvenEvent:
    before = select(Event.digest).where(
        Event.person_id == row["person_id"], Event.seq == row["seq"] - 1
    )
    previous = db.session.scalar(before) or canonical.GENESIS
    values = {name: row[name] for name in links.CHAINED} | {"body": json.loads(row["body"])}
    index, path = seal.path_to(covering, row["id"])
    return ProvenEvent(row["id"], previous, values, index, path)


def proof_for(certificate: str) -> Proof:
    """The proof of the completion behind a certificate, by its number or code, for the console.

    Raises NotFound and Conflict("not_sealed").
    """
    named = or_(Certificate.number == certificate.strip(), Certificate.id == id_typed(certificate))
    wanted = select(Certificate.person_id, Certificate.source_id).where(named)
    row = db.session.execute(wanted.where(Certificate.source_kind == COURSE)).one_or_none()
    if row is None:
        raise NotFound
    return proof_of(row.person_id, int(row.source_id))


def certificate_of(enrolment_id: int, proven: str) -> Paper | None:
    """The certificate that a proof names by its id, else the one of the completion, as it is now.

    None where it is not known here.
    """
    known = proven or certificates.id_of(Source(COURSE, str(enrolment_id)))
    try:
        return certificates.public(known)
    except NotFound:
        return None


def title_of(version_digest: str) -> str:
    """The title of a course version that is known here; empty for others."""
    wanted = select(CourseVersion.title).where(CourseVersion.digest == version_digest)
    return db.session.scalar(wanted.limit(1)) or ""
