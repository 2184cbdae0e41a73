"""What SIASN is told: the list, the files, the marks, the ids that come back."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from elearn import clock, settings
from elearn.competency.models import Certificate, HoursYear
from elearn.database import db, transaction
from elearn.people import staffing
from elearn.people.models import AuditEntry
from elearn.reports.filters import Wanted
from elearn.siasn import listing
from elearn.siasn.models import SiasnMark
from elearn.siasn.sheets import HEADER
from tests.competency.people_of_jambi import Browser
from tests.outside.conftest import PDF, photograph
from tests.people_cast import Cast, actor_of
from tests.reports.school import a_course, browser_of, page_of, passes, publish, rows_of, text_of
from tests.siasn.conftest import elsewhere

HERE = "/hr/completions/siasn"


def exported(app: Flask, cast: Cast, query: str = "") -> list[list[str]]:
    page = browser_of(app, cast.syamsul).get(f"{HERE}.csv{query}")
    assert page.status_code == 200
    return list(csv.reader(io.StringIO(page.get_data().decode("utf-8-sig"))))[1:]


def marks() -> list[tuple[str, str]]:
    found = db.session.execute(
        select(SiasnMark.source_kind, SiasnMark.siasn_id).order_by(SiasnMark.source_kind)
    )
    return [(row.source_kind, row.siasn_id) for row in found]


def test_a_course_and_learning_elsewhere_stand_in_the_columns_of_siasn(
    app: Flask, cast: Cast
) -> None:
    row = elsewhere(cast, cast.ani, PDF)
    sent = browser_of(app, cast.syamsul).get(f"{HERE}.xlsx")
    with CalamineWorkbook.from_filelike(BytesIO(sent.data)) as book:
        header, outside, course = book.get_sheet_by_index(0).to_python()
    assert tuple(header) == HEADER
    number = db.session.scalar(select(Certificate.number))
    assert outside == [
        "199404122019032901", "Ani Pratiwi, A.Md.Kep.", "PNS", "Pustu Bukit Sari", "8",
        "Bimbingan Teknis", "P", "Bimtek gizi", "Balai Pelatihan", "893/012/2026", 8.0, 2026.0,
        "04-05-2026", "05-05-2026", f"893-012-2026-L{row.id}.pdf",
    ]  # fmt: skip
    assert course[4:9] == [
        "16", "E-Learning", "", "Keamanan informasi",
        "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
    ]  # fmt: skip
    assert course[9:] == [
        number, 3.0, 2026.0, "02-03-2026", "02-03-2026", number.replace("/", "-") + ".pdf"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Bimtek gizi", "Keamanan informasi", "Bimtek jalan"}),
        ("?unit={health}", {"Bimtek gizi", "Keamanan informasi"}),
        ("?unit={works}", {"Bimtek jalan"}),
        ("?from=2026-05-01", {"Bimtek gizi", "Bimtek jalan"}),
        ("?until=2026-03-02", {"Keamanan informasi"}),
        ("?status=pppk", {"Bimtek jalan"}),
        ("?q=ani", {"Bimtek gizi", "Keamanan informasi"}),
        ("?state=sent", set()),
    ],
)
def test_the_file_holds_what_the_list_was_narrowed_to(
    app: Flask, cast: Cast, query: str, titles: set[str]
) -> None:
    elsewhere(cast, cast.ani)
    with transaction():
        db.session.get_one(type(cast.stranger), cast.stranger.id).status = "pppk"
    elsewhere(cast, cast.stranger, title="Bimtek jalan", ended_on=date(2026, 6, 1))
    query = query.format(health=cast.health.id, works=cast.works.id)
    assert {row[7] for row in exported(app, cast, query)} == titles


def test_what_would_be_refused_is_listed_with_the_mend_and_in_no_file(
    app: Flask, cast: Cast
) -> None:
    nameless = elsewhere(cast, cast.ani, number="-", title="Seminar tanpa nomor")
    leading = elsewhere(cast, cast.ani, number="7", title="PIM IV", kind="1")
    text = page_of(app, cast.syamsul, HERE)
    assert "3 belum dikirim, 2 di antaranya akan ditolak" in text
    assert "1 baris siap dikirim" in text
    refused = "".join(rows_of(page_of(app, cast.syamsul, f"{HERE}?state=refused")))
    for part in (
        "Minta nomornya kepada penyelenggara",
        "masuk riwayat diklat",
        f'href="/hr/completions/outside/{nameless.id}/correct"',
        f'href="/hr/completions/outside/{leading.id}"',
    ):
        assert part in refused
    assert [row[7] for row in exported(app, cast)] == ["Keamanan informasi"]
    with transaction() as session:
        session.execute(update(Certificate).values(number=None, serial=None))
    text = page_of(app, cast.syamsul, HERE)
    assert "3 di antaranya akan ditolak" in text
    assert 'href="/hr/certificates/numbers"' in text
    assert exported(app, cast) == []


def test_the_database_refuses_what_the_rules_refuse(app: Flask, cast: Cast) -> None:
    for n, number in enumerate(("-", " Tanpa Nomor ", "12", "n/a", "0", "0-1")):
        elsewhere(cast, cast.ani, number=number, title=f"S{n}", kind="1" if n == 2 else "9")
    actor, wanted = actor_of(cast.syamsul), Wanted(2026)
    everything = listing.find(actor, wanted, listing.ALL, {}, 99).rows
    refused = listing.find(actor, wanted, listing.REFUSED, {}, 99).rows
    by_rule = {row.source_id for row in everything if row.record.faults}
    assert {row.source_id for row in refused} == by_rule
    assert listing.counts(actor, wanted, {}).refused == len(by_rule) == 5


def test_the_figure_that_counts_is_sent_where_the_setting_says_so(app: Flask, cast: Cast) -> None:
    publish(cast, a_course("kedua", "Kursus kedua"))
    passes(cast.ani, "kedua", on=date(2026, 3, 2))  # six JP on one day, three of them count
    assert [row[10] for row in exported(app, cast)] == ["3", "3"]
    with transaction():
        settings.change("floor_counts", 2026, "countable", None)
    assert [(row[7], row[10]) for row in exported(app, cast)] == [("Keamanan informasi", "3")]
    text = page_of(app, cast.syamsul, HERE)
    assert "2 belum dikirim, 1 di antaranya akan ditolak" in text
    assert "0 JP terhitung karena batas e-learning sehari" in text


@pytest.mark.parametrize(
    ("moment", "day", "year"),
    [
        (datetime(2025, 12, 31, 23, 30, tzinfo=clock.WIB), "31-12-2025", "2025"),
        (datetime(2026, 1, 1, 0, 30, tzinfo=clock.WIB), "01-01-2026", "2026"),
    ],
)
def test_the_year_is_that_of_wib_on_both_sides_of_midnight(
    app: Flask, cast: Cast, moment: datetime, day: str, year: str
) -> None:
    at_ms = clock.to_ms(moment)
    publish(cast, a_course("malam", "Kursus malam"))
    with clock.set_to(at_ms):
        passes(cast.budi, "malam")
    (row,) = [row for row in exported(app, cast) if row[7] == "Kursus malam"]
    assert row[11:14] == [year, day, day]
    assert row[9].endswith(f"/{year}")
    columns = (HoursYear.year, Certificate.year)
    held = select(*columns).join(Certificate, Certificate.person_id == HoursYear.person_id)
    (years,) = db.session.execute(held.where(HoursYear.person_id == cast.budi.id)).all()
    assert [str(each) for each in years] == [year, year]


def test_what_is_ticked_is_marked_and_unmarked(app: Flask, cast: Cast) -> None:
    row = elsewhere(cast, cast.ani)
    nameless = elsewhere(cast, cast.ani, number="-", title="Tanpa nomor")
    syamsul = browser_of(app, cast.syamsul)
    chosen = [f"outside:{row.id}", f"outside:{nameless.id}", "outside:999", "x", ":"]
    done = syamsul.post(f"{HERE}/mark", data={"chosen": chosen, "act": "mark", "sort": "name"})
    assert done.headers["Location"] == f"{HERE}?sort=name"
    assert marks() == [("outside", "")]
    assert "1 sudah dikirim" in text_of(syamsul.get(HERE))
    assert [line[7] for line in exported(app, cast)] == ["Keamanan informasi"]
    assert [line[7] for line in exported(app, cast, "?state=sent")] == ["Bimtek gizi"]
    syamsul.post(f"{HERE}/mark", data={"chosen": f"outside:{row.id}", "act": "unmark"})
    assert marks() == []
    assert "centang dahulu" in text_of(
        syamsul.post(f"{HERE}/mark", data={"act": "mark"}, follow_redirects=True)
    )
    actions = set(db.session.scalars(select(AuditEntry.action)))
    assert {"siasn:marked", "siasn:unmarked"} <= actions


def test_all_that_was_seen_is_marked_and_nothing_that_came_since(app: Flask, cast: Cast) -> None:
    elsewhere(cast, cast.ani, number="-", title="Tanpa nomor")
    syamsul = browser_of(app, cast.syamsul)
    passes(cast.budi)
    stale = syamsul.post(
        f"{HERE}/mark", data={"act": "all", "sendable": "1"}, follow_redirects=True
    )
    assert "berubah sejak halaman dibuka" in text_of(stale)
    assert marks() == []
    syamsul.post(f"{HERE}/mark", data={"act": "all", "sendable": "2"})
    assert marks() == [("course", ""), ("course", "")]
    assert "1 belum dikirim, 1 di antaranya akan ditolak; 2 sudah" in page_of(
        app, cast.syamsul, HERE
    )


def ids(browser: Browser, *rows: tuple[Any, ...], header: tuple[str, ...] = ()) -> TestResponse:
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for at, row in enumerate([header or ("NIP", "nomorSertipikat", "id"), *rows]):
            for column, cell in enumerate(row):
                page.write(at, column, cell)
    data = {"file": (BytesIO(held.getvalue()), "id.xlsx")}
    return browser.post(f"{HERE}/ids", data=data, content_type="multipart/form-data")


def test_ids_of_siasn_mark_as_sent_once(app: Flask, cast: Cast) -> None:
    elsewhere(cast, cast.ani)
    number = db.session.scalar(select(Certificate.number))
    with transaction():
        staffing.change_nip(None, cast.ani.id, "199404122019032941")
    syamsul = browser_of(app, cast.syamsul)
    syamsul.post(f"{HERE}/mark", data={"act": "mark", "chosen": "course:1"})
    rows = [
        ("19940412 201903 2 941", number, "a1b2"),
        ("199404122019032901", "893/012/2026", "c3d4"),  # the number they had before
    ]
    assert ids(syamsul, *rows).status_code == 303
    assert marks() == [("course", "a1b2"), ("outside", "c3d4")]
    again = ids(syamsul, *rows, header=("nipBaru", "noSertipikat", "ID SIASN"))
    assert again.status_code == 303
    assert "0 id SIASN dicatat; 2 sudah tercatat" in text_of(syamsul.get(HERE))
    assert "c3d4" in page_of(app, cast.syamsul, f"{HERE}?state=sent")


def test_a_wrong_row_of_ids_marks_nothing(app: Flask, cast: Cast) -> None:
    elsewhere(cast, cast.ani)
    elsewhere(cast, cast.stranger, number="9/2026", title="Jauh")
    citra, ani = browser_of(app, cast.citra), cast.ani.nip
    page = ids(
        citra,
        (ani, "893/012/2026", "a1"),
        (199404122019032901, "893/012/2026", "a2"),
        ("1,99404E+17", "893/012/2026", "a3"),
        (ani, "tidak ada", "a4"),
        (ani, "893/012/2026", ""),
        (ani, "893/012/2026", "a1"),
        (cast.stranger.nip, "9/2026", "a6"),
        ("12", "893/012/2026", "a7"),
        (ani, "893/012/2026", "x" * 65),
    )
    assert page.status_code == 422
    found = rows_of(text_of(page))
    said = [
        "Baris 3", "Baris 4", "tidak ada pembelajaran", "kosong", "juga ada di baris 2",
        "tidak ada pembelajaran", "bukan NIP", "bukan id SIASN",
    ]  # fmt: skip
    assert len(found) == len(said)
    assert all(words in row for words, row in zip(said, found, strict=True))
    assert marks() == []
    for other in (ids(citra, (ani,), header=("NIP", "x")), ids(citra)):
        assert other.status_code in {303, 422}
    assert marks() == []


def test_the_certificates_go_along_as_pdf_under_the_names_in_the_file(
    app: Flask, cast: Cast
) -> None:
    elsewhere(cast, cast.ani, PDF)
    elsewhere(cast, cast.ani, photograph(), number="893/012/2026 ", title="Bernomor sama")
    elsewhere(cast, cast.ani, number="55", title="Tanpa berkas")
    sent = browser_of(app, cast.syamsul).get(f"{HERE}.zip")
    named = {row[14] for row in exported(app, cast)} - {""}
    with zipfile.ZipFile(BytesIO(sent.data)) as book:
        assert set(book.namelist()) == named | {"TANPA-BERKAS.txt"}
        assert all(book.read(name).startswith(b"%PDF-") for name in named)
        assert b"Tanpa berkas" in book.read("TANPA-BERKAS.txt")
        assert not any(cast.ani.nip in name for name in book.namelist())
    assert len(named) == 3
    assert browser_of(app, cast.syamsul).get(f"{HERE}.zip?part=2").status_code == 404


@pytest.mark.parametrize(
    ("who", "seen", "marked"),
    [("fadli", 200, 403), ("stranger", 200, 303), ("ani", 404, 404), ("budi", 404, 404)],
)
def test_who_may_read_and_who_may_mark(
    app: Flask, cast: Cast, who: str, seen: int, marked: int
) -> None:
    row = elsewhere(cast, cast.ani)
    browser = browser_of(app, getattr(cast, who))
    for address in (HERE, f"{HERE}.csv", f"{HERE}.xlsx"):
        assert browser.get(address).status_code == seen
    data = {"chosen": f"outside:{row.id}", "act": "mark"}
    assert browser.post(f"{HERE}/mark", data=data).status_code == marked
    assert browser.post(f"{HERE}/mark", data={"act": "all", "sendable": "2"}).status_code == marked
    sent = ids(browser, (cast.ani.nip, "893/012/2026", "a1"))
    assert sent.status_code == (422 if who == "stranger" else marked)
    assert marks() == []
    if who == "stranger":
        assert "Bimtek gizi" not in text_of(browser.get(HERE))
        assert browser.get(f"{HERE}.zip").status_code == 404
        assert browser.get(f"{HERE}?unit={cast.health.id}").status_code == 404


def test_statements_do_not_grow_with_the_list(app: Flask, cast: Cast, query_count: Any) -> None:
    elsewhere(cast, cast.ani)
    syamsul = browser_of(app, cast.syamsul)
    syamsul.get(HERE)
    with query_count() as few:
        syamsul.get(HERE)
    for n in range(30):
        elsewhere(cast, cast.budi, number=f"n{n}", jp=2)
    with query_count() as many:
        syamsul.get(HERE)
    assert many.total == few.total <= 8
