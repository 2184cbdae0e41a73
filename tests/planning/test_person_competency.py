"""From the heat map to people, to a person, to each evidence: who may go that way."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from elearn.competency import evidence
from elearn.competency.evidence import Assessment
from elearn.database import transaction
from elearn.people import supervisors
from elearn.people.models import Person
from tests.people_cast import Cast
from tests.reports.school import browser_of, page_of, passes, publish


@pytest.fixture
def person(cast: Cast) -> Person:
    """Ani, short of M.01 by an assessment, with a course since that supports it."""
    publish(cast)
    with transaction():
        found = Assessment("M.01", 1, date(2026, 3, 2), "Asesmen 2026")
        evidence.assess(cast.syamsul.id, cast.ani.id, found)
    passes(cast.ani)
    return cast.ani


def test_each_page_leads_to_the_next(app: Flask, cast: Cast, person: Person) -> None:
    here = f"/hr/people/{person.id}/competencies/M.01"
    people = page_of(app, cast.citra, "/hr/gaps/people?code=M.01")
    assert f'href="{here}"' in people
    assert f'href="/hr/people/{person.id}"' in people
    of_person = page_of(app, cast.citra, f"/hr/people/{person.id}")
    assert f'href="{here}"' in of_person
    page = page_of(app, cast.citra, here)
    for said in (
        "Keamanan informasi mendukung Integritas sampai level 2",
        "didukung bukti, menunggu penilaian",
        "Bukti kelulusan",
        "Asesmen 2026",
        "/competencies/M.01?on=2026-03-02",
        "diminta jabatannya",
        "hasil penilaiannya",
        f'href="/hr/people/{person.id}/levels"',
    ):
        assert said in page
    proof = page.split('">Bukti kelulusan')[0].rpartition('href="')[2]
    assert browser_of(app, cast.citra).get(proof).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("citra", 200),
        ("syamsul", 200),
        ("fadli", 200),
        ("stranger", 404),
        ("budi", 404),
        ("ani", 404),
        ("dewi", 404),
    ],
)
def test_only_hr_within_reach_sees_it(
    app: Flask, cast: Cast, person: Person, who: str, status: int
) -> None:
    browser = browser_of(app, getattr(cast, who))
    for address in (f"/hr/people/{person.id}/competencies/M.01", f"/hr/people/{person.id}"):
        assert browser.get(address).status_code == status
    assert browser.get(f"/hr/people/{person.id}/competencies/X.99").status_code == 404
    may_enter = "/levels" in page_of(app, cast.fadli, f"/hr/people/{person.id}/competencies/M.01")
    assert not may_enter


def test_neither_an_equal_nor_a_supervisor_nor_a_direct_report_sees_it(
    app: Flask, cast: Cast, person: Person
) -> None:
    with transaction():
        supervisors.write(person, cast.budi.id)  # Budi, no HR, now leads Ani
    assert (
        browser_of(app, cast.budi).get(f"/hr/people/{person.id}/competencies/M.01").status_code
        == 404
    )
    assert (
        browser_of(app, person).get(f"/hr/people/{cast.budi.id}/competencies/M.01").status_code
        == 404
    )


def test_the_record_draws_what_is_held_asked_and_supported(
    app: Flask, cast: Cast, person: Person
) -> None:
    page = page_of(app, person, "/record")
    said = "Integritas: hasil penilaian level 1; didukung bukti sampai level 2; diminta level 2"
    assert f"<title>{said}" in page
    for part in ('class="support" y="4" width="40"', 'class="value low" y="2" width="20"'):
        assert part in page
    assert "Lihat sebagai tabel" in page
