"""A signed PDF takes the place of ours only if it is signed, and that certificate."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import settings
from elearn.competency import (
    certificate_pdf,
    certificates,
    derived,
    file_check,
    signed_copies,
    signing_desk,
)
from elearn.competency.certificates import Paper, State
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid
from elearn.journal import chain
from elearn.people.models import AuditEntry, Notice
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People, browser_of
from tests.competency.signatures import rewritten, signed
from tests.competency.test_certificates import an_issue, issue


@pytest.fixture
def people(app: Flask) -> People:
    made = people_of_jambi.settle()
    with transaction():
        settings.change("certificate_needs_signature", 2026, True, None)
    return made


@pytest.fixture
def paper(people: People) -> Paper:
    (made,) = issue(an_issue(people.ani))
    certificate_pdf.content_of(certificates.load(made.id))
    return certificates.load(made.id)


def test_what_is_signed_and_what_is_not_is_told_apart(paper: Paper) -> None:
    ours = certificate_pdf.content_of(paper)
    number = "0002/BKPSDM/XI/2026"
    fields = paper.fields | {"number": number}
    other = certificate_pdf.render(replace(paper, id="x" * 20, number=number, fields=fields))
    edited = certificate_pdf.render(replace(paper, fields=paper.fields | {"jp": 30}))
    marks = (paper.number, paper.code)
    cut = signed(ours)
    for content, word in (
        (signed(ours), ""),
        (rewritten(ours), ""),
        (ours, "not_signed"),
        (signed(ours, value=b"00" * 400), "not_signed"),
        (cut[:-50], "not_signed"),
        (signed(other), "other_certificate"),
        (signed(edited), "changed"),
        (b"PK\x03\x04", "not_a_pdf"),
        (b"", "not_a_pdf"),
        (b"%PDF-1.7\n/ByteRange[0 31 35 0]<ab>" + b"x" * 40, "not_signed"),
        (b"%PDF-1.7\n/ByteRange[0 30 34 0]<ab>" + b"x" * 40, "not_a_pdf"),
    ):
        assert signed_copies.fault(content, ours, marks) == word, (word, content[:20])


def test_the_signed_one_replaces_ours_and_both_stand_in_the_journal(
    people: People, paper: Paper
) -> None:
    assert paper.state == State.AWAITING_SIGNATURE
    with pytest.raises(Conflict, match="not_signed"):
        certificate_pdf.final_of(paper)
    content = signed(certificate_pdf.content_of(paper))
    assert signing_desk.fault(paper, content) == ""
    with transaction():
        assert signing_desk.replace(people.citra, paper.id, content) == "accepted"
    after = certificates.load(paper.id)
    assert after.state == State.VALID
    assert certificate_pdf.final_of(after) == content
    event = chain.events_of(people.ani)[-1]
    assert event["kind"] == "certificate_signed"
    assert event["body"] == {
        "id": paper.id,
        "pdf": paper.pdf_digest,
        "signed": after.signed_digest,
        "by": people.citra,
    }
    assert list(derived.differences()) == []
    assert db.session.scalars(select(AuditEntry.action)).all() == ["certificate:signed"]
    assert db.session.scalars(select(Notice.kind)).all() == ["certificate_signed"]


def test_a_second_signed_one_changes_nothing(people: People, paper: Paper) -> None:
    ours = certificate_pdf.content_of(paper)
    first, second = signed(ours), signed(ours, value=b"31" * 300)
    with transaction():
        signing_desk.replace(people.citra, paper.id, first)
    after = certificates.load(paper.id)
    assert signing_desk.fault(after, first) == "already"
    assert signing_desk.fault(after, second) == "signed_before"
    with transaction():
        assert signing_desk.replace(people.citra, paper.id, first) == "already"
        assert signing_desk.replace(people.citra, paper.id, second) == "signed_before"
    assert certificate_pdf.final_of(certificates.load(paper.id)) == first


def test_a_certificate_that_needs_no_signature_may_have_one(people: People) -> None:
    with transaction():
        settings.change("certificate_needs_signature", 2026, False, None)
    (made,) = issue(an_issue(people.rudi, "2"))
    plain = certificates.load(made.id)
    ours = certificate_pdf.content_of(plain)
    assert plain.state == State.VALID
    assert file_check.of(ours).word == "issued"
    with transaction():
        signing_desk.replace(people.citra, plain.id, signed(ours))
    assert certificate_pdf.final_of(certificates.load(plain.id)) == signed(ours)
    assert file_check.of(ours).word == "replaced"


def test_a_certificate_without_number_takes_none(people: People) -> None:
    with transaction():
        settings.change("certificate_numbers", 2026, "register", None)
    (made,) = issue(an_issue(people.rudi, "2"))
    assert signing_desk.fault(certificates.load(made.id), b"%PDF-") == "no_number"


def test_the_page_of_the_holder_waits_for_the_signature(
    app: Flask, people: People, paper: Paper
) -> None:
    ani = browser_of(app, people.ani)
    page = ani.get(f"/certificates/{paper.id}").get_data(as_text=True)
    assert "menunggu tanda tangan" in page
    assert ".pdf" not in page
    assert ani.get(f"/certificates/{paper.id}.pdf").status_code == 303
    assert "belum ditandatangani" in browser_of(app).get(f"/verify/{paper.id}").get_data(
        as_text=True
    )


# The check of a file


def test_a_file_is_told_from_one_that_was_edited(people: People, paper: Paper) -> None:
    ours = certificate_pdf.content_of(paper)
    assert file_check.of(ours).word == "unsigned"
    with transaction():
        signing_desk.replace(people.citra, paper.id, signed(ours))
    for content, word in (
        (signed(ours), "signed"),
        (ours, "unsigned"),
        (ours.replace(b"BKPSDM", b"BKPSDN"), "changed"),
        (signed(ours) + b"\n", "changed"),
        (b"%PDF-1.4 something else", "unknown"),
        (b"%PDF-1.4 22222-22222-22222-22222", "unknown"),
    ):
        found = file_check.of(content)
        assert found.word == word
        assert (found.paper is None) == (word == "unknown")
        if found.paper:
            assert found.paper.fields["nip"] == "***************901"
    with pytest.raises(Invalid, match="no_pdf"):
        file_check.of(b"PK")


def test_anybody_may_check_a_file(app: Flask, people: People) -> None:
    with transaction():
        settings.change("certificate_needs_signature", 2026, False, None)
    (made,) = issue(an_issue(people.ani, "3"))
    content = certificate_pdf.content_of(certificates.load(made.id))
    visitor = browser_of(app)
    assert "Punya berkas PDF-nya?" in visitor.get("/verify").get_data(as_text=True)
    for sent, says, status in (
        (content, "Berkas ini asli", 200),
        (content[:-9] + b"x" * 9, "bukan berkas asli", 200),
        (b"%PDF-1.4", "tidak kami kenal", 200),
        (b"hello", "Pilih berkas PDF", 422),
        (b"%PDF-" + b"x" * 5_000_001, "terlalu besar", 413),
    ):
        answer = visitor.post("/verify/file", data={"pdf": (BytesIO(sent), "x.pdf")})
        assert (answer.status_code, says in answer.get_data(as_text=True)) == (status, True)
    assert visitor.post("/verify/file").status_code == 422
