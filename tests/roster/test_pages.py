"""The pages of the roster: from upload to codes; who may, what strangers see, what is told."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from elearn import clock, demo_mark
from elearn.competency import framework
from elearn.database import db, transaction
from elearn.people import accounts
from elearn.people.models import AuditEntry, Person, Unit
from elearn.roster.comparing import Kind
from elearn.roster.models import RosterImport, RosterRow, State
from elearn.tables.reading import table_of
from tests.people_cast import Cast, browser, signed_in
from tests.reports.school import text_of
from tests.roster.files import (
    ANI,
    CITRA,
    NEW,
    a_csv,
    a_line,
    a_workbook,
    as_it_stands,
    bring,
    counts,
    person_of,
    run_jobs,
)

HERE = "/hr/people/import"


def send(
    client: FlaskClient, content: bytes, name: str = "pegawai.xlsx", **more: Any
) -> TestResponse:
    data = {"contents": "some", "unit_id": "", "as_of": "", **more}
    data["as_of"] = data["as_of"] or clock.today().isoformat()
    data["file"] = (BytesIO(content), name)
    return client.post(HERE, data=data, content_type="multipart/form-data")


def test_from_upload_to_the_codes_that_let_new_people_in(app: Flask, cast: Cast) -> None:
    citra = signed_in(app, cast.citra)
    sent = send(citra, a_workbook([a_line()]))
    assert sent.status_code == 303
    page = sent.headers["Location"]
    assert "Berkas sedang diperiksa" in citra.get(page).text
    run_jobs()
    shown = citra.get(page).text
    assert "Terapkan perubahan" in shown
    assert "Bayu Pratama" in citra.get(f"{page}/list/new").text
    assert citra.post(f"{page}/confirm").headers["Location"] == page
    assert "sedang diterapkan" in citra.get(page).text
    run_jobs()
    assert "Perubahan sudah diterapkan" in citra.get(page).text
    assert "Puskesmas Hulu" in citra.get("/hr/people/codes").text
    slips = citra.post(f"/hr/people/codes/{cast.puskesmas.id}")
    assert slips.headers["Cache-Control"] == "no-store"
    assert NEW not in slips.text
    code = re.search(r'<code class="nip">([^<]+)</code>', slips.text)
    assert code
    verified = accounts.authenticate(NEW, code[1])
    assert verified.person_id == person_of(NEW).id
    assert (
        "Tidak ada pegawai yang memerlukan kode"
        in citra.post(f"/hr/people/codes/{cast.puskesmas.id}", follow_redirects=True).text
    )
    assert "Batalkan impor pegawai.xlsx?" in citra.get(f"{page}/undo").text
    citra.post(f"{page}/undo")
    run_jobs()
    assert "sudah dibatalkan" in citra.get(page).text
    assert not person_of(NEW).active


def test_every_problem_is_shown_and_can_be_taken_away(app: Flask, cast: Cast) -> None:
    citra = signed_in(app, cast.citra)
    lines = [
        a_line(),
        a_line(nip=1.98609e17),
        a_line(nip="199001152015031992", unit="Puskesmas Antah"),
    ]
    page = send(citra, a_workbook(lines)).headers["Location"]
    run_jobs()
    shown = text_of(citra.get(page))
    assert "2 baris perlu dibetulkan" in shown
    assert "NIP rusak karena tersimpan sebagai angka" in shown
    assert "Terapkan perubahan" not in shown
    taken = citra.get(f"{page}/problems.xlsx").data
    rows = [row.cells for row in table_of(taken, lambda _rows: True).rows()]
    assert [row[0] for row in rows[1:]] == [3.0, 4.0]
    assert "ketik ulang 18 angkanya" in str(rows[1][5])
    assert citra.post(f"{page}/confirm", follow_redirects=True).status_code == 200
    assert db.session.scalar(select(func.count()).select_from(AuditEntry).where(
        AuditEntry.action == "roster:applied")) == 0  # fmt: skip


def test_units_are_said_in_the_page(app: Flask, cast: Cast) -> None:
    citra = signed_in(app, cast.citra)
    page = send(citra, a_workbook([a_line(unit="SEKSI GIZI")])).headers["Location"]
    run_jobs()
    assert 'value="Seksi Gizi"' in citra.get(page).text
    said = {"file-0": "SEKSI GIZI", "parent-0": "", "act-0": "new", "name-0": "Seksi Gizi"}
    wrong = citra.post(f"{page}/units", data=said | {"above-0": "Dinas Antah"})
    assert wrong.status_code == 422
    assert "Unit induk ini tidak ditemukan" in wrong.text
    assert "Dinas Antah" in wrong.text
    outside = citra.post(f"{page}/units", data=said | {"above-0": f"PU [{cast.works.id}]"})
    assert outside.status_code == 422
    citra.post(f"{page}/units", data=said | {"above-0": f"Dinas Kesehatan [{cast.health.id}]"})
    run_jobs()
    unit = db.session.scalars(select(Unit).where(Unit.name == "Seksi Gizi")).one()
    assert unit.parent_id == cast.health.id
    assert "Terapkan perubahan" in citra.get(page).text


def test_columns_are_named_once_and_remembered(app: Flask, cast: Cast) -> None:
    citra = signed_in(app, cast.citra)
    text = f"Nomor;Orang;Tempat;Macam\n{NEW};Bayu;Puskesmas Hulu;PNS\n".encode()
    page = send(citra, text, "daftar.csv").headers["Location"]
    run_jobs()
    assert "Cocokkan kolomnya" in citra.get(page).text
    assert citra.post(f"{page}/columns", data={"NIP": "1"}).status_code == 422
    columns = {"NIP": "1", "NAME": "2", "UNIT": "3", "STATUS": "4"}
    assert citra.post(f"{page}/columns", data=columns).status_code == 303
    run_jobs()
    assert "Terapkan perubahan" in citra.get(page).text
    again = send(citra, text.replace(b"Bayu", b"Budi"), "daftar.csv").headers["Location"]
    run_jobs()
    assert "Terapkan perubahan" in citra.get(again).text


def test_leavers_are_kept_one_by_one_and_closing_many_is_asked_once_more(
    app: Flask, cast: Cast
) -> None:
    citra = signed_in(app, cast.citra)
    line = a_line(nip=CITRA, name="Citra Lestari", unit="Dinas Kesehatan")
    whole = {"contents": "all", "unit_id": str(cast.health.id)}
    page = send(citra, a_csv([line]), **whole).headers["Location"]
    run_jobs()
    assert citra.post(f"{page}/confirm", data={"leavers": "close"}).status_code == 422
    keep = {"person": str(cast.ani.id), "keep": "1"}
    assert citra.post(f"{page}/leavers", data=keep).status_code == 303
    assert "tetap aktif" in citra.get(f"{page}/list/leaver").text
    assert citra.post(f"{page}/leavers", data=keep | {"person": "999"}).status_code == 404
    citra.post(f"{page}/leavers", data=keep | {"keep": "0"})
    citra.post(f"{page}/confirm", data={"leavers": "close", "sure": "1"})
    run_jobs()
    assert not person_of(ANI).active


def test_a_twin_is_decided_in_the_page(app: Flask, cast: Cast) -> None:
    citra = signed_in(app, cast.citra)
    line = a_line(nip="199404122025212941", name="Ani Pratiwi", status="PPPK", grade="VII")
    page = send(citra, a_workbook([line])).headers["Location"]
    run_jobs()
    assert "Orang yang sama dengan NIP baru?" in citra.get(page).text
    citra.post(f"{page}/twins", data={"row-2": "other"})
    run_jobs()
    shown = citra.get(page).text
    assert "Orang yang sama" not in shown
    assert "Terapkan perubahan" in shown


OLE = b"\xd0\xcf\x11\xe0" + bytes(600)


def _zip(**members: bytes) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE, "format Excel lama"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "berkata sandi"),
        (b"%PDF-1.7", "bukan lembar kerja"),
        (b"<html><table><tr><td>NIP", "halaman web"),
        (_zip(content_xml=b"<a/>", mimetype=b"x"), "OpenDocument"),
        (_zip(xl__workbook_bin=b"x"), "Excel biner"),
        (_zip(word__document_xml=b"x"), "bukan lembar kerja"),
        (a_workbook([a_line()])[:-400], "rusak atau terpotong"),
        (b" \r\n", "kosong"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_mend(
    app: Flask, cast: Cast, content: bytes, said: str
) -> None:
    row = bring(cast.citra, content)
    assert row.state == State.REFUSED
    page = signed_in(app, cast.citra).get(f"{HERE}/{row.id}")
    assert said in page.text


def test_what_cannot_be_sent_is_said_beside_its_field(app: Flask, cast: Cast) -> None:
    citra = signed_in(app, cast.citra)
    assert "kosong" in send(citra, b"").text
    assert send(citra, b"x", as_of="2999-01-01").status_code == 422
    assert send(citra, b"x", unit_id=str(cast.works.id)).status_code == 422
    assert send(citra, b"x", contents="none").status_code == 422
    assert db.session.scalar(select(func.count()).select_from(RosterImport)) == 0


def test_a_dropped_file_leaves_nothing(app: Flask, cast: Cast) -> None:
    row = bring(cast.citra, a_workbook([a_line()]))
    citra = signed_in(app, cast.citra)
    assert citra.post(f"{HERE}/{row.id}/drop").status_code == 303
    assert as_it_stands(row.id).content == b""
    assert db.session.scalar(select(func.count()).select_from(RosterRow)) == 0
    assert "sudah dibuang" in citra.get(f"{HERE}/{row.id}").text
    assert citra.post(f"{HERE}/{row.id}/drop").status_code == 303


def test_the_template_names_columns_that_are_known(app: Flask, cast: Cast) -> None:
    with transaction():
        framework.load_seed()
    content = signed_in(app, cast.citra).get(f"{HERE}/template.xlsx").data
    row = bring(cast.citra, content)
    assert row.state == State.READY


@pytest.mark.parametrize("who", ["ani", "budi", "dewi", "fadli"])
def test_only_hr_brings_in_people(app: Flask, cast: Cast, who: str) -> None:
    row = bring(cast.citra, a_workbook([a_line()]))
    client = signed_in(app, getattr(cast, who))
    for path in (HERE, f"{HERE}/template.xlsx", f"{HERE}/{row.id}", "/hr/people/codes"):
        assert client.get(path).status_code == 404
    assert send(client, a_workbook([a_line()])).status_code == 404
    assert client.post(f"{HERE}/{row.id}/confirm").status_code == 404
    assert client.post(f"/hr/people/codes/{cast.health.id}").status_code == 404


def test_an_import_is_seen_by_who_sent_it_and_by_hr_of_the_agency(app: Flask, cast: Cast) -> None:
    row = bring(cast.citra, a_workbook([a_line()]))
    page = f"{HERE}/{row.id}"
    stranger, syamsul = signed_in(app, cast.stranger), signed_in(app, cast.syamsul)
    acts = ("columns", "units", "twins", "leavers", "confirm", "drop", "undo")
    for path in (page, f"{page}/list/new", f"{page}/problems.xlsx", f"{page}/undo"):
        assert stranger.get(path).status_code == 404
    for act in acts:
        assert stranger.post(f"{page}/{act}").status_code == 404
    assert stranger.post(f"/hr/people/codes/{cast.puskesmas.id}").status_code == 404
    assert syamsul.get(page).status_code == 200
    assert syamsul.post(f"{page}/confirm").status_code == 403
    assert syamsul.get(f"{HERE}/99999").status_code == 404
    assert syamsul.get(f"{page}/list/antah").status_code == 404
    assert browser(app).get(page).status_code == 303
    assert as_it_stands(row.id).state == State.READY


def test_hr_of_another_unit_brings_in_nobody_of_this_one(app: Flask, cast: Cast) -> None:
    moved = a_line(nip=ANI, name="Ani Pratiwi", unit="Dinas PUPR")
    row = bring(cast.stranger, a_workbook([moved, a_line()]))
    page = text_of(signed_in(app, cast.stranger).get(f"{HERE}/{row.id}"))
    assert "di luar wewenang Anda" in page
    assert "Pustu Bukit Sari" not in page
    assert db.session.get_one(Person, cast.ani.id).unit_id == cast.pustu.id


def test_a_demo_offers_a_file_with_seven_problems(app: Flask, cast: Cast) -> None:
    citra = signed_in(app, cast.citra)
    assert citra.get(f"{HERE}/sample.xlsx").status_code == 404
    with transaction():
        demo_mark.mark()
    row = bring(cast.citra, citra.get(f"{HERE}/sample.xlsx").data)
    assert counts(row) == {Kind.SAME: 1, Kind.NEW: 1, Kind.REFUSED: 7}
