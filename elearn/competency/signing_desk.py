"""Put a signed PDF in the place of ours: checked first, told to the journal, once."""

from __future__ import annotations

import hashlib

from sqlalchemy import update

from elearn import clock, files, pdf
from elearn.competency import certificate_pdf, certificates, signed_copies
from elearn.competency.certificates import Paper, State
from elearn.competency.events import Kind, client_id
from elearn.competency.models import Certificate
from elearn.database import db
from elearn.journal import chain
from elearn.people import audit, notices
from elearn.people.notices import NoticeKind

ACCEPTED, ALREADY = "accepted", "already"


def fault(paper: Paper, content: bytes) -> str:
    """Why a file cannot take the place of ours, as one word; empty where it can.

    Any numbered certificate may be signed, not only one that waits for it. Reads the PDF, which
    takes a while: outside any transaction.
    """
    if paper.state is State.DAMAGED:
        return "damaged_here"
    if paper.state is State.REVOKED:
        return "revoked"
    if hashlib.sha256(content).hexdigest() == paper.signed_digest:
        return ALREADY
    if paper.signed_digest:
        return "signed_before"
    if not paper.number:
        return "no_number"
    ours = certificate_pdf.content_of(paper)
    return signed_copies.fault(content, ours, (paper.number, paper.code))


def replace(actor_id: int, certificate_id: str, content: bytes) -> str:
    """Let a file that has no fault be the PDF from now on, in the caller's transaction.

    Returns ACCEPTED, ALREADY, or "signed_before" or "revoked" where another has been quicker.
    """
    now_ms = clock.now_ms()
    person_id = certificates.load(certificate_id).person_id
    chain.append(db.session(), person_id, [], now_ms)  # holds the person's chain
    digest = hashlib.sha256(content).hexdigest()
    paper = certificates.load(certificate_id)
    if paper.state is State.REVOKED:
        return "revoked"
    if paper.signed_digest:
        return ALREADY if paper.signed_digest == digest else "signed_before"
    files.store(digest, pdf.MEDIA_TYPE, content)
    row = update(Certificate).where(Certificate.id == paper.id)
    db.session.execute(row.values(signed_digest=digest))
    _tell(actor_id, paper, digest, now_ms)
    return ACCEPTED


def _tell(actor_id: int, paper: Paper, digest: str, now_ms: int) -> None:
    body = {"id": paper.id, "pdf": paper.pdf_digest, "signed": digest, "by": actor_id}
    fact = chain.Fact(client_id("signed", paper.id), Kind.CERTIFICATE_SIGNED, body, now_ms)
    chain.append(db.session(), paper.person_id, [fact], now_ms)
    audit.record(actor_id, "certificate:signed", paper.person_id, number=paper.number)
    notices.notify(
        paper.person_id,
        NoticeKind.CERTIFICATE_SIGNED,
        f"signed:{paper.id}",
        title=paper.fields["title"],
        number=paper.number,
        certificate=paper.id,
    )
