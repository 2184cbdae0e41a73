"""HR's list of people and the page of one: who has how many JP, and what may be done for whom."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from elearn import clock, settings
from elearn.database import db, transaction
from elearn.people import accounts, staffing
from elearn.people.models import AuditEntry, Status
from tests.people_cast import Cast, a_person
from tests.reports.school import (
    a_course,
    begin,
    browser_of,
    learns_elsewhere,
    page_of,
    passes,
    publish,
    rows_of,
    text_of,
    written,
)

HERE = "/hr/people"
DAY = date(2026, 3, 2)


def names(app: Flask, person: object, asked: str = "") -> list[str]:
    page = browser_of(app, person).get(f"{HERE}.csv{asked}")  # type: ignore[arg-type]
    assert page.status_code == 200
    rows = list(csv.reader(io.StringIO(page.get_data().decode("utf-8-sig"))))
    return [row[0] for row in rows[1:]]


# The list


def test_hr_sees_the_people_of_the_branch_with_their_jp(app: Flask, cast: Cast) -> None:
    learns_elsewhere(cast.citra, cast.ani, 12, DAY)
    learns_elsewhere(cast.syamsul, cast.citra, 20, DAY)
    ani, citra = rows_of(page_of(app, cast.citra, HERE))
    for part in (
        "19940412 201903 2 901",
        "Pustu Bukit Sari",
        "PNS",
        "Perawat Terampil",
        ">12",
        "belum",
    ):
        assert part in ani
    assert "memenuhi" in citra
    assert f'href="/hr/people/{cast.ani.id}"' in ani


def test_the_list_is_narrowed_and_sorted(app: Flask, cast: Cast) -> None:
    learns_elsewhere(cast.citra, cast.ani, 20, DAY)
    with transaction():
        rudi = a_person("199005172023211902", "Rudi Saputra", cast.puskesmas, status=Status.PPPK)
    ani, citra, rudi_name = "Ani Pratiwi, A.Md.Kep.", "Citra Lestari", rudi.full_name
    hr = cast.citra
    assert names(app, hr) == [ani, citra, rudi_name]
    assert names(app, hr, "?sort=-name") == [rudi_name, citra, ani]
    assert names(app, hr, "?sort=unit") == [citra, rudi_name, ani]
    assert names(app, hr, "?sort=-jp") == [ani, citra, rudi_name]
    assert names(app, hr, "?floor=met") == [ani]
    assert names(app, hr, "?floor=short") == [citra]
    assert names(app, hr, "?status=pppk") == [rudi_name]
    assert names(app, hr, f"?unit={cast.pustu.id}") == [ani]
    assert names(app, hr, "?q=LESTARI") == [citra]
    assert names(app, hr, "?q=19900517+202321+1+902") == [rudi_name]
    assert names(app, hr, "?q=100%25") == []
    assert names(app, hr, "?floor=x&status=x&sort=x&active=x&page=-1&year=99999") == [
        ani,
        citra,
        rudi_name,
    ]


def test_who_was_deactivated_is_found_only_when_asked_for(app: Flask, cast: Cast) -> None:
    with transaction():
        accounts.deactivate(None, cast.ani.id)
    assert names(app, cast.citra) == ["Citra Lestari"]
    assert names(app, cast.citra, "?active=inactive") == ["Ani Pratiwi, A.Md.Kep."]
    assert len(names(app, cast.citra, "?active=all")) == 2


def test_a_former_nip_leads_to_the_person(app: Flask, cast: Cast) -> None:
    with transaction():
        staffing.change_nip(None, cast.ani.id, "199404122019032977")
    assert names(app, cast.citra, "?q=199404122019032901") == ["Ani Pratiwi, A.Md.Kep."]


def test_e_learning_of_one_day_counts_up_to_its_limit(
    app: Flask, cast: Cast, course_id: int
) -> None:
    publish(cast, a_course("kedua", "Kedua"))
    passes(cast.ani, on=DAY)
    passes(cast.ani, "kedua", on=DAY)
    ani = rows_of(page_of(app, cast.citra, HERE))[0]
    assert ">6" in ani
    assert "terhitung 3" in ani
    with transaction():
        settings.change("elearning_jp_per_day", 2026, 6, None)
    assert "terhitung" not in rows_of(page_of(app, cast.citra, HERE))[0]


def test_the_setting_says_which_figure_meets_the_floor(
    app: Flask, cast: Cast, course_id: int
) -> None:
    publish(cast, a_course("kedua", "Kedua"))
    passes(cast.ani, on=DAY)
    passes(cast.ani, "kedua", on=DAY)
    with transaction():
        settings.change("pns_floor_jp", 2026, 6, None)
    assert names(app, cast.citra, "?floor=met") == ["Ani Pratiwi, A.Md.Kep."]
    with transaction():
        settings.change("floor_counts", 2026, "countable", None)
    assert names(app, cast.citra, "?floor=met") == []


def test_pppk_are_shown_by_contract_year(app: Flask, cast: Cast) -> None:
    with transaction():
        rudi = a_person(
            "199005172023211902",
            "Rudi Saputra",
            cast.pustu,
            status=Status.PPPK,
            contract_start=date(2023, 3, 1),
        )
        other = a_person("199105172023211903", "Sari Dewi", cast.pustu, status=Status.PPPK)
    learns_elsewhere(cast.citra, rudi, 5, date(2026, 2, 28), letter="1/ST")  # the year before
    learns_elsewhere(cast.citra, rudi, 4, date(2026, 3, 1), letter="2/ST")
    learns_elsewhere(cast.citra, rudi, 2, date(2026, 4, 1))
    text = page_of(app, cast.citra, HERE + "?status=pppk")
    first, second = rows_of(text)
    assert "terencana 4 dari 24" in first
    assert "inisiatif sendiri 2 JP" in first
    assert other.full_name in second
    assert "awal kontrak belum dicatat" in second


def test_a_closed_year_uses_the_unit_at_its_end(app: Flask, cast: Cast) -> None:
    with transaction():
        staffing.move(None, cast.ani.id, cast.works.id, clock.start_of_day_ms(date(2026, 2, 1)))
    assert names(app, cast.citra) == ["Citra Lestari"]
    assert names(app, cast.citra, "?year=2025") == ["Ani Pratiwi, A.Md.Kep.", "Citra Lestari"]
    assert "Ani Pratiwi, A.Md.Kep." in names(app, cast.stranger)
    assert f'href="/hr/people/{cast.ani.id}"' not in page_of(app, cast.citra, HERE + "?year=2025")


def test_fifty_make_a_page(app: Flask, cast: Cast) -> None:
    with transaction():
        for at in range(60):
            a_person(f"199001012015031{100 + at}", f"Orang {at:02}", cast.pustu)
    assert len(rows_of(page_of(app, cast.citra, HERE))) == 50
    second = page_of(app, cast.citra, HERE + "?page=2")
    assert len(rows_of(second)) == 12
    assert "Halaman 2 dari 2" in second
    assert len(rows_of(page_of(app, cast.citra, HERE + "?page=9"))) == 50
    assert len(names(app, cast.citra)) == 62


def test_the_xlsx_holds_the_nip_as_text(app: Flask, cast: Cast) -> None:
    page = browser_of(app, cast.citra).get(HERE + ".xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(page.get_data()))
    assert book.get_sheet_by_index(0).to_python()[1][1] == "199404122019032901"


@pytest.mark.parametrize("who", ["ani", "budi", "dewi"])
@pytest.mark.parametrize("address", ["", ".csv", ".xlsx", "/{ani}"])
def test_another_role_finds_nothing(app: Flask, cast: Cast, who: str, address: str) -> None:
    before = written()
    page = browser_of(app, getattr(cast, who)).get(HERE + address.format(ani=cast.ani.id))
    assert page.status_code == 404
    assert written() == before


def test_the_list_is_only_read(app: Flask, cast: Cast) -> None:
    assert browser_of(app, cast.citra).post(HERE).status_code == 405


@pytest.mark.parametrize("unit", ["works", "government"])
def test_a_unit_outside_the_branch_is_not_found(app: Flask, cast: Cast, unit: str) -> None:
    address = f"{HERE}?unit={getattr(cast, unit).id}"
    assert browser_of(app, cast.citra).get(address).status_code == 404


# Searching: no NIP stands in an address


def find(app: Flask, person: object, **values: str) -> str:
    page = browser_of(app, person).post("/hr/find", data=values)  # type: ignore[arg-type]
    assert page.status_code == 303
    return page.headers["Location"]


def test_a_nip_that_is_searched_becomes_a_person(app: Flask, cast: Cast) -> None:
    nip = "19940412 201903 2 901"
    target = find(app, cast.citra, list="people", q=nip, status="pns")
    assert target == f"/hr/people?status=pns&person={cast.ani.id}"
    assert rows_of(page_of(app, cast.citra, target))[0].count("Ani Pratiwi") == 1
    nobody = find(app, cast.citra, list="completions", q="199404122019039999")
    assert nobody == "/hr/completions?person=0"


def test_a_person_outside_the_branch_is_not_shown_by_nip(app: Flask, cast: Cast) -> None:
    target = find(app, cast.citra, list="people", q="198603032011011920")
    assert target == "/hr/people?person=0"  # no other answer than for a number nobody has
    assert "Tidak ada pegawai yang cocok" in page_of(app, cast.citra, target)


def test_a_name_that_is_searched_keeps_what_was_chosen(
    app: Flask, cast: Cast, course_id: int
) -> None:
    values = {"q": " pratiwi ", "unit": str(cast.pustu.id), "evil": "x", "sort": ""}
    target = find(app, cast.citra, list="course", slug="keamanan", **values)
    assert target == f"/hr/courses/keamanan?unit={cast.pustu.id}&q=pratiwi"


def test_only_known_lists_are_searched_by_those_who_may(app: Flask, cast: Cast) -> None:
    assert browser_of(app, cast.citra).post("/hr/find", data={"list": "x"}).status_code == 404
    assert browser_of(app, cast.ani).post("/hr/find", data={"list": "people"}).status_code == 404
    assert browser_of(app, cast.citra).get("/hr/find").status_code == 405


# The page of one person


def test_hr_sees_the_record_of_a_person_and_that_is_noted(
    app: Flask, cast: Cast, course_id: int
) -> None:
    publish(cast, a_course("kedua", "Pelayanan prima"))
    passes(cast.ani)
    begin(cast.ani, "kedua")
    learns_elsewhere(cast.citra, cast.ani, 12, DAY)
    text = page_of(app, cast.citra, f"{HERE}/{cast.ani.id}")
    for part in (
        "19940412 201903 2 901",
        "15 JP",
        "Keamanan informasi",
        "Pelayanan prima",
        "Bimtek 12 JP",
        f'href="/hr/people/{cast.ani.id}/outside-learning"',
        f'href="/hr/people/{cast.ani.id}/levels"',
        f'action="/hr/people/{cast.ani.id}/code"',
    ):
        assert part in text
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "person:viewed")).one()
    assert (noted.actor_id, noted.subject_id) == (cast.citra.id, cast.ani.id)


def test_an_auditor_sees_the_record_without_buttons(app: Flask, cast: Cast) -> None:
    text = page_of(app, cast.fadli, f"{HERE}/{cast.ani.id}")
    assert f"{HERE}/{cast.ani.id}/outside-learning" not in text
    assert "/code" not in text


def test_hr_does_not_reset_themselves(app: Flask, cast: Cast) -> None:
    text = page_of(app, cast.citra, f"{HERE}/{cast.citra.id}")
    assert "/code" not in text
    assert "outside-learning" in text


def test_nobody_outside_the_branch_is_found(app: Flask, cast: Cast) -> None:
    before = written()
    hr = browser_of(app, cast.stranger)
    for person_id in (cast.ani.id, cast.citra.id, 9999, 2**31 + 5):
        assert hr.get(f"{HERE}/{person_id}").status_code == 404
    assert browser_of(app, cast.citra).get(f"{HERE}/x").status_code == 404
    assert browser_of(app, cast.citra).get(f"{HERE}/{cast.stranger.id}").status_code == 404
    after = written()
    assert after == before


def test_the_page_of_a_person_is_only_read(app: Flask, cast: Cast) -> None:
    page = browser_of(app, cast.citra).post(f"{HERE}/{cast.ani.id}")
    assert page.status_code == 405
    assert "NIP" not in text_of(page)
