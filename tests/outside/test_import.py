"""A spreadsheet of learning elsewhere: each problem by row and column, all or nothing, once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from elearn import spreadsheets
from elearn.competency import derived, framework
from elearn.competency.outside_models import OutsideLearning
from elearn.database import db, transaction
from elearn.journal.models import Event
from elearn.outside import sheet
from elearn.outside.sheet import Column
from elearn.people import staffing
from elearn.people.models import AuditEntry
from elearn.staged import StagedFile
from tests.competency.people_of_jambi import Browser
from tests.outside.conftest import PDF
from tests.people_cast import Cast
from tests.reports.school import browser_of, text_of

HERE = "/hr/completions/outside/import"
ANI = "19940412 201903 2 901"
GOOD: dict[Column, Any] = {
    Column.NIP: ANI,
    Column.NAME: "Ani Pratiwi",
    Column.TITLE: "Seminar gizi",
    Column.KIND: "seminar",
    Column.ORGANISER: "Dinas Kesehatan",
    Column.NUMBER: "12/2026",
    Column.STARTED: "07-05-2026",
    Column.ENDED: "07-05-2026",
    Column.JP: "4",
    Column.LETTER: "",
    Column.LETTER_ON: "",
}


def a_sheet(*rows: dict[Column, Any], above: Sequence[str] = ()) -> bytes:
    """A workbook with these rows under the headings; a value "=…" is written as a formula."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for at, text in enumerate(above):
            page.write_string(at, 0, text)
        for column, name in enumerate(Column):
            page.write_string(len(above), column, name.value)
        for at, row in enumerate(rows, len(above) + 1):
            for column, name in enumerate(Column):
                _write(page, (at, column), row.get(name, ""), day)
    return held.getvalue()


