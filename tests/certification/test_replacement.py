"""A revoked certificate is replaced by a corrected one: a new number, each naming the other."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select, update

from elearn import jobs, settings, work
from elearn.competency import (
    certificate_pdf,
    certificates,
    derived,
    issuing,
    register,
    replacing,
    revoking,
)
from elearn.competency.certificates import Paper, State
from elearn.competency.models import Certificate
from elearn.competency.replacing import Wish
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid
from elearn.people.models import AuditEntry, Person
from tests.competency.test_certificates import an_issue
from tests.people_cast import SAME_SITE, Cast, actor_of
from tests.reports.school import browser_of, page_of, text_of

WHY = "Nama dibetulkan menurut ijazah."


@pytest.fixture
def wrong(certified: Cast) -> Cast:
    """Ani's certificate was issued in a wrong name, and revoked; her data are right by now."""
    paper = certificates.of(certified.ani.id)[0]
    with transaction() as session:
        revoking.revoke(actor_of(certified.syamsul), paper.id, "Nama pada sertifikat keliru.")
        named = update(Person).where(Person.id == certified.ani.id)
        session.execute(named.values(name="Ani Pertiwi"))
    return certified


def replaced(cast: Cast, *, as_now: bool = False) -> tuple[Paper, Paper]:
    """The old one and the new one."""
    old = next(p for p in certificates.of(cast.ani.id) if p.state is State.REVOKED)
    with transaction():
        wish = Wish(WHY, post_as_now=as_now)
        made = replacing.replace(actor_of(cast.syamsul), old.id, wish)
    return certificates.load(old.id), made


def test_the_new_one_says_what_was_learnt_in_the_right_name(app: Flask, wrong: Cast) -> None:
    old, new = replaced(wrong)
    assert (old.state, new.state) == (State.REVOKED, State.VALID)
    differing = {name for name in new.fields if new.fields[name] != old.fields.get(name)}
    assert differing == {"name", "number", "replaces"}
    assert new.fields["name"] == "Ani Pertiwi, A.Md.Kep."
    assert new.fields["replaces"] == old.number != new.number
    assert old.replacement == new.id
    assert list(derived.differences()) == []
    kept, made = certificates.kin(old), certificates.kin(new)
    assert (kept.before, kept.after and kept.after.id) == (None, new.id)
    assert (made.before and made.before.id, made.after) == (old.id, None)
    noted = select(AuditEntry.body).where(AuditEntry.action == "certificate:replaced")
    numbers = json.loads(db.session.scalars(noted).one())
    assert numbers == {"number": old.number, "replacement": new.number}


def test_each_is_replaced_once_and_only_when_revoked(app: Flask, wrong: Cast) -> None:
    old, new = replaced(wrong)
    hr = actor_of(wrong.syamsul)
    for paper, reason in ((old, "replaced"), (new, "not_revoked")):
        with pytest.raises(Conflict, match=reason), transaction():
            replacing.replace(hr, paper.id, Wish(WHY, post_as_now=False))
    with transaction():
        revoking.revoke(hr, new.id, "Masih keliru.")
        third = replacing.replace(hr, new.id, Wish(WHY, post_as_now=False))
    assert third.fields["replaces"] == new.number
    assert list(derived.differences()) == []
    assert issuing.issue(an_issue(wrong.ani.id, str(wrong.ani.id))).id == third.id


def test_the_post_of_now_is_taken_where_wanted(app: Flask, wrong: Cast) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.id == wrong.ani.id).values(grade="III/a"))
    old, new = replaced(wrong, as_now=True)
    assert new.fields["rank"] == replacing.holder_now(old)["rank"] != old.fields["rank"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("replacement_id", "other"),
        ("replaced_ms", 1),
        ("replaced_by", 1),
        ("replaced_reason", "Lain."),
    ],
)
def test_what_says_replaced_is_held_against_the_journal(
    app: Flask, wrong: Cast, column: str, value: object
) -> None:
    old, _ = replaced(wrong)
    with transaction() as session:
        row = update(Certificate).where(Certificate.id == old.id)
        session.execute(row.values({column: value}))
    (found,) = derived.differences()
    assert column.removesuffix("_id") in found.what


