"""The framework and levels of positions as sheets: dry run, the same file again, and undone."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.competency import editions, evidence, framework, position_requirements
from elearn.competency.evidence import Assessment
from elearn.database import db, transaction
from elearn.people.models import Person
from elearn.planning import framework_sheet
from elearn.planning.models import SheetImport
from tests.people_cast import Cast
from tests.planning.test_sheets import GOOD, HEAD, LEVELS, confirm, send
from tests.reports.school import browser_of, page_of, text_of
from tests.standards.builders import CODE, a_competency, a_wording
from tests.standards.test_positions import nurse

SHEET = "/hr/gaps/import/framework"
MATRIX = "/hr/gaps/import/requirements"
MATRIX_HEAD = "Jabatan;Jabatan tunggal;Kode;Level;Berlaku sejak;Alasan"
OWN = "jf_terampil;perawat terampil;M.01;4;01-11-2026;Anjab 7"
ROW = {
    "Kode": CODE,
    "Nama": "Tata kelola arsip",
    "Definisi": "Menata arsip unit.",
    **{f"Uraian level {level}": f"Arsip {level}" for level in range(1, 6)},
    "Berlaku sejak": "01-11-2026",
    "Alasan": "Keputusan 12",
}


def table(**changed: str) -> str:
    row = ROW | {key.replace("_", " "): value for key, value in changed.items()}
    return ";".join(row) + "\n" + ";".join(row.values()) + "\n"


def bring(app: Flask, cast: Cast, text: str, address: str = SHEET) -> None:
    page = send(app, cast.syamsul, text, address)
    assert confirm(app, cast.syamsul, page, address).status_code == 303


def undo(app: Flask, person: Person, address: str = SHEET) -> Any:
    last = db.session.scalars(select(SheetImport.id).order_by(SheetImport.id.desc())).first()
    here = f"{address}/{last or 1}/undo"
    page = browser_of(app, person).get(here)
    return page if page.status_code != 200 else browser_of(app, person).post(here)


def test_a_competency_comes_in_and_the_same_file_changes_nothing(app: Flask, cast: Cast) -> None:
    page = send(app, cast.syamsul, table(), SHEET)
    assert "1 baris siap dicatat" in text_of(page)
    assert CODE not in framework.known_codes()
    assert confirm(app, cast.syamsul, page, SHEET).status_code == 303
    assert framework.described(CODE).wording.levels[4].text == "Arsip 5"
    assert "Tidak ada yang baru" in text_of(send(app, cast.syamsul, table(), SHEET))
    page = send(app, cast.syamsul, table(Nama="Kearsipan", Uraian_level_3="Berkas"), SHEET)
    assert "Nama, Uraian level 3" in text_of(page)
    confirm(app, cast.syamsul, page, SHEET)
    assert [each.wording.name for each in editions.history(CODE)] == [
        "Kearsipan",
        "Tata kelola arsip",
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_taken_away_changes_nothing(app: Flask, cast: Cast, kind: str) -> None:
    a_competency(cast, wording=a_wording('Arsip "dinamis"; inaktif', "-tanda", "=1+1"))
    browser = browser_of(app, cast.syamsul)
    sent = browser.get(f"/hr/framework.{kind}")
    page = browser.post(SHEET, data={"file": (io.BytesIO(sent.get_data()), f"k.{kind}")})
    assert page.status_code == 200, text_of(page)
    assert "14 baris sudah tercatat" in text_of(page)
    assert "Tidak ada yang baru" in text_of(page)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"Kode": ""}, "<b>Kode</b>: kosong"),
        ({"Kode": "arsip"}, "<b>Kode</b>: arsip: kode terdiri atas"),
        ({"Kode": "DIG.BARU"}, "disediakan untuk bawaan"),
        ({"Kode": "M.01"}, "rumusan kompetensi nasional mengikuti peraturan"),
        ({"Nama": "integritas"}, "<b>Nama</b>: integritas: nama ini sudah dipakai"),
        ({"Nama": ""}, "<b>Nama</b>: kosong"),
        ({"Uraian_level_4": ""}, "<b>Uraian level 4</b>: kosong"),
        ({"Definisi": "x" * 2001}, "<b>Definisi</b>: terlalu panjang"),
        ({"Berlaku_sejak": "01-01-2999"}, "tanggal ini belum tiba"),
        ({"Berlaku_sejak": "lusa"}, "lusa bukan tanggal"),
        ({"Alasan": ""}, "<b>Alasan</b>: kosong"),
    ],
)
def test_a_wrong_row_is_named_with_its_column(
    app: Flask, cast: Cast, changed: dict[str, str], said: str
) -> None:
    page = send(app, cast.syamsul, table(**changed), SHEET)
    assert page.status_code == 422
    assert said in text_of(page)


def test_an_import_of_the_framework_is_undone_as_far_as_it_stands(app: Flask, cast: Cast) -> None:
    a_competency(cast, "TEK.LAMA", a_wording("Arsip lama"))
    with_both = table(Kode="TEK.LAMA", Nama="Lain", Berlaku_sejak="24-11-2026")
    bring(app, cast, with_both + table().splitlines()[1] + "\n")
    assert undo(app, cast.syamsul).status_code == 303
    assert CODE not in framework.known_codes()
    assert framework.described("TEK.LAMA").wording == a_wording("Arsip lama")
    assert editions.competency("TEK.LAMA").edition == 3
    assert "dibatalkan 24 November 2026" in page_of(app, cast.syamsul, SHEET)
    undo(app, cast.syamsul)
    assert editions.competency("TEK.LAMA").edition == 3  # only once
    bring(app, cast, table())
    with transaction():
        found = Assessment(CODE, 2, date(2026, 11, 2), "Asesmen")
        evidence.assess(cast.syamsul.id, cast.ani.id, found)
    undo(app, cast.syamsul)
    assert CODE in framework.known_codes()  # used meanwhile
    assert "1 dibiarkan" in page_of(app, cast.syamsul, SHEET)


def test_levels_of_a_position_come_in_by_sheet_and_go_back(app: Flask, cast: Cast) -> None:
    bring(app, cast, f"{MATRIX_HEAD}\n{OWN}\n{OWN.replace('M.01', 'M.02')}\n", MATRIX)
    assert position_requirements.own(nurse().id) == {"M.01": 4, "M.02": 4}
    browser = browser_of(app, cast.syamsul)
    for kind in ("csv", "xlsx"):
        sent = browser.get(f"/hr/gaps/requirements.{kind}")
        file = (io.BytesIO(sent.get_data()), f"m.{kind}")
        assert "Tidak ada yang baru" in text_of(browser.post(MATRIX, data={"file": file}))
    back = OWN.replace(";4;", ";ikut kelas;").replace("01-11", "02-11")
    bring(app, cast, f"{MATRIX_HEAD}\n{back}\n", MATRIX)
    assert position_requirements.own(nurse().id) == {"M.02": 4}
    undo(app, cast.syamsul, MATRIX)
    assert position_requirements.own(nurse().id) == {"M.01": 4, "M.02": 4}
    again = OWN.replace(";4;", ";3;")
    bring(app, cast, f"{MATRIX_HEAD}\n{again}\n", MATRIX)
    undo(app, cast.syamsul, MATRIX)
    assert position_requirements.own(nurse().id)["M.01"] == 4
    wrong = OWN.replace("perawat terampil", "kaisar")
    page = send(app, cast.syamsul, f"{MATRIX_HEAD}\n{wrong}\n", MATRIX)
    assert "tidak ada jabatan bernama kaisar" in text_of(page)
    of_class = OWN.replace("perawat terampil", "").replace(";4;", ";ikut kelas;")
    page = send(app, cast.syamsul, f"{MATRIX_HEAD}\n{of_class}\n", MATRIX)
    assert "tulis level 1 sampai 5" in text_of(page)


def test_levels_that_came_in_are_withdrawn_by_who_brought_them(app: Flask, cast: Cast) -> None:
    text = f"{HEAD}\n{GOOD}\n"
    confirm(app, cast.citra, send(app, cast.citra, text))
    assert undo(app, cast.syamsul, LEVELS).status_code == 404
    assert undo(app, cast.ani, LEVELS).status_code == 404
    assert undo(app, cast.citra, SHEET).status_code == 404
    assert evidence.held(cast.ani.id)["M.01"].level == 2
    assert undo(app, cast.citra, LEVELS).status_code == 303
    assert evidence.held(cast.ani.id) == {}
    assert "1 baris siap dicatat" in text_of(send(app, cast.citra, text))


def test_the_template_of_the_framework_can_be_read(app: Flask, cast: Cast) -> None:
    browser = browser_of(app, cast.syamsul)
    for address, wanted in ((SHEET, 1), (MATRIX, 1)):
        sent = browser.get(f"{address}/template.xlsx")
        page = browser.post(address, data={"file": (io.BytesIO(sent.get_data()), "t.xlsx")})
        assert f"{wanted} baris siap dicatat" in text_of(page)
    assert len(framework_sheet.EXAMPLE) == len(framework_sheet.COLUMNS)
    for who in (cast.citra, cast.fadli, cast.ani):
        assert browser_of(app, who).get(SHEET).status_code == 404
