"""A certificate as PDF: made from its frozen fields at first need, the same bytes ever after."""

from __future__ import annotations

import hashlib
import re
from io import BytesIO

import segno
from segno import consts
from sqlalchemy import update

from elearn import clock, files, pdf, signing
from elearn.competency import certificate_text, compact
from elearn.competency.certificates import Paper, State, load
from elearn.competency.events import Kind, client_id
from elearn.competency.models import Certificate
from elearn.database import db, transaction
from elearn.errors import Conflict, NotFound
from elearn.journal import chain
from elearn.people.nip import SHOWN_DIGITS
from elearn.public_url import public_url

TEMPLATE = "certificate"
QR = "qr.svg"
CHECK = "/verify"
PNG_START = b"\x89PNG"
_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


def final_of(paper: Paper) -> bytes:
    """What its holder is given: the signed PDF where there is one, else ours.

    Raises as ``refuse_unless_given`` and ``content_of``.
    """
    refuse_unless_given(paper)
    return kept(paper.signed_digest) if paper.signed_digest else content_of(paper)


def refuse_unless_given(paper: Paper) -> None:
    """Whether files of a certificate go to its holder.

    Raises Conflict with "damaged", "revoked", "no_number", or "not_signed" while it waits to be.
    """
    if paper.state in _KEPT_BACK:
        raise Conflict(_KEPT_BACK[paper.state])


_KEPT_BACK = {
    State.DAMAGED: "damaged",
    State.REVOKED: "revoked",
    State.AWAITING_NUMBER: "no_number",
    State.AWAITING_SIGNATURE: "not_signed",
}


def content_of(paper: Paper) -> bytes:
    """The PDF as we made it; made, kept and told to the journal when it is first asked for.

    Begins a transaction of its own. Raises Conflict("damaged") where the frozen text or the kept
    file is no longer what was issued, Conflict("no_number") while it waits for one.
    """
    return kept(paper.pdf_digest or keep(paper, render(paper)))


def kept(digest: str) -> bytes:
    """A kept file of a certificate. Raises Conflict("damaged") where it is no longer whole."""
    try:
        content = files.load(digest).content
    except NotFound as problem:
        raise Conflict("damaged") from problem
    if hashlib.sha256(content).hexdigest() != digest:
        raise Conflict("damaged")
    return content


def render(paper: Paper) -> bytes:
    """Lay the frozen fields out; nothing is stored. Raises Conflict("damaged" or "no_number")."""
    if paper.state is State.DAMAGED:
        raise Conflict("damaged")
    if not paper.number:
        raise Conflict("no_number")
    check_page = public_url(CHECK).partition("//")[2]
    data = certificate_text.page_data(paper.fields, paper.code, check_page)
    pictures = {QR: qr_svg(paper)} | _photo(paper)
    shown = next((name for name in pictures if name != QR), "")
    return pdf.render(pdf.Page(TEMPLATE, data | {"photo": shown}, paper.issued_ms, pictures))


def _photo(paper: Paper) -> dict[str, bytes]:
    digest = paper.fields.get("photo")
    if not digest:
        return {}
    content = kept(digest)
    return {"photo.png" if content.startswith(PNG_START) else "photo.jpg": content}


def keep(paper: Paper, content: bytes) -> str:
    """Store the PDF, unless another has been quicker; the digest of the one that is kept."""
    digest = hashlib.sha256(content).hexdigest()
    with transaction():
        now_ms = clock.now_ms()
        chain.append(db.session(), paper.person_id, [], now_ms)  # holds the person's chain
        kept = load(paper.id).pdf_digest
        if kept:
            return kept
        files.store(digest, pdf.MEDIA_TYPE, content)
        row = update(Certificate).where(Certificate.id == paper.id)
        db.session.execute(row.values(pdf_digest=digest))
        body = {"id": paper.id, "pdf": digest}
        fact = chain.Fact(client_id("printed", paper.id), Kind.CERTIFICATE_PRINTED, body, now_ms)
        chain.append(db.session(), paper.person_id, [fact], now_ms)
    return digest


def qr_svg(paper: Paper) -> bytes:
    """The QR code: the address of the check and the signed record behind it."""
    address = public_url(f"{CHECK}/{paper.id}#")
    drawn = BytesIO()
    qr_code(address, compact.encode(paper.id, record_of(paper), signing.ring().sign)).save(
        drawn, kind="svg", border=0, omitsize=True, xmldecl=False
    )
    return drawn.getvalue()


def qr_code(address: str, record: str) -> segno.QRCode:
    """Two segments, so that the record takes 5.5 bits a character; medium error correction."""
    parts = [(address, consts.MODE_BYTE), (record, consts.MODE_ALPHANUMERIC)]
    # Its types do not name the list of segments that it takes.
    return segno.make(parts, error="m", micro=False, boost_error=False)  # type: ignore[arg-type]


def record_of(paper: Paper) -> compact.Record:
    """The fields that the QR code vouches for."""
    fields = paper.fields
    return compact.Record(
        jp=fields["jp"],
        completed_on=fields["completed_on"],
        issued_on=fields["issued_on"],
        nip_end=fields["nip"][-SHOWN_DIGITS:],
        digest=paper.digest,
        number=paper.number,
        name=fields["name"],
        title=fields["title"],
        expires_on=fields.get("expires_on"),
    )


def file_name(number: str) -> str:
    """The name of the PDF of a certificate: its number, made safe for every system."""
    return f"{_UNSAFE.sub('-', number).strip('-.')}.pdf"