def test_every_place_names_the_other(app: Flask, wrong: Cast) -> None:
    content = certificate_pdf.content_of(certificates.of(wrong.ani.id)[0])
    old, new = replaced(wrong)
    visitor = app.test_client()
    visitor.environ_base.update(SAME_SITE)
    seen = text_of(visitor.get(f"/verify/{old.id}"))
    assert f'href="/verify/{new.id}">sertifikat nomor {new.number}' in seen
    seen = text_of(visitor.get(f"/verify/{new.id}"))
    assert "Sertifikat ini berlaku" in seen
    assert old.number in seen
    kept = text_of(visitor.get("/verify/offline"))
    assert f'data-revoked="" data-replaced="{certificates.mark_of(old.id)}"' in kept
    sent = {"pdf": (BytesIO(content), "a.pdf")}
    assert "sertifikat penggantinya" in text_of(visitor.post("/verify/file", data=sent))
    own = page_of(app, wrong.ani, f"/certificates/{old.id}")
    assert f'/certificates/{new.id}">sertifikat nomor {new.number}' in own
    own = page_of(app, wrong.ani, f"/certificates/{new.id}")
    assert f'/certificates/{old.id}">{old.number}' in own
    assert f"nomor {new.number}: {WHY.rstrip('.')}" in page_of(app, wrong.ani, "/inbox")
    listed = page_of(app, wrong.syamsul, "/hr/certificates")
    assert f"diganti {new.number}" in listed
    assert f"mengganti {old.number}" in listed
    csv = browser_of(app, wrong.syamsul).get("/hr/certificates.csv").get_data(as_text=True)
    assert f"dicabut,{new.number}" in csv
    changed = page_of(app, wrong.syamsul, f"/hr/people/{wrong.ani.id}")
    assert "Sertifikat diganti" in changed
    assert WHY in changed
    page = certificate_pdf.content_of(new)
    assert page.startswith(b"%PDF-")


def test_a_number_of_the_register_comes_later(app: Flask, wrong: Cast) -> None:
    with transaction():
        settings.change("certificate_numbers", 2026, "register", None)
    old, new = replaced(wrong)
    assert (new.state, new.number) == (State.AWAITING_NUMBER, "")
    assert "menunggu nomor" in page_of(app, wrong.ani, f"/certificates/{old.id}")
    assert "Digantikan" not in text_of(app.test_client().get(f"/verify/{old.id}"))
    with transaction():
        register.enter(wrong.syamsul.id, "Surat 1", ["800/1"])
    while jobs.run_one(work.HANDLERS):
        pass
    new = certificates.load(new.id)
    assert (new.number, new.fields["replaces"]) == ("800/1", old.number)
    assert list(derived.differences()) == []


def test_the_form_shows_what_changes_and_keeps_what_was_typed(app: Flask, wrong: Cast) -> None:
    old = next(p for p in certificates.of(wrong.ani.id) if p.state is State.REVOKED)
    hr = browser_of(app, wrong.syamsul)
    here = f"/hr/certificates/{old.id}/replace"
    shown = text_of(hr.get(here))
    assert "Ani Pratiwi, A.Md.Kep.</s> Ani Pertiwi, A.Md.Kep." in shown
    assert here in text_of(hr.get(f"/certificates/{old.id}"))
    for data in ({"post": "now", "reason": "x"}, {"post": "other", "reason": WHY}):
        answer = hr.post(here, data=data)
        assert (answer.status_code, data["reason"] in text_of(answer)) == (422, True)
    answer = hr.post(here, data={"post": "kept", "reason": WHY}, follow_redirects=True)
    assert "Sertifikat pengganti terbit dengan nomor" in text_of(answer)
    again = hr.post(here, data={"post": "kept", "reason": WHY}, follow_redirects=True)
    assert "sudah diganti" in text_of(again)
    assert hr.get("/hr/certificates/none/replace").status_code == 404
    with pytest.raises(Invalid, match="reason_short"):
        replacing.replace(actor_of(wrong.syamsul), old.id, Wish(" x ", post_as_now=False))


@pytest.mark.parametrize(
    ("who", "status"),
    [("ani", 404), ("budi", 404), ("dewi", 404), ("citra", 403), ("stranger", 403), ("fadli", 403)],
)
def test_only_hr_of_the_agency_replaces(app: Flask, wrong: Cast, who: str, status: int) -> None:
    old = certificates.of(wrong.ani.id)[0]
    browser = browser_of(app, getattr(wrong, who))
    here = f"/hr/certificates/{old.id}/replace"
    assert browser.get(here).status_code == status
    assert browser.post(here, data={"post": "kept", "reason": WHY}).status_code == status
    assert len(certificates.of(wrong.ani.id)) == 1
