"""The sheet of a unit: one page, what it says, and who may take it."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from elearn.dashboard import reading, report
from elearn.database import transaction
from elearn.people import units
from elearn.reports import periods, rollups
from tests.people_cast import Cast, a_person
from tests.reports.school import browser_of, passes


def text_of(content: bytes) -> str:
    """What stands on the only page."""
    (page,) = PdfReader(BytesIO(content)).pages
    assert round(float(page.mediabox.width)), round(float(page.mediabox.height)) == (595, 842)
    return page.extract_text()


def test_a_sheet_says_what_the_screen_says(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani, on=date(2026, 3, 2))
    rollups.advance()
    reading.read()
    taken = browser_of(app, cast.citra).get("/hr/report.pdf?part=q1")
    assert taken.content_type == "application/pdf"
    assert f"laporan-{cast.health.id}-2026-q1.pdf" in taken.headers["Content-Disposition"]
    text = text_of(taken.data)
    for part in (
        "Laporan pengembangan kompetensi",
        "Dinas Kesehatan",
        "Januari–Maret 2026",
        "0 dari 2 PNS; 2025: 0%",
        "0 pada Januari–Maret 2025",
        "Keamanan informasi",
        "per 24 November 2026 pukul 09.00 WIB",
    ):
        assert part in text, part


def test_it_stays_one_page_with_many_units_and_long_names(app: Flask, cast: Cast) -> None:
    with transaction():
        for at in range(30):
            name = f"Unit Pelaksana Teknis Daerah Pelayanan Kesehatan Masyarakat Nomor {at}"
            unit = units.create_unit(name, units.unit_of(cast.health.id))
            a_person(f"199001012015031{100 + at}", f"Orang {at}", unit)
    content = report.unit_report(cast.health.id, periods.of(2026, ""))
    assert "dan 21 lainnya di halaman Ringkasan" in text_of(content)


@pytest.mark.parametrize(("who", "unit", "status"), [
    ("citra", "health", 200), ("citra", "pustu", 200), ("citra", "works", 404),
    ("citra", "government", 404), ("stranger", "health", 404), ("ani", "pustu", 404),
    ("syamsul", "government", 200), ("fadli", "government", 200),
])  # fmt: skip
def test_who_may_take_it(app: Flask, cast: Cast, who: str, unit: str, status: int) -> None:
    address = f"/hr/report.pdf?unit={getattr(cast, unit).id}"
    assert browser_of(app, getattr(cast, who)).get(address).status_code == status
