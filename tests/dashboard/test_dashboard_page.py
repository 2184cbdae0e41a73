"""Ringkasan: the whole of a branch in one screen, each number a way to its list."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask

from elearn import clock
from elearn.dashboard import reading
from elearn.database import transaction
from elearn.people import staffing, units
from elearn.people.models import RoleGrant, Status
from elearn.people.permissions import Role
from elearn.reports import rollups
from tests.people_cast import Cast, a_person
from tests.reports.school import (
    begin,
    browser_of,
    learns_elsewhere,
    page_of,
    passes,
    rows_of,
    written,
)

DAY = date(2026, 3, 2)
MOST_STATEMENTS = 14


def counted() -> None:
    """What the jobs do every minute and every hour."""
    rollups.advance()
    reading.read()


def test_the_figures_of_a_branch(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani, on=DAY)
    begin(cast.citra)
    learns_elsewhere(cast.citra, cast.ani, 17, DAY)
    with transaction():
        a_person("199005172023211902", "Rudi Saputra", cast.pustu, status=Status.PPPK)
    counted()
    text = page_of(app, cast.citra, "/hr")
    for part in (
        '<a href="/hr/people">3</a>',
        '<a href="/hr/people?status=pns&amp;floor=met">50%</a>',
        "1 dari 2 PNS; tahun 2025 0%",
        '<a href="/hr/people?status=pns&amp;floor=short">1 belum</a>',
        '<a href="/hr/completions?from=2026-01-01&amp;until=2026-12-31">1</a>',
        '<a href="/hr/certificates?from=2026-01-01&amp;until=2026-12-31">1</a>',
        "naik dari 0 pada Januari–November 2025",
        '<a href="/hr/people?status=pppk">1<',
        f'<a href="/hr?unit={cast.puskesmas.id}">Puskesmas Hulu</a>',
        "100% (1/1)",
        '<a href="/hr/completions?until=2026-03-31&amp;from=2026-03-01">1<',
        '<a href="/hr/courses/keamanan">Keamanan informasi</a>',
        "per 24 November 2026 pukul 09.00 WIB",
    ):
        assert part in text, part


def test_each_number_is_that_of_its_list(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani, on=DAY)
    passes(cast.citra, on=date(2026, 8, 3))
    counted()
    page = "/hr?part=q1&class=jf_terampil&year=2026"
    text = page_of(app, cast.syamsul, page)
    listed = re.findall(r'<p class="figure"><a href="([^"]+)">([0-9]+)</a>', text)
    assert [(address.split("?")[0], number) for address, number in listed] == [
        ("/hr/people", "1"),
        ("/hr/completions", "1"),
        ("/hr/certificates", "1"),
    ]
    for address, number in listed:
        there = page_of(app, cast.syamsul, address.replace("&amp;", "&"))
        assert re.search(rf"{number} (pegawai|kelulusan|sertifikat)", there), address
        assert "Ani Pratiwi" in there
        assert "Citra Lestari" not in rows_of(there)[0]
        assert '<option value="jf_terampil" selected>' in there


def test_until_it_is_counted_the_page_says_so(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani, on=DAY)
    text = page_of(app, cast.citra, "/hr")
    assert "Angka sedang dihitung" in text
    counted()
    assert "Angka sedang dihitung" not in page_of(app, cast.citra, "/hr")


def test_its_statements_are_as_many_at_any_size(
    app: Flask, cast: Cast, course_id: int, query_count: Any
) -> None:
    counted()
    browser = browser_of(app, cast.syamsul)
    browser.get("/hr")
    with query_count() as first:
        browser.get("/hr")
    passes(cast.ani, on=DAY)
    begin(cast.citra)
    begin(cast.budi)
    counted()
    with query_count() as later:
        browser.get("/hr")
    assert len(later.statements) == len(first.statements) <= MOST_STATEMENTS


def test_a_unit_below_is_chosen(app: Flask, cast: Cast) -> None:
    unit = cast.puskesmas.id
    text = page_of(app, cast.syamsul, f"/hr?unit={unit}")
    assert f'<a href="/hr/people?unit={unit}">1</a>' in text
    assert f'<option value="{unit}" selected>' in text


def test_the_lowest_units_are_marked(app: Flask, cast: Cast) -> None:
    with transaction():
        for at in range(3):
            a_person(f"199001012015031{100 + at}", f"Orang {at}", cast.works)
    learns_elsewhere(cast.syamsul, cast.ani, 20, DAY)
    text = page_of(app, cast.syamsul, "/hr")
    first, second = text.split('<ul class="bars">')[1].split("</ul>")[0].split("<li")[1:]
    assert "Dinas Kesehatan" in first
    assert "Dinas PUPR" in second
    assert "0% (0/4)" in second


def test_a_closed_year_uses_the_unit_at_its_end(app: Flask, cast: Cast) -> None:
    learns_elsewhere(cast.citra, cast.ani, 20, date(2025, 6, 2))
    with transaction():
        staffing.move(None, cast.ani.id, cast.works.id, clock.start_of_day_ms(date(2026, 2, 1)))
    assert "1 dari 2 PNS" in page_of(app, cast.citra, "/hr?year=2025")
    assert "0 dari 1 PNS" in page_of(app, cast.citra, "/hr")
    assert "year=2025" in page_of(app, cast.citra, "/hr?year=2025").split("PNS memenuhi")[1]


def test_completions_stay_with_the_unit_of_their_day(
    app: Flask, cast: Cast, course_id: int
) -> None:
    passes(cast.ani, on=DAY)
    with transaction():
        staffing.move(None, cast.ani.id, cast.works.id, clock.now_ms())
    counted()
    assert ">1</a>" in page_of(app, cast.citra, "/hr").split("Kelulusan</p>")[1][:200]
    assert ">0</a>" in page_of(app, cast.stranger, "/hr").split("Kelulusan</p>")[1][:200]


def test_hr_of_two_units_sees_both(app: Flask, cast: Cast) -> None:
    with transaction() as session:
        session.add(
            RoleGrant(
                person_id=cast.citra.id, role=Role.HR_UNIT, unit_id=cast.works.id, granted_ms=0
            )
        )
    text = page_of(app, cast.citra, "/hr")
    assert "3</a>" in text
    assert "Dinas PUPR" in text.split('<ul class="bars">')[1]


def test_an_empty_unit_says_what_to_do(app: Flask, cast: Cast) -> None:
    with transaction():
        child = units.create_unit("Seksi", cast.works)
    text = page_of(app, cast.stranger, f"/hr?unit={child.id}")
    assert "Belum ada pegawai aktif di unit ini" in text


@pytest.mark.parametrize("who", ["ani", "budi", "dewi"])
def test_another_role_finds_nothing(app: Flask, cast: Cast, who: str) -> None:
    assert browser_of(app, getattr(cast, who)).get("/hr").status_code == 404


def test_only_the_own_branch_and_only_reading(app: Flask, cast: Cast) -> None:
    hr, before = browser_of(app, cast.citra), written()
    for unit in (cast.works.id, cast.government.id, 9999):
        assert hr.get(f"/hr?unit={unit}").status_code == 404
    assert hr.get("/hr?unit=x&year=x").status_code == 200
    assert hr.post("/hr").status_code == 405
    assert written() == before
