"""The badge of a certificate: made and signed at first need, the same text ever after."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from sqlalchemy import select

from elearn import clock, files, signing
from elearn.badges import addresses, credential, status
from elearn.badges.events import Kind, badge_body
from elearn.badges.models import Badge
from elearn.competency import certificate_pdf, certificates, editions
from elearn.competency.certificates import Paper
from elearn.competency.events import client_id
from elearn.database import db, transaction
from elearn.journal import chain
from elearn.public_url import public_url

MEDIA_TYPE = "application/vc+jwt"
TYPE = "JWT"  # the only one that Open Badges 3.0 lets a header say
SALT_BYTES = 16


def text_of(certificate_id: str) -> bytes:
    """The signed credential of a certificate; made, kept and told to the journal at first need.

    Begins a transaction of its own. Raises NotFound, and Conflict as
    ``certificate_pdf.refuse_unless_given``.
    """
    with transaction():
        person_id = certificates.load(certificate_id).person_id
        chain.append(db.session(), person_id, [], clock.now_ms())  # holds the person's chain
        paper = certificates.load(certificate_id)
        certificate_pdf.refuse_unless_given(paper)
        digest = db.session.scalar(select(Badge.digest).where(Badge.certificate_id == paper.id))
        return certificate_pdf.kept(digest or _make(paper))


def _make(paper: Paper) -> str:
    now_ms = clock.now_ms()
    badge = Badge(certificate_id=paper.id, person_id=paper.person_id, digest="", made_ms=now_ms)
    db.session.add(badge)
    db.session.flush()
    text = signing.ring().sign_jws(_claims(paper, badge.id), addresses.kid, TYPE).encode()
    badge.digest = hashlib.sha256(text).hexdigest()
    files.store(badge.digest, MEDIA_TYPE, text)
    db.session.flush()
    fact = chain.Fact(client_id("badge", paper.id), Kind.BADGE_ISSUED, badge_body(badge), now_ms)
    chain.append(db.session(), paper.person_id, [fact], now_ms)
    return badge.digest


def _claims(paper: Paper, badge_id: int) -> dict[str, Any]:
    subject = credential.Subject(
        address=public_url(f"{certificate_pdf.CHECK}/{paper.id}"),
        issuer=addresses.issuer(),
        issued_ms=paper.issued_ms,
        salt=secrets.token_hex(SALT_BYTES),
        status=status.entry(badge_id),
        codes=editions.codes_by_name(),
        framework=public_url(addresses.COMPETENCIES),
    )
    return credential.claims(paper.fields, subject)
