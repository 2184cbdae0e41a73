"""A copy of one's data: complete, one's own alone, and sent to nobody but its person."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Table, func, select

from elearn import clock, jobs, work
from elearn.competency import certificate_pdf, certificates, outside, papers
from elearn.database import Model, db, transaction
from elearn.journal import seal
from elearn.people import accounts, audit, staffing
from elearn.privacy import copies, holdings
from elearn.privacy.holdings import HOLDINGS, LEFT_OUT
from tests.builders import WORDS, a_published_version, pass_everything
from tests.outside.conftest import PDF, a_learning
from tests.people_cast import PASSWORD, Cast, actor_of, signed_in

HERE = "/account/data"
# Tables whose rows are somebody's by these.
OWNERS = {"attempt", "enrolment", "person"}


def names_people(table: Table) -> bool:
    return any(holdings.target_of(column) in OWNERS for column in table.columns)


def test_every_table_that_names_people_is_copied_or_left_out_with_a_reason() -> None:
    named = {t.name for t in Model.metadata.tables.values() if names_people(t)} | {"person"}
    assert named - HOLDINGS.keys() - LEFT_OUT.keys() == set()
    assert HOLDINGS.keys() & LEFT_OUT.keys() == set()
    assert (HOLDINGS.keys() | LEFT_OUT.keys()) - Model.metadata.tables.keys() == set()
    assert all(held.title for held in HOLDINGS.values())


def test_no_secret_leaves() -> None:
    left = {f"{name}.{column.name}" for name in HOLDINGS for column in holdings._columns(name)}
    assert [name for name in left if "hash" in name.split(".")[1]] == []
    assert "sign_in.stamp" not in left


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """Ani has passed a course, has a paper of learning elsewhere, and was moved; so has another."""
    a_published_version(cast)
    hr = actor_of(cast.syamsul)
    for person in (cast.ani, cast.stranger):
        pass_everything(person)
        with transaction():
            outside.enter(hr, person, a_learning(number=f"N/{person.id}"), papers.read(PDF))
    with transaction():
        staffing.change_nip(cast.dewi.id, cast.ani.id, "199404122019032991")
    return cast


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(content))


def test_every_row_of_a_person_is_in_it_and_none_of_another(app: Flask, lived: Cast) -> None:
    copy = copies.of(lived.ani.id)
    for name in HOLDINGS:
        table = Model.metadata.tables[name]
        mine = holdings.of_person(name, lived.ani.id)
        counted = select(func.count()).select_from(table).where(mine)
        assert len(copy.tables[name]) == db.session.scalar(counted), name
    filled = {name for name, rows in copy.tables.items() if rows}
    assert {"event", "attempt_answer", "reflection_text", "certificate", "evidence"} <= filled
    text = copy.text()
    assert WORDS in text
    assert "199404122019032901" in text
    for other in (lived.stranger, lived.citra, lived.syamsul):
        assert other.nip not in text
    assert f"N/{lived.stranger.id}" not in text
    entered = copy.tables["outside_learning"][0]
    assert entered["entered_by"] == "Syamsul Bahri"
    assert entered["entered_at"].startswith("2026-11-24T09:00:00")
    assert copy.tables["person"][0]["unit_id"]["name"] == "Pustu Bukit Sari"


def test_the_zip_holds_a_page_json_and_every_file(app: Flask, lived: Cast) -> None:
    answer = signed_in(app, lived.ani).post(HERE)
    assert answer.mimetype == "application/zip"
    assert "no-store" in answer.headers["Cache-Control"]
    with opened(answer.data) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        data = json.loads(archive.read("data-saya.json"))
        page = archive.read("data-saya.html").decode()
        paper = certificates.of(lived.ani.id)[0]
        kept = archive.read(f"sertifikat/{certificate_pdf.file_name(paper.number)}")
        assert any(name.startswith("berkas/pembelajaran-") for name in names)
    assert kept == certificate_pdf.content_of(certificates.of(lived.ani.id)[0])
    assert data["format"] == copies.FORMAT
    assert set(data["tables"]) == set(HOLDINGS)
    for words in (WORDS, "Keamanan informasi", "Bimbingan teknis gizi", "Syamsul Bahri"):
        assert words in page
    for mark in ("http", "src=", "<link", "<script"):
        assert mark not in page
    told = [entry.action for entry in audit.everything(audit.Wanted(actor="ani"))]
    assert told == ["data:copied"]


def test_a_proof_is_in_it_once_it_is_sealed(app: Flask, lived: Cast) -> None:
    with clock.set_to(clock.now_ms() + 60_000):
        seal.seal_now()
        with opened(signed_in(app, lived.ani).post(HERE).data) as archive:
            proofs = [name for name in archive.namelist() if name.startswith("bukti/")]
    assert len(proofs) == 1


def test_who_signed_in_long_ago_shows_who_they_are(app: Flask, cast: Cast) -> None:
    ani = signed_in(app, cast.ani)
    with clock.set_to(clock.now_ms() + accounts.JUST_MS):
        assert 'type="password"' in ani.get(HERE).text
        for typed, words in (("", "perlu diisi"), ("salah sama sekali", "tidak cocok")):
            refused = ani.post(HERE, data={"password": typed})
            assert refused.status_code == 422
            assert words in refused.text
        assert ani.post(HERE, data={"password": PASSWORD}).mimetype == "application/zip"
    assert 'type="password"' not in signed_in(app, cast.ani).get(HERE).text


def test_guessing_the_password_is_slowed_down(app: Flask, cast: Cast) -> None:
    ani = signed_in(app, cast.ani)
    with clock.set_to(clock.now_ms() + accounts.JUST_MS):
        tries = [ani.post(HERE, data={"password": "x"}).status_code for _ in range(6)]
    assert tries[-1] == 429


def test_many_certificates_are_made_by_a_job_first(
    app: Flask, lived: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "MOST_AT_ONCE", 0)
    ani = signed_in(app, lived.ani)
    assert "Siapkan" in ani.get(HERE).text
    assert ani.post(HERE).status_code == 303
    assert "Sedang disiapkan" in ani.get(HERE).text
    while jobs.run_one(work.HANDLERS):
        pass
    assert "Unduh zip" in ani.get(HERE).text
    assert ani.post(HERE).mimetype == "application/zip"


def test_nobody_signed_in_gets_nothing(app: Flask, cast: Cast) -> None:
    assert app.test_client().get(HERE).status_code == 303