def _write(page: Any, place: tuple[int, int], value: Any, day: Any) -> None:
    if isinstance(value, date):
        page.write_datetime(*place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    elif isinstance(value, str) and not value.startswith("="):
        page.write_string(*place, value)
    else:
        page.write(*place, value)


def upload(browser: Browser, content: bytes) -> TestResponse:
    data = {"file": (BytesIO(content), "isi.xlsx")}
    return browser.post(HERE, data=data, content_type="multipart/form-data")


def confirm(browser: Browser, page: TestResponse) -> TestResponse:
    token = re.search(r'name="token" value="([^"]+)"', text_of(page))
    assert token
    return browser.post(f"{HERE}/confirm", data={"token": token[1]})


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_rows_are_looked_at_confirmed_and_counted_once(app: Flask, cast: Cast) -> None:
    citra = browser_of(app, cast.citra)
    second = GOOD | {Column.NUMBER: "13/2026", Column.STARTED: date(2026, 5, 7), Column.JP: 6}
    content = a_sheet(GOOD, second, above=["Daftar pelatihan Dinas Kesehatan", ""])
    page = upload(citra, content)
    assert page.status_code == 200
    assert "2 baris siap dicatat" in text_of(page)
    assert (count(OutsideLearning), count(Event)) == (0, 0)
    assert confirm(citra, page).status_code == 303
    rows = db.session.scalars(select(OutsideLearning).order_by(OutsideLearning.jp)).all()
    assert [(row.jp, row.kind, row.state, row.entered_by) for row in rows] == [
        (4, "9", "approved", cast.citra.id),
        (6, "9", "approved", cast.citra.id),
    ]
    assert list(derived.differences()) == []
    assert count(StagedFile) == 0
    again = upload(citra, content)
    assert "2 baris sudah tercatat" in text_of(again)
    assert 'name="token"' not in text_of(again)
    more = upload(citra, a_sheet(GOOD, second, GOOD | {Column.NUMBER: "14/2026"}))
    assert "1 baris siap dicatat" in text_of(more)
    confirm(citra, more)
    assert count(OutsideLearning) == 3
    actions = list(db.session.scalars(select(AuditEntry.action)))
    assert actions.count("outside_learning:imported") == 2


WRONG = [
    (Column.NIP, 198502142009122908, "NIP rusak karena tersimpan sebagai angka"),
    (Column.NIP, 1.98609e17, "NIP rusak karena tersimpan sebagai angka"),
    (Column.NIP, "1,98609E+17", "NIP rusak karena tersimpan sebagai angka"),
    (Column.NIP, "19940412201903290", "harus 18 angka"),
    (Column.NIP, "199404122019032000", "tidak boleh 000"),
    (Column.NIP, "199404122019035901", "harus 1 atau 2"),
    (Column.NIP, "199102292019032992", "bukan tanggal lahir"),
    (Column.NIP, "199001152015031991", "tidak ada pegawai dengan NIP ini di unit Anda"),
    (Column.NIP, "198603032011011920", "tidak ada pegawai dengan NIP ini di unit Anda"),
    (Column.NIP, "198502142009122908", "diajukan dari Capaian"),
    (Column.NIP, "", "kosong; isi dahulu"),
    (Column.TITLE, "x" * 201, "terlalu panjang"),
    (Column.TITLE, '=CONCAT("a";"b")', "berisi rumus"),
    (Column.KIND, "Arisan", "Arisan tidak ada dalam daftar"),
    (Column.ORGANISER, "", "kosong; isi dahulu"),
    (Column.NUMBER, "", "kosong; isi dahulu"),
    (Column.STARTED, 46149, "46149 tersimpan sebagai angka"),
    (Column.STARTED, "5/13/2026", "bukan tanggal"),
    (Column.STARTED, "31-02-2026", "bukan tanggal"),
    (Column.STARTED, "08-05-2026", "mendahului tanggal mulai"),
    (Column.STARTED, date(1925, 5, 7), "terlalu lama"),
    (Column.ENDED, "07-05-2027", "belum tiba"),
    (Column.JP, -4, "-4: JP paling sedikit 1"),
    (Column.JP, 0, "JP paling sedikit 1"),
    (Column.JP, 2.5, "tulis bilangan bulat"),
    (Column.JP, "empat", "tulis bilangan bulat"),
    (Column.JP, 1001, "paling banyak 1.000"),
    (Column.LETTER, "800/1", "perlu nomor dan tanggalnya"),
    (Column.LETTER_ON, "01-05-2026", "perlu nomor dan tanggalnya"),
]


def test_each_wrong_cell_is_named_with_row_column_and_mend(app: Flask, cast: Cast) -> None:
    rows = [GOOD | {Column.NUMBER: f"{n}/2026"} | {column: value}
            for n, (column, value, _said) in enumerate(WRONG)]  # fmt: skip
    page = upload(browser_of(app, cast.citra), a_sheet(GOOD, *rows))
    text = text_of(page)
    assert page.status_code == 422
    assert f"{len(WRONG)} baris perlu dibetulkan" in text
    found = {
        int(number): words
        for number, words in re.findall(r"<td>Baris (\d+)</td>(.*?)</tr>", text)
        if "<b>" in words
    }
    for at, (column, _value, said) in enumerate(WRONG, 3):
        assert f"{column.value}</b>" in found[at] or "mendahului" in said or "perlu nomor" in said
        assert said in found[at], (at, found[at])
    assert 'name="token"' not in text
    assert (count(OutsideLearning), count(Event), count(StagedFile)) == (0, 0, 0)


def test_duplicates_in_the_file_and_other_contents_in_the_records_are_told(
    app: Flask, cast: Cast
) -> None:
    citra = browser_of(app, cast.citra)
    confirm(citra, upload(citra, a_sheet(GOOD)))
    twice = GOOD | {Column.NUMBER: "13 / 2026"}
    text = text_of(upload(citra, a_sheet(twice, twice, GOOD | {Column.JP: 8})))
    assert "sama dengan baris 2" in text
    assert "sudah tercatat dengan isi lain" in text
    assert count(OutsideLearning) == 1


def test_what_changed_between_looking_and_confirming_brings_in_nothing(
    app: Flask, cast: Cast
) -> None:
    citra = browser_of(app, cast.citra)
    page = upload(citra, a_sheet(GOOD, GOOD | {Column.NUMBER: "13/2026"}))
    with transaction():
        staffing.move(None, cast.ani.id, cast.works.id, 1_795_500_000_000 - 1_000_000_000)
    done = confirm(citra, page)
    assert done.status_code == 422
    assert "tidak ada pegawai" in text_of(done)
    assert count(OutsideLearning) == 0


def test_a_former_number_finds_its_person(app: Flask, cast: Cast) -> None:
    with transaction():
        staffing.change_nip(None, cast.ani.id, "199404122019032941")
    assert "1 baris siap" in text_of(upload(browser_of(app, cast.citra), a_sheet(GOOD)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "bukan lembar kerja XLSX"),
        (PDF, "bukan lembar kerja XLSX"),
        (b"NIP;Nama\n1;2", "bukan lembar kerja XLSX"),
        (a_sheet()[:-300], "bukan lembar kerja XLSX"),
        (b"x" * 1_000_001, "Paling banyak 200 baris"),
        (a_sheet(*[GOOD] * 201), "Paling banyak 200 baris"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_mend(
    app: Flask, cast: Cast, content: bytes, said: str
) -> None:
    page = upload(browser_of(app, cast.citra), content)
    assert page.status_code in {413, 422}
    assert said in text_of(page) or page.status_code == 413
    assert count(StagedFile) == 0


def test_the_template_can_be_filled_and_read(app: Flask, cast: Cast) -> None:
    sent = browser_of(app, cast.citra).get(f"{HERE}/template.xlsx")
    grid = spreadsheets.read(sent.data, sheet.MAX_ROWS)
    kinds = {kind.id: kind.name for kind in framework.training_kinds()}
    (example,) = sheet.lines_of(grid, kinds)
    assert example.problems == []
    assert example.learning is not None
    assert (example.learning.kind, example.learning.jp) == ("8", 24)


@pytest.mark.parametrize("who", ["ani", "budi", "dewi", "fadli"])
def test_only_hr_brings_in(app: Flask, cast: Cast, who: str) -> None:
    browser = browser_of(app, getattr(cast, who))
    assert browser.get(HERE).status_code == 404
    assert browser.get(f"{HERE}/template.xlsx").status_code == 404
    assert upload(browser, a_sheet(GOOD)).status_code == 404
    assert browser.post(f"{HERE}/confirm", data={"token": "x"}).status_code == 404


def test_hr_of_another_unit_cannot_confirm_somebody_elses_file(app: Flask, cast: Cast) -> None:
    page = upload(browser_of(app, cast.citra), a_sheet(GOOD))
    other = browser_of(app, cast.stranger)
    assert confirm(other, page).headers["Location"] == HERE
    assert "tidak ada pegawai" in text_of(upload(other, a_sheet(GOOD)))
    assert count(OutsideLearning) == 0
