"""A revoked certificate stays and says so everywhere; the completion stays as it is."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from elearn.certification import packages
from elearn.competency import certificate_pdf, certificates, derived, revoking, signing_desk
from elearn.competency.certificates import Paper, State
from elearn.competency.models import Certificate
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid
from elearn.journal.models import Event
from elearn.people.models import AuditEntry, Notice
from tests.certification.conftest import NOW_MS
from tests.people_cast import SAME_SITE, Cast, actor_of
from tests.reports.school import browser_of, page_of, text_of

WHY = "Nama pada sertifikat keliru."
DAY = "24 November 2026"


def of_ani(cast: Cast) -> Paper:
    return certificates.of(cast.ani.id)[0]


def revoked(cast: Cast) -> Paper:
    with transaction():
        revoking.revoke(actor_of(cast.syamsul), of_ani(cast).id, WHY)
    return of_ani(cast)


def test_revoking_is_told_to_journal_audit_and_holder(app: Flask, certified: Cast) -> None:
    paper = revoked(certified)
    assert (paper.state, paper.revoked_reason, paper.revoked_ms) == (State.REVOKED, WHY, NOW_MS)
    assert list(derived.differences()) == []
    kinds = db.session.scalars(select(Event.kind).order_by(Event.id.desc())).all()
    assert kinds[0] == "certificate_revoked"
    noted = select(AuditEntry.subject_id).where(AuditEntry.action == "certificate:revoked")
    assert db.session.scalars(noted).all() == [certified.ani.id]
    assert "Nama pada sertifikat keliru. Kelulusan" in page_of(app, certified.ani, "/inbox")
    with pytest.raises(Conflict, match="revoked"), transaction():
        revoking.revoke(actor_of(certified.syamsul), paper.id, WHY)
    assert db.session.scalar(select(func.count()).select_from(Notice)) == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [("revoked_ms", None), ("revoked_ms", 1), ("revoked_by", 1), ("revoked_reason", "Lain.")],
)
def test_what_says_revoked_is_held_against_the_journal(
    app: Flask, certified: Cast, column: str, value: object
) -> None:
    paper = revoked(certified)
    with transaction() as session:
        session.execute(
            update(Certificate).where(Certificate.id == paper.id).values({column: value})
        )
    (found,) = derived.differences()
    assert column in found.what


def test_every_place_says_that_it_is_revoked(app: Flask, certified: Cast) -> None:
    content = certificate_pdf.content_of(of_ani(certified))
    paper = revoked(certified)
    visitor = app.test_client()
    visitor.environ_base.update(SAME_SITE)
    said = f"Dicabut pada {DAY} karena: {WHY}"
    assert said in text_of(visitor.get(f"/verify/{paper.id}"))
    kept = f'data-revoked="{certificates.mark_of(paper.id)}" data-replaced=""'
    assert kept in text_of(visitor.get("/verify/offline"))
    assert said in page_of(app, certified.ani, f"/certificates/{paper.id}")
    sent = {"pdf": (BytesIO(content), "a.pdf")}
    assert "dicabut pada" in text_of(visitor.post("/verify/file", data=sent))
    listed = page_of(app, certified.syamsul, "/hr/certificates?state=revoked")
    assert paper.number in listed
    assert "Hendra" not in listed
    assert paper.number not in page_of(app, certified.syamsul, "/hr/certificates?state=valid")
    csv = browser_of(app, certified.syamsul).get("/hr/certificates.csv").get_data(as_text=True)
    assert "dicabut" in csv


def test_its_pdf_is_given_and_signed_no_more(app: Flask, certified: Cast) -> None:
    paper = revoked(certified)
    answer = browser_of(app, certified.ani).get(f"/certificates/{paper.id}.pdf")
    assert answer.headers["Location"] == f"/certificates/{paper.id}"
    assert signing_desk.fault(paper, b"%PDF-") == "revoked"
    packed = b"".join(packages.zipped(iter([paper])))
    assert f"{paper.number}: sudah dicabut".encode() in packed


def test_the_form_asks_for_a_reason_and_keeps_it(app: Flask, certified: Cast) -> None:
    paper = of_ani(certified)
    hr = browser_of(app, certified.syamsul)
    here = f"/hr/certificates/{paper.id}/revoke"
    assert f"Cabut sertifikat {paper.number}?" in text_of(hr.get(here))
    for reason in ("", "x", "x" * 401):
        answer = hr.post(here, data={"reason": reason})
        assert (answer.status_code, reason in text_of(answer)) == (422, True)
    assert hr.post(here, data={"reason": WHY}).headers["Location"] == f"/certificates/{paper.id}"
    again = hr.post(here, data={"reason": WHY}, follow_redirects=True)
    assert "sudah dicabut" in text_of(again)
    assert hr.get("/hr/certificates/none/revoke").status_code == 404
    with pytest.raises(Invalid, match="reason_short"):
        revoking.revoke(actor_of(certified.syamsul), paper.id, " x ")


@pytest.mark.parametrize(
    ("who", "status"),
    [("ani", 404), ("budi", 404), ("dewi", 404), ("citra", 403), ("stranger", 403), ("fadli", 403)],
)
def test_only_hr_of_the_agency_revokes(app: Flask, certified: Cast, who: str, status: int) -> None:
    paper = of_ani(certified)
    browser = browser_of(app, getattr(certified, who))
    here = f"/hr/certificates/{paper.id}/revoke"
    assert browser.get(here).status_code == status
    assert browser.post(here, data={"reason": WHY}).status_code == status
    assert of_ani(certified).state == State.VALID
