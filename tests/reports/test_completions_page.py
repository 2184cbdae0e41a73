"""HR's list of completion records: it works, others are refused, it exports what it shows."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from elearn import clock
from elearn.database import db, transaction
from elearn.people import staffing
from elearn.people.models import AuditEntry, Status
from tests.people_cast import Cast, a_person, browser
from tests.reports.school import a_course, browser_of, page_of, passes, publish, rows_of, written

HERE = "/hr/completions"


@pytest.fixture
def passed(cast: Cast, course_id: int) -> Cast:
    """Ani and the stranger have passed, Ani first."""
    passes(cast.ani, on=date(2026, 3, 2))
    passes(cast.stranger, on=date(2026, 5, 4))
    return cast


def exported(app: Flask, person: object, address: str) -> list[list[str]]:
    page = browser_of(app, person).get(address)  # type: ignore[arg-type]
    assert page.status_code == 200
    return list(csv.reader(io.StringIO(page.get_data().decode("utf-8-sig"))))


def test_hr_of_the_agency_sees_every_record(app: Flask, passed: Cast) -> None:
    text = page_of(app, passed.syamsul, HERE)
    hendra, ani = rows_of(text)  # the newest first
    assert "Hendra Saputra" in hendra
    for part in (
        "Ani Pratiwi, A.Md.Kep.",
        "19940412 201903 2 901",
        "Pustu Bukit Sari",
        "Keamanan informasi",
        "2 Maret 2026",
        "/III/2026",
        f'href="/hr/people/{passed.ani.id}"',
    ):
        assert part in ani


def test_hr_of_a_unit_sees_its_own_branch_alone(app: Flask, passed: Cast) -> None:
    assert len(rows_of(page_of(app, passed.citra, HERE))) == 1
    assert "Hendra" not in page_of(app, passed.citra, HERE)
    assert "Ani" not in page_of(app, passed.stranger, HERE)


def test_an_auditor_reads_everything(app: Flask, passed: Cast) -> None:
    assert len(rows_of(page_of(app, passed.fadli, HERE))) == 2


@pytest.mark.parametrize("who", ["ani", "budi", "dewi"])
@pytest.mark.parametrize("ending", ["", ".csv", ".xlsx"])
def test_another_role_finds_nothing(app: Flask, passed: Cast, who: str, ending: str) -> None:
    before = written()
    assert browser_of(app, getattr(passed, who)).get(HERE + ending).status_code == 404
    assert written() == before


def test_who_is_not_signed_in_is_asked_to(app: Flask, cast: Cast) -> None:
    assert browser(app).get(HERE).status_code == 303


@pytest.mark.parametrize("ending", ["", ".csv", ".xlsx"])
def test_a_unit_outside_the_branch_is_not_found(app: Flask, passed: Cast, ending: str) -> None:
    hr = browser_of(app, passed.citra)
    for unit in (passed.works.id, passed.government.id, 9999):
        assert hr.get(f"{HERE}{ending}?unit={unit}").status_code == 404
    assert hr.get(f"{HERE}{ending}?unit={passed.pustu.id}").status_code == 200


def test_the_list_is_only_read(app: Flask, passed: Cast) -> None:
    hr = browser_of(app, passed.citra)
    assert hr.post(HERE).status_code == 405
    assert hr.post(HERE + ".csv").status_code == 405
    assert hr.get(HERE + ".pdf").status_code == 404


def test_reading_writes_nothing_and_exporting_what_is_noted(app: Flask, passed: Cast) -> None:
    hr = browser_of(app, passed.citra)
    before = written()
    hr.get(HERE)
    assert written() == before
    for kind in ("csv", "xlsx"):
        hr.get(f"{HERE}.{kind}?course=keamanan&q=pratiwi")
    noted = db.session.scalars(
        select(AuditEntry.body)
        .where(AuditEntry.action == "export:completions")
        .order_by(AuditEntry.id)
    ).all()
    assert noted == [
        f'{{"narrowed":["course=keamanan","kind={kind}"]}}' for kind in ("csv", "xlsx")
    ]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("q=pratiwi", ["Ani"]),
        ("q=199404122019032901", ["Ani"]),
        ("q=19940412+201903+2+901", ["Ani"]),
        ("status=pns", ["Hendra", "Ani"]),
        ("status=pppk", []),
        ("from=2026-05-04", ["Hendra"]),
        ("from=2026-03-02&until=2026-03-02", ["Ani"]),
        ("until=2026-03-01", []),
        ("course=keamanan", ["Hendra", "Ani"]),
        ("course=lain", []),
        ("sort=name", ["Ani", "Hendra"]),
        ("sort=-name", ["Hendra", "Ani"]),
        ("sort=unit", ["Hendra", "Ani"]),
        ("sort=when", ["Ani", "Hendra"]),
        ("from=x&until=2026-99-01&status=x&sort=x&page=0&year=x", ["Hendra", "Ani"]),
        ("page=77", ["Hendra", "Ani"]),
        ("unit=x", ["Hendra", "Ani"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(
    app: Flask, passed: Cast, asked: str, names: list[str]
) -> None:
    rows = exported(app, passed.syamsul, f"{HERE}.csv?{asked}")[1:]
    assert [row[0].split()[0] for row in rows] == names
    text = page_of(app, passed.syamsul, f"{HERE}?{asked}")
    assert [name for name in ("Ani Pratiwi", "Hendra Saputra") if name in text] == sorted(
        {"Ani": "Ani Pratiwi", "Hendra": "Hendra Saputra"}[name] for name in names
    )


def test_a_record_stays_with_the_unit_of_its_day(app: Flask, passed: Cast) -> None:
    with transaction():
        staffing.move(None, passed.ani.id, passed.works.id, clock.now_ms())
    publish(passed, a_course("pelayanan", "Pelayanan publik"))
    passes(passed.ani, "pelayanan")
    (before,) = exported(app, passed.citra, HERE + ".csv")[1:]
    assert before[3:5] == ["Pustu Bukit Sari", "Keamanan informasi"]
    after = exported(app, passed.stranger, HERE + ".csv")[1:]
    assert [row[3:5] for row in after] == [
        ["Dinas PUPR", "Pelayanan publik"],
        ["Dinas PUPR", "Keamanan informasi"],
    ]
    # Her page belongs to her new unit's HR, so the old one gets no link that leads to nothing.
    assert f'href="/hr/people/{passed.ani.id}"' not in page_of(app, passed.citra, HERE)


def test_the_csv_holds_the_nip_as_it_is(app: Flask, passed: Cast) -> None:
    page = browser_of(app, passed.citra).get(HERE + ".csv")
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert page.headers["Content-Disposition"] == "attachment; filename=kelulusan-2026-11-24.csv"
    assert page.get_data().startswith(b"\xef\xbb\xbf")
    header, row = exported(app, passed.citra, HERE + ".csv")
    assert header[:4] == ["Nama", "NIP", "Status", "Unit saat lulus"]
    assert row[:9] == [
        "Ani Pratiwi, A.Md.Kep.",
        "199404122019032901",
        "PNS",
        "Pustu Bukit Sari",
        "Keamanan informasi",
        "2026-03-02",
        "2026-03-02",
        "100.0",
        "3",
    ]
    assert row[9].endswith("/III/2026")


def test_the_xlsx_holds_the_nip_as_text(app: Flask, passed: Cast) -> None:
    page = browser_of(app, passed.citra).get(HERE + ".xlsx")
    assert "kelulusan-2026-11-24.xlsx" in page.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(page.get_data()))
    header, row = book.get_sheet_by_index(0).to_python()
    assert header[1] == "NIP"
    assert row[1] == "199404122019032901"
    assert row[5:9] == [date(2026, 3, 2), date(2026, 3, 2), 100.0, 3.0]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_name_becomes_a_formula(app: Flask, cast: Cast, course_id: int, start: str) -> None:
    with transaction():
        odd = a_person("199001012015031955", f"{start}1+1", cast.pustu, status=Status.PNS)
    passes(odd)
    ((name, *_),) = exported(app, cast.citra, HERE + ".csv")[1:]
    assert name == f"'{start}1+1"
    page = browser_of(app, cast.citra).get(HERE + ".xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(page.get_data()))
    assert book.get_sheet_by_index(0).to_python()[1][0] == f"'{start}1+1"


def test_an_empty_list_says_what_to_do(app: Flask, cast: Cast) -> None:
    assert "Belum ada kelulusan di unit Anda" in page_of(app, cast.citra, HERE)
    assert "Tidak ada kelulusan yang cocok" in page_of(app, cast.citra, HERE + "?q=zzz")
