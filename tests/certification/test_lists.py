"""HR's list of certificates: it works, others are refused, it exports what it shows."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask

from elearn import settings
from elearn.database import transaction
from tests.certification.conftest import give
from tests.people_cast import Cast
from tests.reports.school import browser_of, page_of, rows_of, written

HERE = "/hr/certificates"


def test_hr_of_the_agency_sees_every_certificate(app: Flask, certified: Cast) -> None:
    hendra, ani = rows_of(page_of(app, certified.syamsul, HERE))
    assert "Hendra Saputra" in hendra
    for part in (
        "0001/BKPSDM/XI/2026",
        "Ani Pratiwi, A.Md.Kep.",
        "19940412 201903 2 901",
        "Pustu Bukit Sari",
        "24 November 2026",
        "terbit",
        ".pdf",
    ):
        assert part in ani


def test_hr_of_a_unit_sees_its_own_branch_and_an_auditor_all(app: Flask, certified: Cast) -> None:
    assert len(rows_of(page_of(app, certified.citra, HERE))) == 1
    assert len(rows_of(page_of(app, certified.fadli, HERE))) == 2


@pytest.mark.parametrize("who", ["ani", "budi", "dewi"])
def test_another_role_finds_nothing(app: Flask, certified: Cast, who: str) -> None:
    for ending in ("", ".csv", ".xlsx", "/numbers", "/numbers.csv", "/numbers/new", "/settings"):
        assert browser_of(app, getattr(certified, who)).get(HERE + ending).status_code == 404


def test_a_unit_outside_the_branch_is_not_found(app: Flask, certified: Cast) -> None:
    hr = browser_of(app, certified.citra)
    assert hr.get(f"{HERE}?unit={certified.works.id}").status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=ani", ["Ani"]),
        ("state=awaiting_number", ["Budi"]),
        ("state=valid&sort=number", ["Ani", "Hendra"]),
        ("state=nonsense&sort=name", ["Ani", "Budi", "Hendra"]),
        ("from=2026-11-25", []),
        ("until=2026-11-24&sort=name", ["Ani", "Budi", "Hendra"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(
    app: Flask, certified: Cast, query: str, names: list[str]
) -> None:
    with transaction():
        settings.change("certificate_numbers", 2026, "register", None)
    give(certified.budi)
    page = page_of(app, certified.syamsul, f"{HERE}?{query}")
    rows = rows_of(page) if names else []
    assert [
        next(name for name in ("Ani", "Budi", "Hendra") if name in row) for row in rows
    ] == names


def test_a_search_is_posted(app: Flask, certified: Cast) -> None:
    found = browser_of(app, certified.syamsul).post(
        "/hr/find", data={"list": "certificates", "q": "ani", "state": "valid"}
    )
    assert found.headers["Location"] == f"{HERE}?state=valid&q=ani"


def test_the_csv_holds_what_the_list_shows(app: Flask, certified: Cast) -> None:
    answer = browser_of(app, certified.citra).get(f"{HERE}.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[1] == [
        "0001/BKPSDM/XI/2026",
        "Ani Pratiwi, A.Md.Kep.",
        "199404122019032901",
        "Pustu Bukit Sari",
        "Keamanan informasi untuk ASN",
        "3",
        "2026-11-24",
        "2026-11-24",
        "",
        "terbit",
        "",
    ]
    assert len(rows) == 2
    assert browser_of(app, certified.citra).get(f"{HERE}.xlsx").data.startswith(b"PK")


def test_an_empty_list_says_why(app: Flask, cast: Cast) -> None:
    assert "Belum ada sertifikat di unit Anda" in page_of(app, cast.citra, HERE)


def test_reading_writes_nothing(app: Flask, certified: Cast) -> None:
    hr = browser_of(app, certified.syamsul)
    before = written()
    for ending in ("", "/numbers", "/numbers/new", "/settings"):
        assert hr.get(HERE + ending).status_code == 200
    assert written() == before
