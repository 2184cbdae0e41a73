"""The matrix of required levels: dated, with its history, by form and by sheet."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask

from elearn.competency import framework
from elearn.people.models import Person
from tests.people_cast import Cast
from tests.planning.test_sheets import confirm, send
from tests.reports.school import browser_of, page_of, text_of

MATRIX = "/hr/gaps/requirements"
HERE = f"{MATRIX}/pengawas"
SHEET = "/hr/gaps/import/requirements"
TODAY, LATER = date(2026, 11, 24), date(2027, 1, 1)


def change(app: Flask, person: Person, **values: Any) -> Any:
    levels = {
        f"level_{code}": framework.requirements("pengawas").get(code, 0)
        for code in framework.names()
    }
    sent = levels | {"valid_from": "2027-01-01", "reason": "Keputusan 12/2026"} | values
    return browser_of(app, person).post(HERE, data=sent)


def test_a_level_holds_from_its_day_on(app: Flask, cast: Cast) -> None:
    assert (
        change(app, cast.syamsul, **{"level_M.01": "4", "level_DIG.AMAN": "2"}).status_code == 303
    )
    assert framework.requirements("pengawas") == framework.requirements("pengawas", TODAY)
    assert framework.requirements("pengawas")["M.01"] == 2
    later = framework.requirements("pengawas", LATER)
    assert (later["M.01"], later["DIG.AMAN"], later["M.02"]) == (4, 2, 2)
    page = page_of(app, cast.fadli, HERE)
    assert "Keputusan 12/2026" in page
    assert "belum berlaku" in page
    change(app, cast.syamsul, **{"level_M.01": "0", "valid_from": "2026-11-01"})
    assert "M.01" not in framework.requirements("pengawas")


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"reason": ""}, 422),
        ({"valid_from": "kapan"}, 422),
        ({"valid_from": "2016-01-01"}, 422),
        ({"valid_from": "2999-01-01"}, 422),
        ({"level_M.01": "6"}, 422),
    ],
)
def test_a_wrong_wish_is_refused_beside_its_field(
    app: Flask, cast: Cast, values: dict[str, str], status: int
) -> None:
    page = change(app, cast.syamsul, **values)
    assert page.status_code == status
    assert 'aria-invalid="true"' in text_of(page)


@pytest.mark.parametrize(
    ("who", "seen", "changes"), [("citra", 200, 403), ("fadli", 200, 403), ("ani", 404, 404)]
)
def test_only_hr_of_the_agency_changes_it(
    app: Flask, cast: Cast, who: str, seen: int, changes: int
) -> None:
    person = getattr(cast, who)
    for address in (MATRIX, HERE):
        assert browser_of(app, person).get(address).status_code == seen
    assert change(app, person).status_code == changes
    assert browser_of(app, person).get(SHEET).status_code == 404
    assert browser_of(app, cast.syamsul).get(f"{MATRIX}/kaisar").status_code == 404


def test_the_sheet_that_was_taken_away_changes_nothing(app: Flask, cast: Cast) -> None:
    change(app, cast.syamsul, **{"level_M.01": "4"})
    browser = browser_of(app, cast.syamsul)
    for kind in ("csv", "xlsx"):
        sent = browser.get(f"{MATRIX}.{kind}")
        assert sent.status_code == 200
        file = (io.BytesIO(sent.get_data()), f"m.{kind}")
        text = text_of(browser.post(SHEET, data={"file": file}))
        assert "Tidak ada yang baru" in text
        assert "127 baris sudah tercatat" in text  # 14 classes by 9, and one that was changed


def test_levels_come_in_by_sheet(app: Flask, cast: Cast) -> None:
    head = "Jabatan;Kode;Level;Berlaku sejak;Alasan"
    good = "pengawas;M.01;4;01-01-2027;Keputusan 12/2026"
    page = send(app, cast.syamsul, f"{head}\n{good}\n{good.replace('M.01', 'M.02')}\n", SHEET)
    assert confirm(app, cast.syamsul, page, SHEET).status_code == 303
    assert framework.requirements("pengawas", LATER)["M.02"] == 4
    wrong = good.replace("pengawas", "kaisar").replace(";4;", ";9;")
    page = send(app, cast.syamsul, f"{head}\n{wrong}\n", SHEET)
    for said in ("kaisar bukan jabatan yang dikenal", "9: tulis level 1 sampai 5"):
        assert said in text_of(page)
