"""HR's list of completions that end: it works, others are refused, it exports what it shows."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from elearn.database import db, transaction
from elearn.learning import renewals
from elearn.people import accounts, staffing
from elearn.people.models import AuditEntry
from tests.people_cast import Cast, browser
from tests.reports.school import (
    NOW_MS,
    RIGHT,
    SLUG,
    a_course,
    browser_of,
    page_of,
    passes,
    publish,
    rows_of,
    take_quiz,
    written,
)

HERE = "/hr/expiring"


@pytest.fixture
def ending(cast: Cast) -> Cast:
    """Six months: Ani's ended on 1 November, the stranger's end in 16 days, Budi's in May."""
    publish(cast, a_course(valid_months=6))
    passes(cast.ani, on=date(2026, 5, 1))
    passes(cast.stranger, on=date(2026, 6, 10))
    passes(cast.budi, on=date(2026, 11, 20))
    return cast


def names_of(text: str) -> list[str]:
    found = (row for row in rows_of(text))
    return [next(n for n in ("Ani", "Hendra", "Budi") if n in row) for row in found]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["Ani", "Hendra"]),
        ("?state=expired", ["Ani"]),
        ("?state=ending", ["Hendra"]),
        ("?state=all", ["Ani", "Hendra", "Budi"]),
        ("?state=nonsense", ["Ani", "Hendra"]),
        ("?sort=-until", ["Hendra", "Ani"]),
        ("?course=keamanan&sort=name", ["Ani", "Hendra"]),
        ("?q=hendra", ["Hendra"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(
    app: Flask, ending: Cast, asked: str, names: list[str]
) -> None:
    assert names_of(page_of(app, ending.syamsul, HERE + asked)) == names


def test_each_row_tells_until_when_and_whether_a_round_has_begun(app: Flask, ending: Cast) -> None:
    ani, other = rows_of(page_of(app, ending.syamsul, HERE))
    for part in ("kedaluwarsa 1 November 2026", "23 hari yang lalu", "belum dimulai"):
        assert part in ani
    assert "berlaku sampai 10 Desember 2026" in other
    assert "16 hari lagi" in other
    with transaction() as session:
        renewals.begin(session, ending.ani.id, SLUG)
    assert "0%" in rows_of(page_of(app, ending.syamsul, HERE))[0]
    take_quiz(ending.ani, RIGHT)
    assert names_of(page_of(app, ending.syamsul, HERE)) == ["Hendra"]


def test_it_goes_by_todays_unit_and_leaves_out_who_has_left(app: Flask, ending: Cast) -> None:
    assert names_of(page_of(app, ending.citra, HERE)) == ["Ani"]
    with transaction():
        staffing.move(ending.dewi.id, ending.ani.id, ending.works.id, NOW_MS - 1000)
    assert "Tidak ada yang perlu diperbarui" in page_of(app, ending.citra, HERE)
    assert names_of(page_of(app, ending.stranger, HERE)) == ["Ani", "Hendra"]
    with transaction():
        accounts.deactivate(ending.dewi.id, ending.ani.id)
    assert names_of(page_of(app, ending.syamsul, HERE)) == ["Hendra"]


def test_the_files_hold_what_the_list_shows(app: Flask, ending: Cast) -> None:
    page = browser_of(app, ending.citra).get(f"{HERE}.csv")
    _, row = csv.reader(io.StringIO(page.get_data().decode("utf-8-sig")))
    assert row[1] == "199404122019032901"
    assert row[5:] == ["2026-05-01", "2026-11-01", "kedaluwarsa", ""]
    sent = browser_of(app, ending.citra).get(f"{HERE}.xlsx?state=ending").get_data()
    assert (
        len(CalamineWorkbook.from_filelike(io.BytesIO(sent)).get_sheet_by_index(0).to_python()) == 1
    )
    noted = select(AuditEntry.actor_id).where(AuditEntry.action == "export:expiring")
    assert db.session.scalars(noted).all() == [ending.citra.id] * 2


def test_others_are_refused_and_nothing_is_written(app: Flask, ending: Cast) -> None:
    before = written()
    assert browser(app).get(HERE).status_code == 303
    assert browser_of(app, ending.ani).get(HERE).status_code == 404
    assert browser_of(app, ending.budi).get(f"{HERE}.csv").status_code == 404
    assert browser_of(app, ending.citra).get(f"{HERE}?unit={ending.works.id}").status_code == 404
    assert browser_of(app, ending.citra).post(HERE).status_code == 405
    assert "Ani" in page_of(app, ending.fadli, HERE)
    assert written() == before
