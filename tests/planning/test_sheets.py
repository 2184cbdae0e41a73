"""Sheets brought in: looked at by row and column, all or nothing, and only once."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.competency import derived, evidence
from elearn.competency.models import AssessedLevel
from elearn.database import db
from elearn.people.models import Person
from tests.people_cast import Cast
from tests.reports.school import browser_of, text_of

LEVELS = "/hr/gaps/import/levels"
HEAD = "NIP;Kode;Level;Tanggal penilaian;Dasar penilaian"
GOOD = "199404122019032901;M.01;2;02-03-2026;Asesmen 2026"


def send(app: Flask, person: Person, text: str, address: str = LEVELS) -> Any:
    file = (io.BytesIO(text.encode()), "a.csv")
    return browser_of(app, person).post(address, data={"file": file})


def confirm(app: Flask, person: Person, page: Any, address: str = LEVELS) -> Any:
    token = re.search(r'name="token" value="([^"]+)"', page.get_data(as_text=True))
    assert token
    return browser_of(app, person).post(f"{address}/confirm", data={"token": token[1]})


def levels() -> int:
    return db.session.scalar(select(func.count(AssessedLevel.id))) or 0


def test_levels_come_in_once(app: Flask, cast: Cast) -> None:
    text = f"{HEAD}\n{GOOD}\n{GOOD.replace('M.01', 'sk.01')}\n"
    page = send(app, cast.citra, text)
    assert page.status_code == 200
    assert "2 baris siap dicatat" in text_of(page)
    assert levels() == 0
    assert confirm(app, cast.citra, page).status_code == 303
    assert {code: row.level for code, row in evidence.held(cast.ani.id).items()} == {
        "M.01": 2,
        "SK.01": 2,
    }
    assert list(derived.differences()) == []
    again = send(app, cast.citra, text)
    assert "2 baris sudah tercatat" in text_of(again)
    assert 'name="token"' not in text_of(again)
    assert levels() == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("199404122019032901", "19940412", "<b>NIP</b>: 19940412: NIP harus 18 angka"),
        ("199404122019032901", "198603032011011920", "tidak ada pegawai dengan NIP ini"),
        ("199404122019032901", "198502142009122908", "level Anda sendiri dicatat oleh rekan"),
        ("M.01", "M.99", "<b>Kode</b>: M.99 tidak ada dalam kamus"),
        (";2;", ";6;", "<b>Level</b>: 6: tulis level 1 sampai 5"),
        (";2;", ";;", "<b>Level</b>: kosong"),
        ("02-03-2026", "02-03-2999", "tanggal ini belum tiba"),
        ("02-03-2026", "kemarin", "kemarin bukan tanggal"),
        ("Asesmen 2026", "x" * 201, "terlalu panjang"),
        (GOOD, f"{GOOD}\n{GOOD}", "sama dengan baris sebelumnya"),
    ],
)
def test_a_wrong_row_is_named_with_its_column(
    app: Flask, cast: Cast, old: str, new: str, said: str
) -> None:
    page = send(app, cast.citra, f"{HEAD}\n{GOOD.replace(old, new)}\n")
    assert page.status_code == 422
    assert said in text_of(page)
    assert 'name="token"' not in text_of(page)


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "%PDF-1.4", "PK\x03\x04broken", "<html>"])
def test_what_is_no_such_sheet_is_refused(app: Flask, cast: Cast, text: str) -> None:
    page = send(app, cast.citra, text)
    assert page.status_code == 422
    assert 'aria-invalid="true"' in text_of(page)


def test_another_level_of_the_same_day_is_for_a_correction(app: Flask, cast: Cast) -> None:
    confirm(app, cast.citra, send(app, cast.citra, f"{HEAD}\n{GOOD}\n"))
    page = send(app, cast.citra, f"{HEAD}\n{GOOD.replace(';2;', ';3;')}\n")
    assert "betulkan di halaman pegawainya" in text_of(page)


@pytest.mark.parametrize("who", ["ani", "budi", "fadli", "dewi"])
def test_only_hr_brings_levels_in(app: Flask, cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    for address in (LEVELS, f"{LEVELS}/template.xlsx"):
        assert browser_of(app, person).get(address).status_code == 404
    assert send(app, person, f"{HEAD}\n{GOOD}\n").status_code == 404


def test_the_template_can_be_brought_in(app: Flask, cast: Cast) -> None:
    browser = browser_of(app, cast.citra)
    sent = browser.get(f"{LEVELS}/template.xlsx")
    file = (io.BytesIO(sent.get_data()), "t.xlsx")
    page = browser.post(LEVELS, data={"file": file})
    assert "1 baris siap dicatat" in text_of(page)
    assert browser.get("/hr/gaps/import/other").status_code == 404
