"""The shortest way of a person, targets, and the gaps of a branch: who sees and changes what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from elearn import clock
from elearn.competency import evidence
from elearn.competency.evidence import Assessment
from elearn.content.course import CompetencyLevel
from elearn.database import db, transaction
from elearn.people.models import Notice, Person
from tests.people_cast import Cast, a_person
from tests.reports.school import a_course, browser_of, page_of, passes, publish

OWN = "/record/way"
DAY = date(2026, 3, 2)


def assess(cast: Cast, person: Person, **found: int) -> None:
    """Levels of M.01 and so on, of one day of 2026."""
    with transaction():
        for code, level in found.items():
            what = Assessment(code.replace("_", "."), level, DAY, "Asesmen 2026")
            evidence.assess(cast.syamsul.id, person.id, what)


@pytest.fixture
def courses(cast: Cast) -> None:
    """One supports M.01, one M.02 after a first one, which supports nothing Ani lacks."""
    publish(cast)
    publish(cast, a_course("tim", "Kerja tim", competencies=(), jp=2))
    after = a_course(
        "tim-lanjut",
        "Kerja tim lanjut",
        competencies=(CompetencyLevel("M.02", 3),),
        prerequisites=("tim",),
        jp=4,
    )
    publish(cast, after)


ALL = {f"M_{n:02}": 3 for n in range(1, 9)} | {"SK_01": 3}


def test_the_way_names_each_step_with_its_reason(app: Flask, cast: Cast, courses: None) -> None:
    assess(cast, cast.ani, **(ALL | {"M_01": 1, "M_02": 1, "M_03": 1}))
    text = page_of(app, cast.ani, OWN)
    for said in (
        "Jalan terpendek ke JF Mahir",
        "3 kursus, 9 JP",
        "mendukung Integritas sampai level 2",
        "mendukung Kerja sama sampai level 3",
        "prasyarat untuk Kerja tim lanjut",
        "Komunikasi level 2",
        "belum ada kursusnya",
    ):
        assert said in text
    page = page_of(app, cast.ani, OWN)
    assert 'action="/courses/tim/enrol"' in page
    assert 'action="/courses/tim-lanjut/enrol"' not in page  # its prerequisite comes first


def test_what_is_completed_costs_nothing_and_waits_for_an_assessment(
    app: Flask, cast: Cast, courses: None
) -> None:
    assess(cast, cast.ani, **(ALL | {"M_01": 1, "M_02": 1}))
    passes(cast.ani)
    passes(cast.ani, "tim")
    text = page_of(app, cast.ani, OWN)
    assert "1 kursus, 4 JP" in text
    assert "Tidak perlu kursus lagi untuk: Integritas." in text


def test_what_does_not_fit_in_the_year_comes_after_it(
    app: Flask, cast: Cast, courses: None
) -> None:
    assess(cast, cast.ani, **(ALL | {"M_01": 1, "M_02": 1}))
    now, later = page_of(app, cast.ani, f"{OWN}?jp=3").split("Sesudahnya")
    assert "Keamanan informasi" in now
    assert "Kerja tim lanjut" in later


@pytest.mark.parametrize("asked", ["?to=unknown", "?to=pengawas%20"])
def test_an_unknown_class_is_not_found(app: Flask, cast: Cast, asked: str) -> None:
    assert browser_of(app, cast.ani).get(OWN + asked).status_code == 404


def test_a_person_chooses_their_target_and_answers_what_hr_proposes(app: Flask, cast: Cast) -> None:
    ani, citra = browser_of(app, cast.ani), browser_of(app, cast.citra)
    ani.post("/record/target", data={"to": "pengawas"})
    assert "Jalan terpendek ke Pengawas" in page_of(app, cast.ani, OWN)
    citra.post(f"/hr/people/{cast.ani.id}/target", data={"to": "administrator"})
    assert db.session.query(Notice).filter_by(person_id=cast.ani.id).count() == 1
    assert "mengusulkan sasaran: Administrator" in page_of(app, cast.ani, OWN)
    ani.post("/record/target/decline")
    assert "mengusulkan sasaran" not in page_of(app, cast.ani, OWN)
    assert "Jalan terpendek ke Pengawas" in page_of(app, cast.ani, OWN)
    assert ani.post("/record/target", data={"to": "kaisar"}).status_code == 422


@pytest.mark.parametrize(
    ("who", "seen", "proposes"),
    [("citra", 200, 303), ("fadli", 200, 403), ("stranger", 404, 404), ("budi", 404, 404)],
)
def test_hr_sees_ways_within_its_reach(
    app: Flask, cast: Cast, who: str, seen: int, proposes: int
) -> None:
    browser = browser_of(app, getattr(cast, who))
    assert browser.get(f"/hr/people/{cast.ani.id}/way").status_code == seen
    asked = browser.post(f"/hr/people/{cast.ani.id}/target", data={"to": "pengawas"})
    assert asked.status_code == proposes


def test_a_branch_is_told_by_units_and_leads_to_people(
    app: Flask, cast: Cast, courses: None
) -> None:
    with transaction():
        position = db.session.get_one(Person, cast.ani.id).position_id
        nurses = [
            a_person(f"19900101201503{n % 2 + 1}9{40 + n:02}", f"Perawat {n}", cast.puskesmas)
            for n in range(6)
        ]
        for nurse in nurses:
            db.session.get_one(Person, nurse.id).position_id = position
    for n, nurse in enumerate(nurses):
        assess(cast, nurse, M_01=1 if n < 3 else 2)
    assess(cast, cast.ani, M_01=1)
    text = page_of(app, cast.syamsul, "/hr/gaps")
    assert "57 %" in text or "57%" in text  # four of seven
    text = page_of(app, cast.syamsul, f"/hr/gaps?unit={cast.puskesmas.id}")
    assert (
        "50" not in text.split("Seluruhnya")[0].split("dinilai tidak ikut")[1]
    )  # Ani's by difference
    people = page_of(app, cast.citra, f"/hr/gaps/people?unit={cast.puskesmas.id}&code=M.01")
    assert people.count("/way") >= 4
    assert "Perawat 5" not in people
    needs = page_of(app, cast.citra, "/hr/gaps/needs")
    assert "Keamanan informasi" in needs
    assert "Komunikasi" in needs
    stranger = browser_of(app, cast.stranger)
    assert stranger.get(f"/hr/gaps?unit={cast.puskesmas.id}").status_code == 404
    assert stranger.get("/hr/gaps/people?code=none").status_code == 404


def test_statements_do_not_grow_with_people(
    app: Flask, cast: Cast, courses: None, query_count: Any
) -> None:
    browser = browser_of(app, cast.syamsul)

    def asked() -> list[int]:
        counts = []
        for page in ("/hr/gaps", "/hr/gaps/needs", "/hr/gaps/people?code=M.01"):
            with query_count() as seen:
                assert browser.get(page).status_code == 200
            counts.append(seen.total)
        return counts

    asked()
    before = asked()
    with transaction():
        made = [
            a_person(f"1991010120150319{n:02}", f"Pegawai {n}", cast.health) for n in range(60, 80)
        ]
    for person in made:
        assess(cast, person, M_01=1)
    assert asked() == before
    assert max(before) <= 14
    assert clock.today() > DAY
